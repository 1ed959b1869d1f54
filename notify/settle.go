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

// settle notes the ends of attempts, all that are waiting in one transaction.
// What cannot be noted is kept and tried again, and holds its session meanwhile:
// what cannot be recorded must not be sent either. It goes on for a moment after
// hard: what was sent is worth recording. What follows from the ends is done
// apart, by conclude.
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

// call records one group: what was tried is noted, what was not is given back.
// Giving back twice does no harm, noting twice could.
func (l *lane) call(last context.Context, group []end) error {
	var tried, untried []incident.Outcome
	for _, e := range group {
		if e.out.Untried {
			untried = append(untried, e.out)
		} else {
			tried = append(tried, e.out)
		}
	}
	limited, cancel := context.WithTimeout(last, call)
	defer cancel()
	var err error
	if len(untried) > 0 {
		err = l.outbox.Settle(limited, untried)
	}
	if err == nil && len(tried) > 0 {
		err = l.outbox.Ended(limited, tried)
		poke(l.noted)
	}
	if err != nil {
		l.log.Error("record attempts", "route", l.Route, "n", len(group), "err", err)
	}
	return err
}

const (
	// together is how many noted ends are settled in one transaction, few how many
	// while mails go out: meanwhile their sessions wait.
	together = 250
	few      = 40
	// soon is how long noted ends wait for others, and busyWait for how long while
	// mails go out: that they go out comes first.
	soon     = 20 * time.Millisecond
	busyWait = 300 * time.Millisecond
)

// conclude does what follows from noted ends until noted is closed, and then for
// those that are left, unless that takes too long: they are there at the next
// start.
func (l *lane) conclude(hard context.Context) {
	last, cancel := context.WithCancel(context.WithoutCancel(hard))
	defer cancel()
	defer context.AfterFunc(hard, func() { time.AfterFunc(parting, cancel) })()
	each := time.NewTicker(tick)
	defer each.Stop()
	for open := true; open; {
		select {
		case _, open = <-l.noted:
		case <-each.C:
		}
		if open {
			pass(hard, soon)
		}
		for l.some(last) && last.Err() == nil {
			if l.busy.Load() > 0 {
				pass(hard, busyWait)
			}
		}
	}
}

// some settles a group of noted ends and reports whether there may be more.
func (l *lane) some(last context.Context) bool {
	limited, cancel := context.WithTimeout(last, call)
	defer cancel()
	most := together
	if l.busy.Load() > 0 {
		most = few
	}
	n, err := l.outbox.Conclude(limited, most)
	if err != nil {
		l.log.Error("settle attempts", "route", l.Route, "n", n, "err", err)
	}
	return n == most
}

// pass lets time pass.
func pass(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
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
