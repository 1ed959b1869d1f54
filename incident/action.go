package incident

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
)

// Action is something that somebody will do by a day because of a case. It
// outlives the case and is asked about until it is done.
type Action struct {
	ID       string
	Incident string
	Number   string // of the case; for reading only
	Text     string
	Owner    string    // id of the user
	Name     string    // of the owner, as it was
	Due      time.Time // the end of its day in the organisation's zone
	Reader   Audience  // who besides staff may read of it
	Made     time.Time
	By       string
	Done     time.Time // zero: open
	DoneBy   string
	Result   string    // what was done, or why it will not be
	Remind   time.Time // when the owner is asked next; zero: never
	Version  int
}

// Late reports whether the action's day has passed.
func (a *Action) Late(now time.Time) bool { return a.Done.IsZero() && now.After(a.Due) }

// nudges are how long before its day an action is asked about; afterwards
// it is asked about every week.
var nudges = []time.Duration{7 * 24 * time.Hour, 24 * time.Hour, 0}

// next returns when the action is to be asked about after now.
func (a *Action) next(now time.Time) time.Time {
	for _, before := range nudges {
		if t := a.Due.Add(-before); t.After(now) {
			return t
		}
	}
	return now.Add(7 * 24 * time.Hour)
}

// SaveAction adds an action to a case, open or closed, or changes one that is
// not done. Only Text, Owner, Due, Reader and, for a change, ID and Version
// are read.
func (d *Desk) SaveAction(ctx context.Context, by Actor, in Action) error {
	in.Text = strings.TrimSpace(in.Text)
	if errs := in.check(); len(errs) > 0 {
		return errs
	}
	_, err := d.act(ctx, by, "debrief", "", func(c *Change) error {
		if _, err := d.Store.Incident(ctx, in.Incident); err != nil {
			return err
		}
		if err := d.fitForReaders(ctx, []Passage{{Question: "action", Reader: in.Reader, Text: in.Text}}); err != nil {
			return err
		}
		a := &Action{ID: d.NewID(), Incident: in.Incident, Made: c.At, By: c.By.Name}
		if in.ID != "" {
			was, err := d.action(ctx, in.ID, in.Version)
			if err != nil {
				return err
			}
			a = was
		}
		owner, err := d.ownerOf(ctx, in.Owner)
		if err != nil {
			return err
		}
		a.Text, a.Owner, a.Name, a.Due, a.Reader = in.Text, owner.ID, owner.Name, in.Due.UTC(), in.Reader
		a.Remind = a.next(c.At)
		c.Actions, c.About, c.Result = []*Action{a}, a.Incident, a.ID
		c.What = map[string]any{"action": a.ID, "text": a.Text, "owner": a.Owner, "due": a.Due, "reader": a.Reader}
		return nil
	})
	return err
}

func (a *Action) check() Errors {
	var errs Errors
	if a.Text == "" {
		errs = append(errs, invalid("action_text", "action.empty"))
	}
	if len(a.Text) > passageMax {
		errs = append(errs, &Error{Kind: Invalid, Field: "action_text", Key: "debrief.long", Args: map[string]any{"max": passageMax}})
	}
	if a.Due.IsZero() {
		errs = append(errs, invalid("due", "action.due"))
	}
	if !slices.Contains(Audiences, a.Reader) {
		errs = append(errs, invalid("reader", "debrief.reader"))
	}
	return errs
}

// ownerOf finds the member of staff who is to do an action.
func (d *Desk) ownerOf(ctx context.Context, id string) (*User, error) {
	if id == "" {
		return nil, Errors{invalid("owner", "action.owner")}
	}
	u, err := d.Store.User(ctx, id)
	if KindOf(err) == NotFound || err == nil && u.Disabled {
		return nil, Errors{invalid("owner", "action.owner")}
	}
	return u, err
}

// action loads an action that is not done.
func (d *Desk) action(ctx context.Context, id string, version int) (*Action, error) {
	a, err := d.Store.Action(ctx, id)
	switch {
	case err != nil:
		return nil, err
	case a.Version != version:
		return nil, &Error{Kind: Conflict, Key: "form.stale"}
	case !a.Done.IsZero():
		return nil, refused("action.done")
	}
	return a, nil
}

// EndAction says what came of an action.
func (d *Desk) EndAction(ctx context.Context, by Actor, id, result string, version int) error {
	if result = strings.TrimSpace(result); result == "" {
		return Errors{invalid("result", "action.result")}
	}
	if len(result) > passageMax {
		return Errors{&Error{Kind: Invalid, Field: "result", Key: "debrief.long", Args: map[string]any{"max": passageMax}}}
	}
	_, err := d.act(ctx, by, "action", "", func(c *Change) error {
		a, err := d.action(ctx, id, version)
		if err != nil {
			return err
		}
		a.Done, a.DoneBy, a.Result, a.Remind = c.At, c.By.Name, result, time.Time{}
		c.Actions, c.About, c.Result = []*Action{a}, a.Incident, a.ID
		d.entry(c, a.Incident, "", "action.done", "action", a.Text).Text = result
		c.What = map[string]any{"action": a.ID, "result": result}
		return nil
	})
	return err
}

// remind asks the owners of actions whose time has come, and returns how many.
// Somebody who has left is not asked: then the staff's alarm addresses are.
func (d *Desk) remind(ctx context.Context) (int, error) {
	due, err := d.Store.ActionsDue(ctx, d.now(), tickBatch)
	if err != nil {
		return 0, err
	}
	var errs []error
	for _, a := range due { // one bad action must not silence the others
		_, err := d.act(ctx, Program, "remind", "", func(c *Change) error { return d.ask(ctx, c, a) })
		errs = append(errs, err)
	}
	return len(due), errors.Join(errs...)
}

func (d *Desk) ask(ctx context.Context, c *Change, a *Action) error {
	org, err := d.Store.Organisation(ctx)
	if err != nil {
		return err
	}
	now := *a
	c.Actions, c.About = []*Action{&now}, a.Incident
	c.What = map[string]any{"action": a.ID, "asked": true}
	if wake := org.wake(c.At, time.Time{}); wake.After(c.At) {
		now.Remind = wake
		return nil
	}
	now.Remind = a.next(c.At)
	to, err := d.asked(ctx, org, a, c.At)
	if err != nil {
		return err
	}
	for _, address := range to {
		alarm := Alarm{Key: "action", Incident: a.Incident, Number: a.Number, Route: ByMail, Address: address, Due: a.Due, Left: a.Due.Sub(c.At),
			At: c.At, ID: d.NewID()}
		letter, err := d.Alarm(alarm)
		if err != nil {
			return err
		}
		c.Deliveries = append(c.Deliveries, &Delivery{ID: alarm.ID, Incident: a.Incident, Route: ByMail, Address: address, Fate: Pending,
			Urgency: c.At.Add(24 * time.Hour), Due: c.At, Made: c.At, Body: letter.Raw})
	}
	return nil
}

// asked are the addresses to which a reminder goes.
func (d *Desk) asked(ctx context.Context, org Organisation, a *Action, now time.Time) ([]string, error) {
	u, err := d.Store.User(ctx, a.Owner)
	if err != nil && KindOf(err) != NotFound {
		return nil, err
	}
	if err == nil && !u.Disabled {
		return []string{u.Login}, nil
	}
	return org.told(0, now), nil
}
