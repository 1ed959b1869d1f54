package risk

import (
	"fmt"
	"testing"
)

func TestCompare(t *testing.T) {
	parse := func(s string) Facts {
		t.Helper()
		f, err := Parse([]byte(s))
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	tests := []struct{ name, was, is, want string }{
		{"the same", `{"data":["name","contact"]}`, `{"data":["contact","name"]}`, "[]"},
		{"where it comes from", `{"malicious":false,"certainty":{"malicious":{"state":"known"}}}`, `{"malicious":false,"certainty":{"malicious":{"state":"known","source":"loki"}}}`, "[]"},
		{"an answer", `{"exposure":{"recipients":"known"}}`, `{"exposure":{"recipients":"unknown"}}`, "[Who got the data: known recipients → unknown people]"},
		{"answered at last", `{}`, `{"people":{"count":12500}}`, "[Number of people: not answered → 12,500]"},
		{"one kind more", `{"data":["name"]}`, `{"data":["name","health"]}`, "[Kinds of data: name → data concerning health, name]"},
		{"less sure", `{"malicious":false}`, `{"malicious":false,"certainty":{"malicious":{"state":"assumed"}}}`, "[Certainty: Done on purpose: known → assumed]"},
		{"evidence", `{}`, `{"evidence":{"logs_complete":false}}`, "[Logs cover the whole time: not answered → no]"},
		{"a group", `{}`, `{"groups":[{"name":"Lapset","people":{"count":3}}]}`,
			"[Group of people: Lapset: not answered → yes Lapset: Number of people: not answered → 3]"},
		{"a correction", `{}`, `{"enisa":{"adjust":[{"category":"simple","steps":1,"reason":"profiili"}]}}`,
			"[Corrections to the ENISA score: not answered → simple data 1: profiili]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := []string{}
			for _, c := range Compare(parse(tt.was), parse(tt.is)) {
				got = append(got, Label("en", c.Key)+": "+Say("en", c.Key, c.Was)+" → "+Say("en", c.Key, c.Is))
			}
			if fmt.Sprint(got) != tt.want {
				t.Errorf("got  %v\nwant %s", got, tt.want)
			}
		})
	}
}
