package incident

import (
	"context"
	"slices"
	"sync"
	"time"
)

// answerHolds is how long "I am on it" is believed when a limit is near or a
// controller waits for a call. Otherwise the next planned warning asks again.
const answerHolds = 2 * time.Hour

// usualWait is how long a step of the plan waits for an answer.
const usualWait = 30 * time.Minute

// hardLimit is how near a limit must be to wake people in quiet hours.
const hardLimit = 12 * time.Hour

// plan returns the escalation plan, which has at least one step.
func (o Organisation) plan() []Step {
	if len(o.Plan) > 0 {
		return o.Plan
	}
	return []Step{{Who: o.Alarm, Wait: usualWait}}
}

// told returns the addresses of a step at now. OnCall becomes whoever has the
// shift; in a gap of the rota it becomes everybody of Alarm, so that a gap
// never means silence.
func (o Organisation) told(step int, now time.Time) []string {
	plan := o.plan()
	var all []string
	for _, who := range plan[min(step, len(plan)-1)].Who {
		if who != OnCall {
			all = append(all, who)
			continue
		}
		if i := slices.IndexFunc(o.Rota, func(s Shift) bool { return !now.Before(s.From) && now.Before(s.Until) }); i >= 0 {
			all = append(all, o.Rota[i].Login)
		} else {
			all = append(all, o.Alarm...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// wait returns how long a step waits for an answer. Beyond the plan its last
// step is repeated, each time after twice the pause, at most eight times.
func (o Organisation) wait(step int) time.Duration {
	plan := o.plan()
	last := len(plan) - 1
	w := plan[min(step, last)].Wait
	if w <= 0 {
		w = usualWait
	}
	return w << min(max(step-last, 0), 3)
}

// zone is the organisation's time zone.
func (o Organisation) zone() *time.Location {
	if loc, ok := zones.Load(o.Zone); ok {
		return loc.(*time.Location)
	}
	loc, err := time.LoadLocation(o.Zone)
	if err != nil || o.Zone == "" {
		loc = helsinki
	}
	zones.Store(o.Zone, loc)
	return loc
}

// zones remembers time zones by name: it takes long to read one.
var zones sync.Map

// wake returns when people may be told: now, or the end of the quiet hours for
// what can wait. A limit within twelve hours, or past, never waits.
func (o Organisation) wake(now, due time.Time) time.Time {
	if o.Quiet.From == o.Quiet.Until || (!due.IsZero() && due.Sub(now) <= hardLimit) {
		return now
	}
	local := now.In(o.zone())
	minute := local.Hour()*60 + local.Minute()
	inside := minute >= o.Quiet.From && minute < o.Quiet.Until
	if o.Quiet.From > o.Quiet.Until {
		inside = minute >= o.Quiet.From || minute < o.Quiet.Until
	}
	if !inside {
		return now
	}
	end := time.Date(local.Year(), local.Month(), local.Day(), o.Quiet.Until/60, o.Quiet.Until%60, 0, 0, local.Location())
	if !end.After(now) {
		end = end.AddDate(0, 0, 1)
	}
	if !due.IsZero() && end.After(due.Add(-hardLimit)) {
		end = due.Add(-hardLimit)
	}
	return end.UTC()
}

// alarm tells the staff, by the escalation plan and in the chat, and waits for
// an answer. A case has one open ring at a time: a new alarm takes it over and
// starts at the first step, so that nobody gets three mails for one night.
func (d *Desk) alarm(ctx context.Context, c *Change, org Organisation, a Alarm) error {
	r := &Ring{ID: d.NewID(), Incident: a.Incident, Made: c.At}
	if c.NewIncident == nil {
		open, err := d.Store.OpenRings(ctx, a.Incident)
		if err != nil {
			return err
		}
		if len(open) > 0 {
			r = open[0]
		}
	}
	if i := slices.IndexFunc(c.Rings, func(o *Ring) bool { return o.Incident == a.Incident }); i >= 0 {
		r = c.Rings[i] // this act has rung already
	} else {
		c.Rings = append(c.Rings, r)
	}
	r.Duty, r.Records, r.Due = a.duty(), a.Records, a.Due
	r.AckedAt, r.AckedBy, r.Step = time.Time{}, "", 0
	r.Next = c.At.Add(org.wait(0))
	a.Ring = r.ID
	return d.alarmStep(ctx, c, org, a, 0)
}

// duty names what the alarm is about.
func (a Alarm) duty() string {
	if a.Duty != "" {
		return a.Duty
	}
	return a.Key
}

// AnswerRing records that a person is on it. Near a limit, and while a
// controller waits for a call, the answer holds for two hours; otherwise until
// the next planned warning. Then the ring starts again at the first step.
func (d *Desk) AnswerRing(ctx context.Context, by Actor, id string) error {
	_, err := d.act(ctx, by, "ring", "", func(c *Change) error {
		r, err := d.Store.Ring(ctx, id)
		if err != nil || !r.End.IsZero() || !r.AckedAt.IsZero() {
			return err
		}
		r.AckedAt, r.AckedBy, r.Next = c.At, by.Name, time.Time{}
		if r.Duty != "logged" && r.pressing(c.At) {
			r.Next = c.At.Add(answerHolds)
		}
		c.Rings, c.About, c.Result = []*Ring{r}, r.Incident, r.ID
		d.entry(c, r.Incident, "", "case.ring_answered", "duty", r.Duty)
		c.What = map[string]any{"ring": r.ID, "answered": true}
		return nil
	})
	return err
}

// pressing reports whether the ring may not rest: a limit within twelve hours
// or past, a call that waits, or a case that nobody has taken up.
func (r *Ring) pressing(now time.Time) bool {
	if ringKey(r.Duty) != "deadline" {
		return true
	}
	return !r.Due.IsZero() && r.Due.Sub(now) <= hardLimit
}

// climb takes every ring whose answer is missing, or has run out, one step on.
func (d *Desk) climb(ctx context.Context) (int, error) {
	due, err := d.Store.Rings(ctx, d.now(), tickBatch)
	if err != nil {
		return 0, err
	}
	for _, r := range due {
		if _, err := d.act(ctx, Program, "climb", "", func(c *Change) error { return d.climbOne(ctx, c, r.ID) }); err != nil {
			return 0, err
		}
	}
	return len(due), nil
}

func (d *Desk) climbOne(ctx context.Context, c *Change, id string) error {
	r, err := d.Store.Ring(ctx, id)
	if err != nil || r.Next.IsZero() || r.Next.After(c.At) {
		return err
	}
	inc, err := d.Store.Incident(ctx, r.Incident)
	if err != nil {
		return err
	}
	c.Rings, c.About, c.Result = []*Ring{r}, r.Incident, r.ID
	c.What = map[string]any{"ring": r.ID, "step": r.Step}
	over, err := d.reasonGone(ctx, inc, r)
	if err != nil {
		return err
	}
	if !inc.Open() || over {
		r.End, r.Next = c.At, time.Time{}
		return nil
	}
	org, err := d.Store.Organisation(ctx)
	if err != nil {
		return err
	}
	if at := org.wake(c.At, r.Due); at.After(c.At) {
		r.Next = at
		return nil
	}
	if r.AckedAt.IsZero() {
		r.Step++
	} else {
		r.AckedAt, r.AckedBy, r.Step = time.Time{}, "", 0
	}
	r.Next = c.At.Add(org.wait(r.Step))
	if r.Step >= len(org.plan())-1 && !r.pressing(c.At) {
		r.Next = time.Time{} // the next planned warning asks again
	}
	d.entry(c, r.Incident, "", "case.ring_again", "duty", r.Duty, "step", itoa(r.Step+1))
	a := Alarm{Key: ringKey(r.Duty), Incident: r.Incident, Number: inc.Number, Duty: r.Duty, Records: r.Records, Due: r.Due, Ring: r.ID}
	if !r.Due.IsZero() {
		a.Left = r.Due.Sub(c.At)
	}
	return d.alarmStep(ctx, c, org, a, r.Step)
}

// reasonGone reports whether what a ring is about has ended: the duty for all
// records, the calls that wait, or, for news, the need of an answer.
func (d *Desk) reasonGone(ctx context.Context, inc *Incident, r *Ring) (bool, error) {
	switch ringKey(r.Duty) {
	case "deadline":
		n, err := d.Store.RunningDuty(ctx, r.Incident, r.Duty)
		return n == 0, err
	case "failed", "unanswered":
		if inc.Tally.Failed > 0 {
			return false, nil
		}
		n, err := d.Store.ToCall(ctx, r.Incident)
		return n == 0, err
	case "questions":
		open, err := d.Store.OpenQuestions(ctx, r.Incident, 1)
		return len(open) == 0, err
	}
	return !r.AckedAt.IsZero(), nil
}

// ringKey returns the alarm's key for what a ring is about.
func ringKey(duty string) string {
	switch duty {
	case "logged", "failed", "stalled", "unanswered", "questions":
		return duty
	}
	return "deadline"
}
