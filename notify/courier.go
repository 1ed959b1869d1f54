package notify

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"hatakello/incident"
)

const (
	// tick is how often the outbox is asked when nobody wakes the courier.
	tick = time.Second
	// turn is how long a claimed message may wait for its turn.
	turn = 3 * time.Minute
	// grace is how long attempts may go on when the program is told to stop.
	grace = 10 * time.Second
	// parting is what recording may take after that.
	parting = 5 * time.Second
	// atLeast is how long a closed lane rests.
	atLeast = 5 * time.Second
	// call limits one call of the outbox.
	call = 30 * time.Second
)

// Lane is a way out with its own workers, so that its troubles delay no other.
type Lane struct {
	Route    incident.Route
	Channel  Channel
	Sessions int           // attempts at the same time
	Limit    time.Duration // of one attempt
	Pace     int           // attempts a minute; 0 is no limit
	Polite   Polite        // to each receiving domain
}

// Trouble tells that a lane has closed, or with an empty Why that it is open
// again. It is told once for each change, not once for each message.
type Trouble struct {
	Route incident.Route
	Relay string // the one of several that closed or opened; "" is the whole way
	Why   Why
	Err   error
	At    time.Time
}

// Courier takes messages from the outbox to their channels. The order is
// claim, commit, send, commit: nothing is lost when the machine dies, and what
// is sent twice is at most what was in flight.
type Courier struct {
	outbox  Outbox
	now     func() time.Time
	log     *slog.Logger
	trouble func(Trouble)
	lanes   []*lane
}

// NewCourier makes a courier that is started with Run. Trouble is called from
// the lanes and must not block; nil is allowed.
func NewCourier(o Outbox, now func() time.Time, log *slog.Logger, trouble func(Trouble), lanes ...Lane) *Courier {
	c := &Courier{outbox: o, now: now, log: log, trouble: trouble}
	if c.trouble == nil {
		c.trouble = func(Trouble) {}
	}
	for _, l := range lanes {
		c.lanes = append(c.lanes, newLane(c, l))
	}
	return c
}

// Wake makes every lane look into the outbox now. It never blocks.
func (c *Courier) Wake() {
	for _, l := range c.lanes {
		poke(l.wake)
	}
}

// Run carries messages until ctx ends. Then it claims no more, lets attempts
// in flight finish for up to ten seconds, records them, gives back what was
// claimed and not tried, says goodbye on channels that can, and returns.
func (c *Courier) Run(ctx context.Context) {
	hard, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	stop := context.AfterFunc(ctx, func() {
		time.AfterFunc(grace, cut)
	})
	defer stop()
	var all sync.WaitGroup
	for _, l := range c.lanes {
		all.Go(func() { l.run(ctx, hard) })
	}
	all.Wait()
	for _, l := range c.lanes {
		if out, ok := l.Channel.(interface{ Close() }); ok {
			out.Close()
		}
	}
}

// poke sends a signal that is not there yet.
func poke(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}
