package incident

import (
	"context"
	"strings"
	"time"
)

// Retention is a kind of data and for how long it is kept by default. Why it
// is kept for so long stands in the messages (retain.why.KIND): the periods are
// ours, no law gives them, and a lawyer of the house should look at them.
type Retention struct {
	Kind string
	Days int  // from when the case was closed, or the thing was made; 0: for good
	Case bool // it belongs to cases, and begins when one is closed
}

// Retentions are all kinds. What is in the register of breaches (Art. 33(5)) is
// kept for good: the regulation sets no end, and the authority may ask.
var Retentions = []Retention{
	{"register", 0, true},
	{"files", 5 * 365, true},
	{"handovers", 5 * 365, true},
	{"received", 5 * 365, true},
	{"mails", 3 * 365, true},
	{"contacts", 2 * 365, true},
	{"alarms", 90, false},
	{"answers", 90, false},
	{"drafts", 30, false},
}

// retainMost is the longest period that can be set, in days: a hundred years.
const retainMost = 36500

// expireBatch is how many rows one act of expiry takes, and expireRuns how many
// acts somebody's word sets off at once.
const (
	expireBatch = 100
	expireRuns  = 50
)

// expireHour is the hour (UTC) in which the tick lets data expire: the quiet
// one of Finnish nights.
const expireHour = 1

// Keeps is for how many days a kind is kept: as the organisation has set it.
// Nought is for good, and that holds for everything until somebody decides.
func (o Organisation) Keeps(kind string) int { return o.Retain[kind] }

// LegalHold keeps the evidence of a case whatever its time.
type LegalHold struct {
	Incident string
	Number   string // of the case; for reading only
	Reason   string
	Made     time.Time
	By       string
	Ended    time.Time
	EndedBy  string
}

// Held reports whether the hold is in force.
func (l *LegalHold) Held() bool { return l != nil && l.Ended.IsZero() }

// Expiry is what would be erased of a kind, and when.
type Expiry struct {
	Retention
	Days  int       // as it is set; 0: for good
	Due   int       // rows whose time is up
	Later int       // rows whose time runs
	Next  time.Time // when the next one's is up; zero: none runs
}

// Expiries is the dry run: what would be erased now, and what later.
func (d *Desk) Expiries(ctx context.Context) ([]*Expiry, error) {
	org, err := d.Store.Organisation(ctx)
	if err != nil {
		return nil, err
	}
	now := d.now()
	var all []*Expiry
	for _, r := range Retentions {
		x := &Expiry{Retention: r, Days: org.Keeps(r.Kind)}
		all = append(all, x)
		if r.Days == 0 {
			continue
		}
		total, oldest, err := d.Store.ExpiringTally(ctx, r.Kind, now, now)
		if err != nil {
			return nil, err
		}
		x.Later = total
		if x.Days == 0 {
			continue
		}
		age := time.Duration(x.Days) * 24 * time.Hour
		if x.Due, _, err = d.Store.ExpiringTally(ctx, r.Kind, now.Add(-age), now); err != nil {
			return nil, err
		}
		if x.Later -= x.Due; x.Due == 0 && x.Later > 0 {
			x.Next = oldest.Add(age)
		}
	}
	return all, nil
}

// SaveRetention sets for how many days kinds are kept.
func (d *Desk) SaveRetention(ctx context.Context, by Actor, days map[string]int) error {
	var errs Errors
	for _, r := range Retentions {
		if n := days[r.Kind]; n < 0 || n > retainMost || r.Days == 0 && n != 0 {
			errs = append(errs, &Error{Kind: Invalid, Field: "days_" + r.Kind, Key: "retain.days_bad", Args: map[string]any{"most": retainMost}})
		}
	}
	if len(errs) > 0 {
		return errs
	}
	_, err := d.act(ctx, by, "retain", "", func(c *Change) error {
		org, err := d.Store.Organisation(ctx)
		if err != nil {
			return err
		}
		org.Retain = map[string]int{}
		for _, r := range Retentions {
			if n := days[r.Kind]; n > 0 {
				org.Retain[r.Kind] = n
			}
		}
		c.Setting, c.What = &org, map[string]any{"retain": org.Retain}
		return nil
	})
	return err
}

// Expire erases what is due now, in small acts, and returns how many rows.
func (d *Desk) Expire(ctx context.Context, by Actor) (int, error) {
	if !by.May("retain") {
		return 0, &Error{Kind: Forbidden, Key: "act.forbidden", Args: map[string]any{"act": "retain"}}
	}
	total := 0
	for range expireRuns {
		n, err := d.expire(ctx, by)
		if total += n; err != nil || n == 0 {
			return total, err
		}
	}
	return total, nil
}

// expireRest is the tick's share: one small act of each kind, at night.
func (d *Desk) expireRest(ctx context.Context) (int, error) {
	if d.now().Hour() != expireHour {
		return 0, nil
	}
	_, err := d.expire(ctx, Program)
	return 0, err
}

// expire erases a batch of each kind whose time is up.
func (d *Desk) expire(ctx context.Context, by Actor) (int, error) {
	total := 0
	for _, r := range Retentions {
		n := 0
		_, err := d.actAs(ctx, by, func(c *Change) error {
			org, err := d.Store.Organisation(ctx)
			if err != nil {
				return err
			}
			days := org.Keeps(r.Kind)
			if n = 0; days == 0 || r.Days == 0 {
				return nil
			}
			places, oldest, newest, err := d.Store.Expiring(ctx, r.Kind, c.At.AddDate(0, 0, -days), c.At, expireBatch)
			if n = len(places); err != nil || n == 0 {
				return err
			}
			x := &Erasure{ID: d.NewID(), Kind: r.Kind, At: c.At, By: by.Name, Basis: "purpose", Expire: places, Oldest: oldest, Newest: newest}
			c.Erasure, c.Result = x, x.ID
			c.What = map[string]any{"erasure": x.ID}
			return nil
		})
		if total += n; err != nil {
			return total, err
		}
	}
	return total, nil
}

// actAs runs an expiry as the program, in the name of whoever set it off.
func (d *Desk) actAs(ctx context.Context, by Actor, rule func(*Change) error) (*Change, error) {
	as := Program
	as.Name = by.Name
	return d.act(ctx, as, ExpireAct, "", rule)
}

// Preserve puts a case's evidence on hold, or with an empty reason ends that.
func (d *Desk) Preserve(ctx context.Context, by Actor, id, reason string, end bool) error {
	if reason = strings.TrimSpace(reason); reason == "" && !end {
		return Errors{invalid("reason", "preserve.reason_empty")}
	}
	_, err := d.act(ctx, by, "preserve", "", func(c *Change) error {
		if _, err := d.Store.Incident(ctx, id); err != nil {
			return err
		}
		l, err := d.Store.LegalHold(ctx, id)
		if err != nil {
			return err
		}
		if end {
			if !l.Held() {
				return nil
			}
			l.Ended, l.EndedBy = c.At, by.Name
		} else {
			l = &LegalHold{Incident: id, Reason: reason, Made: c.At, By: by.Name}
		}
		c.LegalHold, c.About, c.Result = l, id, id
		c.What = map[string]any{"preserve": !end, "reason": reason}
		key := "case.preserved"
		if end {
			key = "case.released"
		}
		d.entry(c, id, "", key, "why", l.Reason)
		return nil
	})
	return err
}
