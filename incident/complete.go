package incident

import (
	"context"
	"strings"
)

// Completion is the word of a person that a duty was done.
type Completion struct {
	Mark              // when, and how that is known
	LateReason string // demanded past the limit (rule 45)
}

// Complete ends the clock of a duty that has no report or notice of its own:
// those of the other laws, and the telling of people. Each duty is done for
// itself; none stops another (rule 59). A correction needs a reason.
func (d *Desk) Complete(ctx context.Context, by Actor, record, duty string, in Completion) error {
	law, _, ok := DutyOf(duty)
	if !ok || !law.ByHand() {
		return Errors{invalid("duty", "duty.unknown")}
	}
	in.Moment, in.LateReason = law.MetBy, strings.TrimSpace(in.LateReason)
	if in.Why = strings.TrimSpace(in.Why); in.Why == "" {
		return Errors{invalid("why", "complete.why_empty")}
	}
	if err := checkMark(in.Mark); err != nil {
		return err
	}
	return d.actOn(ctx, by, "mark", "", record, func(c *Change, r *Record) error {
		dl := r.Deadline(duty)
		if dl == nil {
			return refused("complete.none")
		}
		add, err := d.marked(c, r.Marks, in.Mark)
		if err != nil || add == nil {
			return err
		}
		if !dl.Due.IsZero() && add.At.After(dl.Due) {
			if in.LateReason == "" {
				return Errors{invalid("late_reason", "filing.late_reason_empty")}
			}
			dl.Reason = in.LateReason
		}
		r.Marks = append(r.Marks, *add)
		d.entry(c, r.Incident, r.ID, "record.completed", "name", r.Name, "duty", duty, "at", stamp(add.At)).Text = add.Why
		c.What = map[string]any{"record": r.ID, "duty": duty, "mark": add, "late_reason": in.LateReason}
		return nil
	})
}
