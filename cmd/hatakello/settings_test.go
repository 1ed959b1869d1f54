package main

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hatakello/incident"
	"hatakello/templates"
)

func sound(t *testing.T) settings {
	return settings{
		database: database{DB: filepath.Join(t.TempDir(), "cases.db")},
		Listen:   "127.0.0.1:8080", URL: "https://bell.example/", SMTP: "smtp://mail.example:587", From: "Kello <kello@bell.example>",
	}
}

func TestSettings(t *testing.T) {
	tests := []struct {
		name   string
		change func(*settings)
		want   []string // keys of what is told
	}{
		{"sound", func(*settings) {}, nil},
		{"postgres", func(s *settings) { s.DB = "postgres://kello@db.example/kello" }, nil},
		{"another database", func(s *settings) { s.DB = "mysql://db.example/kello" }, []string{"cli.setting.db"}},
		{"no such folder", func(s *settings) { s.DB = "/nowhere/at/all/cases.db" }, []string{"cli.setting.db.folder"}},
		{"port alone", func(s *settings) { s.Listen = "8080" }, []string{"cli.setting.listen"}},
		{"port too high", func(s *settings) { s.Listen = "127.0.0.1:70000" }, []string{"cli.setting.listen"}},
		{"site without scheme", func(s *settings) { s.URL = "bell.example" }, []string{"cli.setting.url"}},
		{"site with a path", func(s *settings) { s.URL = "https://bell.example/kello" }, []string{"cli.setting.url"}},
		{"another protocol for mail", func(s *settings) { s.SMTP = "imap://mail.example" }, []string{"cli.setting.smtp"}},
		{"no sender", func(s *settings) { s.From = "" }, []string{"cli.setting.from.missing"}},
		{"no mail at all", func(s *settings) { s.From, s.SMTP = "", "" }, nil},
		{"sender not an address", func(s *settings) { s.From = "kello" }, []string{"cli.setting.from"}},
		{"token without channel", func(s *settings) { s.SlackToken = "xoxb-1" }, []string{"cli.setting.slack.channel"}},
		{"channel without token", func(s *settings) { s.SlackChannel = "#kello" }, []string{"cli.setting.slack.token"}},
		{"strange Slack address", func(s *settings) { s.SlackAPI = "slack" }, []string{"cli.setting.slack.api"}},
		{"proxy by name", func(s *settings) { s.Proxies = []string{"10.0.0.0/8", "proxy.example"} }, []string{"cli.setting.proxy"}},
		{"no such file", func(s *settings) { s.SMTP, s.SMTPFile = "", "/nowhere/secret" }, []string{"cli.setting.file"}},
		{"given twice", func(s *settings) { s.SMTPFile = "/nowhere/secret" }, []string{"cli.setting.twice"}},
		{"two at once", func(s *settings) { s.Listen, s.From = "x", "x" }, []string{"cli.setting.listen", "cli.setting.from"}},
	}
	words, err := templates.LoadWords()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := sound(t)
			tt.change(&s)
			var es incident.Errors
			var got []string
			if err := s.settle(); errors.As(err, &es) {
				for _, e := range es {
					got = append(got, e.Key)
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("settle() = %v, want %v", got, tt.want)
			}
			for _, e := range es {
				for _, lang := range templates.Langs {
					text := words.Say(lang, e.Key, pairs(e)...)
					if !strings.Contains(text, "--"+e.Field) || !strings.Contains(text, e.Args["Env"].(string)) {
						t.Errorf("%s %q does not name the flag and the variable of %s", lang, text, e.Field)
					}
				}
			}
		})
	}
}

func TestSecretsFromFiles(t *testing.T) {
	s := sound(t)
	s.SMTP, s.SlackChannel, s.SlackAPI = "", "#kello", "http://127.0.0.1:1/api"
	s.SMTPFile, s.SlackTokenFile = filepath.Join(t.TempDir(), "smtp"), filepath.Join(t.TempDir(), "slack")
	for file, text := range map[string]string{s.SMTPFile: "smtps://kello:salainen@mail.example:465\n", s.SlackTokenFile: "xoxb-9\n"} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.settle(); err != nil {
		t.Fatal(err)
	}
	if s.SMTP != "smtps://kello:salainen@mail.example:465" || s.SlackToken != "xoxb-9" {
		t.Errorf("secrets %q and %q, want those of the files without the line's end", s.SMTP, s.SlackToken)
	}
	if s.URL != "https://bell.example" || s.SlackAPI != "http://127.0.0.1:1/api/" {
		t.Errorf("addresses %q and %q, want one slash at the end of Slack's only", s.URL, s.SlackAPI)
	}
}

// A password must not be printed because something else in its URL is wrong.
func TestSecretsAreNotRepeated(t *testing.T) {
	s := sound(t)
	s.DB, s.SMTP, s.SlackToken = "mysql://kello:salainen@db/x", "http://kello:salainen@mail.example", "xoxb salainen"
	s.SlackChannel = "#kello"
	words, _ := templates.LoadWords()
	var es incident.Errors
	if err := s.settle(); !errors.As(err, &es) || len(es) != 3 {
		t.Fatalf("settle() = %v, want three errors", err)
	}
	for _, e := range es {
		if text := words.Say("en", e.Key, pairs(e)...); strings.Contains(text, "salainen") {
			t.Errorf("%q holds the secret", text)
		}
	}
}

// The help must be whole in every language: kong refuses an unknown variable.
func TestHelpInEveryLanguage(t *testing.T) {
	words, err := templates.LoadWords()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range templates.Langs {
		var out strings.Builder
		if code := run(t.Context(), &terminal{os.Stdin, &out, &out, words, lang}, []string{"serve", "--help"}); code != 0 {
			t.Errorf("%s: exit code %d, want 0: %s", lang, code, out.String())
		}
		if strings.Contains(out.String(), "[cli") {
			t.Errorf("%s: a text is missing: %s", lang, out.String())
		}
	}
}
