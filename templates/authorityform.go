package templates

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

//go:embed forms/*.json
var formFiles embed.FS

// Trilingual is a text by language.
type Trilingual map[string]string

// AuthorityForm is a form of a supervisory authority as data: what it asks, in
// which order, and who can answer. A form that the authority renews becomes a
// new file; a filing keeps the version by which it was prepared.
type AuthorityForm struct {
	ID        string     `json:"id"`
	Authority string     `json:"authority"` // key of the authority; "" is none in particular
	Version   string     `json:"version"`
	Since     string     `json:"since"`  // first day, or "" while it is a draft
	Until     string     `json:"until"`  // last day, or ""
	Status    string     `json:"status"` // "reconstructed" or "draft"; no form here is the authority's own text
	Title     Trilingual `json:"title"`
	Source    string     `json:"source"` // where the fields were found
	Note      Trilingual `json:"note"`   // what the reader must know about the fields
	// Address is the authority's page from which the form is opened.
	Address Trilingual `json:"address"`
	// Secure is the title of the secure message with what is secret: {name} and
	// {date} are filled in. Empty means that the authority names none.
	Secure     string     `json:"secure"`
	SecureNote Trilingual `json:"secure_note"`
	Parts      []FormPart `json:"parts"`
}

// FormPart is a section of a form.
type FormPart struct {
	ID     string      `json:"id"`
	Title  Trilingual  `json:"title"`
	Fields []FormField `json:"fields"`
}

// FormField is one question of a form.
type FormField struct {
	Key      string     `json:"key"`
	Label    Trilingual `json:"label"`
	Wording  string     `json:"wording"`  // of the label: "official", or "inferred" when it is ours
	Item     string     `json:"item"`     // "official" if an official page names it, else "inferred"
	Kind     string     `json:"kind"`     // "choice", "multi", "text", "long", "time", "number", "email" or "tel"
	Required string     `json:"required"` // "yes", "conditional" or "no"
	Law      string     `json:"law"`      // article of the GDPR, or ""
	By       string     `json:"by"`       // who can fill it: "processor", "both" or "controller"
	Question Trilingual `json:"question"` // put to the controller where the record has no answer
	// From names the fields of the Ombudsman's form that hold the same; several
	// are joined. It is the mapping table of a form.
	From    []string     `json:"from"`
	When    []FormWhen   `json:"when"` // shown if any holds; none is always
	Options []FormOption `json:"options"`
	Annex   bool         `json:"annex"` // belongs into the annex with what is secret
	EDPB    []int        `json:"edpb"`  // rows of the EDPB's draft with the same content
}

// FormOption is one answer to choose. From are the codes of the field in From
// that mean the same.
type FormOption struct {
	Code    string   `json:"code"`
	FI      string   `json:"fi"`
	SV      string   `json:"sv"`
	EN      string   `json:"en"`
	Wording string   `json:"wording"` // "official" if the authority uses these words
	Open    bool     `json:"open"`    // "to be clarified": only while preliminary
	From    []string `json:"from"`
}

// Label returns the option's words in a language.
func (o FormOption) Label(lang string) string {
	return map[string]string{"fi": o.FI, "sv": o.SV, "en": o.EN}[lang]
}

// FormWhen is a condition on another field, or on a fact of the case.
type FormWhen struct {
	Field string   `json:"field"`
	Is    []string `json:"is"`
	Not   []string `json:"not"`
	Any   bool     `json:"any"`  // it has any value
	Fact  string   `json:"fact"` // "late": past 72 hours from awareness
}

// LoadForms reads the embedded forms, by id.
func LoadForms() (map[string]*AuthorityForm, error) {
	files, err := fs.Glob(formFiles, "forms/*.json")
	if err != nil {
		return nil, err
	}
	all := map[string]*AuthorityForm{}
	for _, name := range files {
		data, err := formFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		f := &AuthorityForm{}
		d := json.NewDecoder(bytes.NewReader(data))
		d.DisallowUnknownFields()
		if err := d.Decode(f); err != nil {
			return nil, fmt.Errorf("read form %s: %w", path.Base(name), err)
		}
		all[f.ID] = f
	}
	return all, nil
}

// Fields lists the fields of all parts, in order.
func (f *AuthorityForm) Fields() []FormField {
	var all []FormField
	for _, p := range f.Parts {
		all = append(all, p.Fields...)
	}
	return all
}

// SecureTitle is the title of the secure message, ready to be pasted.
func (f *AuthorityForm) SecureTitle(name string, filed time.Time, zone *time.Location) string {
	if f.Secure == "" {
		return ""
	}
	return strings.NewReplacer("{name}", name, "{date}", filed.In(zone).Format("2.1.2006")).Replace(f.Secure)
}

// Shown reports whether the field is asked, given the values of the others and
// whether 72 hours have passed. A condition on a field without a value does
// not hold.
func (x FormField) Shown(value func(key string) string, late bool) bool {
	if len(x.When) == 0 {
		return true
	}
	for _, w := range x.When {
		if w.holds(value, late) {
			return true
		}
	}
	return false
}

func (w FormWhen) holds(value func(key string) string, late bool) bool {
	if w.Fact == "late" {
		return late
	}
	codes := strings.Fields(value(w.Field))
	has := func(list []string) bool {
		return slices.ContainsFunc(codes, func(c string) bool { return slices.Contains(list, c) })
	}
	switch {
	case len(codes) == 0:
		return false
	case w.Any:
		return true
	case len(w.Not) > 0:
		return !has(w.Not)
	}
	return has(w.Is)
}

// Choice reports whether the field's values are codes of its options, several
// of them separated by spaces.
func (x FormField) Choice() bool { return x.Kind == "choice" || x.Kind == "multi" }

// Option returns the option with a code.
func (x FormField) Option(code string) (FormOption, bool) {
	for _, o := range x.Options {
		if o.Code == code {
			return o, true
		}
	}
	return FormOption{}, false
}

// Open reports whether a value says "to be clarified".
func (x FormField) Open(value string) bool {
	return slices.ContainsFunc(strings.Fields(value), func(code string) bool {
		o, ok := x.Option(code)
		return ok && o.Open
	})
}

// Allowed lists the options that may be chosen: those that leave a matter open
// only while the notification is preliminary.
func (x FormField) Allowed(preliminary bool) []FormOption {
	if preliminary {
		return x.Options
	}
	return slices.DeleteFunc(slices.Clone(x.Options), func(o FormOption) bool { return o.Open })
}

// Takes reports whether the value may stand in the field.
func (x FormField) Takes(value string, preliminary bool) bool {
	if value == "" || !x.Choice() {
		return true
	}
	codes := strings.Fields(value)
	if x.Kind == "choice" && len(codes) > 1 {
		return false
	}
	for _, code := range codes {
		if o, ok := x.Option(code); !ok || o.Open && !preliminary {
			return false
		}
	}
	return true
}

// Show writes a value in a language: the words of options, an instant in the
// zone and in UTC, everything else as it is.
func (x FormField) Show(lang, value string, zone *time.Location) string {
	if x.Choice() {
		var words []string
		for _, code := range strings.Fields(value) {
			if o, ok := x.Option(code); ok {
				words = append(words, o.Label(lang))
			}
		}
		return strings.Join(words, "; ")
	}
	if x.Kind == "time" {
		if at, err := time.Parse(time.RFC3339, value); err == nil {
			return Both(Lang(lang), at, zone)
		}
	}
	return value
}
