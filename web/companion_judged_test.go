package web

import (
	"testing"

	"hatakello/incident"
)

// What the staff answered about the breach fills the customer's form with facts
// and how sure they are; what is unknown stays to be clarified or a question;
// the tier is never said for her.
func TestAnswersFillTheForm(t *testing.T) {
	forms := authorityForms(t)
	tests := []struct {
		name, answers, kind, key, value string
		sure                            incident.Sure
	}{
		{"what is hit", `{"breach":["confidentiality","availability"],"certainty":{"breach":{"state":"known"}}}`, "preliminary", "cia", "confidentiality availability", incident.Known},
		{"an assumption", `{"breach":["integrity"],"certainty":{"breach":{"state":"assumed"}}}`, "preliminary", "cia", "integrity", incident.Assumed},
		{"called unknown", `{"breach":["integrity"],"certainty":{"breach":{"state":"unknown"}}}`, "preliminary", "cia", "", ""},
		{"data came out", `{"breach":["confidentiality"],"exposure":{"exfiltration":"confirmed"}}`, "complete", "conf_type", "disclosed", incident.Assumed},
		{"possible, preliminary", `{"breach":["confidentiality"],"exposure":{"exfiltration":"possible"}}`, "preliminary", "conf_type", "tbd", ""},
		{"possible, complete", `{"breach":["confidentiality"],"exposure":{"exfiltration":"possible"}}`, "complete", "conf_type", "", ""},
		{"excluded without logs", `{"breach":["confidentiality"],"exposure":{"exfiltration":"excluded"}}`, "complete", "conf_type", "", ""},
		{"excluded by whole logs", `{"breach":["confidentiality"],"exposure":{"exfiltration":"excluded"},"evidence":{"logs_complete":true}}`, "complete", "conf_type", "not", incident.Assumed},
		{"encrypted", `{"breach":["confidentiality"],"protection":{"encrypted":"yes","key":"safe"}}`, "complete", "unintelligible", "intact", incident.Assumed},
		{"the key is out", `{"breach":["confidentiality"],"protection":{"encrypted":"yes","key":"compromised"}}`, "complete", "unintelligible", "weak", incident.Assumed},
		{"partly encrypted", `{"breach":["confidentiality"],"protection":{"encrypted":"partly"}}`, "complete", "unintelligible", "", ""},
		{"lost for a while", `{"breach":["availability"],"availability":{"loss":"temporary"}}`, "complete", "availability_type", "temporary", incident.Assumed},
		{"kinds of data", `{"data":["name","contact","address","national_id","education"],"certainty":{"data":{"state":"known"}}}`, "complete", "data_types", "basic contact hetu other", incident.Known},
		{"no tier for her", `{"breach":["confidentiality"],"data":["health"],"exposure":{"recipients":"public","exfiltration":"confirmed"}}`, "complete", "risk_level", "", ""},
		{"nothing answered", ``, "preliminary", "data_types", "", ""},
		{"answers that cannot be read", `{"breach":7}`, "preliminary", "cia", "", ""},
	}
	for _, tt := range tests {
		p := companionParts{reportParts: fullParts(), Kind: tt.kind, Now: reportClock("2026-11-22T10:00Z")}
		p.Incident.Answers, p.Record.Tier = tt.answers, incident.High
		x, shown := valuesOf(fillForm(forms["tsv-2026"], p))[tt.key]
		if !shown && tt.value != "" {
			t.Errorf("%s: the field is not asked", tt.name)
			continue
		}
		if x.Value != tt.value || x.Sure != tt.sure {
			t.Errorf("%s: %s = %q (%s), want %q (%s)", tt.name, tt.key, x.Value, x.Sure, tt.value, tt.sure)
		}
	}
}

// Of its own register the company says what it decided, and its own officer.
func TestOwnFormSaysTheDecision(t *testing.T) {
	p := companionParts{reportParts: fullParts(), Kind: "complete", Now: reportClock("2026-11-22T10:00Z")}
	p.Record.Part, p.Record.Tier, p.Org.DPO = incident.AsController, incident.High, "Aino Koe"
	p.Record.Assessed = []*incident.Assessment{{Tier: incident.High, Reason: "Terveystietoja julkisesti."}}
	got := valuesOf(fillForm(authorityForms(t)["tsv-2026"], p))
	for key, want := range map[string]string{"risk_level": "high", "risk_method": "Terveystietoja julkisesti.", "dpo_name": "Aino Koe"} {
		if got[key].Value != want {
			t.Errorf("%s = %q, want %q", key, got[key].Value, want)
		}
	}
	p.Record.Part = incident.AsProcessor
	for _, key := range []string{"risk_level", "risk_method", "dpo_name"} {
		if x := valuesOf(fillForm(authorityForms(t)["tsv-2026"], p))[key]; x.Value != "" {
			t.Errorf("for a customer %s = %q, want a question", key, x.Value)
		}
	}
}

// A breach that goes on is said to go on; an order not to tell is named while
// it holds.
func TestFormOfWhatGoesOn(t *testing.T) {
	form := authorityForms(t)["tsv-2026"]
	p := companionParts{reportParts: fullParts(), Now: reportClock("2026-11-22T10:00Z")}
	p.Record.Marks = append(p.Record.Marks, incident.Mark{Moment: incident.OccurredTo, Sure: incident.Ongoing})
	p.Record.Decisions = []incident.Decision{{Kind: "hold", Authority: "Poliisi", Until: reportClock("2026-11-30T10:00Z")}}
	got := valuesOf(fillForm(form, p))
	if got["occurrence_mode"].Value != "ongoing" || got["gag_order"].Value != "Poliisi, 30.11.2026" {
		t.Errorf("it goes on: %q; the order: %q", got["occurrence_mode"].Value, got["gag_order"].Value)
	}
	p.Record.Decisions = append(p.Record.Decisions, incident.Decision{Kind: "hold_ended", Authority: "Poliisi"})
	if x := valuesOf(fillForm(form, p))["gag_order"]; x.Value != "" {
		t.Errorf("an order that has ended: %q", x.Value)
	}
}

// A sub-processor says that it is one; every form has fields for it.
func TestFormOfASubprocessor(t *testing.T) {
	p := companionParts{reportParts: fullParts(), Now: reportClock("2026-11-22T10:00Z")}
	p.Record.Part = incident.AsSubprocessor
	for id, form := range authorityForms(t) {
		said := ""
		for _, x := range valuesOf(fillForm(form, p)) {
			if x.Key == "party_role" || len(x.From) == 1 && x.From[0] == "party_role" {
				said = x.Value
			}
		}
		if said == "" || id == canonicalForm && said != "subprocessor" {
			t.Errorf("%s: the role of the company is %q", id, said)
		}
	}
}
