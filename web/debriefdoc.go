package web

import (
	"bytes"
	"net/http"
	"path"
	"time"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
	"hatakello/templates"
)

// debriefParts is what the review of a case is made from.
type debriefParts struct {
	inc    *incident.Incident
	org    incident.Organisation
	b      *incident.Debrief
	legs   []*incident.Leg
	duties []*incident.DutyTally
	aware  time.Time
}

func (s *Server) debriefParts(c *gin.Context, inc *incident.Incident) (*debriefParts, error) {
	ctx := c.Request.Context()
	d := &debriefParts{inc: inc}
	mark, _ := inc.At(incident.ProcessorAware)
	d.aware = mark.At
	var err error
	if d.org, err = s.Read.Organisation(ctx); err != nil {
		return nil, err
	}
	if d.b, err = s.Read.Debrief(ctx, inc.ID); err != nil {
		return nil, err
	}
	if d.legs, err = s.Read.Legs(ctx, inc.ID); err != nil {
		return nil, err
	}
	d.duties, err = s.Read.Duties(ctx, inc.ID, s.Desk.Now())
	return d, err
}

// plot collects what the picture of the case shows.
func (d *debriefParts) plot(s *Server, lang string, now time.Time) templates.CasePlot {
	in := templates.CasePlot{Number: d.inc.Number, Records: len(d.legs), Now: now, Zone: reportZone(d.org)}
	if !d.inc.Open() {
		in.Now = d.inc.ClosedAt
	}
	for _, m := range incident.Moments {
		if k, ok := d.inc.At(m); ok && !k.At.IsZero() && m != incident.SupplementPromised {
			in.Moments = append(in.Moments, templates.PlotMoment{Name: s.Words.Moment(lang, string(m)), At: k.At})
		}
	}
	for _, l := range d.legs {
		if !l.Accepted.IsZero() {
			in.Told = append(in.Told, l.Accepted)
		}
		if !l.Acked.IsZero() {
			in.Answered = append(in.Answered, l.Acked)
		}
	}
	for _, t := range d.duties {
		if t.Due.IsZero() || !t.Ours && t.Running == t.N && len(d.duties) > 8 {
			continue
		}
		in.Limits = append(in.Limits, templates.PlotLimit{Name: s.dutyName(lang, t.Duty, t.Within.Hours), Start: t.Start, Due: t.Due, Met: t.Met})
	}
	return in
}

// dutyName names an obligation; a contract's is named with its hours.
func (s *Server) dutyName(lang, key string, hours int) string {
	name := s.Words.Say(lang, "duty."+key+".name")
	if hours > 0 {
		name += " " + s.Words.Say(lang, "clock.hours", "N", hours)
	}
	return name
}

// document is the review for one reader. It is made from what that reader may
// see and from nothing else.
func (d *debriefParts) document(s *Server, lang string, who incident.Audience, now time.Time) templates.Document {
	say := func(key string, pairs ...any) string { return s.Words.Say(lang, key, pairs...) }
	b, zone := d.b.For(who), reportZone(d.org)
	doc := templates.Document{Lang: lang, Title: say("debrief.title", "Number", d.inc.Number)}
	if len(b.Passages) == 0 {
		doc.Add(templates.Block{Text: say("debrief.nothing")})
	}
	for _, q := range incident.Questions {
		text := b.Text(q, who)
		for _, wider := range incident.Audiences {
			if text == "" && who.Sees(wider) {
				text = b.Text(q, wider)
			}
		}
		if text != "" {
			doc.Add(templates.Block{Level: 2, Text: say("question." + q)}, templates.Block{Text: text})
		}
	}
	doc.Add(templates.Block{Level: 2, Text: say("debrief.moments")}, templates.Block{Text: say("debrief.records", "N", len(d.legs))})
	for _, m := range incident.Moments {
		if k, ok := d.inc.At(m); ok && !k.At.IsZero() && m != incident.SupplementPromised {
			doc.Add(templates.Block{Label: s.Words.Moment(lang, string(m)), Text: templates.Both(templates.Lang(lang), k.At, zone)})
		}
	}
	doc.Add(templates.Block{Level: 2, Text: say("debrief.picture")}, templates.Block{Plot: s.Words.CasePlot(lang, d.plot(s, lang, now))})
	doc.Add(templates.Block{Level: 2, Text: say("debrief.minutes")}, templates.Block{Table: d.minutes(s, lang), Text: say("debrief.minutes.none")})
	if len(b.Actions) > 0 {
		doc.Add(templates.Block{Level: 2, Text: say("actions.title")})
	}
	for _, a := range b.Actions {
		doc.Add(d.action(s, lang, who, a))
	}
	return doc
}

// action is a line about an action; only staff read whose it is.
func (d *debriefParts) action(s *Server, lang string, who incident.Audience, a *incident.Action) templates.Block {
	l, zone := templates.Lang(lang), reportZone(d.org)
	block := templates.Block{Label: a.Text, Text: templates.Date(l, a.Due, zone)}
	if who == incident.ForStaff {
		block.Text = s.Words.Say(lang, "action.by", "Name", a.Name, "When", block.Text)
		if !a.Done.IsZero() {
			block.Text += "\n" + s.Words.Say(lang, "action.ended", "When", templates.Date(l, a.Done, zone), "Name", a.DoneBy) + ": " + a.Result
		}
	}
	return block
}

// minutes is the table of where the time went.
func (d *debriefParts) minutes(s *Server, lang string) *templates.Grid {
	say := func(key string) string { return s.Words.Say(lang, key) }
	g := &templates.Grid{Head: []string{say("stat.step"), say("stat.n"), say("stat.median"), say("stat.p90"), say("stat.most")},
		Cols: []float64{200, 45, 75, 75, 0}}
	for _, x := range incident.Stretches(d.aware, d.legs) {
		if x.N > 0 {
			g.Rows = append(g.Rows, append([]string{say("leg." + x.Name)}, spreadCells(lang, x.Spread)...))
		}
	}
	return g
}

// spreadCells are n, median, p90 and the longest, as they are read.
func spreadCells(lang string, x incident.Spread) []string {
	l := templates.Lang(lang)
	p90 := "–"
	if !x.Few() {
		p90 = templates.Duration(l, x.P90)
	}
	return []string{templates.Number(l, x.N), templates.Duration(l, x.Median), p90, templates.Duration(l, x.Most)}
}

// debriefFile is the review for a reader, to be printed or worked on.
func (s *Server) debriefFile(c *gin.Context) error {
	p, err := s.debriefPage(c)
	if err != nil {
		return err
	}
	d, err := s.debriefParts(c, p.Inc)
	if err != nil {
		return err
	}
	doc, ext := d.document(s, p.Lang, p.For, p.Now), path.Ext(c.Request.URL.Path)
	c.Header("Content-Disposition", `attachment; filename="review-`+p.Inc.Number+`-`+string(p.For)+ext+`"`)
	c.Header("Cache-Control", "no-store")
	if ext == ".odt" {
		data, err := doc.ODT()
		if err != nil {
			return err
		}
		c.Data(http.StatusOK, "application/vnd.oasis.opendocument.text", data)
		return nil
	}
	var buf bytes.Buffer
	if err := doc.WritePDF(&buf, templates.Printed{Author: d.org.Name, Subject: p.Inc.Number, Made: p.Now, Zone: reportZone(d.org)}); err != nil {
		return err
	}
	c.Data(http.StatusOK, "application/pdf", buf.Bytes())
	return nil
}
