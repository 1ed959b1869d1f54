package web

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// How many clocks a group shows on the page of all, and on its own page.
const (
	clockFew  = 4
	clockRows = 20
)

// dutyGroup is a duty with its clocks in a case, or in one record.
type dutyGroup struct {
	*incident.DutyTally
	Regime   string
	From     incident.Moment
	Recalled bool
	Period   string
	Clocks   []clockView
	More     string // address of the whole list, or ""
}

// clocksPage shows every clock of a case or a record, by duty.
type clocksPage struct {
	casePart
	pager
	Rec      *incident.Record // nil: of the whole case
	Groups   []dutyGroup
	One      bool // only one duty is shown
	Ended    bool // of which the ended clocks
	Other    string
	Running  int
	Late     int
	Unspoken int // late ones of ours without a reason
}

// group explains a duty.
func (s *Server) group(p *page, t *incident.DutyTally) dutyGroup {
	duty, regime, _ := incident.DutyOf(t.Duty)
	return dutyGroup{DutyTally: t, Regime: regime, From: duty.From, Recalled: duty.Recalled, Period: s.period(p.Lang, t.Within)}
}

func (s *Server) caseClocks(c *gin.Context) error {
	part, err := s.casePart(c, "clocks.title")
	if err != nil {
		return err
	}
	p := &clocksPage{casePart: *part}
	p.Wide = ""
	tallies, err := s.Read.Duties(c.Request.Context(), p.Inc.ID, p.Now)
	if err != nil {
		return err
	}
	for _, t := range tallies {
		p.Running += t.Running
		p.Late += t.Late
		p.Unspoken += t.Unexplained
	}
	if key := c.Query("duty"); key != "" {
		err = s.oneDuty(c, p, tallies, key)
	} else {
		err = s.allDuties(c, p, tallies)
	}
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "clocks", p)
}

// allDuties shows a few clocks of every duty, those that run first.
func (s *Server) allDuties(c *gin.Context, p *clocksPage, tallies []*incident.DutyTally) error {
	ctx := c.Request.Context()
	lists := make([][]*incident.Clock, len(tallies))
	for i, t := range tallies {
		f := incident.ClockFilter{Duty: t.Duty, Within: t.Within}
		some, _, err := s.Read.Clocks(ctx, p.Inc.ID, f, incident.Cut{Limit: clockFew})
		if err != nil {
			return err
		}
		if left := clockFew - len(some); left > 0 {
			f.Ended = true
			ended, _, err := s.Read.Clocks(ctx, p.Inc.ID, f, incident.Cut{Limit: left})
			if err != nil {
				return err
			}
			some = append(some, ended...)
		}
		lists[i] = some
	}
	records, err := s.holders(c, p.Inc.ID, slices.Concat(lists...))
	if err != nil {
		return err
	}
	for i, t := range tallies {
		g := s.group(&p.page, t)
		if t.N > len(lists[i]) {
			g.More = dutyPath(p.Inc.ID, t, "")
		}
		s.fillGroup(p, &g, lists[i], records)
		p.Groups = append(p.Groups, g)
	}
	return nil
}

// oneDuty shows a part of all clocks of one duty.
func (s *Server) oneDuty(c *gin.Context, p *clocksPage, tallies []*incident.DutyTally, key string) error {
	i := slices.IndexFunc(tallies, func(t *incident.DutyTally) bool { return t.Duty == key && t.Within.String() == c.Query("within") })
	if i < 0 {
		return unknown(c)
	}
	t := tallies[i]
	p.One, p.Ended = true, c.Query("state") == "ended"
	p.Other = dutyPath(p.Inc.ID, t, "ended")
	if p.Ended {
		p.Other = dutyPath(p.Inc.ID, t, "")
	}
	some, next, err := s.Read.Clocks(c.Request.Context(), p.Inc.ID, incident.ClockFilter{Duty: t.Duty, Within: t.Within, Ended: p.Ended}, cut(c, clockRows))
	if err != nil {
		return err
	}
	records, err := s.holders(c, p.Inc.ID, some)
	if err != nil {
		return err
	}
	g := s.group(&p.page, t)
	s.fillGroup(p, &g, some, records)
	p.Groups, p.pager = []dutyGroup{g}, pages(c, next)
	return nil
}

// dutyPath is the address of the list of one duty's clocks.
func dutyPath(inc string, t *incident.DutyTally, state string) string {
	q := values("duty", t.Duty, "within", t.Within.String())
	if state != "" {
		q.Set("state", state)
	}
	return "/incidents/" + inc + "/clocks?" + q.Encode()
}

// holders loads the records whose clocks are shown.
func (s *Server) holders(c *gin.Context, inc string, all []*incident.Clock) (map[string]*incident.Record, error) {
	ids := []string{}
	for _, k := range all {
		ids = append(ids, k.Record)
	}
	rs, err := s.Read.Records(c.Request.Context(), inc, ids)
	by := make(map[string]*incident.Record, len(rs))
	for _, r := range rs {
		by[r.ID] = r
	}
	return by, err
}

func (s *Server) fillGroup(p *clocksPage, g *dutyGroup, some []*incident.Clock, records map[string]*incident.Record) {
	for _, k := range some {
		if r := records[k.Record]; r != nil {
			g.Clocks = append(g.Clocks, s.view(p, r, k.Deadline))
		}
	}
}

func (s *Server) recordClocks(c *gin.Context) error {
	part, err := s.recordPart(c, "clocks.title.record")
	if err != nil {
		return err
	}
	p := &clocksPage{casePart: casePart{part.page, part.Inc}, Rec: part.Rec}
	p.Wide = ""
	for _, d := range part.Rec.Deadlines {
		t := &incident.DutyTally{Duty: d.Duty, Basis: d.Basis, To: d.To, Ours: d.Ours, Within: d.Within, N: 1}
		g := s.group(&p.page, t)
		g.Clocks = []clockView{s.view(p, part.Rec, d)}
		p.Groups = append(p.Groups, g)
		if d.Running() {
			p.Running++
		}
		if d.Running() && d.Late(p.Now) {
			p.Late++
		}
	}
	return s.render(c, http.StatusOK, "clocks", p)
}
