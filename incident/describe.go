package incident

import (
	"context"
	"strings"
)

// Describe saves what is known of the breach, shared by all its records. A
// form opened on an older version is refused, not merged.
func (d *Desk) Describe(ctx context.Context, by Actor, incident string, version int, f Facts) error {
	_, err := d.act(ctx, by, "describe", "", func(c *Change) error {
		inc, err := d.openIncident(ctx, incident)
		if err != nil {
			return err
		}
		if inc.Version != version {
			return &Error{Kind: Conflict, Key: "form.stale"}
		}
		if inc.Facts == f {
			return nil
		}
		was := inc.Facts
		inc.Facts = f
		c.Incident, c.About, c.Result = inc, incident, incident
		d.entry(c, incident, "", "case.described")
		c.What = map[string]any{"facts": f}
		return d.reopenJudged(ctx, c, inc, func(r *Record) []string { return newFacts(r.Facts.Over(was), r.Facts.Over(f)) }, "facts")
	})
	return err
}

// DescribeRecord saves one controller's own facts and numbers.
func (d *Desk) DescribeRecord(ctx context.Context, by Actor, record string, version int, f Facts) error {
	return d.actOn(ctx, by, "describe", "", record, func(c *Change, r *Record) error {
		if r.Version != version {
			return &Error{Kind: Conflict, Key: "form.stale"}
		}
		if r.Facts == f {
			return nil
		}
		d.reopen(c, r, newFacts(r.Facts, f), "facts")
		r.Facts = f
		d.entry(c, r.Incident, r.ID, "record.described", "name", r.Name)
		c.What = map[string]any{"record": r.ID, "facts": f}
		return nil
	})
}

// MarkIncident records when a moment came for the whole case and moves the
// clocks that hang on it. Correcting an earlier mark needs a reason; the old
// one stays (rule 14).
func (d *Desk) MarkIncident(ctx context.Context, by Actor, incident string, m Mark) error {
	if err := checkMark(m); err != nil {
		return err
	}
	_, err := d.act(ctx, by, "mark", "", func(c *Change) error {
		inc, err := d.openIncident(ctx, incident)
		if err != nil {
			return err
		}
		add, err := d.marked(c, inc.Marks, m)
		if err != nil || add == nil {
			return err
		}
		inc.Marks = append(inc.Marks, *add)
		c.Incident, c.About, c.Result = inc, incident, incident
		d.entry(c, incident, "", "case.marked", "moment", string(m.Moment), "at", stamp(m.At)).Text = m.Why
		c.What = map[string]any{"mark": add}
		return d.moveClocks(ctx, c, inc)
	})
	return err
}

// moveClocks recomputes every record after a shared moment has changed.
func (d *Desk) moveClocks(ctx context.Context, c *Change, inc *Incident) error {
	rs, err := d.Store.Records(ctx, inc.ID, nil)
	if err != nil {
		return err
	}
	for _, r := range rs {
		before := r.tally()
		r.Shared = inc.Marks
		d.keep(c, r, before)
	}
	return nil
}

// MarkRecord records a moment of one controller, for instance that it knew
// before our notice (rule 11).
func (d *Desk) MarkRecord(ctx context.Context, by Actor, record string, m Mark) error {
	if err := checkMark(m); err != nil {
		return err
	}
	return d.actOn(ctx, by, "mark", "", record, func(c *Change, r *Record) error {
		add, err := d.marked(c, r.Marks, m)
		if err != nil || add == nil {
			return err
		}
		r.Marks = append(r.Marks, *add)
		d.entry(c, r.Incident, r.ID, "record.marked", "name", r.Name, "moment", string(m.Moment), "at", stamp(m.At)).Text = m.Why
		c.What = map[string]any{"record": r.ID, "mark": add}
		return nil
	})
}

func checkMark(m Mark) error {
	var errs Errors
	if !m.Moment.known() {
		errs = append(errs, invalid("moment", "moment.unknown"))
	}
	open := m.Sure == Unknown || m.Sure == Ongoing && m.Moment == OccurredTo
	if m.At.IsZero() && !open {
		errs = append(errs, invalid("at", "time.empty"))
	}
	if !m.At.IsZero() && m.Sure == Ongoing {
		errs = append(errs, invalid("sure", "moment.ongoing"))
	}
	if len(errs) > 0 {
		return errs
	}
	return nil
}

// marked completes m for adding to marks, or returns nil if it says nothing new.
func (d *Desk) marked(c *Change, marks []Mark, m Mark) (*Mark, error) {
	m.Why = strings.TrimSpace(m.Why)
	if m.At.After(c.At.Add(grace)) && m.Moment != SupplementPromised {
		return nil, Errors{invalid("at", "time.future")}
	}
	if old, ok := newest(marks, m.Moment); ok {
		if old.At.Equal(m.At) && old.Sure == m.Sure {
			return nil, nil
		}
		if m.Why == "" {
			return nil, Errors{invalid("why", "reason.correction")}
		}
	}
	m.At, m.By, m.Made = m.At.UTC(), c.By.Name, c.At
	return &m, nil
}
