package incident

import (
	"context"
	"strings"
)

// Closing ends a case.
type Closing struct {
	Reason string // in one sentence
	// NoDebrief says why the case ends before its debrief is finished.
	NoDebrief string
}

// Close ends a case with one sentence. It is refused while a controller has
// neither been reached nor phoned, while a duty of ours is neither met nor
// decided, or while facts, effects or measures are missing (Art. 33(5)); and
// without a finished debrief or a reason for going without, unless there was
// no breach.
func (d *Desk) Close(ctx context.Context, by Actor, incident string, in Closing) error {
	in.Reason, in.NoDebrief = strings.TrimSpace(in.Reason), strings.TrimSpace(in.NoDebrief)
	if in.Reason == "" {
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
		if err := d.debriefed(ctx, inc, in); err != nil {
			return err
		}
		inc.ClosedAt, inc.Ended = c.At, in.Reason
		c.Incident, c.About, c.Result = inc, incident, incident
		d.entry(c, incident, "", "case.closed").Text = in.Reason
		c.What = map[string]any{"reason": in.Reason}
		if in.NoDebrief != "" {
			d.entry(c, incident, "", "debrief.none").Text = in.NoDebrief
			c.What = map[string]any{"reason": in.Reason, "no_debrief": in.NoDebrief}
		}
		return nil
	})
	return err
}

// debriefed refuses to end a case from which nobody has said what was learnt,
// nor why that is left out.
func (d *Desk) debriefed(ctx context.Context, inc *Incident, in Closing) error {
	if inc.NoBreach() || in.NoDebrief != "" {
		return nil
	}
	b, err := d.Store.Debrief(ctx, inc.ID)
	if err != nil {
		return err
	}
	if b.Done.IsZero() {
		return Errors{invalid("no_debrief", "close.debrief")}
	}
	return nil
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
