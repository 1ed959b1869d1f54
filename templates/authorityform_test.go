package templates

import (
	"slices"
	"testing"
	"time"
)

func loadForms(t *testing.T) map[string]*AuthorityForm {
	t.Helper()
	all, err := LoadForms()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Every form is whole: three languages everywhere, conditions and sources that
// name fields which exist.
func TestForms(t *testing.T) {
	forms := loadForms(t)
	sizes := map[string]int{"tsv-2026": 100, "edpb-2026": 100, "aland": 68}
	canon := map[string]FormField{}
	for _, x := range forms["tsv-2026"].Fields() {
		canon[x.Key] = x
	}
	for id, size := range sizes {
		f := forms[id]
		if f == nil {
			t.Fatalf("form %s is missing", id)
		}
		if got := len(f.Fields()); got != size {
			t.Errorf("%s has %d fields, want %d", id, got, size)
		}
		if f.Source == "" || f.Version == "" || f.Status == "" || !whole(f.Title) || !whole(f.Note) {
			t.Errorf("%s does not say what it is", id)
		}
		own := map[string]FormField{}
		for _, x := range f.Fields() {
			if _, twice := own[x.Key]; twice {
				t.Errorf("%s: %s stands twice", id, x.Key)
			}
			own[x.Key] = x
		}
		for _, x := range f.Fields() {
			checkField(t, id, x, own, canon)
		}
	}
}

func whole(w Trilingual) bool { return w["fi"] != "" && w["sv"] != "" && w["en"] != "" }

func checkField(t *testing.T, id string, x FormField, own, canon map[string]FormField) {
	t.Helper()
	if !whole(x.Label) || !whole(x.Question) {
		t.Errorf("%s.%s lacks a label or a question in a language", id, x.Key)
	}
	for name, list := range map[string][]string{"kind": {x.Kind, "choice", "multi", "text", "long", "time", "number", "email", "tel"},
		"by": {x.By, "processor", "both", "controller"}, "required": {x.Required, "yes", "conditional", "no"}, "item": {x.Item, "official", "inferred"}} {
		if !slices.Contains(list[1:], list[0]) {
			t.Errorf("%s.%s: %s is %q", id, x.Key, name, list[0])
		}
	}
	if x.Choice() != (len(x.Options) > 0) {
		t.Errorf("%s.%s is a %s with %d options", id, x.Key, x.Kind, len(x.Options))
	}
	for _, w := range x.When {
		on, ok := own[w.Field]
		if w.Fact == "" && !ok {
			t.Errorf("%s.%s hangs on %q, which is not there", id, x.Key, w.Field)
		}
		for _, code := range append(slices.Clone(w.Is), w.Not...) {
			if _, ok := on.Option(code); !ok {
				t.Errorf("%s.%s hangs on %s = %q, which cannot be chosen", id, x.Key, w.Field, code)
			}
		}
	}
	for _, key := range x.From {
		if _, ok := canon[key]; !ok {
			t.Errorf("%s.%s comes from %q, which is not there", id, x.Key, key)
		}
	}
	for _, o := range x.Options {
		if o.FI == "" || o.SV == "" || o.EN == "" {
			t.Errorf("%s.%s: option %s lacks a language", id, x.Key, o.Code)
		}
		for _, code := range o.From {
			if _, ok := canon[x.From[0]].Option(code); !ok {
				t.Errorf("%s.%s: option %s comes from %q, which is not there", id, x.Key, o.Code, code)
			}
		}
	}
}

// No form could be read on the authority's own page, so no label claims to be
// the authority's text. The only official words are those of two options of
// the type of notification and of the three levels of risk.
func TestNoInferredLabelIsOfficial(t *testing.T) {
	want := []string{"tsv-2026.notification_type.preliminary", "tsv-2026.notification_type.supplementary",
		"tsv-2026.risk_level.high", "tsv-2026.risk_level.none", "tsv-2026.risk_level.risk"}
	var got []string
	for id, f := range loadForms(t) {
		for _, x := range f.Fields() {
			if x.Wording != "inferred" {
				t.Errorf("%s.%s: wording %q, want inferred", id, x.Key, x.Wording)
			}
			for _, o := range x.Options {
				if o.Wording == "official" {
					got = append(got, id+"."+x.Key+"."+o.Code)
				}
			}
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("official words: %v, want %v", got, want)
	}
}

func TestShown(t *testing.T) {
	late := FormField{When: []FormWhen{{Fact: "late"}}}
	police := FormField{When: []FormWhen{{Field: "police", Is: []string{"yes"}}, {Field: "others", Any: true}}}
	dpo := FormField{When: []FormWhen{{Field: "role", Not: []string{"dpo"}}}}
	tests := []struct {
		name   string
		x      FormField
		values map[string]string
		late   bool
		want   bool
	}{
		{"always", FormField{}, nil, false, true},
		{"in time", late, nil, false, false},
		{"late", late, nil, true, true},
		{"nothing chosen", police, nil, false, false},
		{"the first condition", police, map[string]string{"police": "yes"}, false, true},
		{"the second", police, map[string]string{"police": "no", "others": "kela thl"}, false, true},
		{"other than", dpo, map[string]string{"role": "legal_rep"}, false, true},
		{"the same", dpo, map[string]string{"role": "dpo"}, false, false},
		{"not known", dpo, nil, false, false},
	}
	for _, tt := range tests {
		if got := tt.x.Shown(func(k string) string { return tt.values[k] }, tt.late); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// "To be clarified" is an answer only while the notification is preliminary.
func TestOpenOnlyWhilePreliminary(t *testing.T) {
	open := 0
	for id, f := range loadForms(t) {
		for _, x := range f.Fields() {
			for _, o := range x.Options {
				if !x.Takes(o.Code, true) {
					t.Errorf("%s.%s does not take %s while preliminary", id, x.Key, o.Code)
				}
				if got := x.Takes(o.Code, false); got == o.Open {
					t.Errorf("%s.%s takes %s when complete: %v, want %v", id, x.Key, o.Code, got, !o.Open)
				}
				if o.Open {
					open++
				}
			}
			if x.Choice() && x.Takes("nonsense", true) {
				t.Errorf("%s.%s takes nonsense", id, x.Key)
			}
		}
	}
	if open < 20 {
		t.Errorf("only %d options leave a matter open", open)
	}
}

func TestSecureTitle(t *testing.T) {
	zone, err := time.LoadLocation(Zone)
	if err != nil {
		t.Fatal(err)
	}
	forms, at := loadForms(t), time.Date(2026, 11, 22, 22, 30, 0, 0, time.UTC)
	if got, want := forms["tsv-2026"].SecureTitle("Björkö Hoiva Oy", at, zone), "Ilmoitus tietoturvaloukkauksesta – Björkö Hoiva Oy – 23.11.2026"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := forms["aland"].SecureTitle("x", at, zone); got != "" {
		t.Errorf("Åland: %q, want none", got)
	}
}
