package notify

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"hatakello/incident"
)

// lane is a Lane at work: one goroutine claims, Sessions of them send, one
// notes how it went and one does what follows from it.
type lane struct {
	Lane
	*Courier
	wake  chan struct{} // there may be something to send
	freed chan struct{} // a place in the queue is free
	queue *rack
	ends  chan end
	noted chan struct{} // there is something to settle
	pace  *rate.Limiter
	busy  atomic.Int32 // sessions at work
	took  atomic.Int64 // nanoseconds of an attempt, of late; 0: none yet

	mu    sync.Mutex
	why   Why       // "" while open
	until time.Time // closed until then, and then until an attempt gets through; zero while open
}

func newLane(c *Courier, l Lane) *lane {
	limit := rate.Inf
	if l.Pace > 0 {
		limit = rate.Every(time.Minute / time.Duration(l.Pace))
	}
	l.Sessions = max(l.Sessions, 1)
	made := &lane{
		Lane: l, Courier: c, pace: rate.NewLimiter(limit, 1),
		wake: make(chan struct{}, 1), freed: make(chan struct{}, 1), ends: make(chan end),
		noted: make(chan struct{}, 1),
	}
	places := made.room()
	if l.Polite == (Polite{}) {
		places = max(places, shelf)
	}
	made.queue = newRack(l.Polite, places, c.now)
	return made
}

// run works the lane until ctx ends and everything in flight is settled. When
// hard ends, attempts are cut off.
func (l *lane) run(ctx, hard context.Context) {
	var senders, settler, closer sync.WaitGroup
	for range l.Sessions {
		senders.Go(func() { l.send(ctx, hard) })
	}
	settler.Go(func() { l.settle(hard) })
	closer.Go(func() { l.conclude(hard) })
	l.claim(ctx)
	l.queue.close()
	senders.Wait()
	close(l.ends)
	settler.Wait()
	close(l.noted)
	closer.Wait()
}

// claim fills the queue. It asks at once when woken, each second otherwise,
// and whenever half of the queue is free and there was more than fitted.
func (l *lane) claim(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	var freed chan struct{}
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		case <-l.wake:
		case <-freed:
		}
		freed = nil
		wait := l.shut()
		free := l.room() - l.queue.size()
		switch {
		case wait > 0:
		case l.closed():
			if l.busy.Load() == 0 && l.queue.size() == 0 {
				l.fetch(ctx, 1) // to see whether it is open again
			}
		case free < (l.room()+1)/2 || l.fetch(ctx, free) == free:
			freed = l.freed // there may be more than fitted
		}
		timer.Reset(max(wait, tick))
	}
}

const (
	// shelf is how many messages wait at most for a lane without a pace. Claiming
	// many at once, and writing them, costs little more than claiming a few.
	shelf = 200
	// ahead is for how long those that wait keep the sessions busy: what waits here
	// no other node can send, and nothing more urgent overtakes.
	ahead = 100 * time.Millisecond
)

// room is how many messages may wait: enough to keep the sessions busy, and no
// more than the pace lets go before their lease ends.
func (l *lane) room() int {
	least := 2 * l.Sessions
	if l.Pace > 0 {
		return max(1, min(least, l.Pace*int(turn/time.Minute)/2))
	}
	took := time.Duration(l.took.Load())
	if took == 0 {
		return least
	}
	return max(least, min(shelf, l.Sessions*int(ahead/took)))
}

// seen keeps what attempts take of late.
func (l *lane) seen(took time.Duration) {
	if took <= 0 {
		return
	}
	if was := l.took.Load(); was > 0 {
		took = (7*time.Duration(was) + took) / 8
	}
	l.took.Store(int64(max(took, time.Microsecond)))
}

// fetch claims up to n messages and reports how many there were. Those that
// their domain could not take for long are put off.
func (l *lane) fetch(ctx context.Context, n int) int {
	limited, cancel := context.WithTimeout(ctx, call)
	defer cancel()
	got, err := l.outbox.Claim(limited, []incident.Route{l.Route}, n, l.Limit+turn)
	if err != nil && ctx.Err() == nil {
		l.log.Error("claim messages", "route", l.Route, "err", err)
	}
	for _, d := range got {
		if later := l.queue.put(d); later > 0 {
			l.ends <- end{out: incident.Outcome{Delivery: d, Untried: true, After: later}, done: make(chan struct{})}
		}
	}
	return len(got)
}

// send takes messages from the queue one after another. The next is not begun
// before the last is recorded, so that a crash repeats at most one for each
// session.
func (l *lane) send(ctx, hard context.Context) {
	for d := l.queue.take(); d != nil; d = l.queue.take() {
		if l.queue.size() <= l.room()/2 {
			poke(l.freed)
		}
		l.busy.Add(1)
		e := end{out: l.attempt(ctx, hard, d), done: make(chan struct{})}
		took := e.out.Receipt.Ended.Sub(e.out.Receipt.Began)
		l.seen(took)
		l.queue.done(d, took)
		l.ends <- e
		<-e.done
		l.busy.Add(-1)
	}
}

// attempt sends d, unless the lane is closed, the program stops or the lease
// would end too soon: then d is given back untried.
func (l *lane) attempt(ctx, hard context.Context, d *incident.Delivery) incident.Outcome {
	if wait := l.shut(); wait > 0 {
		return incident.Outcome{Delivery: d, Untried: true, After: wait}
	}
	if l.pace.Wait(ctx) != nil || d.Lease.Sub(l.now()) < l.Limit {
		return incident.Outcome{Delivery: d, Untried: true}
	}
	limited, cancel := context.WithTimeout(hard, l.Limit)
	defer cancel()
	began := l.now()
	rc, err := l.guarded(limited, d)
	rc.Began, rc.Ended = began, l.now()
	return outcome(d, rc, err)
}

// guarded calls the channel; a panic in it is a failed attempt.
func (l *lane) guarded(ctx context.Context, d *incident.Delivery) (rc incident.Receipt, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("send: panic: %v", p)
			l.log.Error("send", "route", l.Route, "delivery", d.ID, "err", err)
		}
	}()
	rc, err = l.Channel.Send(ctx, d)
	l.note(err)
	return rc, err
}

// shut returns how long the lane stays closed; 0 is open.
func (l *lane) shut() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return max(l.until.Sub(l.now()), 0)
}

// closed reports whether the last thing heard was that the way is closed.
func (l *lane) closed() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.until.IsZero()
}

// note keeps whether the lane is open and tells of a change. Being busy is no
// trouble: it heals by itself and comes and goes too often to be told.
func (l *lane) note(err error) {
	var c *Closed
	var why Why
	l.mu.Lock()
	if !l.until.IsZero() {
		poke(l.wake)
	}
	l.until = time.Time{}
	if errors.As(err, &c) {
		l.until = l.now().Add(max(c.After, atLeast))
		if why = c.Why; why == Busy {
			why = l.why
		}
	}
	changed := why != l.why
	l.why = why
	l.mu.Unlock()
	if !changed {
		return
	}
	t := Trouble{Route: l.Route, Why: why, At: l.now()}
	if why == "" {
		l.log.Info("way out open again", "route", l.Route)
	} else {
		t.Err = err
		l.log.Error("way out closed", "route", l.Route, "why", why, "err", err)
	}
	l.trouble(t)
}
