package templates

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

// localTime finds a date with a time of day, as the three languages write it.
var localTime = regexp.MustCompile(`\d{1,2}\.\d{1,2}\.\d{4} (klo |kl\. )?\d{1,2}[.:]\d\d|\d{1,2} [A-Z][a-z]+ \d{4},? (at )?\d{1,2}:\d\d`)

// bothTimes is the same with its offset, and UTC beside.
var bothTimes = regexp.MustCompile(`^.{0,40}\(UTC[+−-]\d+(:\d\d)?\) · .{0,40}UTC`)

// TestEveryMailTellsBothTimes holds that no mail, to controllers or to staff, and
// no message of the chat, tells a time without its offset and UTC: a deadline
// that is read in another zone is still the deadline.
func TestEveryMailTellsBothTimes(t *testing.T) {
	w := loaded(t)
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 10, 24, 22, 30, 0, 0, time.UTC) // su 25.10.2026 klo 1.30, and the clocks go back
	due := at.Add(72 * time.Hour)
	for _, lang := range Langs {
		said := map[string]Mail{
			"notice": w.NoticeMail(lang, firstNotice(t)), "supplement": w.NoticeMail(lang, supplement(t)),
			"code":    w.CodeMail(lang, CodeLetter{Organisation: "Esimerkki", Number: "2026-014", Code: "12345678", Until: at, Zone: zone}),
			"request": w.MemoMail(lang, MemoLetter{Kind: "request", Organisation: "Esimerkki", Request: "access", From: at, Until: due, Zone: zone}),
		}
		for _, key := range []string{"logged", "deadline", "failed", "stalled", "unanswered", "closed", "opened", "requests", "questions", "action"} {
			a := Alarm{Key: key, Number: "2026-014", Duty: "gdpr.33.1.own", Records: 3, Due: due, Left: 2 * time.Hour, At: at, Since: at, Way: "mail",
				Why: "unreachable", Link: "https://kello.example/", Sender: "Esimerkki", Zone: zone}
			said[key] = w.AlarmMail(lang, a)
			_, rows, _ := w.AlarmCard(lang, a)
			said[key+" in the chat"] = Mail{Text: strings.Join(rows, "\n")}
			if key == "deadline" && !strings.Contains(said[key].Text, Both(Lang(lang), due, zone)) {
				t.Errorf("%s: the alarm does not tell the limit %v", lang, due)
			}
		}
		seen := 0
		for what, m := range said {
			for _, text := range []string{m.Subject, m.Text, m.HTML} {
				for _, line := range strings.Split(text, "\n") {
					for _, i := range localTime.FindAllStringIndex(line, -1) {
						seen++
						if !bothTimes.MatchString(line[i[0]:]) && !strings.Contains(line[:i[0]], "· ") {
							t.Errorf("%s %s tells a time in one zone alone: %q", lang, what, line)
						}
					}
				}
			}
		}
		if seen < 20 {
			t.Errorf("%s: only %d times were found", lang, seen)
		}
	}
}
