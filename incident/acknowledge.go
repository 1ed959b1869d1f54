package incident

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"
)

// nameMax is the longest name that a person may sign with, in characters.
const nameMax = 200

// Acknowledge records that a controller has read its notice. The secret comes
// from the receiver's link; name is what the person typed, with her role.
// Acknowledging again changes nothing and is no error.
func (d *Desk) Acknowledge(ctx context.Context, secret, name string) (*Notice, error) {
	name = strings.TrimSpace(name)
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		return nil, Errors{invalid("name", "name.empty")}
	case n > nameMax:
		return nil, Errors{invalid("name", "name.long")}
	}
	if _, err := d.link(ctx, HashSecret(secret), d.now()); err != nil {
		return nil, err
	}
	n, err := d.Store.NoticeByToken(ctx, HashSecret(secret))
	if err != nil {
		return nil, err
	}
	if !n.AckedAt.IsZero() {
		return n, nil
	}
	by := Outsider
	by.Name = name
	_, err = d.act(ctx, by, "acknowledge", "", func(c *Change) error {
		n, err = d.Store.Notice(ctx, n.ID)
		if err != nil || !n.AckedAt.IsZero() {
			return err
		}
		return d.acknowledge(ctx, c, n)
	})
	return n, err
}

func (d *Desk) acknowledge(ctx context.Context, c *Change, n *Notice) error {
	r, err := d.Store.Record(ctx, n.Record)
	if err != nil {
		return err
	}
	before := r.tally()
	n.AckedAt, n.AckedBy = c.At, c.By.Name
	c.Acked = append(c.Acked, n)
	if r.AckedAt.IsZero() {
		r.AckedAt, r.AckedBy = c.At, c.By.Name
	}
	r.Stage = Acked
	if n.N == r.Notices {
		r.answered(c)
	}
	if err := d.hush(ctx, c, n); err != nil {
		return err
	}
	r.informed(Mark{Moment: ControllerInformed, At: c.At, Sure: Known, Why: "acked", By: c.By.Name, Made: c.At})
	d.entry(c, r.Incident, r.ID, "notice.acked", "name", r.Name, "by", c.By.Name)
	c.About, c.Result = r.Incident, n.ID
	c.What = map[string]any{"notice": n.ID, "record": r.ID, "by": c.By.Name}
	d.keep(c, r, before)
	return nil
}

// hush cancels what is on its way about a notice that has been answered.
func (d *Desk) hush(ctx context.Context, c *Change, n *Notice) error {
	pending, err := d.Store.PendingOf(ctx, n.Record)
	for _, dl := range pending {
		if dl.Notice == n.ID {
			c.Cancelled = append(c.Cancelled, dl.ID)
		}
	}
	return err
}

// informed adds the mark unless the controller was informed earlier: its clock
// runs from the first time.
func (r *Record) informed(m Mark) {
	if k, ok := r.At(ControllerInformed); ok && !k.At.IsZero() && !m.At.Before(k.At) {
		return
	}
	r.Marks = append(r.Marks, m)
}

// Phone records that a controller was told by telephone, which counts as
// informing it (rule 12).
func (d *Desk) Phone(ctx context.Context, by Actor, record string, in Call) error {
	in.Who, in.Said = strings.TrimSpace(in.Who), strings.TrimSpace(in.Said)
	now := d.now()
	var errs Errors
	if in.Who == "" {
		errs = append(errs, invalid("who", "name.empty"))
	}
	if in.Said == "" {
		errs = append(errs, invalid("said", "call.said_empty"))
	}
	if in.At.IsZero() {
		in.At = now
	}
	if in.At.After(now.Add(grace)) {
		errs = append(errs, invalid("at", "time.future"))
	}
	if len(errs) > 0 {
		return errs
	}
	return d.actOn(ctx, by, "phone", in.Key, record, func(c *Change, r *Record) error {
		if r.Part == AsController {
			return refused("notice.nobody")
		}
		r.answered(c)
		if r.Stage != Acked {
			r.Stage = Phoned
		}
		told := Mark{Moment: ControllerPhoned, At: in.At.UTC(), Sure: Known, Why: "phoned", By: by.Name, Made: c.At}
		r.Marks = append(r.Marks, told)
		told.Moment = ControllerInformed
		r.informed(told)
		d.entry(c, r.Incident, r.ID, "record.phoned", "name", r.Name, "who", in.Who, "at", stamp(in.At)).Text = in.Said
		c.What = map[string]any{"record": r.ID, "who": in.Who, "at": in.At.UTC(), "said": in.Said}
		return nil
	})
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
