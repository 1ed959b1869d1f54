package incident

import (
	"context"
	"errors"
	"time"
)

// chaseUsual is how long a notice may stay unanswered unless said otherwise.
const chaseUsual = 4 * time.Hour

// dayUsual are the hours in which answers are expected unless said otherwise.
var dayUsual = Quiet{From: 7 * 60, Until: 21 * 60}

// chaseBatch is how many notices one round of chasing takes up.
const chaseBatch = 500

// chaseAt returns when a notice that arrived at now goes to the next contact:
// after the set time, of which only the hours of the day count.
func (o Organisation) chaseAt(now time.Time) time.Time {
	if o.ChaseAfter > 0 {
		return o.daytime(now, o.ChaseAfter)
	}
	return o.daytime(now, chaseUsual)
}

// daytime returns when left has passed since now, counting only the hours in
// which answers are expected.
func (o Organisation) daytime(now time.Time, left time.Duration) time.Time {
	day := o.Day
	if day.Until <= day.From {
		day = dayUsual
	}
	local := now.In(o.zone())
	for {
		y, m, d := local.Date()
		from := time.Date(y, m, d, day.From/60, day.From%60, 0, 0, local.Location())
		until := time.Date(y, m, d, day.Until/60, day.Until%60, 0, 0, local.Location())
		if local.Before(from) {
			local = from
		}
		if rest := until.Sub(local); left <= rest {
			return local.Add(left).UTC()
		} else if rest > 0 {
			left -= rest
		}
		local = time.Date(y, m, d+1, day.From/60, day.From%60, 0, 0, local.Location())
	}
}

// toCall puts the controller on the call sheet.
func (r *Record) toCall(now time.Time) {
	if r.Call.IsZero() {
		r.Call = now
	}
}

// answered takes the controller off the call sheet and ends the chase.
func (r *Record) answered(c *Change) {
	r.Call = time.Time{}
	c.Chased = append(c.Chased, Chase{Record: r.ID})
}

// chasing plans when a notice that has arrived is chased, unless the controller
// was told by telephone since it was made.
func (s *settling) chasing(r *Record, dl *Delivery) {
	for _, k := range r.Marks {
		if k.Moment == ControllerPhoned && !k.At.Before(dl.Made) {
			return
		}
	}
	s.c.Chased = append(s.c.Chased, Chase{Record: r.ID, Notice: dl.Notice, At: s.org.chaseAt(s.c.At)})
}

// chase sends the notices that nobody has answered to the next contact, or
// puts the controller on the call sheet. It returns how many those were.
func (d *Desk) chase(ctx context.Context) (int, error) {
	all := 0
	for {
		due, err := d.Store.Chases(ctx, d.now(), chaseBatch)
		if err != nil || len(due) == 0 {
			return all, err
		}
		by := map[string][]*Notice{}
		for _, n := range due {
			by[n.Incident] = append(by[n.Incident], n)
		}
		var errs []error
		for _, id := range sortedKeys(by) { // one bad case must not silence the others
			_, err := d.act(ctx, Program, "chase", "", func(c *Change) error { return d.chaseCase(ctx, c, id, by[id]) })
			errs = append(errs, err)
		}
		if err := errors.Join(errs...); err != nil {
			return all, err
		}
		all += len(due)
	}
}

func (d *Desk) chaseCase(ctx context.Context, c *Change, id string, notices []*Notice) error {
	inc, err := d.Store.Incident(ctx, id)
	if err != nil {
		return err
	}
	ids, names := make([]string, len(notices)), make([]string, len(notices))
	for i, n := range notices {
		ids[i], names[i] = n.Record, n.ID
	}
	records, err := d.Store.Records(ctx, id, ids)
	if err != nil {
		return err
	}
	b, err := d.briefing(ctx, inc, records, Notify{})
	if err != nil {
		return err
	}
	tried, err := d.Store.Tried(ctx, names)
	if err != nil {
		return err
	}
	by := map[string]*Record{}
	for _, r := range records {
		by[r.ID] = r
	}
	c.About, c.What = id, map[string]any{"chased": names}
	calls := 0
	for _, n := range notices {
		c.Chased = append(c.Chased, Chase{Record: n.Record, Notice: n.ID})
		r := by[n.Record]
		if r == nil || !r.Open() || !inc.Open() || !n.AckedAt.IsZero() {
			continue
		}
		more, err := d.chaseOne(c, b, r, n, tried[n.ID])
		if err != nil {
			return err
		}
		if !more {
			calls++
		}
	}
	if calls == 0 {
		return nil
	}
	return d.alarm(ctx, c, b.org, Alarm{Key: "unanswered", Incident: id, Number: inc.Number, Records: calls})
}

// chaseOne sends a notice to the next contact and reports whether there is one.
func (d *Desk) chaseOne(c *Change, b *briefing, r *Record, n *Notice, tried []string) (bool, error) {
	before := r.tally()
	defer d.keep(c, r, before)
	i := firstAddress(b.controllers[r.Controller], tried)
	if i < 0 {
		r.toCall(c.At)
		d.entry(c, r.Incident, r.ID, "notice.unanswered", "name", r.Name)
		return false, nil
	}
	d.entry(c, r.Incident, r.ID, "notice.chased", "name", r.Name, "address", b.controllers[r.Controller].Contacts[i].Email)
	return true, d.deliver(c, b, r, n, i)
}
