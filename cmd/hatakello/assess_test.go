package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const lostLaptop = `{"breach":["confidentiality"],"data":["name","health"],
	"people":{"count":300},"exposure":{"recipients":"unknown"},"malicious":true}`

func TestAssessJSON(t *testing.T) {
	var out bytes.Buffer
	c := AssessCmd{File: "-", JSON: true, Lang: "fi"}
	if err := c.run(strings.NewReader(lostLaptop), &out); err != nil {
		t.Fatal(err)
	}
	var p struct {
		Tier    string
		Notify  bool   `json:"notify_authority"`
		Tell    string `json:"tell_people"`
		Reasons []struct{ Words string }
	}
	if err := json.Unmarshal(out.Bytes(), &p); err != nil {
		t.Fatal(err)
	}
	if p.Tier != "high_risk" || !p.Notify || p.Tell != "yes" || len(p.Reasons) == 0 || !strings.Contains(p.Reasons[0].Words, "terveystiedot") {
		t.Errorf("assess --json = %+v", p)
	}
}

func TestAssessMemo(t *testing.T) {
	file := filepath.Join(t.TempDir(), "facts.json")
	if err := os.WriteFile(file, []byte(lostLaptop), 0o600); err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[string]string{"en": "Tier: high risk", "fi": "Taso: aiheutuu korkea riski", "sv": "Nivå: hög risk uppstår"} {
		var out bytes.Buffer
		c := AssessCmd{File: file, Lang: lang}
		if err := c.run(nil, &out); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), want) {
			t.Errorf("memo in %s lacks %q:\n%s", lang, want, out.String())
		}
	}
}

func TestAssessRefuses(t *testing.T) {
	c := AssessCmd{File: "-", Lang: "en"}
	err := c.run(strings.NewReader(`{"exposure":{"recipents":"none"}}`), &bytes.Buffer{})
	var code interface{ ExitCode() int }
	if !errors.As(err, &code) || code.ExitCode() != 2 {
		t.Fatalf("bad key: %v, want an error with exit code 2", err)
	}
	if got, want := err.Error(), `-: exposure.recipents: unknown key "recipents"; the nearest is "recipients"`; got != want {
		t.Errorf("bad key: %q, want %q", got, want)
	}
	c.File = filepath.Join(t.TempDir(), "absent.json")
	if err := c.run(nil, &bytes.Buffer{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("absent file: %v", err)
	}
}
