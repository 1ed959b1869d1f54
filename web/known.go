package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// knownPage is a case, or one record of it, as it was known at an instant.
type knownPage struct {
	page
	Inc     *incident.Incident
	Rec     *incident.Record // nil for the case
	At      time.Time
	Since   time.Time // before it, what was overwritten is not known
	Passes2 []passTo  // what the typed time may have meant
	Before  string    // the address of the act before, or ""
	After   string
	Moments []moment
	Facts   incident.Facts
	Lines   []*incident.KnownLine
	Counts  []knownCount
	More    int // controllers that are not listed
	Decided []decidedThen
	Notices []*incident.Notice
	Sent    []*incident.Delivery
}

// passTo leads to one of the instants that a typed time may mean.
type passTo struct {
	At time.Time
	To string
}

// knownCount is how many controllers were at a stage.
type knownCount struct {
	Stage incident.Stage
	N     int
}

// decidedThen is a judgement beside the facts that were known when it was made.
type decidedThen struct {
	What, Reason, By string
	At               time.Time
	Facts            incident.Facts
	To               string // the case as it was known then
}

// knownRows is how many controllers are listed.
const knownRows = 60

// stageOrder is the order in which stages are counted.
var stageOrder = []incident.Stage{incident.Untold, incident.Queued, incident.Accepted, incident.Failed, incident.Phoned, incident.Acked, incident.Ourselves}

func (s *Server) caseKnown(c *gin.Context) error {
	inc, err := s.incident(c)
	if err != nil {
		return err
	}
	return s.known(c, inc, "")
}

func (s *Server) recordKnown(c *gin.Context) error {
	rec, err := s.Read.Record(c.Request.Context(), c.Param("id"))
	if err != nil {
		return err
	}
	inc, err := s.Read.Incident(c.Request.Context(), rec.Incident)
	if err != nil {
		return err
	}
	return s.known(c, inc, rec.ID)
}

// known shows the case, or one record of it, as it was at the time in the
// address.
func (s *Server) known(c *gin.Context, now *incident.Incident, record string) error {
	ctx := c.Request.Context()
	p := &knownPage{page: s.page(c, "known.title", "Number", now.Number), Inc: now}
	p.Section, p.Wide = "board", "narrow"
	p.Form = p.filled(c.Request.URL.Query())
	var err error
	if p.Since, err = s.Read.HistorySince(ctx); err != nil {
		return err
	}
	at, wrong := p.instantAsked(c)
	if wrong == nil && at.Before(now.LoggedAt) {
		wrong = &incident.Error{Kind: incident.Invalid, Field: "at", Key: "known.before"}
	}
	if wrong != nil {
		p.Form.Faults = s.faults(p.Lang, wrong)
		return s.render(c, http.StatusUnprocessableEntity, "asknown", p)
	}
	p.At = at
	if p.Inc, err = s.Read.IncidentAt(ctx, now.ID, at); err != nil {
		return err
	}
	if err := s.around(ctx, p); err != nil {
		return err
	}
	if record != "" {
		err = s.knownRecord(ctx, p, record)
	} else {
		err = s.knownCase(ctx, p)
	}
	if incident.KindOf(err) == incident.NotFound && record != "" {
		p.Form.Faults = s.faults(p.Lang, &incident.Error{Kind: incident.Invalid, Field: "at", Key: "known.norecord"})
		return s.render(c, http.StatusUnprocessableEntity, "asknown", p)
	}
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "asknown", p)
}

// instantAsked reads the instant: exactly as "t", or typed as "at" in the zone
// that was chosen, which means the whole of that minute. Nothing is now. A time
// that does not exist or exists twice is asked about.
func (p *knownPage) instantAsked(c *gin.Context) (time.Time, *incident.Error) {
	if text := c.Query("t"); text != "" {
		at, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			return at, &incident.Error{Kind: incident.Invalid, Field: "at", Key: "time.unparsable"}
		}
		return at.UTC(), nil
	}
	text := c.Query("at")
	if text == "" {
		return p.Now.UTC(), nil
	}
	zone := p.zone()
	if c.Query("zone") == "utc" {
		zone = time.UTC
	}
	at, err := incident.ParseLocal(text, p.Now, zone)
	var doubt *incident.LocalTimeError
	if errors.As(err, &doubt) {
		for _, t := range []time.Time{doubt.First, doubt.Second} {
			if !t.IsZero() && doubt.Kind != incident.LocalNoTime {
				p.Passes2 = append(p.Passes2, passTo{t, p.to(wholeMinute(t))})
			}
		}
		return at, &incident.Error{Kind: incident.Invalid, Field: "at", Key: "time." + string(doubt.Kind)}
	}
	if at.After(p.Now) {
		return at, &incident.Error{Kind: incident.Invalid, Field: "at", Key: "time.future"}
	}
	return wholeMinute(at), nil
}

