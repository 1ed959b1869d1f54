package templates

import (
	"strings"
	"time"
)

// about says what sort of notification this is (form part A).
func (s scribe) about() section {
	sec := section{title: s.say("s.about"), from: s.say("from.program")}
	sec.facts = []fact{
		{label: s.say("kind"), value: s.say("kind." + s.r.Kind)},
		s.plain("number", s.r.Number),
		{label: s.say("authority"), value: s.authority()},
		{label: s.say("reference"), value: s.references()},
	}
	if l := s.r.Limit; l != nil && !l.Due.IsZero() {
		sec.facts = append(sec.facts, fact{label: s.say("limit"), value: s.both(l.Due)})
	}
	if !s.r.Promised.At.IsZero() {
		sec.facts = append(sec.facts, fact{label: s.say("promised"), value: s.both(s.r.Promised.At)})
	}
	sec.facts = append(sec.facts, fact{label: s.say("made"), value: s.both(s.r.Made)})
	return sec
}

// references lists the authority's case numbers, each once.
func (s scribe) references() string {
	var refs []string
	for _, f := range s.r.Filings {
		if f.Reference != "" && (len(refs) == 0 || refs[len(refs)-1] != f.Reference) {
			refs = append(refs, f.Reference)
		}
	}
	if refs == nil {
		return s.say("reference.none")
	}
	return strings.Join(refs, ", ")
}

func (s scribe) controller() section {
	p := s.r.Controller
	sec := section{title: s.say("s.controller"), from: s.say("from.recorded")}
	if !s.own() {
		sec.from = s.say("from.register")
	}
	sec.facts = []fact{s.plain("name", p.Name), s.id(p.BusinessID), s.contact("contact", p), s.blank("address", 1)}
	if len(s.r.Joint) > 0 {
		sec.facts = append(sec.facts, s.joint())
	}
	return sec
}

// joint names those with whom the controller decides together, and the lead
// that notifies for all, if an arrangement names one.
func (s scribe) joint() fact {
	var names []string
	lead := false
	for _, j := range s.r.Joint {
		if j.Lead {
			lead = true
			j.Name = s.say("joint.lead", "Name", j.Name)
		}
		names = append(names, j.Name)
	}
	f := fact{label: s.say("joint"), value: strings.Join(names, "\n")}
	switch {
	case !s.r.Arranged:
		f.note = s.say("joint.open")
	case !lead:
		f.note = s.say("joint.nolead")
	}
	return f
}

// fromSource gives the sub-processor that the breach came from, with its times.
func (s scribe) fromSource() []fact {
	x := s.r.Source
	if x.Name == "" {
		return nil
	}
	facts := []fact{s.plain("source.name", strings.TrimSuffix(x.Name+", "+x.Country, ", "))}
	for _, t := range []struct {
		key string
		at  time.Time
	}{{"source.aware", x.Aware}, {"source.told", x.Told}} {
		if t.at.IsZero() {
			facts = append(facts, s.unknown(t.key))
		} else {
			facts = append(facts, fact{label: s.say(t.key), value: s.both(t.at)})
		}
	}
	return facts
}

// id makes the line of a business ID; where none is registered, only the
// controller can say.
func (s scribe) id(id string) fact {
	if id == "" {
		return s.blank("business_id", 1)
	}
	return s.plain("business_id", id)
}

// contact makes the line of how to reach an organisation.
func (s scribe) contact(key string, p ReportParty) fact {
	var parts []string
	for _, v := range []string{p.Contact, p.Email, p.Phone} {
		if v != "" {
			parts = append(parts, v)
		}
	}
	if parts == nil && s.own() {
		return s.blank(key, 1)
	}
	return s.plain(key, strings.Join(parts, "\n"))
}

// reporter is left to the controller: it files, never the processor's staff
// by default (form part C).
func (s scribe) reporter() section {
	return section{title: s.say("s.reporter"), facts: []fact{s.blank("reporter", 2)}}
}

// dpo is the contact point of Art. 33(3)(b).
func (s scribe) dpo() section {
	sec := section{title: s.say("s.dpo")}
	if !s.own() || s.r.Controller.DPO == "" {
		sec.facts = []fact{s.blank("dpo_or_contact", 2)}
		return sec
	}
	sec.from = s.say("from.recorded")
	sec.facts = []fact{s.plain("dpo", s.r.Controller.DPO), s.contact("contact_point", s.r.Controller)}
	return sec
}

func (s scribe) processor() section {
	if s.own() {
		return section{title: s.say("s.parties"), facts: append(s.fromSource(), s.blank("parties", 2))}
	}
	p := s.r.Processor
	sec := section{title: s.say("s.processor"), from: s.say("from.processor"), facts: []fact{
		{label: s.say("role"), value: s.say("part." + s.r.Part)},
		s.plain("name", p.Name),
		s.contact("contact_point", p),
	}}
	if p.DPO != "" {
		sec.facts = append(sec.facts, s.plain("dpo", p.DPO))
	}
	sec.facts = append(sec.facts, s.plain("services", strings.Join(s.r.Services, ", ")))
	sec.facts = append(sec.facts, s.fromSource()...)
	return sec
}

// notices lists what this controller has been told, and the proof of it.
func (s scribe) notices() section {
	g := &grid{cols: []float64{68, 136, 136, 0}, head: []string{s.say("notice.n"), s.say("notice.made"), s.say("notice.taken"), s.say("notice.acked")}, none: s.say("notice.none")}
	for _, n := range s.r.Notices {
		taken, acked := s.say("notice.untaken"), s.say("notice.unacked")
		if !n.Taken.IsZero() {
			taken = s.both(n.Taken)
			if n.Phoned {
				taken += "\n" + s.say("notice.phoned")
			}
		}
		if !n.AckedAt.IsZero() {
			acked = s.both(n.AckedAt) + "\n" + n.AckedBy
		}
		g.rows = append(g.rows, []string{"v" + Number(Lang(s.lang), n.N), s.both(n.Made), taken, acked})
	}
	return section{title: s.say("s.notices"), from: s.say("from.processor"), grid: g}
}

// filings lists what people have recorded as filed; the program files nothing
// (rule 48).
func (s scribe) filings() section {
	g := &grid{cols: []float64{116, 136, 112, 0}, head: []string{s.say("filing.kind"), s.say("filing.at"), s.say("filing.channel"), s.say("filing.reference")}, none: s.say("filing.none")}
	for _, f := range s.r.Filings {
		ref := f.Reference
		if ref == "" {
			ref = s.say("reference.none")
		}
		g.rows = append(g.rows, []string{s.say("kind." + f.Kind), s.both(f.At), f.Channel, ref})
	}
	sec := section{title: s.say("s.filings"), from: s.say("from.recorded"), grid: g}
	for _, d := range s.r.Decisions {
		if !d.hold() {
			sec.after = append(sec.after, s.decision(d))
		}
	}
	return sec
}

// decision makes the line of a decision, with who took and approved it.
func (s scribe) decision(d ReportDecision) fact {
	note := []string{s.say("by", "Name", d.By, "At", s.both(d.At))}
	if d.Approver != "" {
		note = append(note, s.say("approver", "Name", d.Approver))
	}
	if d.DPO != "" {
		note = append(note, s.say("dpo_view", "View", d.DPO))
	}
	value := d.Reason
	if d.hold() {
		value = strings.TrimSpace(d.Authority + "\n" + d.Reason)
		if !d.Until.IsZero() {
			value += "\n" + s.say("hold_until", "At", s.both(d.Until))
		}
	}
	return fact{label: s.say("decision." + d.Kind), value: value, note: strings.Join(note, "\n")}
}
