package incident

import (
	"context"
	"errors"
	"time"
)

// putOff is how long the end of an attempt waits that could not be settled.
const putOff = time.Minute

// Ended makes the ends of attempts durable and returns: what follows from them,
// Conclude does for many at a time. Nothing that is noted is sent again.
func (d *Desk) Ended(ctx context.Context, outs []Outcome) error {
	return d.Store.Ended(ctx, outs, d.now())
}

// Conclude settles up to n ends that have been noted, those of a program that
// was killed included, and returns how many there were. One that cannot be
// settled is put off and holds up no other.
func (d *Desk) Conclude(ctx context.Context, n int) (int, error) {
	outs, err := d.Store.Noted(ctx, d.now(), n)
	if err != nil || len(outs) == 0 {
		return 0, err
	}
	if err := d.Settle(ctx, outs); err == nil {
		return len(outs), nil
	}
	var errs []error
	for _, o := range outs {
		err := d.Settle(ctx, []Outcome{o})
		if err == nil || KindOf(err) == Conflict { // others have settled it
			continue
		}
		errs = append(errs, err, d.Store.PutOff(ctx, o.Delivery.ID, d.now().Add(putOff)))
	}
	return len(outs), errors.Join(errs...)
}
