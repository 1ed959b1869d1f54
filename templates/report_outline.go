package templates

import (
	"slices"
	"strings"
	"time"
)

// outline is a report in the words of one language: what is printed, in order.
type outline struct {
	title, subtitle string
	notes           []string // before the first section
	sections        []section
}

// section is one numbered part. A section has facts or a grid, or both.
type section struct {
	title string
	from  string // who knows this
	facts []fact
	grid  *grid
	after []fact // below the grid
	unset []fact // missing from the grid
	texts []string
	lists []list
}

// fact is one line: what it is and what is known of it.
type fact struct {
	label string
	value string
	note  string // in small letters under the value
	state state
	rules int // empty lines to write on
}

// state says whether something is still missing, and who has it.
type state int

const (
	given  state = iota
	open         // not yet known to the processor
	theirs       // only the controller can say
)

type grid struct {
	cols []float64 // widths in points; the last takes the rest
	head []string
	rows [][]string
	none string // said when there are no rows
}

type list struct {
	intro string
	items []string
}

// scribe writes one report in one language.
type scribe struct {
	w    *Words
	lang string
	r    Report
}

func (s scribe) say(key string, pairs ...any) string { return s.w.Say(s.lang, "report."+key, pairs...) }

// both writes an instant in the organisation's zone and in UTC, on one line.
func (s scribe) both(t time.Time) string { return tie(Both(Lang(s.lang), t, s.r.Zone)) }

// tie keeps the word before a clock time on the time's line.
func tie(s string) string { return ties.Replace(s) }

var ties = strings.NewReplacer("klo ", "klo\u00a0", "kl. ", "kl.\u00a0", " · ", "\u00a0·\u00a0", " UTC", "\u00a0UTC")

// own reports whether the organisation is the controller itself.
func (s scribe) own() bool { return s.r.Part == "controller" }

// text makes a line of a description.
func (s scribe) text(key string, f ReportFact) fact {
	if strings.TrimSpace(f.Text) == "" {
		return s.unknown(key)
	}
	line := fact{label: s.say(key), value: f.Text}
	if f.Assumed {
		line.note = s.say("assumed")
	}
	return line
}

// plain makes a line of a text that is known or not.
func (s scribe) plain(key, text string) fact { return s.text(key, ReportFact{Text: text}) }

func (s scribe) unknown(key string) fact {
	return fact{label: s.say(key), value: s.say("unknown"), state: open}
}

// blank makes a line that the controller fills in, with room to write.
func (s scribe) blank(key string, rules int) fact {
	return fact{label: s.say(key), value: s.say("theirs"), state: theirs, rules: rules}
}

// count makes a line of a number, with how surely it is known.
func (s scribe) count(key string, c ReportCount) fact {
	if !c.known() {
		return s.unknown(key)
	}
	return fact{
		label: s.say(key), value: Count(Lang(s.lang), c.Low, c.High, c.Sure) + " (" + s.say("count."+c.Sure) + ")",
		note: s.say("count.own"),
	}
}

// outline puts the report into words, in the order of the Ombudsman's form.
func (s scribe) outline() outline {
	o := outline{
		title:    s.say("title"),
		subtitle: s.say("subtitle", "Authority", s.authority()),
		notes:    []string{s.say("note.use"), s.say("note.data")},
	}
	o.sections = append(o.sections, s.about(), s.controller(), s.reporter(), s.dpo(), s.processor(), s.times(),
		s.nature(), s.subjects(), s.data(), s.before(), s.consequences(), s.risk(), s.after(), s.people(), s.others())
	if !s.own() {
		o.sections = append(o.sections, s.notices())
	}
	o.sections = append(o.sections, s.filings())
	o.sections = append(o.sections, s.missing(o.sections), s.source())
	return o
}

// missing lists what is still open, by who has to say it.
func (s scribe) missing(all []section) section {
	var unknown, blank []string
	for _, sec := range all {
		for _, f := range slices.Concat(sec.facts, sec.after, sec.unset) {
			switch f.state {
			case open:
				unknown = append(unknown, sec.title+": "+f.label)
			case theirs:
				blank = append(blank, sec.title+": "+f.label)
			}
		}
	}
	sec := section{title: s.say("s.open"), from: s.say("from.program")}
	for _, l := range []list{{s.say("open.unknown"), unknown}, {s.say("open.theirs"), blank}} {
		if len(l.items) > 0 {
			sec.lists = append(sec.lists, l)
		}
	}
	if sec.lists == nil {
		sec.texts = []string{s.say("open.none")}
	}
	return sec
}

// authority names the supervisory authority; a key without a name stands for
// itself.
func (s scribe) authority() string {
	key := "authority." + s.r.Authority
	if s.r.Authority == "" {
		key = "authority.tsv"
	}
	if !s.w.Has(s.lang, key) {
		return s.r.Authority
	}
	return s.w.Say(s.lang, key)
}
