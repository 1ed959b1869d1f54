package templates

import (
	"strings"
	"testing"
	"time"
)

func TestCalendar(t *testing.T) {
	words, err := LoadWords()
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 23, 1, 12, 0, 0, time.UTC)
	var b strings.Builder
	err = words.WriteCalendar(&b, "fi", []Event{{ID: "i;1\r\nX-EVIL:1", At: at, Number: "2026-014", Duty: "gdpr.33.2", Records: 412,
		URL: "https://h.example/incidents/1"}}, at)
	if err != nil {
		t.Fatal(err)
	}
	got := b.String()
	for _, want := range []string{"BEGIN:VCALENDAR\r\n", "DTSTART:20261123T011200Z\r\n", "SUMMARY:2026-014 · Ilmoitus rekisterinpitäjälle\r\n",
		`UID:i\;1\nX-EVIL:1`, "END:VCALENDAR\r\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(got, "\r\n"), "\r\n") {
		if len(line) > 75 {
			t.Errorf("line of %d octets: %s", len(line), line)
		}
		if strings.HasPrefix(line, "X-EVIL") {
			t.Error("a line was injected")
		}
	}
}
