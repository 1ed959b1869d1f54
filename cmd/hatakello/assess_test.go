package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"hatakello/templates"
)

const lostLaptop = `{"breach":["confidentiality"],"data":["name","health"],
	"people":{"count":300},"exposure":{"recipients":"unknown"},"malicious":true}`

func TestAssessJSON(t *testing.T) {
	var out bytes.Buffer
	c := AssessCmd{File: "-", JSON: true}
	if err := c.assess(strings.NewReader(lostLaptop), &out, "fi"); err != nil {
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
		c := AssessCmd{File: file}
		if err := c.Run(&terminal{out: &out, lang: lang}); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), want) {
			t.Errorf("memo in %s lacks %q:\n%s", lang, want, out.String())
		}
	}
}

func TestAssessRefuses(t *testing.T) {
	c := AssessCmd{File: "-"}
	err := c.assess(strings.NewReader(`{"exposure":{"recipents":"none"}}`), &bytes.Buffer{}, "en")
	var code interface{ ExitCode() int }
	if !errors.As(err, &code) || code.ExitCode() != 2 {
		t.Fatalf("bad key: %v, want an error with exit code 2", err)
	}
	if got, want := err.Error(), `-: exposure.recipents: unknown key "recipents"; the nearest is "recipients"`; got != want {
		t.Errorf("bad key: %q, want %q", got, want)
	}
	c.File = filepath.Join(t.TempDir(), "absent.json")
	if err := c.Run(&terminal{out: &bytes.Buffer{}, lang: "en"}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("absent file: %v", err)
	}
}

// TestAssessFlags: the command line reads as documented, with its help in
// every language.
func TestAssessFlags(t *testing.T) {
	words, err := templates.LoadWords()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range templates.Langs {
		var cli struct {
			Assess AssessCmd `cmd:"" help:"${assess}"`
		}
		k, err := kong.New(&cli, helpTexts(&terminal{words: words, lang: lang}))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := k.Parse([]string{"assess", "-", "--json"}); err != nil {
			t.Fatal(err)
		}
		if want := (AssessCmd{File: "-", JSON: true}); cli.Assess != want {
			t.Errorf("assess - --json = %+v, want %+v", cli.Assess, want)
		}
	}
}
