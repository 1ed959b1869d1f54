package incident

import (
	"context"
	"errors"
	"slices"
	"time"
)

// tickBatch is how many warnings one round of Tick takes up.
const tickBatch = 1000

// Tick says what should have been said by now: it alarms staff about running
// deadlines whose warning has come, one alarm for each case and duty, and sets
// their next warning. After a pause of the program there is one late warning,
// not one for each that was missed. It returns how many deadlines it spoke of.
func (d *Desk) Tick(ctx context.Context) (int, error) {
	said := 0
	for {
		due, err := d.Store.Warnings(ctx, d.now(), tickBatch)
		if err != nil {
			return said, err
		}
		if len(due) == 0 {
			return d.tickRest(ctx, said)
		}
		var errs []error
		for _, id := range incidentsOf(due) { // one bad case must not silence the others
			_, err := d.act(ctx, Program, "warn", "", func(c *Change) error { return d.warn(ctx, c, id, due) })
			errs = append(errs, err)
		}
		if err := errors.Join(errs...); err != nil {
			return said, err
		}
		said += len(due)
	}
}

// tickRest does what is not about deadlines: alarms that nobody has answered,
// notices and questions that nobody has answered, actions that are not done,
// customers to ask who is told of breaches, and samples to look at again. One that fails does not keep the others from
// being done.
func (d *Desk) tickRest(ctx context.Context, said int) (int, error) {
	var errs []error
	for _, do := range []func(context.Context) (int, error){d.climb, d.chase, d.ringQuestions, d.ringRequests, d.remind, d.tellWays, d.expireRest, d.scrubRest,
		d.endContacts, d.askContacts} {
		n, err := do(ctx)
		said, errs = said+n, append(errs, err)
	}
	return said, errors.Join(append(errs, d.draw(ctx))...)
}

func incidentsOf(due []*Deadline) []string {
	var ids []string
	for _, dl := range due {
		if !slices.Contains(ids, dl.Incident) {
			ids = append(ids, dl.Incident)
		}
	}
	return ids
}

// warn speaks of the deadlines of one case. A closed case is silent.
func (d *Desk) warn(ctx context.Context, c *Change, incident string, due []*Deadline) error {
	inc, err := d.Store.Incident(ctx, incident)
	if err != nil {
		return err
	}
	org, err := d.Store.Organisation(ctx)
	if err != nil {
		return err
	}
	alarms := map[string]*Alarm{}
	for _, was := range due {
		if was.Incident != incident {
			continue
		}
		dl := *was
		dl.Warn = time.Time{}
		if inc.Open() {
			if dl.Warn = org.wake(c.At, dl.Due); !dl.Warn.After(c.At) {
				dl.Warn = dl.nextWarning(c.At)
				gather(alarms, &dl, inc, c.At)
			}
		}
		c.Warned = append(c.Warned, &dl)
	}
	c.About = incident
	c.What = map[string]any{"warned": len(c.Warned)}
	for _, duty := range sortedKeys(alarms) {
		d.entry(c, incident, "", "case.warned", "duty", duty, "n", itoa(alarms[duty].Records))
	}
	if a := tightest(alarms); a != nil {
		return d.alarm(ctx, c, org, *a)
	}
	return nil
}

// tightest returns the alarm with the nearest limit, saying how many other
// duties are open too, or nil: one message for a case, not one for each duty.
func tightest(alarms map[string]*Alarm) *Alarm {
	var first *Alarm
	for _, duty := range sortedKeys(alarms) {
		a := alarms[duty]
		if first == nil || (!a.Due.IsZero() && (first.Due.IsZero() || a.Due.Before(first.Due))) {
			first = a
		}
	}
	if first != nil {
		first.Others = len(alarms) - 1
	}
	return first
}

// gather counts a deadline into the alarm of its duty, which names the
// tightest limit.
func gather(alarms map[string]*Alarm, dl *Deadline, inc *Incident, now time.Time) {
	a := alarms[dl.Duty]
	if a == nil {
		a = &Alarm{Key: "deadline", Incident: inc.ID, Number: inc.Number, Duty: dl.Duty}
		alarms[dl.Duty] = a
	}
	a.Records++
	if !dl.Due.IsZero() && (a.Due.IsZero() || dl.Due.Before(a.Due)) {
		a.Due, a.Left = dl.Due, dl.Due.Sub(now)
	}
}
