package risk

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
)

func TestParseRefuses(t *testing.T) {
	tests := []struct{ in, key, path, nearest string }{
		{`{"breech":[]}`, "risk.unknown_key", "breech", "breach"},
		{`{"Breach":[]}`, "risk.unknown_key", "Breach", "breach"},
		{`{"exposure":{"recipents":"none"}}`, "risk.unknown_key", "exposure.recipents", "recipients"},
		{`{"data":["name","nationl_id"]}`, "risk.unknown_value", "data[1]", "national_id"},
		{`{"breach":["Confidentiality"]}`, "risk.unknown_value", "breach[0]", "confidentiality"},
		{`{"protection":{"key":"comprised"}}`, "risk.unknown_value", "protection.key", "compromised"},
		{`{"exposure":{"recipients":""}}`, "risk.unknown_value", "exposure.recipients", "none"},
		{`{"malicious":"true"}`, "risk.wrong_type", "malicious", "true, false"},
		{`{"malicious":true,"malicious":false}`, "risk.duplicate", "malicious", ""},
		{`{"malicious":true,"m\u0061licious":false}`, "risk.duplicate", "malicious", ""},
		{`{"data":["name","name"]}`, "risk.duplicate", "data[1]", ""},
		{`{"people":{"count":-1}}`, "risk.out_of_range", "people.count", "0 … 10000000000"},
		{`{"people":{"count":1.5}}`, "risk.out_of_range", "people.count", "0 … 10000000000"},
		{`{"people":{"count":1e3}}`, "risk.out_of_range", "people.count", "0 … 10000000000"},
		{`{"people":{"count":"24"}}`, "risk.wrong_type", "people.count", "0 … 10000000000"},
		{`{"availability":{"hours":1e999}}`, "risk.out_of_range", "availability.hours", "0 … 1000000"},
		{`{"people":[]}`, "risk.wrong_type", "people", "{ }"},
		{`{"data":"name"}`, "risk.wrong_type", "data", "[ ]"},
		{`{"data":[["name"]]}`, "risk.wrong_type", "data[0]", "name"},
		{`{"certainty":{"exposure.exfil":{"state":"known"}}}`, "risk.unknown_key", "certainty.exposure.exfil", "exposure.exfiltration"},
		{`{"enisa":{"adjust":[{"category":"simple","steps":2}]}}`, "risk.missing_key", "enisa.adjust[0].reason", "reason"},
		{`{"enisa":{"ei":0.3}}`, "risk.unknown_value", "enisa.ei", "0.5"},
		{`{"groups":[{"data":["name"]}]}`, "risk.missing_key", "groups[0].name", "name"},
		{`{} {}`, "risk.trailing", "", ""},
		{`{}x`, "risk.trailing", "", ""},
		{`[]`, "risk.wrong_type", "", "{ }"},
		{`null`, "risk.wrong_type", "", "{ }"},
		{``, "risk.cut_off", "", ""},
		{`{"breach":[`, "risk.cut_off", "", ""},
		{`{"breach":}`, "risk.syntax", "", ""},
		{"{\"groups\":[{\"name\":\"\xff\"}]}", "risk.not_utf8", "", ""},
		{strings.Repeat(" ", MaxInput+1), "risk.too_large", "", "65536"},
	}
	for _, tt := range tests {
		_, err := Decode(strings.NewReader(tt.in))
		var e *InputError
		if !errors.As(err, &e) {
			t.Errorf("Decode(%.60q) = %v, want an InputError", tt.in, err)
			continue
		}
		if e.Key != tt.key || e.Path != tt.path || tt.nearest != "" && e.Nearest != tt.nearest {
			t.Errorf("Decode(%.60q) = %s at %q nearest %q, want %s at %q nearest %q",
				tt.in, e.Key, e.Path, e.Nearest, tt.key, tt.path, tt.nearest)
		}
		if s := e.Error(); s == "" || strings.Contains(s, "risk.") || strings.Contains(s, "<nil>") {
			t.Errorf("Decode(%.60q): message %q", tt.in, s)
		}
	}
}

func TestParseAccepts(t *testing.T) {
	f, err := Parse([]byte(` {"breach":["availability","confidentiality"],"data":null,
		"people":{"count":24,"certainty":"about","vulnerable":false},"malicious":null} `))
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Breach) != 2 || f.Data != nil || *f.People.Count != 24 || *f.People.Vulnerable || f.Malicious != nil {
		t.Errorf("Parse = %+v", f)
	}
}

// FuzzParse: no input may crash the decoder or the assessment, and what is
// accepted survives writing and reading again with the same proposal.
func FuzzParse(f *testing.F) {
	for _, c := range precedentCases() {
		f.Add([]byte(c.Facts))
	}
	if b, err := os.ReadFile("testdata/full.json"); err == nil {
		f.Add(b)
	}
	f.Add([]byte(`{"people":{"count":1e3}}`))
	f.Add([]byte(`{"data":["name","name"]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		facts, err := Parse(b)
		if err != nil {
			var e *InputError
			if !errors.As(err, &e) || e.Error() == "" {
				t.Fatalf("error %v is no InputError", err)
			}
			return
		}
		again, err := json.Marshal(facts)
		if err != nil {
			t.Fatal(err)
		}
		second, err := Parse(again)
		if err != nil {
			t.Fatalf("%s: %v", again, err)
		}
		if got, want := asJSON(t, Assess(second)), asJSON(t, Assess(facts)); got != want {
			t.Fatalf("read again: %s, want %s", got, want)
		}
	})
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
