package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"hatakello/incident"
	"hatakello/templates"
)

// deadline parses args as the command line does, runs the command in English
// at a fixed time, and returns what it prints and its error.
func deadline(t *testing.T, args ...string) (string, error) {
	t.Helper()
	words, err := templates.LoadWords()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	term := &terminal{out: &out, words: words, lang: "en"}
	cmd := DeadlineCmd{now: func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }}
	parser, err := kong.New(&cmd, helpTexts(term))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(args); err != nil {
		t.Fatal(err)
	}
	err = cmd.Run(term)
	return out.String(), err
}

func TestDeadlinePrints(t *testing.T) {
	got, err := deadline(t, "--aware", "2026-10-23T10:15", "--zone", "Europe/Helsinki", "--hours", "72")
	want := `deadline_utc: 2026-10-26T07:15:00Z
deadline_local: 2026-10-26T09:15:00+02:00
outer_limit_utc: 2026-10-26T08:00:00Z
outer_limit_local: 2026-10-26T10:00:00+02:00
rule: 72 elapsed hours; weekends and holidays count, and a clock change does not move the deadline
outer_limit_rule: Outer limit of Regulation (EEC, Euratom) No 1182/71 Article 3(1) and (2), not the target; weekends and holidays do not extend it
`
	if err != nil || got != want {
		t.Errorf("got %v\n%s\nwant\n%s", err, got, want)
	}
}

func TestDeadlineJSON(t *testing.T) {
	tests := []struct {
		args                            []string
		period, due, dueLocal, outLocal string
	}{
		{[]string{"--aware", "2026-10-23T10:15"}, "72h", "2026-10-26T07:15:00Z", "2026-10-26T09:15:00+02:00", "2026-10-26T10:00:00+02:00"},
		{[]string{"--aware", "2026-10-25T03:30+03:00"}, "72h", "2026-10-28T00:30:00Z", "2026-10-28T02:30:00+02:00", "2026-10-28T03:00:00+02:00"},
		{[]string{"--aware", "2026-10-25T03:30+02:00"}, "72h", "2026-10-28T01:30:00Z", "2026-10-28T03:30:00+02:00", "2026-10-28T04:00:00+02:00"},
		{[]string{"--aware", "pe 23.10.2026 klo 10.15", "--hours", "24"}, "24h", "2026-10-24T07:15:00Z", "2026-10-24T10:15:00+03:00", "2026-10-24T11:00:00+03:00"},
		{[]string{"--aware", "2026-01-31T10:15", "--months", "1"}, "1mo", "2026-02-28T08:15:00Z", "2026-02-28T10:15:00+02:00", "2026-03-01T00:00:00+02:00"},
		{[]string{"--aware", "2026-10-23T10:15", "--days", "3"}, "3d", "2026-10-26T08:15:00Z", "2026-10-26T10:15:00+02:00", "2026-10-27T00:00:00+02:00"},
		{[]string{"--aware", "2026-10-23T10:15", "--zone", "Europe/Stockholm"}, "72h", "2026-10-26T08:15:00Z", "2026-10-26T09:15:00+01:00", "2026-10-26T10:00:00+01:00"},
	}
	for _, tt := range tests {
		out, err := deadline(t, append(tt.args, "--json")...)
		var got map[string]string
		if err != nil || json.Unmarshal([]byte(out), &got) != nil {
			t.Errorf("%q: %v, %s", tt.args, err, out)
			continue
		}
		for key, want := range map[string]string{"period": tt.period, "deadline_utc": tt.due, "deadline_local": tt.dueLocal, "outer_limit_local": tt.outLocal} {
			if got[key] != want {
				t.Errorf("%q: %s = %s, want %s", tt.args, key, got[key], want)
			}
		}
		if outer, err := time.Parse(time.RFC3339, got["outer_limit_utc"]); err != nil || outer.Format(time.RFC3339) == got["outer_limit_local"] || got["rule"] == "" {
			t.Errorf("%q: outer limit %s, %v, rule %q", tt.args, got["outer_limit_utc"], err, got["rule"])
		}
	}
}

// TestDeadlineRefuses says of each refusal that it ends with exit code 2, that
// its message exists in every language, and that it tells what to write.
func TestDeadlineRefuses(t *testing.T) {
	const ok = "2026-10-23T10:15"
	tests := []struct {
		args  []string
		key   string
		write []string
	}{
		{[]string{"--aware", "2026-10-25T03:30"}, "deadline.aware.ambiguous", []string{"2026-10-25T03:30+03:00", "2026-10-25T03:30+02:00"}},
		{[]string{"--aware", "2027-03-28T03:30"}, "deadline.aware.missing", []string{"2027-03-28T02:30+02:00", "2027-03-28T04:30+03:00"}},
		{[]string{"--aware", "2026-10-23"}, "deadline.aware.no_time", []string{"2026-10-23T10:15"}},
		{[]string{"--aware", "soon"}, "deadline.aware.unparsable", []string{ok}},
		{[]string{"--aware", "10/23/2026 10:15"}, "deadline.aware.unclear", []string{ok}},
		{[]string{"--aware", "1926-10-23T10:15"}, "deadline.aware.year", []string{ok}},
		{[]string{"--aware", "22.11. klo 23.00"}, "deadline.aware.future", []string{"2026-11-22T23:00+02:00"}},
		{[]string{"--aware", "ma 23.10.2026 klo 10.15"}, "deadline.aware.weekday", nil},
		{[]string{"--aware", "23.10.2026 klo 10.15 EET"}, "deadline.aware.season", []string{"2026-10-23T10:15+03:00"}},
		{[]string{"--aware", ok, "--zone", "Helsinki"}, "deadline.zone", []string{"Europe/Helsinki"}},
		{[]string{"--aware", ok, "--zone", "Local"}, "deadline.zone", []string{"Europe/Helsinki"}},
		{[]string{"--aware", ok, "--zone="}, "deadline.zone", []string{"Europe/Helsinki"}},
		{[]string{"--aware", ok, "--hours", "0"}, "deadline.period.length", []string{"1", "9999"}},
		{[]string{"--aware", ok, "--days=-3"}, "deadline.period.length", []string{"1", "9999"}},
		{[]string{"--aware", ok, "--hours", "72", "--days", "3"}, "deadline.period.several", []string{"--hours", "--days", "--months"}},
	}
	words, err := templates.LoadWords()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, tt := range tests {
		out, err := deadline(t, tt.args...)
		var code interface{ ExitCode() int }
		var e *incident.Error
		if !errors.As(err, &code) || code.ExitCode() != 2 || !errors.As(err, &e) || e.Key != tt.key || out != "" {
			t.Errorf("%q: %v with output %q, want %s and exit code 2", tt.args, err, out, tt.key)
			continue
		}
		seen[e.Key] = true
		for _, l := range templates.Langs {
			text := words.Say(l, e.Key, pairs(e)...)
			for _, w := range tt.write {
				if !strings.Contains(text, w) {
					t.Errorf("%q in %s: %q, want it to say %q", tt.args, l, text, w)
				}
			}
			if strings.Contains(text, "<no value>") || strings.HasPrefix(text, "[") {
				t.Errorf("%q in %s: %q", tt.args, l, text)
			}
		}
	}
	for kind, key := range awareKeys {
		if !seen[key] {
			t.Errorf("no case for %s", kind)
		}
	}
}
