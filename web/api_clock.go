package web

import (
	"cmp"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// clockJSON is one clock with what explains it. Name and text are in the
// language that was asked for.
type clockJSON struct {
	deadlineJSON
	Record     string     `json:"record"`
	Controller holderJSON `json:"controller"`
	Regime     string     `json:"regime"`
	Name       string     `json:"name"`
	Text       string     `json:"text"`
	Recalled   bool       `json:"unchecked"`
	Within     string     `json:"within"`
	State      string     `json:"state"`
	Late       bool       `json:"late"`
	LateReason string     `json:"late_reason"`
	Cause      *markJSON  `json:"started_by"`
	Warn       *string    `json:"warn_at"`
}

// clockStates say how a clock stands; the first that holds is told.
var clockStates = []struct {
	name string
	is   func(s *Server, r *incident.Record, d *incident.Deadline) bool
}{
	{"held", func(s *Server, r *incident.Record, d *incident.Deadline) bool {
		return d.Running() && d.To == incident.ToSubjects && r.Held(s.Desk.Now()) != nil
	}},
	{"reopened", func(_ *Server, r *incident.Record, d *incident.Deadline) bool { return r.Reopened(d) }},
	{"running", func(_ *Server, _ *incident.Record, d *incident.Deadline) bool { return d.Running() }},
	{"provisional", func(_ *Server, _ *incident.Record, d *incident.Deadline) bool {
		return d.How == string(incident.Accepted)
	}},
	{"ended", func(*Server, *incident.Record, *incident.Deadline) bool { return true }},
}

func (a *api) showClock(lang string, r *incident.Record, d *incident.Deadline) clockJSON {
	duty, regime, _ := incident.DutyOf(d.Duty)
	out := clockJSON{deadlineJSON: showDeadline(d), Record: r.ID, Controller: holderJSON{r.Controller, r.Name, r.Lang}, Regime: regime,
		Name: a.Words.Say(lang, "duty."+d.Duty+".name"), Text: a.Words.Say(lang, "duty."+d.Duty+".text"), Recalled: duty.Recalled,
		Within: d.Within.String(), Late: d.Late(a.Desk.Now()), LateReason: d.Reason, Warn: instant(d.Warn)}
	for _, s := range clockStates {
		if s.is(a.Server, r, d) {
			out.State = s.name
			break
		}
	}
	if k, ok := r.Cause(d); ok {
		m := showMark(k)
		out.Cause = &m
	}
	return out
}

// recordClocks lists all clocks of one record.
func (a *api) recordClocks(c *gin.Context, ask request) error {
	r, err := a.findRecord(c)
	if err != nil {
		return err
	}
	return answerList(a, c, each(r.Deadlines, func(d *incident.Deadline) clockJSON { return a.showClock(ask.lang, r, d) }), "")
}

// tallyOfDuty counts the clocks of one duty.
type tallyOfDuty struct {
	Duty        string  `json:"duty"`
	Name        string  `json:"name"`
	Basis       string  `json:"basis"`
	To          string  `json:"to"`
	Ours        bool    `json:"ours"`
	Within      string  `json:"within"`
	N           int     `json:"clocks"`
	Running     int     `json:"running"`
	Late        int     `json:"late"`
	MetLate     int     `json:"ended_late"`
	Provisional int     `json:"provisional"`
	Unexplained int     `json:"unexplained"`
	Next        *string `json:"next_due"`
}

// duties counts a case's clocks by duty.
func (a *api) duties(c *gin.Context, ask request) error {
	inc, err := a.find(c)
	if err != nil {
		return err
	}
	all, err := a.Read.Duties(c.Request.Context(), inc.ID, a.Desk.Now())
	if err != nil {
		return err
	}
	return answerList(a, c, each(all, func(t *incident.DutyTally) tallyOfDuty {
		return tallyOfDuty{t.Duty, a.Words.Say(ask.lang, "duty."+t.Duty+".name"), t.Basis, string(t.To), t.Ours, t.Within.String(),
			t.N, t.Running, t.Late, t.MetLate, t.Provisional, t.Unexplained, instant(t.Next)}
	}), "")
}

// clocks lists the clocks of a case that run, or that have ended, duty by duty.
func (a *api) clocks(c *gin.Context, ask request) error {
	state, err := choice(c, "state", "", "running", "ended")
	if err != nil {
		return err
	}
	inc, page, err := a.findPage(c)
	if err != nil {
		return err
	}
	some, next, err := a.clocksFrom(c, inc.ID, incident.ClockFilter{Duty: c.Query("duty"), Ended: state == "ended"}, page)
	if err != nil {
		return err
	}
	records, err := a.Server.holders(c, inc.ID, some)
	if err != nil {
		return err
	}
	items := []clockJSON{}
	for _, k := range some {
		if r := records[k.Record]; r != nil {
			items = append(items, a.showClock(ask.lang, r, k.Deadline))
		}
	}
	return answerList(a, c, items, next)
}

// clocksFrom reads a page over several duties. Its cursor names the duty, the
// period and the place in their list.
func (a *api) clocksFrom(c *gin.Context, inc string, f incident.ClockFilter, page incident.Cut) ([]*incident.Clock, string, error) {
	ctx := c.Request.Context()
	tallies, err := a.Read.Duties(ctx, inc, a.Desk.Now())
	if err != nil {
		return nil, "", err
	}
	key := func(t *incident.DutyTally) string { return t.Duty + " " + t.Within.String() }
	slices.SortFunc(tallies, func(x, y *incident.DutyTally) int { return cmp.Compare(key(x), key(y)) })
	from, inner, _ := strings.Cut(page.After, "~")
	var all []*incident.Clock
	for _, t := range tallies {
		if key(t) < from || f.Duty != "" && f.Duty != t.Duty {
			continue
		}
		cut := incident.Cut{Limit: page.Limit - len(all)}
		if key(t) == from {
			cut.After = inner
		}
		if cut.Limit == 0 {
			return all, key(t) + "~", nil
		}
		some, next, err := a.Read.Clocks(ctx, inc, incident.ClockFilter{Duty: t.Duty, Within: t.Within, Ended: f.Ended}, cut)
		if err != nil {
			return nil, "", err
		}
		if all = append(all, some...); next != "" {
			return all, key(t) + "~" + next, nil
		}
	}
	return all, "", nil
}

// doneBody is the word that a duty of another law, or the telling of people,
// was done.
type doneBody struct {
	Duty       string `json:"duty"`
	At         string `json:"at"`
	Why        string `json:"why"`
	LateReason string `json:"late_reason"`
}

func (a *api) complete(c *gin.Context, ask request) error {
	var b doneBody
	return a.actOnRecord(c, ask, &b, func(id string) error {
		at, err := readInstant("at", b.At)
		if err != nil {
			return err
		}
		return a.Desk.Complete(c.Request.Context(), ask.by, id, b.Duty,
			incident.Completion{Mark: incident.Mark{At: at, Sure: incident.Known, Text: b.At, Why: b.Why}, LateReason: b.LateReason})
	})
}

// reasonBody says why the clocks of a duty were late.
type reasonBody struct {
	Duty   string `json:"duty"`
	Reason string `json:"reason"`
}

func (a *api) explain(c *gin.Context, ask request) error {
	var b reasonBody
	return a.actOnCase(c, ask, &b, 200, func(inc *incident.Incident) error {
		_, err := a.Desk.Explain(c.Request.Context(), ask.by, inc.ID, b.Duty, b.Reason)
		return err
	})
}
