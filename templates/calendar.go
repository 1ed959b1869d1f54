package templates

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// Event is one deadline in a calendar. It holds no name of a customer or a
// person: calendars are shared.
type Event struct {
	ID      string // stable, so that a moved deadline moves in the calendar
	At      time.Time
	Number  string // of the case
	Duty    string // key
	Records int
	URL     string
}

// WriteCalendar writes an iCalendar file (RFC 5545) of the events in a
// language, as made at now. Each has a reminder two hours before.
func (w *Words) WriteCalendar(out io.Writer, lang string, events []Event, now time.Time) error {
	c := &calendar{out: out}
	c.line("BEGIN:VCALENDAR")
	c.line("VERSION:2.0")
	c.line("PRODID:-//Hatakello//Hatakello//FI")
	c.line("CALSCALE:GREGORIAN")
	c.line("METHOD:PUBLISH")
	c.line("X-WR-CALNAME:" + escapeICal(w.Say(lang, "calendar.name")))
	for _, e := range events {
		duty := w.Say(lang, "duty."+e.Duty+".name")
		c.line("BEGIN:VEVENT")
		c.line("UID:" + escapeICal(e.ID))
		c.line("DTSTAMP:" + iCalTime(now))
		c.line("DTSTART:" + iCalTime(e.At))
		c.line("DTEND:" + iCalTime(e.At))
		c.line("SUMMARY:" + escapeICal(e.Number+" · "+duty))
		c.line("DESCRIPTION:" + escapeICal(w.Say(lang, "calendar.text", "Duty", duty, "N", e.Records)))
		c.line("URL:" + e.URL)
		c.line("BEGIN:VALARM")
		c.line("ACTION:DISPLAY")
		c.line("TRIGGER:-PT2H")
		c.line("DESCRIPTION:" + escapeICal(e.Number+" · "+duty))
		c.line("END:VALARM")
		c.line("END:VEVENT")
	}
	c.line("END:VCALENDAR")
	return c.err
}

// calendar writes content lines, folded at 75 octets.
type calendar struct {
	out io.Writer
	err error
}

func (c *calendar) line(s string) {
	limit := 75
	for c.err == nil && len(s) > limit {
		cut := limit
		for !utf8.RuneStart(s[cut]) {
			cut--
		}
		_, c.err = fmt.Fprintf(c.out, "%s\r\n ", s[:cut])
		s, limit = s[cut:], 74 // the fold's space counts
	}
	if c.err == nil {
		_, c.err = fmt.Fprintf(c.out, "%s\r\n", s)
	}
}

func iCalTime(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

var iCalText = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`)

func escapeICal(s string) string { return iCalText.Replace(s) }
