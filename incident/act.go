package incident

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// tries is how often an act is run again when somebody saved in between.
const tries = 3

// act carries one act from permission to the durable record: it checks what by
// may do, runs the rule on freshly read state, and saves the change whole. The
// rule may be run several times and must not do anything but fill in c. With a
// key that was used before, the earlier result is returned and nothing is done.
func (d *Desk) act(ctx context.Context, by Actor, name, key string, rule func(c *Change) error) (*Change, error) {
	if by.Via != Outsider.Via && by.Via != Program.Via && !by.May(name) {
		return nil, &Error{Kind: Forbidden, Key: "act.forbidden", Args: map[string]any{"act": name}}
	}
	key = cmp.Or(key, by.Request)
	if c, err := d.earlier(ctx, by, name, key); c != nil || err != nil {
		return c, err
	}
	for range tries {
		c := &Change{Act: name, By: by, At: d.now(), Key: key}
		if err := rule(c); err != nil {
			return nil, err
		}
		if c.What == nil {
			return c, nil // nothing changed, nothing is saved
		}
		if err := d.seal(c); err != nil {
			return nil, err
		}
		result := c.Result
		c.Result = by.stamped(result)
		err := d.Store.Apply(ctx, c)
		c.Result = result
		switch {
		case err == nil:
			if len(c.Deliveries) > 0 && d.Wake != nil {
				d.Wake()
			}
			return c, nil
		case errors.Is(err, ErrRepeated):
			return d.earlier(ctx, by, name, key)
		case !errors.Is(err, ErrStale):
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil, &Error{Kind: Conflict, Key: "act.conflict"}
}

// earlier returns the result of the act that used key before, or nil.
func (d *Desk) earlier(ctx context.Context, by Actor, name, key string) (*Change, error) {
	if key == "" {
		return nil, nil
	}
	result, err := d.Store.Outcome(ctx, by.ID, name, key)
	if err != nil {
		return nil, fmt.Errorf("look up earlier %s: %w", name, err)
	}
	if result == "" {
		return nil, nil
	}
	result, err = by.unstamped(result)
	return &Change{Act: name, By: by, Key: key, Result: result}, err
}

// seal turns what the act did into the content of its audit link.
func (d *Desk) seal(c *Change) error {
	content, err := json.Marshal(c.What)
	if err != nil {
		return fmt.Errorf("describe %s: %w", c.Act, err)
	}
	c.Content, c.Salt = content, d.NewSalt()
	return nil
}

// now is the wall clock as it is stored: UTC, whole milliseconds.
func (d *Desk) now() time.Time { return d.Now().UTC().Truncate(time.Millisecond) }

// entry adds a line to the timeline.
func (d *Desk) entry(c *Change, incident, record, key string, pairs ...string) *Entry {
	e := &Entry{ID: d.NewID(), Incident: incident, Record: record, At: c.At, By: c.By.Name, Key: key}
	if len(pairs) > 0 {
		e.Args = make(map[string]string, len(pairs)/2)
		for i := 0; i+1 < len(pairs); i += 2 {
			e.Args[pairs[i]] = pairs[i+1]
		}
	}
	c.Entries = append(c.Entries, e)
	return e
}

// actOn is act for one record of an open case. The rule changes r in place;
// its deadlines and the incident's counters follow by themselves. A rule that
// leaves c.What nil has changed nothing.
func (d *Desk) actOn(ctx context.Context, by Actor, name, key, record string, rule func(c *Change, r *Record) error) error {
	_, err := d.act(ctx, by, name, key, func(c *Change) error {
		r, err := d.Store.Record(ctx, record)
		if err != nil {
			return err
		}
		inc, err := d.Store.Incident(ctx, r.Incident)
		if err != nil {
			return err
		}
		if !inc.Open() {
			return refused("case.closed")
		}
		before := r.tally()
		if err := rule(c, r); err != nil || c.What == nil {
			return err
		}
		c.About, c.Result = r.Incident, r.ID
		d.keep(c, r, before)
		return nil
	})
	return err
}

// keep recomputes r's clocks and puts r into the change.
func (d *Desk) keep(c *Change, r *Record, before Tally) {
	r.reckon(binding(r), c.At, d.NewID)
	c.Records = append(c.Records, r)
	c.Tally = c.Tally.Add(r.tally().Sub(before))
}
