package web

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// How many clocks a group shows on the page of all, and on its own page.
const (
	clockFew  = 4
	clockRows = 20
)

// clockView is one clock with what explains it.
type clockView struct {
	clock
	Name   string        // of the controller whose record it is
	Period string        // the time granted, in words; "" for none
	Cause  incident.Mark // what started it
	Known  bool          // whether Cause is known
	Was    []limitAt     // by values that were corrected, oldest first
	Is     string        // its state, in words
	Held   *incident.Decision
	Alone  bool // on the page of its own record
	Acts   []clockAct
	Open   bool // whether the case is still worked on
}

// limitAt is the limit that follows from one recorded time.
type limitAt struct {
	incident.Mark
	Duty  string
	Hours int
	Due   time.Time
}

// clockAct is a way to end a clock.
type clockAct struct{ Key, Need, To string }

// clockActs are the ways to end a clock, by the moment that ends it. {inc},
// {rec} and {duty} stand for ids and keys.
var clockActs = map[incident.Moment][]clockAct{
	incident.ControllerInformed: {{"notify", "notify", "/incidents/{inc}/notify?to={rec}"}, {"call", "phone", "/records/{rec}/call"}},
	incident.Reported:           {{"filing", "report", "/records/{rec}/filing"}, {"decision", "decide", "/records/{rec}/decision"}},
	incident.Supplemented:       {{"supplement", "report", "/records/{rec}/filing"}},
	incident.SubjectsTold:       {{"told", "tell", "/records/{rec}/people"}, {"hold", "hold", "/records/{rec}/hold"}},
}

// doneAct ends a clock of another law.
var doneAct = []clockAct{{"done", "mark", "/records/{rec}/done?duty={duty}"}}

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

// period puts a length of time into words.
func (s *Server) period(lang string, d incident.Period) string {
	switch {
	case d.Hours > 0:
		return s.Words.Say(lang, "clock.within.hours", "N", d.Hours)
	case d.Days > 0:
		return s.Words.Say(lang, "clock.within.days", "N", d.Days)
	case d.Months > 0:
		return s.Words.Say(lang, "clock.within.months", "N", d.Months)
	}
	return ""
}

// view explains one clock of a record.
func (s *Server) view(p *clocksPage, r *incident.Record, d *incident.Deadline) clockView {
	v := clockView{clock: clock{d, p.Now}, Name: r.Name, Period: s.period(p.Lang, d.Within), Open: p.Inc.Open()}
	if v.Name == "" {
		v.Name = s.Words.Say(p.Lang, "clock.own")
	}
	v.Alone = p.Rec != nil
	v.Cause, v.Known = r.Cause(d)
	v.Cause.By = authorName(v.Cause.By)
	v.Was = wasLimits(r, d, v.Cause)
	if d.To == incident.ToSubjects && d.Running() {
		v.Held = r.Held(p.Now)
	}
	v.Is = s.clockIs(p.Lang, r, v)
	v.Acts = actsOn(p.page, d)
	return v
}

// clockIs says in words how a clock stands.
func (s *Server) clockIs(lang string, r *incident.Record, v clockView) string {
	switch {
	case !v.Running():
		return s.Words.How(lang, v.How)
	case v.Held != nil:
		return s.Words.Say(lang, "clock.is.held")
	case r.Reopened(v.Deadline):
		return s.Words.Say(lang, "clock.is.reopened")
	case v.Late():
		return s.Words.Say(lang, "clock.is.late")
	}
	return s.Words.Say(lang, "clock.is.run")
}

// actsOn lists what the visitor may do to end a clock that runs.
func actsOn(p page, d *incident.Deadline) []clockAct {
	duty, _, ok := incident.DutyOf(d.Duty)
	if !ok || !d.Running() {
		return nil
	}
	acts := clockActs[duty.MetBy]
	if acts == nil {
		acts = doneAct
	}
	fill := strings.NewReplacer("{inc}", d.Incident, "{rec}", d.Record, "{duty}", d.Duty)
	var mine []clockAct
	for _, a := range acts {
		if p.May(a.Need) {
			a.To = fill.Replace(a.To)
			mine = append(mine, a)
		}
	}
	return mine
}

// wasLimits are the limits that followed from times that were corrected.
func wasLimits(r *incident.Record, d *incident.Deadline, cause incident.Mark) []limitAt {
	var all []limitAt
	for _, k := range slices.Concat(r.Shared, r.Marks) {
		if k.Moment != cause.Moment || k.Made.Equal(cause.Made) && k.At.Equal(cause.At) || k.At.IsZero() {
			continue
		}
		if due := d.LimitFrom(k.At); !due.IsZero() && !due.Equal(d.Due) {
			k.By = authorName(k.By)
			all = append(all, limitAt{k, d.Duty, d.Within.Hours, due})
		}
	}
	return all
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
