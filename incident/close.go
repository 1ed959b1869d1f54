package incident

import (
	"context"
	"strings"
)

// Close ends a case with one sentence. It is refused while a controller has
// neither been reached nor phoned, while a duty of ours is neither met nor
// decided, or while facts, effects or measures are missing (Art. 33(5)).
func (d *Desk) Close(ctx context.Context, by Actor, incident, reason string) error {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return Errors{invalid("reason", "reason.empty")}
	}
	_, err := d.act(ctx, by, "close", "", func(c *Change) error {
		inc, err := d.openIncident(ctx, incident)
		if err != nil {
			return err
		}
		if err := d.mayClose(ctx, inc); err != nil {
			return err
		}
		inc.ClosedAt, inc.Ended = c.At, reason
		c.Incident, c.About, c.Result = inc, incident, incident
		d.entry(c, incident, "", "case.closed").Text = reason
		c.What = map[string]any{"reason": reason}
		return nil
	})
	return err
}

func (d *Desk) mayClose(ctx context.Context, inc *Incident) error {
	errs, err := d.InWay(ctx, inc)
	if err != nil {
		return err
	}
	return errs.orNil()
}

// InWay lists everything that still keeps a case from being closed.
func (d *Desk) InWay(ctx context.Context, inc *Incident) (Errors, error) {
	var errs Errors
	in := func(key string, n int) {
		errs = append(errs, &Error{Kind: Refused, Key: key, Args: map[string]any{"N": n}})
	}
	nothing := inc.NoBreach()
	if n := inc.Tally.Records - inc.Tally.Accepted; n > 0 && !nothing {
		in("close.unreached", n)
	}
	running, err := d.Store.Running(ctx, inc.ID)
	if err != nil {
		return nil, err
	}
	if running > 0 {
		in("close.running", running)
	}
	late, err := d.Store.Unexplained(ctx, inc.ID)
	if err != nil {
		return nil, err
	}
	if late > 0 {
		in("close.unexplained", late)
	}
	if inc.Inquiry.Running() {
		in("close.inquiry", 0)
	}
	if nothing {
		return errs, nil // the decision says what was found (rule 56)
	}
	if inc.Facts.Nature.Blank() {
		in("close.no_nature", 0)
	}
	if inc.Facts.Consequences.Blank() {
		in("close.no_consequences", 0)
	}
	if inc.Facts.Measures.Blank() {
		in("close.no_measures", 0)
	}
	return errs, nil
}

// NoBreach reports whether an investigation ended with the decision that there
// was no breach, and nobody has become aware of one since.
func (i *Incident) NoBreach() bool {
	k, known := i.At(ProcessorAware)
	return i.Inquiry.Outcome == "no_breach" && (!known || k.At.IsZero())
}
