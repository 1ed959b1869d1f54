package templates

import (
	"net/url"
	"slices"
)

// Form is what somebody typed, to be shown again with what was wrong about it.
type Form struct {
	Values url.Values
	Faults []Fault
	Saved  url.Values // what somebody else saved in between, or nil
	Key    string     // idempotency key of the act
}

// Fault is a sentence about one field, or about the whole form when Field is "".
type Fault struct {
	Field string
	Text  string
}

// Get returns what stands in a field.
func (f Form) Get(name string) string { return f.Values.Get(name) }

// Has reports whether a box is ticked or a choice made.
func (f Form) Has(name, value string) bool { return slices.Contains(f.Values[name], value) }

// Fault returns the sentence about a field, or "".
func (f Form) Fault(name string) string {
	for _, x := range f.Faults {
		if x.Field == name {
			return x.Text
		}
	}
	return ""
}

// field is one input as the template "field" draws it.
type field struct {
	Name, Label, Hint, Value, Fault, Saved string
	Kind                                   string // "text", "area", "password", "email", "tel", "file"
	Max, Rows, Auto, Mode, Class           string
}

// choice is one input of several with the same name.
type choice struct {
	Name, Value, Label string
	Chosen             bool
}

// field makes an input from a form, a name, the key of its label, and pairs of
// an attribute and its value; "hint" is a key too.
func (p *Pages) field(lang string, f Form, name, label string, pairs ...string) field {
	x := field{Name: name, Label: p.words.Say(lang, label), Value: f.Get(name), Fault: f.Fault(name), Kind: "text", Auto: "off"}
	if saved := f.Saved.Get(name); f.Saved != nil && saved != x.Value {
		x.Saved = saved
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		switch v := pairs[i+1]; pairs[i] {
		case "hint":
			x.Hint = p.words.Say(lang, v)
		case "kind":
			x.Kind = v
		case "max":
			x.Max = v
		case "rows":
			x.Rows = v
		case "auto":
			x.Auto = v
		case "mode":
			x.Mode = v
		case "class":
			x.Class = v
		}
	}
	return x
}

// choices makes one choice for each value, worded by a family of keys.
func (p *Pages) choices(lang string, f Form, name, family string, values ...string) []choice {
	all := make([]choice, len(values))
	for i, v := range values {
		all[i] = choice{name, v, p.words.Say(lang, family+"."+v), f.Has(name, v)}
	}
	return all
}
