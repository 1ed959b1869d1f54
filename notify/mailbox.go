package notify

import (
	"context"
	"time"
)

// mailbox is one into which mail is returned. Nothing in it is ever deleted.
type mailbox interface {
	// New lists the mails that have not been looked at, oldest first.
	New(ctx context.Context) ([]uint32, error)
	// Fetch returns the first BounceMax bytes of a mail, without marking it.
	Fetch(ctx context.Context, id uint32) ([]byte, error)
	// Looked marks a mail so that New does not list it again. One that was of
	// use is marked as read, too, and moved if a folder is set.
	Looked(ctx context.Context, id uint32, use bool) error
	// Wait returns when mail may have come, at the latest after d.
	Wait(ctx context.Context, d time.Duration) error
	Close()
}

const (
	boxPoll    = time.Minute      // between looks, if the server tells nothing
	boxRest    = 10 * time.Second // after a failure; doubled up to boxRestMax
	boxRestMax = 5 * time.Minute
)

// ServeBox reads a mailbox until ctx ends. When the server is not there it is
// tried again, ever less often.
func (in *Intake) ServeBox(ctx context.Context, b IMAPBox) {
	in.serveBox(ctx, func(ctx context.Context) (mailbox, error) { return b.open(ctx, in.Now) })
}

func (in *Intake) serveBox(ctx context.Context, open func(context.Context) (mailbox, error)) {
	rest := boxRest
	for ctx.Err() == nil {
		began := in.Now()
		err := in.readBox(ctx, open)
		if ctx.Err() != nil {
			return
		}
		in.Log.Error("read the mailbox of returned mail", "err", err)
		if in.Now().Sub(began) > boxRestMax {
			rest = boxRest
		}
		select {
		case <-ctx.Done():
		case <-time.After(spread(rest)):
		}
		rest = min(2*rest, boxRestMax)
	}
}

// readBox reads what there is, then waits, until something fails.
func (in *Intake) readBox(ctx context.Context, open func(context.Context) (mailbox, error)) error {
	b, err := open(ctx)
	if err != nil {
		return err
	}
	defer b.Close()
	for {
		ids, err := b.New(ctx)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := in.readOne(ctx, b, id); err != nil {
				return err
			}
		}
		if err := b.Wait(ctx, boxPoll); err != nil {
			return err
		}
	}
}

// readOne takes in one mail. What must be brought again later stays as it is
// and is seen at the next look.
func (in *Intake) readOne(ctx context.Context, b mailbox, id uint32) error {
	if in.Pace != nil {
		if err := in.Pace.Wait(ctx); err != nil {
			return err
		}
	}
	raw, err := b.Fetch(ctx, id)
	if err != nil {
		return err
	}
	err = in.Take(ctx, raw, "")
	if err != nil && !useless(err) {
		in.Log.Warn("a returned mail is left for later", "uid", id, "err", err)
		return nil
	}
	return b.Looked(ctx, id, err == nil)
}
