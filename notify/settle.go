package notify

import (
	"context"
	"errors"
	"time"

	"hatakello/incident"
)

// end is an attempt that is over and waits for being recorded.
type end struct {
	out  incident.Outcome
	done chan struct{} // closed when recorded, or given up
}

// settle records the ends of attempts, all that are waiting in one
// transaction. What cannot be recorded is kept and tried again, and holds its
// session meanwhile: what cannot be recorded must not be sent either. It goes
// on for a moment after hard: what was sent is worth recording.
func (l *lane) settle(hard context.Context) {
	last, cancel := context.WithCancel(context.WithoutCancel(hard))
	defer cancel()
	defer context.AfterFunc(hard, func() { time.AfterFunc(parting, cancel) })()
	var open []end // not recorded yet
	var retry <-chan time.Time
	var parted <-chan struct{} // nil while nothing waits for a retry
	failures := 0
	for ends := l.ends; ends != nil || len(open) > 0; {
		select {
		case e, ok := <-ends:
			if !ok {
				ends = nil
				continue
			}
			open = append(open, l.record(last, l.gather([]end{e}))...)
		case <-retry:
			open, retry = l.each(last, open), nil
			failures++
		case <-parted:
			open = l.each(last, open)
		}
		switch {
		case len(open) == 0:
			retry, parted, failures = nil, nil, 0
		case retry == nil:
			retry, parted = time.After(time.Second<<min(failures, 5)), last.Done()
		}
	}
}

// gather adds those that are waiting now.
func (l *lane) gather(open []end) []end {
	for {
		select {
		case e, ok := <-l.ends:
			if !ok {
				return open
			}
			open = append(open, e)
		default:
			return open
		}
	}
}

// record settles a group and returns what must be tried again. When the whole
// fails each is settled alone, so that one that can never be recorded holds up
// no other.
func (l *lane) record(last context.Context, group []end) []end {
	if len(group) > 1 && l.call(last, group) == nil {
		for _, e := range group {
			close(e.done)
		}
		return nil
	}
	return l.each(last, group)
}

// each settles ends one by one and returns those that must be tried again.
func (l *lane) each(last context.Context, ends []end) []end {
	var again []end
	for _, e := range ends {
		if err := l.call(last, []end{e}); err != nil && !l.lost(last, e, err) {
			again = append(again, e)
			continue
		}
		close(e.done)
	}
	return again
}

// call settles one group.
func (l *lane) call(last context.Context, group []end) error {
	outs := make([]incident.Outcome, len(group))
	for i, e := range group {
		outs[i] = e.out
	}
	limited, cancel := context.WithTimeout(last, call)
	defer cancel()
	err := l.outbox.Settle(limited, outs)
	if err != nil {
		l.log.Error("record attempts", "route", l.Route, "n", len(outs), "err", err)
	}
	return err
}

// lost reports whether an end need not be recorded any more: its lease is over
// or taken by another, and so the message goes out again under the same id.
func (l *lane) lost(last context.Context, e end, err error) bool {
	over := !l.now().Before(e.out.Delivery.Lease) || last.Err() != nil || errors.Is(err, incident.ErrStale)
	if over {
		l.log.Error("attempt not recorded; the message will be sent again", "delivery", e.out.Delivery.ID, "ok", e.out.Receipt.OK)
	}
	return over
}
