package web

import (
	"context"
	"time"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
	"hatakello/templates"
)

// toldCase is what a controller's person sees behind her link once it is
// open: what her notices said and how surely, of her own people alone. It
// shows what was told, never what staff have written since and not yet sent.
type toldCase struct {
	Facts    []toldRow
	Of       *incident.Notice // the notice that the facts are of
	Services []string
	Told     []toldNotice // every notice, oldest first
	Next     time.Time    // when more is promised; zero: as soon as there is news
	Filings  []incident.Filing
	Open     int    // questions of the form without an answer
	Task     string // what she should do next, the key of its words
}

// toldRow is one thing that a notice said; Text is "" while it is not known.
type toldRow struct {
	Label, Text string
	Sure        incident.Sure
	Number      bool
}

// toldNotice is a notice with what it changed.
type toldNotice struct {
	*incident.Notice
	Changes []toldChange
}

// toldChange is a row that a notice said otherwise than the one before.
type toldChange struct{ Label, Was, Is string }

// toldCase gathers what stands behind an open link.
func (s *Server) toldCase(ctx context.Context, p *noticeLink, r *incident.Record) (*toldCase, error) {
	x := &toldCase{Filings: r.Filings}
	all, err := s.Read.Notices(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	for _, n := range all {
		told := toldNotice{Notice: n}
		if n.Facts != nil {
			x.Facts, x.Of, x.Next = s.toldRows(p.page, n.Facts), n, n.NextUpdate
			if n.Was != nil {
				told.Changes = s.toldChanges(p.page, n)
			}
		}
		x.Told = append(x.Told, told)
	}
	parts, err := s.companionParts(ctx, r)
	if err != nil {
		return nil, err
	}
	x.Services = parts.Services
	for _, part := range fillForm(formFor(s.forms(), r.CompetentAuthority(), p.Now), parts) {
		x.Open += part.Asked
	}
	x.Task = taskOf(r)
	return x, nil
}

// taskOf names what a controller should do next.
func taskOf(r *incident.Record) string {
	switch {
	case len(r.Filings) == 0:
		return "file"
	case r.Filings[len(r.Filings)-1].Kind == "preliminary":
		return "supplement"
	}
	return "filed"
}

// toldRows words what a notice said, in the order of Art. 33(3).
func (s *Server) toldRows(p page, x *incident.Stated) []toldRow {
	f := x.Facts
	say := func(key string) string { return s.Words.Say(p.Lang, key) }
	rows := []toldRow{
		toldFact(say("fact.nature"), f.Nature),
		p.toldTime(s.Words.Moment(p.Lang, string(incident.OccurredFrom)), x.From), p.toldTime(s.Words.Moment(p.Lang, string(incident.OccurredTo)), x.To),
		p.toldTime(s.Words.Moment(p.Lang, string(incident.ProcessorAware)), x.Aware),
		toldFact(say("fact.data"), f.Data), toldFact(say("fact.groups"), f.Groups),
		p.toldCount(say("fact.people"), f.People), p.toldCount(say("fact.records"), f.Records),
		toldFact(say("fact.consequences"), f.Consequences), toldFact(say("fact.measures"), f.Measures), toldFact(say("fact.advice"), f.Advice),
	}
	for i := range rows {
		if rows[i].Text == "" && rows[i].Sure != incident.Ongoing {
			rows[i].Sure = incident.Unknown
		}
	}
	return rows
}

func toldFact(label string, f incident.Fact) toldRow {
	if f.Blank() {
		return toldRow{Label: label}
	}
	return toldRow{Label: label, Text: f.Text, Sure: sureOr(f.Sure)}
}

func (p page) toldTime(label string, t incident.Told) toldRow {
	if t.At.IsZero() {
		return toldRow{Label: label, Sure: t.Sure}
	}
	return toldRow{Label: label, Text: templates.Both(templates.Lang(p.Lang), t.At, p.zone()), Sure: sureOr(t.Sure)}
}

func (p page) toldCount(label string, a incident.Amount) toldRow {
	if a.Blank() {
		return toldRow{Label: label, Number: true}
	}
	sure := incident.Assumed
	if a.Sure == string(incident.CountExact) {
		sure = incident.Known
	}
	return toldRow{Label: label, Text: templates.Count(templates.Lang(p.Lang), a.Low, a.High, a.Sure), Sure: sure, Number: true}
}

// sureOr counts what nobody has vouched for as an assumption.
func sureOr(s incident.Sure) incident.Sure {
	if s == incident.Known {
		return s
	}
	return incident.Assumed
}

// toldChanges lists what a notice said otherwise than the one before it.
func (s *Server) toldChanges(p page, n *incident.Notice) []toldChange {
	now, was := s.toldRows(p, n.Facts), s.toldRows(p, n.Was)
	var all []toldChange
	for i, r := range now {
		if r != was[i] {
			all = append(all, toldChange{r.Label, s.toldText(p, was[i]), s.toldText(p, r)})
		}
	}
	return all
}

// toldText is a row in one line, with how sure it is.
func (s *Server) toldText(p page, r toldRow) string {
	sure := s.Words.Say(p.Lang, "sure."+string(r.Sure))
	if r.Text == "" {
		return sure
	}
	return r.Text + " (" + sure + ")"
}

// signIn reports whether the visitor still has to ask for a code.
func (p *noticeLink) signIn() bool { return p.Door != nil && !p.Door.Open() }

// showTold adds what an open link shows.
func (s *Server) showTold(c *gin.Context, p *noticeLink, r *incident.Record) error {
	if p.signIn() {
		return nil
	}
	var err error
	p.Case, err = s.toldCase(c.Request.Context(), p, r)
	return err
}
