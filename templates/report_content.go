package templates

import (
	"strings"
	"time"
)

// times are the moments of the case (form part F), each in local time and UTC
// and with how it is known, and under them the clock.
func (s scribe) times() section {
	g := &grid{cols: []float64{114, 142, 82, 0}, head: []string{s.say("time.moment"), s.say("time.local"), s.say("time.utc"), s.say("time.how")}}
	sec := section{title: s.say("s.times"), from: s.say("from.recorded"), grid: g, after: s.clock()}
	if !s.own() {
		sec.from = s.say("from.mixed")
	}
	for _, t := range s.r.Times {
		g.rows = append(g.rows, s.moment(t))
		if t.At.IsZero() && !t.Ongoing || t.Why == "informed" { // derived: the controller has not said
			sec.unset = append(sec.unset, fact{label: s.say("moment." + t.Moment), state: s.lacks(t)})
		}
	}
	return sec
}

func (s scribe) moment(t ReportTime) []string {
	label := s.say("moment." + t.Moment)
	switch {
	case t.Ongoing:
		return []string{label, s.say("ongoing"), "–", s.how(t)}
	case t.At.IsZero():
		return []string{label, s.say(lacking[s.lacks(t)]), "–", s.how(t)}
	}
	local, utc, _ := strings.Cut(Both(Lang(s.lang), t.At, s.r.Zone), " · ")
	return []string{label, tie(local), tie(utc), s.how(t)}
}

// lacking is what stands in place of what is missing.
var lacking = map[state]string{open: "unknown", theirs: "theirs"}

// lacks says who has a time that is missing; when the controller became aware
// only the controller can say.
func (s scribe) lacks(t ReportTime) state {
	if t.Moment == "controller_aware" && !s.own() {
		return theirs
	}
	return open
}

// how says how surely a moment is known, why, and what was recorded before.
func (s scribe) how(t ReportTime) string {
	var parts []string
	if t.At.IsZero() && t.Unknown {
		parts = append(parts, s.say("sure.unknown"))
	}
	if !t.At.IsZero() {
		key := "sure.known"
		if t.Assumed {
			key = "sure.assumed"
		}
		parts = append(parts, s.say(key))
	}
	if t.Why != "" {
		why := t.Why
		if s.w.Has(s.lang, "report.why."+why) {
			why = s.say("why." + why)
		}
		parts = append(parts, why)
	}
	for _, e := range t.Earlier {
		parts = append(parts, s.say("time.earlier", "At", s.both(e)))
	}
	return strings.Join(parts, "\n")
}

// clock says by when the notification is due: the strict limit, and the outer
// one only as such (rule 17).
func (s scribe) clock() []fact {
	l := s.r.Limit
	if l == nil || l.Due.IsZero() {
		return []fact{{label: s.say("limit"), value: s.say("limit.none")}}
	}
	lines := []fact{{label: s.say("limit"), value: s.both(l.Due), note: s.say("limit.note", "Hours", int(l.Due.Sub(l.Start).Hours()), "At", s.both(l.Start))}}
	if l.Outer.After(l.Due) {
		lines = append(lines, fact{label: s.say("outer"), value: s.both(l.Outer), note: s.say("outer.note")})
	}
	return append(lines, s.delay(l))
}

// delay gives the reasons for a late notification (Art. 33(1)).
func (s scribe) delay(l *ReportLimit) fact {
	var reasons []string
	for _, f := range s.r.Filings {
		if f.LateReason != "" {
			reasons = append(reasons, f.LateReason)
		}
	}
	if l.Late != "" {
		reasons = append(reasons, l.Late)
	}
	switch {
	case reasons != nil:
		return fact{label: s.say("delay"), value: strings.Join(reasons, "\n")}
	case l.late(s.r.Made):
		f := s.blank("delay", 3)
		f.note = s.say("delay.due")
		return f
	}
	return fact{label: s.say("delay"), value: s.say("delay.none")}
}

func (s scribe) nature() section {
	return section{title: s.say("s.nature"), from: s.fromUs(), facts: []fact{
		s.text("nature", s.r.Nature),
		{label: s.say("certainty"), value: s.say("certainty." + s.r.Certainty)},
	}}
}

func (s scribe) subjects() section {
	return section{title: s.say("s.subjects"), from: s.fromUs(), facts: []fact{
		s.text("groups", s.r.Groups), s.count("people", s.r.People),
	}}
}

func (s scribe) data() section {
	return section{title: s.say("s.data"), from: s.fromUs(), facts: []fact{
		s.text("data", s.r.Data), s.count("records", s.r.Records),
	}}
}

func (s scribe) before() section {
	return section{title: s.say("s.before"), facts: []fact{s.blank("before", 2)}}
}

func (s scribe) consequences() section {
	return section{title: s.say("s.consequences"), from: s.fromUs(), facts: []fact{s.text("consequences", s.r.Consequences)}}
}

// fromUs says that the organisation knows this; it is the processor, or the
// controller itself.
func (s scribe) fromUs() string {
	if s.own() {
		return s.say("from.recorded")
	}
	return s.say("from.processor")
}

// risk gives the assessment and who made it. Only the controller decides; what
// the processor holds is a proposal (form part L).
func (s scribe) risk() section {
	sec := section{title: s.say("s.risk"), from: s.fromUs()}
	if r := s.r.Risk; r == nil {
		sec.facts = []fact{s.unknown("tier")}
	} else {
		sec.facts = []fact{{label: s.say("tier"), value: s.say("tier." + r.Tier)}, s.plain("reason", r.Reason),
			{label: s.say("decided"), value: s.say("by", "Name", r.By, "At", s.both(r.At))}}
		if r.Approver != "" {
			sec.facts = append(sec.facts, s.plain("approved", r.Approver))
		}
		if r.DPO != "" {
			sec.facts = append(sec.facts, s.plain("dpo_said", r.DPO))
		}
	}
	if !s.own() {
		sec.facts = append(sec.facts, s.blank("tier.theirs", 2))
	}
	return sec
}

func (s scribe) after() section {
	sec := section{title: s.say("s.after"), from: s.fromUs(), facts: []fact{s.text("measures", s.r.Measures)}}
	if !s.own() {
		sec.facts = append(sec.facts, s.blank("measures.theirs", 2))
	}
	return sec
}

// people is the telling of the data subjects (Art. 34), which is for the
// controller to decide.
func (s scribe) people() section {
	sec := section{title: s.say("s.people")}
	if t := s.r.Told; t.At.IsZero() {
		sec.facts = []fact{s.blank("told", 2)}
	} else {
		sec.facts = []fact{{label: s.say("told"), value: s.both(t.At), note: s.how(ReportTime{At: t.At, Assumed: t.Assumed, Why: t.Why})}}
	}
	if s.r.Risk != nil && s.r.Risk.Tier == "high_risk" {
		sec.facts[0].note = strings.TrimSpace(sec.facts[0].note + "\n" + s.say("told.high"))
	}
	for _, d := range s.r.Decisions {
		if d.hold() {
			sec.facts = append(sec.facts, s.decision(d))
		}
	}
	return sec
}

func (s scribe) others() section {
	return section{title: s.say("s.others"), facts: []fact{s.blank("other_authorities", 1), s.blank("cross_border", 1)}}
}

// source says what the document is built on, and what it is not (rule 60).
func (s scribe) source() section {
	return section{title: s.say("s.source"), texts: []string{
		s.say("source.rules", "At", Date(Lang(s.lang), rulesAsOf, time.UTC)),
		s.say("source.form"), s.say("source.texts"), s.say("source.support"),
	}}
}
