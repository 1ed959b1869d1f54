package templates

import (
	"strings"
	"time"
)

// Mail is what a mail says, in words.
type Mail struct {
	Subject string
	Text    string
	HTML    string
}

// letter is the skeleton of every mail that we send: the same parts in the
// same order in both forms, so that neither says more than the other.
type letter struct {
	Lang  Lang
	From  string // who speaks
	Title string
	Meta  []row
	Lead  []string
	Parts []part
	Foot  []string
}

// part is a section under its own heading.
type part struct {
	Title string
	Said  []string // paragraphs before everything else
	Rows  []row
	Steps []step
	After []string
}

// row is one fact: what it is, what is known, and how surely.
type row struct {
	Label string
	Lines []string
	Sure  string // "" where it needs no saying
}

// step is a thing to do.
type step struct {
	Text string
	Link string // "" is none
	Open string // the words on the link
}

// wording says texts in one language and zone.
type wording struct {
	*Words
	lang Lang
	zone *time.Location
}

func (w *Words) wording(lang string, zone *time.Location) wording {
	if _, ok := usages[Lang(lang)]; !ok {
		lang = Langs[0]
	}
	return wording{w, Lang(lang), zone}
}

// t says a text of the mails.
func (w wording) t(key string, pairs ...any) string {
	return w.Say(string(w.lang), "mail."+key, pairs...)
}

// both writes an instant in local time and UTC.
func (w wording) both(t time.Time) string { return Both(w.lang, t, w.zone) }

// lines cuts a text that people wrote into its lines, without the empty ones
// at its ends and without more than one in between.
func lines(s string) []string {
	var all []string
	for line := range strings.Lines(strings.TrimSpace(s)) {
		line = strings.TrimSpace(line)
		if line == "" && len(all) > 0 && all[len(all)-1] == "" {
			continue
		}
		all = append(all, line)
	}
	return all
}

// breaks end a line. No-break spaces, which group figures, do not.
var breaks = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\v", " ", "\f", " ", "\u0085", " ", "\u2028", " ", "\u2029", " ")

// filled makes rows of the pairs of label and value whose value is not empty.
// A value stays on its line, so that none can pose as a row of its own.
func filled(pairs ...string) []row {
	var rows []row
	for i := 0; i+1 < len(pairs); i += 2 {
		if v := strings.TrimSpace(breaks.Replace(pairs[i+1])); v != "" {
			rows = append(rows, row{Label: pairs[i], Lines: []string{v}})
		}
	}
	return rows
}
