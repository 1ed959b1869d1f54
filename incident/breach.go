package incident

import (
	"slices"
	"strings"
	"time"
)

// Summary is what a case has come to in the register of breaches (Art. 33(5)).
type Summary struct {
	State    string // one of SummaryStates
	Kind     string // one of SummaryKinds
	Decision string // one of SummaryDecisions
	Part     string // one of SummaryParts
}

// The values of a Summary, in the order in which they are offered.
var (
	SummaryStates    = []string{"open", "closed", "imported"}
	SummaryKinds     = []string{"breach", "inquiry", "no_breach"}
	SummaryDecisions = []string{"undecided", "reported", "not_notifiable", "no_breach", "theirs"} // theirs: it is the controllers' to take
	SummaryParts     = []string{"controller", "processor", "both", "none"}
)

// Facet is the summary in one word.
func (s Summary) Facet() string {
	return strings.Join([]string{s.State, s.Kind, s.Decision, s.Part}, "|")
}

// ParseFacet reads what Facet wrote.
func ParseFacet(text string) Summary {
	p := append(strings.Split(text, "|"), "", "", "", "")
	return Summary{p[0], p[1], p[2], p[3]}
}

// Admits reports whether a summary has all that s asks for; what s leaves
// empty may be anything.
func (s Summary) Admits(x Summary) bool {
	fits := func(want, is string) bool { return want == "" || want == is }
	return fits(s.State, x.State) && fits(s.Kind, x.Kind) && fits(s.Decision, x.Decision) && fits(s.Part, x.Part)
}

// Summarise says what a case has come to; own is the record of the company
// itself, or nil.
func Summarise(i *Incident, own *Record) Summary {
	if i.Older != nil {
		return Summary{"imported", i.Older.Kind, i.Older.Decision, i.Older.Part}
	}
	s := Summary{State: "open", Kind: "breach", Decision: "theirs", Part: "none"}
	if !i.Open() {
		s.State = "closed"
	}
	switch {
	case i.NoBreach():
		s.Kind = "no_breach"
	case i.Inquiry.Running():
		s.Kind = "inquiry"
	}
	if i.Tally.Records > 0 {
		s.Part = "processor"
	}
	if own == nil || own.Part != AsController {
		return s
	}
	s.Decision = own.decisionOf()
	s.Part = map[string]string{"none": "controller", "processor": "both"}[s.Part]
	if s.Part == "controller" && s.Decision == "no_breach" {
		s.Kind = "no_breach"
	}
	return s
}

// decisionOf is what the company decided about its own record.
func (r *Record) decisionOf() string {
	if n := len(r.Filings); n > 0 && r.Filings[n-1].Kind != "withdrawal" {
		return "reported"
	}
	if d := r.decided(); d != nil {
		return d.Kind
	}
	if r.Tier == Unlikely {
		return "not_notifiable"
	}
	return "undecided"
}

// Breach is a line of the register.
type Breach struct {
	ID      string
	Number  string
	Title   string
	Dated   time.Time // when it was known, else logged
	Tally   Tally
	Summary Summary
}

// BreachFilter narrows the register. From and Until bound Dated; Until is
// exclusive, and zero is no bound.
type BreachFilter struct {
	Summary
	From, Until time.Time
}

// Valid reports whether every value that the filter asks for exists.
func (f BreachFilter) Valid() bool {
	is := func(v string, all []string) bool { return v == "" || slices.Contains(all, v) }
	return is(f.State, SummaryStates) && is(f.Kind, SummaryKinds) && is(f.Decision, SummaryDecisions) && is(f.Part, SummaryParts)
}

// Older is what an older register says of a case beside its facts. Its
// clocks were not ours: it has no records, no deadlines and never alarms.
type Older struct {
	Kind      string // breach or no_breach
	Decision  string // one of SummaryDecisions
	Part      string // one of SummaryParts
	Reason    string // of the decision
	By        string `json:",omitempty"` // who decided, as the register says
	Risk      Tier   `json:",omitempty"`
	Reported  time.Time
	Reference string `json:",omitempty"` // of the authority
	File      string // SHA-256 of what was imported
	Line      int    // in it
	At        time.Time
	Importer  string // name
}