// wholeMinute is the end of a minute, so that what happened in it belongs to it.
func wholeMinute(at time.Time) time.Time {
	return at.UTC().Truncate(time.Minute).Add(time.Minute - time.Millisecond)
}

// to is the address of the page at another instant.
func (p *knownPage) to(at time.Time) string {
	return p.Path + "?t=" + url.QueryEscape(at.UTC().Format("2006-01-02T15:04:05.000Z07:00"))
}

// around finds the acts before and after.
func (s *Server) around(ctx context.Context, p *knownPage) error {
	before, after, err := s.Read.Around(ctx, p.Inc.ID, p.At)
	if !before.IsZero() {
		p.Before = p.to(before)
	}
	if !after.IsZero() {
		p.After = p.to(after)
	}
	return err
}

func (s *Server) knownCase(ctx context.Context, p *knownPage) error {
	p.Moments, p.Facts = moments(p.Inc.Marks), p.Inc.Facts
	all, err := s.Read.LinesAt(ctx, p.Inc.ID, p.At)
	if err != nil {
		return err
	}
	n := map[incident.Stage]int{}
	for _, l := range all {
		if l.Certainty != incident.NotAffected {
			n[l.Stage]++
		}
	}
	for _, stage := range stageOrder {
		if n[stage] > 0 {
			p.Counts = append(p.Counts, knownCount{stage, n[stage]})
		}
	}
	p.Lines, p.More = all[:min(len(all), knownRows)], max(len(all)-knownRows, 0)
	for _, l := range all {
		if l.Part != incident.AsController {
			continue
		}
		r, err := s.Read.RecordAt(ctx, l.ID, p.At)
		if err != nil {
			return err
		}
		p.Rec = r
		return s.decidedThen(ctx, p, r)
	}
	return nil
}

func (s *Server) knownRecord(ctx context.Context, p *knownPage, id string) error {
	r, err := s.Read.RecordAt(ctx, id, p.At)
	if err != nil {
		return err
	}
	p.Rec, p.Moments, p.Facts = r, moments(r.Shared, r.Marks), r.Facts.Over(p.Inc.Facts)
	p.Title = s.Words.Say(p.Lang, "known.record.title", "Name", r.Name)
	notices, err := s.Read.Notices(ctx, id)
	if err != nil {
		return err
	}
	for _, n := range notices {
		if n.At.After(p.At) {
			continue
		}
		if n.AckedAt.After(p.At) {
			n.AckedAt, n.AckedBy = time.Time{}, ""
		}
		p.Notices = append(p.Notices, n)
	}
	sent, err := s.allOfRecord(ctx, r)
	if err != nil {
		return err
	}
	for _, d := range sent {
		if d.Made.After(p.At) {
			continue
		}
		var then []incident.Receipt
		for _, x := range d.Receipts {
			if !x.Ended.After(p.At) {
				then = append(then, x)
			}
		}
		d.Receipts = then
		p.Sent = append(p.Sent, d)
	}
	return s.decidedThen(ctx, p, r)
}

// decidedThen sets each judgement beside what was known when it was made.
func (s *Server) decidedThen(ctx context.Context, p *knownPage, r *incident.Record) error {
	for _, a := range r.Assessed {
		p.Decided = append(p.Decided, decidedThen{What: s.Words.Say(p.Lang, "tier."+string(a.Tier)), Reason: a.Reason, By: a.By, At: a.At})
	}
	for _, d := range r.Decisions {
		p.Decided = append(p.Decided, decidedThen{What: s.Words.Say(p.Lang, "decision."+d.Kind), Reason: d.Reason, By: d.By, At: d.At})
	}
	for _, f := range r.Filings {
		p.Decided = append(p.Decided, decidedThen{What: s.Words.Say(p.Lang, "filing."+f.Kind), Reason: f.LateReason, By: f.By, At: f.Made})
	}
	for i := range p.Decided {
		d := &p.Decided[i]
		inc, err := s.Read.IncidentAt(ctx, p.Inc.ID, d.At)
		if err != nil {
			return err
		}
		then, err := s.Read.RecordAt(ctx, r.ID, d.At)
		if err != nil {
			return err
		}
		d.Facts, d.To = then.Facts.Over(inc.Facts), p.to(d.At)
	}
	return nil
}

// Clocks are the record's clocks as they stood.
func (p *knownPage) Clocks() []clock {
	if p.Rec == nil {
		return nil
	}
	return clocks(p.Rec.Deadlines, p.At)
}
