package web

import (
	"slices"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
	"hatakello/templates"
)

func authorityForms(t *testing.T) map[string]*templates.AuthorityForm {
	t.Helper()
	all, err := templates.LoadForms()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Every field of every form has a source in the record or a question in three
// languages; and every entry of the mapping table is a field of the form.
func TestEveryFieldHasASource(t *testing.T) {
	forms := authorityForms(t)
	for _, id := range []string{"tsv-2026", "edpb-2026", "aland"} {
		var none []string
		sources, questions := 0, 0
		for _, x := range forms[id].Fields() {
			from := x.From
			if len(from) == 0 {
				from = []string{x.Key}
			}
			source := slices.ContainsFunc(from, func(key string) bool { return companionFacts[key] != nil })
			question := x.Question["fi"] != "" && x.Question["sv"] != "" && x.Question["en"] != ""
			if source {
				sources++
			}
			if question {
				questions++
			}
			if !source && !question {
				none = append(none, x.Key)
			}
		}
		if len(none) > 0 || sources < 25 || questions == 0 {
			t.Errorf("%s: %d sources, %d questions; neither for %v", id, sources, questions, none)
		}
	}
	for key := range companionFacts {
		if !slices.ContainsFunc(forms[canonicalForm].Fields(), func(x templates.FormField) bool { return x.Key == key }) {
			t.Errorf("%s is no field of the form", key)
		}
	}
}

// What only the controller may say, the record never says for her.
func TestProcessorSaysNothingForHer(t *testing.T) {
	for _, x := range authorityForms(t)[canonicalForm].Fields() {
		if f := companionFacts[x.Key]; x.By == "controller" && f != nil {
			if got := f(companionParts{reportParts: fullParts()}); got.Value != "" {
				t.Errorf("%s = %q (%s), want a question", x.Key, got.Value, got.Origin)
			}
		}
	}
}

// fullParts is a record of which much is known.
func fullParts() reportParts {
	at := reportClock
	mark := func(m incident.Moment, s string, sure incident.Sure) incident.Mark {
		return incident.Mark{Moment: m, At: at(s), Sure: sure}
	}
	known := func(s string) incident.Fact { return incident.Fact{Text: s, Sure: incident.Known} }
	return reportParts{
		Incident: &incident.Incident{ID: "i", Number: "2026-014", Title: "Sisäinen otsikko", Facts: incident.Facts{
			Nature: known("Palvelin oli auki."), Data: known("Nimet"), Groups: known("Asukkaat"), Consequences: incident.Fact{Text: "Huijausviestejä", Sure: incident.Assumed},
			Measures: known("Palvelin suljettu."), People: incident.Amount{Low: 77777, Sure: "exact"}, Records: incident.Amount{Low: 88888, Sure: "exact"}}},
		Record: &incident.Record{ID: "r", Name: "Björkö Hoiva Oy", Lang: "sv", Part: incident.AsProcessor, Certainty: incident.Confirmed,
			Facts: incident.Facts{People: incident.Amount{Low: 120, Sure: "about"}},
			Marks: []incident.Mark{mark(incident.OccurredFrom, "2026-11-20T10:00Z", incident.Assumed), mark(incident.OccurredTo, "2026-11-21T10:00Z", incident.Known),
				mark(incident.ProcessorAware, "2026-11-21T12:00Z", incident.Known), mark(incident.ControllerInformed, "2026-11-21T13:00Z", incident.Known)}},
		Controller: &incident.Controller{BusinessID: "1234567-1", Contacts: []incident.Contact{{Name: "Åsa", Email: "asa@hoiva.example"}}},
		Org:        incident.Organisation{Name: "Esimerkkipalvelu Oy", Email: "tietosuoja@esimerkki.example", Phone: "09 000"},
		Services:   []string{"Ajanvaraus"},
	}
}

// valuesOf lists what stands in the filled form, by key.
func valuesOf(parts []filledPart) map[string]filledField {
	all := map[string]filledField{}
	for _, p := range parts {
		for _, x := range p.Fields {
			all[x.Key] = x
		}
	}
	return all
}

func TestFillForm(t *testing.T) {
	forms := authorityForms(t)
	p := companionParts{reportParts: fullParts(), Now: reportClock("2026-11-22T10:00Z")}
	got := valuesOf(fillForm(forms["tsv-2026"], p))
	tests := []struct {
		key, value string
		from       origin
		ask        bool
	}{
		{"notification_type", "preliminary", derived, false},
		{"controller_name", "Björkö Hoiva Oy", fromRegister, false},
		{"controller_business_id", "1234567-1", fromRegister, false},
		{"controller_address", "", "", true},
		{"reporter_name", "", "", true},
		{"party_role", "processor", derived, false},
		{"party_name", "Esimerkkipalvelu Oy", fromProcessor, false},
		{"processor_aware_at", "2026-11-21T12:00:00Z", fromProcessor, false},
		{"occurrence_mode", "period", derived, false},
		{"occurrence_estimated", "yes", derived, false},
		{"aware_at", "", "", true},
		{"description", "Palvelin oli auki.", fromProcessor, false},
		{"consequences", "Huijausviestejä", fromProcessor, false},
		{"subject_count_kind", "approx", fromProcessor, false},
		{"subject_count", "120", fromProcessor, false},
		{"record_count_kind", "tbd", derived, true},
		{"risk_level", "", "", true},
	}
	for _, tt := range tests {
		x, ok := got[tt.key]
		if !ok || x.Value != tt.value || x.Origin != tt.from || x.Ask != tt.ask {
			t.Errorf("%s = %q from %q, asked %v (shown %v); want %q from %q, %v", tt.key, x.Value, x.Origin, x.Ask, ok, tt.value, tt.from, tt.ask)
		}
	}
	for _, key := range []string{"delay_reason", "withdrawal_reason", "record_count", "informed_on", "lead_authority"} {
		if _, shown := got[key]; shown {
			t.Errorf("%s is shown", key)
		}
	}
	if got["consequences"].Sure != incident.Assumed || got["description"].Sure != incident.Known {
		t.Errorf("certainty: %q and %q", got["consequences"].Sure, got["description"].Sure)
	}
}

// A processor's total never becomes a controller's number, in any form and
// whatever is known.
func TestFormNumbersAreHerOwn(t *testing.T) {
	for id, f := range authorityForms(t) {
		for _, own := range []incident.Facts{{}, {People: incident.Amount{Low: 12, Sure: "exact"}}} {
			parts := fullParts()
			parts.Record.Facts = own
			for _, kind := range []string{"preliminary", "complete"} {
				for _, x := range valuesOf(fillForm(f, companionParts{reportParts: parts, Kind: kind, Now: reportClock("2026-11-22T10:00Z")})) {
					if strings.Contains(x.Value, "77777") || strings.Contains(x.Value, "88888") || strings.Contains(x.Value, "Sisäinen") {
						t.Errorf("%s.%s = %q", id, x.Key, x.Value)
					}
				}
			}
		}
	}
}

// Her answers win; what leaves a matter open falls away when the notification
// is complete; a mandate, and only that, names us as the reporting person.
func TestFillFormAnswers(t *testing.T) {
	forms := authorityForms(t)
	p := companionParts{reportParts: fullParts(), Now: reportClock("2026-11-22T10:00Z"), Answers: map[string]incident.FormAnswer{
		"risk_level": {Value: "pending"}, "cia": {Value: "confidentiality", Done: true}, "description": {Value: "Omin sanoin 010190-999W"}, "conf_type": {Value: "tbd"}, "cause": {Value: "nonsense"}}}
	got := valuesOf(fillForm(forms["tsv-2026"], p))
	if x := got["risk_level"]; x.Value != "pending" || !x.Open || !x.Ask {
		t.Errorf("preliminary: risk %q, open %v", x.Value, x.Open)
	}
	if x := got["description"]; x.Value != "Omin sanoin ******-****" || x.Origin != answered {
		t.Errorf("description %q from %q", x.Value, x.Origin)
	}
	if x := got["conf_type"]; x.Value != "tbd" || !got["cia"].Done {
		t.Errorf("confidentiality: %q", x.Value)
	}
	if x := got["cause"]; x.Value != "" {
		t.Errorf("cause %q, want none", x.Value)
	}
	p.Kind = "complete"
	got = valuesOf(fillForm(forms["tsv-2026"], p))
	for _, key := range []string{"risk_level", "conf_type", "record_count_kind"} {
		if x := got[key]; x.Value != "" || !x.Ask {
			t.Errorf("complete: %s = %q, want a question", key, x.Value)
		}
	}
	p.Mandate = "Sopimus 4.2.2026, liite 3"
	got = valuesOf(fillForm(forms["tsv-2026"], p))
	if got["reporter_name"].Value != "Esimerkkipalvelu Oy" || got["reporter_role"].Value != "authorised" || got["authorisation"].Value == "" {
		t.Errorf("with a mandate: %q, %q", got["reporter_name"].Value, got["reporter_role"].Value)
	}
}

// The draft of the EDPB is filled through its mapping table.
func TestFillEDPB(t *testing.T) {
	p := companionParts{reportParts: fullParts(), Now: reportClock("2026-11-22T10:00Z"), Answers: map[string]incident.FormAnswer{
		"cia": {Value: "confidentiality availability"}, "incident_kind": {Value: "misconfiguration"}, "data_types": {Value: "basic hetu communications"},
		"controller_address": {Value: "Testikatu 1"}, "risk_level": {Value: "pending"}}}
	got := valuesOf(fillForm(authorityForms(t)["edpb-2026"], p))
	for key, want := range map[string]string{"3": "new", "4": "incomplete", "12": "Björkö Hoiva Oy", "13": "Testikatu 1\nasa@hoiva.example", "38": "yes",
		"39": "processor", "44": "period", "50": "processor", "55": "confidentiality availability", "60": "misconfiguration",
		"67": "approximate", "68": "120", "70": "basic national_id_numbers other", "89": "more_information_needed", "48": ""} {
		if x, ok := got[key]; !ok || x.Value != want {
			t.Errorf("row %s = %q (shown %v), want %q", key, x.Value, ok, want)
		}
	}
	if _, shown := got["58"]; shown {
		t.Error("row 58 is shown without a loss of integrity")
	}
}

func TestLate(t *testing.T) {
	due := reportClock("2026-11-24T13:00Z")
	tests := []struct {
		name string
		d    *incident.Deadline
		now  string
		want bool
	}{
		{"no clock", nil, "2026-12-01T00:00Z", false},
		{"running", &incident.Deadline{To: incident.ToAuthority, Due: due}, "2026-11-24T13:00Z", false},
		{"passed", &incident.Deadline{To: incident.ToAuthority, Due: due}, "2026-11-24T13:01Z", true},
		{"met in time", &incident.Deadline{To: incident.ToAuthority, Due: due, Met: due.Add(-time.Hour)}, "2026-12-01T00:00Z", false},
		{"met late", &incident.Deadline{To: incident.ToAuthority, Due: due, Met: due.Add(time.Hour)}, "2026-12-01T00:00Z", true},
	}
	for _, tt := range tests {
		parts := fullParts()
		if tt.d != nil {
			parts.Record.Deadlines = []*incident.Deadline{tt.d}
		}
		if got := (companionParts{reportParts: parts, Now: reportClock(tt.now)}).late(); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}
