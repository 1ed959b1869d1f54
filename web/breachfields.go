package web

import (
	"context"
	"strconv"
	"strings"
	"time"

	"hatakello/incident"
	"hatakello/templates"
)

// A breachCell is one thing that the register says of a case: the key of its
// label and the words.
type breachCell struct{ Key, Text string }

// breachFile is a case as the register documents it (Art. 33(5)): the facts,
// the effects, the remedial action, and what was decided for which reasons.
type breachFile struct {
	Row      *incident.Breach
	Inc      *incident.Incident
	Own      *incident.Record // nil when no register of ours was hit
	Services []string
}

// breachFile reads all that the register says of one case.
func (s *Server) breachFile(ctx context.Context, row *incident.Breach, names map[string]string) (*breachFile, error) {
	f := &breachFile{Row: row}
	var err error
	if f.Inc, err = s.Read.Incident(ctx, row.ID); err != nil {
		return nil, err
	}
	for _, id := range f.Inc.Services {
		f.Services = append(f.Services, names[id])
	}
	f.Own, err = s.Read.RecordOf(ctx, row.ID, incident.Own)
	if incident.KindOf(err) == incident.NotFound {
		f.Own, err = nil, nil
	}
	return f, err
}

// scribe words a case for one language and zone.
type breachScribe struct {
	*Server
	lang string
	zone *time.Location
}

func (w breachScribe) say(key string, pairs ...any) string { return w.Words.Say(w.lang, key, pairs...) }

func (w breachScribe) at(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return templates.Both(templates.Lang(w.lang), t, w.zone)
}

// cells are everything that the register says of a case, in the order of
// Art. 33(5); what is not known is empty.
func (w breachScribe) cells(f *breachFile) []breachCell {
	facts := f.Inc.Facts
	if f.Own != nil {
		facts = f.Own.Facts.Over(facts)
	}
	cells := []breachCell{
		{"number", f.Row.Number}, {"dated", w.at(f.Row.Dated)}, {"title", f.Inc.Title},
		{"state", w.say("breaches.state." + f.Row.Summary.State)}, {"kind", w.say("breaches.kind." + f.Row.Summary.Kind)},
		{"part", w.say("breaches.part." + f.Row.Summary.Part)}, {"services", strings.Join(f.Services, ", ")},
		{"occurred", w.moment(f, incident.OccurredFrom)}, {"occurred_to", w.moment(f, incident.OccurredTo)},
		{"aware", w.moment(f, incident.ProcessorAware)}, {"contained", w.moment(f, incident.Contained)},
		{"nature", w.fact(facts.Nature)}, {"data", w.fact(facts.Data)}, {"groups", w.fact(facts.Groups)},
		{"people", w.amount(facts.People)}, {"records", w.amount(facts.Records)},
		{"effects", w.fact(facts.Consequences)}, {"measures", w.fact(facts.Measures)},
	}
	cells = append(cells, w.judged(f)...)
	return append(cells, breachCell{"told", w.told(f)}, breachCell{"logged", w.at(f.Inc.LoggedAt) + ", " + f.Inc.LoggedBy},
		breachCell{"closed", w.at(f.Inc.ClosedAt)}, breachCell{"ended", f.Inc.Ended})
}

func (w breachScribe) moment(f *breachFile, m incident.Moment) string {
	k, ok := f.Inc.At(m)
	if f.Own != nil {
		k, ok = f.Own.At(m)
	}
	switch {
	case !ok:
		return ""
	case k.At.IsZero():
		return w.say("sure." + string(k.Sure))
	case k.Sure == incident.Assumed:
		return w.at(k.At) + " (" + w.say("sure.assumed") + ")"
	}
	return w.at(k.At)
}

func (w breachScribe) fact(x incident.Fact) string {
	if x.Text != "" && x.Sure == incident.Assumed {
		return x.Text + " (" + w.say("sure.assumed") + ")"
	}
	return x.Text
}

func (w breachScribe) amount(a incident.Amount) string {
	if a.Blank() {
		return ""
	}
	return templates.Count(templates.Lang(w.lang), a.Low, a.High, a.Sure)
}

// told says how many controllers there were and how many were reached.
func (w breachScribe) told(f *breachFile) string {
	t := f.Row.Tally
	if t.Records == 0 {
		return ""
	}
	return w.say("breaches.told", "N", t.Records, "accepted", strconv.Itoa(t.Accepted), "acked", strconv.Itoa(t.Acked))
}

// judged says what was decided, by whom, when and why, older decisions too.
func (w breachScribe) judged(f *breachFile) []breachCell {
	decision := breachCell{"decision", w.say("breaches.decision." + f.Row.Summary.Decision)}
	if o := f.Inc.Older; o != nil {
		risk := ""
		if o.Risk != "" {
			risk = w.say("tier." + string(o.Risk))
		}
		return []breachCell{decision, {"risk", risk}, {"reasons", w.signed(o.Reason, o.By, time.Time{})},
			{"reported", strings.Trim(w.at(o.Reported)+", "+o.Reference, ", ")},
			{"source", w.say("breaches.source", "Line", o.Line, "By", o.Importer, "At", w.at(o.At), "Hash", o.File)}}
	}
	var risks, reasons, reports []string
	if q := f.Inc.Inquiry; !q.Ended.IsZero() {
		reasons = append(reasons, w.signed(w.say("outcome."+q.Outcome)+". "+q.Reason, q.By, q.Ended))
	}
	if f.Own != nil {
		for i, a := range f.Own.Assessed {
			text := w.say("tier." + string(a.Tier))
			if f.Own.Consent(incident.AnAssessment, i) == incident.Declined {
				text += " (" + w.say("breaches.declined") + ")"
			}
			risks = append(risks, w.signed(text+". "+a.Reason, a.By, a.At))
		}
		for i, d := range f.Own.Decisions {
			text := w.say("decision." + d.Kind)
			if f.Own.Consent(incident.ADecision, i) == incident.Declined {
				text += " (" + w.say("breaches.declined") + ")"
			}
			reasons = append(reasons, w.signed(text+". "+d.Reason, strings.Trim(d.By+", "+d.Approver, ", "), d.At))
		}
		for _, x := range f.Own.Filings {
			text := strings.Trim(w.say("filing."+x.Kind)+", "+x.Reference, ", ")
			if x.LateReason != "" {
				text += ". " + w.say("breaches.late", "Why", x.LateReason)
			}
			reports = append(reports, w.signed(text, x.By, x.At))
		}
	}
	return []breachCell{decision, {"risk", strings.Join(risks, "\n")}, {"reasons", strings.Join(reasons, "\n")},
		{"reported", strings.Join(reports, "\n")}, {"source", ""}}
}

// signed is what was said, with who said it and when.
func (w breachScribe) signed(text, by string, at time.Time) string {
	text = strings.TrimSuffix(strings.TrimSpace(text), ". ")
	if who := strings.Trim(by+", "+w.at(at), ", "); who != "" && text != "" {
		return text + " – " + who
	}
	return text
}
