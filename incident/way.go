package incident

import (
	"context"
	"errors"
	"slices"
	"time"
)

// Way is a route out of the house, and why nothing gets through. What it says
// holds for every message, not for one.
type Way struct {
	Route Route
	Why   string    // "unreachable", "unsafe", "unwelcome"; "" is open
	Since time.Time // when it closed, or opened again
	Said  string    // what the other side answered
	Told  time.Time // when staff were alarmed about it; zero: not yet
}

// wayPatience is how long a way may be unreachable before staff hear of it. A
// server that restarts is no alarm. What needs a person is told at once.
const wayPatience = 2 * time.Minute

// NoteWay records that a way out has closed or, with an empty Why, opened. The
// staff are told by the others: an alarm that waits for the way that is shut
// reaches nobody.
func (d *Desk) NoteWay(ctx context.Context, w Way) error {
	_, err := d.act(ctx, Program, "way", "", func(c *Change) error {
		was, err := d.wayBefore(ctx, w.Route)
		if err != nil || was.Why == w.Why {
			return err
		}
		k := &Way{Route: w.Route, Why: w.Why, Since: c.At, Said: w.Said}
		if was.Why != "" && w.Why != "" { // another reason, the same outage
			k.Since, k.Told = was.Since, was.Told
		}
		c.Ways = []*Way{k}
		c.What = map[string]any{"way": k.Route, "why": k.Why}
		switch {
		case k.Why == "" && !was.Told.IsZero():
			return d.tellWay(ctx, c, "opened", k)
		case k.Why != "" && k.Told.IsZero() && k.urgent(c.At):
			k.Told = c.At
			return d.tellWay(ctx, c, "closed", k)
		}
		return nil
	})
	return err
}

// urgent reports whether staff must hear of a closed way at now.
func (w *Way) urgent(now time.Time) bool {
	return w.Why != "unreachable" || now.Sub(w.Since) >= wayPatience
}

// ForgetWays takes every way for open: a program that has just started knows
// nothing, and hears at the first attempt how things are.
func (d *Desk) ForgetWays(ctx context.Context) error {
	_, err := d.act(ctx, Program, "way", "", func(c *Change) error {
		shut, err := d.Store.ClosedWays(ctx)
		for _, w := range shut {
			c.Ways = append(c.Ways, &Way{Route: w.Route, Since: c.At})
			c.What = map[string]any{"ways": "forgotten"}
		}
		return err
	})
	return err
}

// wayBefore returns what is known of a way; an open one is the zero value.
func (d *Desk) wayBefore(ctx context.Context, r Route) (Way, error) {
	shut, err := d.Store.ClosedWays(ctx)
	if i := slices.IndexFunc(shut, func(w *Way) bool { return w.Route == r }); i >= 0 {
		return *shut[i], err
	}
	return Way{Route: r}, err
}

// tellWays tells of ways that have been shut for long enough.
func (d *Desk) tellWays(ctx context.Context) (int, error) {
	shut, err := d.Store.ClosedWays(ctx)
	if err != nil {
		return 0, err
	}
	n, errs := 0, []error{}
	for _, w := range shut {
		if !w.Told.IsZero() || !w.urgent(d.now()) {
			continue
		}
		_, err := d.act(ctx, Program, "way", "", func(c *Change) error {
			k, err := d.wayBefore(ctx, w.Route)
			if err != nil || k.Why == "" || !k.Told.IsZero() {
				return err
			}
			k.Told = c.At
			c.Ways = []*Way{&k}
			c.What = map[string]any{"way": k.Route, "told": true}
			return d.tellWay(ctx, c, "closed", &k)
		})
		n, errs = n+1, append(errs, err)
	}
	return n, errors.Join(errs...)
}

// tellWay alarms the staff about a way, by every other.
func (d *Desk) tellWay(ctx context.Context, c *Change, key string, w *Way) error {
	org, err := d.Store.Organisation(ctx)
	if err != nil {
		return err
	}
	hooks, err := d.Store.Webhooks(ctx, []string{""})
	if err != nil {
		return err
	}
	a := Alarm{Key: key, Lang: org.Lang, Zone: org.Zone, At: c.At, Way: *w}
	var alarms []Alarm
	add := func(r Route, address, hook string) {
		if r == w.Route {
			return
		}
		a.Route, a.Address, a.Hook, a.ID = r, address, hook, d.NewID()
		alarms = append(alarms, a)
	}
	for _, address := range org.told(0, c.At) {
		add(ByMail, address, "")
	}
	if d.Channel != "" && !org.ChatOff {
		add(BySlack, d.Channel, "")
	}
	for _, k := range hooks {
		add(ByWebhook, k.URL, k.ID)
	}
	return d.put(c, alarms)
}
