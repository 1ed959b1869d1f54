package web

import (
	"slices"
	"strings"
	"time"

	"hatakello/incident"
	"hatakello/templates"
)

// filledField is a field of an authority's form with what is known to it.
type filledField struct {
	templates.FormField
	Answer string // key under which an answer is kept
	formFact
	Ask  bool // only the controller can say it, or nobody has yet
	Open bool // "to be clarified", while preliminary
	Done bool // ticked
	By   string
}

// filledPart is a section with the fields that are asked, in the form's order.
type filledPart struct {
	ID     string
	Title  templates.Trilingual
	Fields []filledField
	Asked  int // questions without an answer
}

// fillForm fills an authority's form from a record and what the controller has
// answered. It is a pure function of what it is given. Her answer wins over
// what our record says; what leaves a matter open is no value once the
// notification is no longer preliminary.
func fillForm(f *templates.AuthorityForm, p companionParts) []filledPart {
	values := map[string]string{}
	filled := map[string]filledField{}
	for _, x := range f.Fields() {
		y := fillField(x, p)
		y.Answer = answerKey(f, x)
		if a, ok := p.Answers[y.Answer]; ok {
			y.Done, y.By = a.Done, a.By
			if a.Value != "" && x.Takes(a.Value, p.preliminary()) {
				y.formFact = formFact{incident.Mask(a.Value), answered, ""}
			}
		}
		if !x.Takes(y.Value, p.preliminary()) {
			y.formFact = formFact{}
		}
		y.Open = x.Open(y.Value)
		y.Ask = y.Value == "" || y.Open
		values[x.Key], filled[x.Key] = y.Value, y
	}
	var parts []filledPart
	late := p.late()
	for _, part := range f.Parts {
		fp := filledPart{ID: part.ID, Title: part.Title}
		for _, x := range part.Fields {
			if !x.Shown(func(key string) string { return values[key] }, late) {
				continue
			}
			fp.Fields = append(fp.Fields, filled[x.Key])
			if y := filled[x.Key]; y.Ask && x.Required != "no" {
				fp.Asked++
			}
		}
		if len(fp.Fields) > 0 {
			parts = append(parts, fp)
		}
	}
	return parts
}

// answerKey is under which an answer to a field is kept: under the Ombudsman's
// field, if an answer to one is an answer to the other, so that nobody is asked
// twice; otherwise under the form's own.
func answerKey(f *templates.AuthorityForm, x templates.FormField) string {
	if f.ID == canonicalForm {
		return x.Key
	}
	same := len(x.From) == 1 && !slices.ContainsFunc(x.Options, func(o templates.FormOption) bool {
		return len(o.From) != 1 || o.From[0] != o.Code
	})
	if same {
		return x.From[0]
	}
	return f.ID + "." + x.Key
}

// canonicalForm is the one whose fields the record's facts are mapped to.
const canonicalForm = "tsv-2026"

// fillField says what our record, or an answer to the same question of the
// Ombudsman's form, gives for a field.
func fillField(x templates.FormField, p companionParts) filledField {
	y := filledField{FormField: x}
	from := x.From
	if len(from) == 0 {
		from = []string{x.Key}
	}
	var texts []string
	for _, key := range from {
		v := canonicalValue(key, p)
		if v.Value == "" {
			continue
		}
		if y.Value == "" || y.Sure == incident.Known {
			y.Origin, y.Sure = v.Origin, v.Sure
		}
		texts = append(texts, v.Value)
		y.Value = v.Value
	}
	if len(texts) > 1 && !x.Choice() {
		y.Value = strings.Join(texts, "\n")
	}
	if x.Choice() && len(x.From) > 0 {
		y.Value = translate(x, y.Value)
	}
	if y.Value == "" {
		y.formFact = formFact{}
	}
	return y
}

// canonicalValue is the value of a field of the Ombudsman's form.
func canonicalValue(key string, p companionParts) formFact {
	if a, ok := p.Answers[key]; ok && a.Value != "" {
		return formFact{incident.Mask(a.Value), answered, ""}
	}
	if fact, ok := companionFacts[key]; ok {
		return fact(p)
	}
	return formFact{}
}

// translate turns codes of the Ombudsman's form into a field's own.
func translate(x templates.FormField, value string) string {
	var codes []string
	for _, code := range strings.Fields(value) {
		for _, o := range x.Options {
			if slices.Contains(o.From, code) && !slices.Contains(codes, o.Code) {
				codes = append(codes, o.Code)
			}
		}
	}
	return strings.Join(codes, " ")
}

// formFor chooses the form of a record's authority that is valid at now.
func formFor(forms map[string]*templates.AuthorityForm, authority string, now time.Time) *templates.AuthorityForm {
	day := now.UTC().Format(time.DateOnly)
	for _, f := range forms {
		if f.Authority == authority && f.Since <= day && (f.Until == "" || day <= f.Until) {
			return f
		}
	}
	return forms[canonicalForm]
}
