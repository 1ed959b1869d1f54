package notify

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"
)

// rests are the pauses after one, two … failed connections; the last repeats.
// It is short enough that mail flows again within a minute of the relay's
// return. What only a person can mend is asked for every five minutes, lest
// the account be locked.
var rests = []time.Duration{5 * time.Second, 10 * time.Second, 20 * time.Second, 40 * time.Second}

const mending = 5 * time.Minute

// patience is how long a way out that has closed is left alone at first.
var patience = map[Why]time.Duration{Busy: rests[0], Unreachable: rests[0], Unsafe: mending, Unwelcome: mending}

// gate keeps us from knocking at a closed door: after a failed connection
// nobody connects for a while, and then one alone tries.
type gate struct {
	now  func() time.Time
	tell func(shut *Closed) // called when it closes for another reason, and with nil when it opens; nil tells nobody

	mu    sync.Mutex
	fails int
	until time.Time
	shut  *Closed       // why, while fails > 0
	probe chan struct{} // closed when the one who tries is back; nil if there is none
}

// pass waits for leave to connect. Every leave must be followed by told. One
// who is not patient does not wait for another who tries.
func (g *gate) pass(ctx context.Context, patient bool) error {
	for {
		g.mu.Lock()
		if g.fails == 0 {
			g.mu.Unlock()
			return nil
		}
		if rest := g.until.Sub(g.now()); rest > 0 {
			shut := &Closed{Why: g.shut.Why, After: rest, Err: g.shut.Err}
			g.mu.Unlock()
			return shut
		}
		probe := g.probe
		if probe == nil {
			g.probe = make(chan struct{})
			g.mu.Unlock()
			return nil
		}
		shut := &Closed{Why: g.shut.Why, After: rests[0], Err: g.shut.Err}
		g.mu.Unlock()
		if !patient {
			return shut
		}
		select {
		case <-probe:
		case <-ctx.Done():
			return &Closed{Why: Unreachable, Err: ctx.Err()}
		}
	}
}

// told says how the connection went: nil opens the gate, shut closes it and
// gets its After.
func (g *gate) told(shut *Closed) {
	g.mu.Lock()
	defer g.mu.Unlock()
	was := Why("")
	if g.fails > 0 {
		was = g.shut.Why
	}
	if g.probe != nil {
		close(g.probe)
		g.probe = nil
	}
	if shut == nil {
		g.fails = 0
		if was != "" && g.tell != nil {
			g.tell(nil)
		}
		return
	}
	if was != shut.Why && g.tell != nil {
		g.tell(shut)
	}
	if rest := g.until.Sub(g.now()); g.fails == 0 || rest <= 0 { // not one of several that failed together
		g.fails++
		g.until = g.now().Add(spread(g.rest(shut)))
	}
	g.shut = shut
	shut.After = g.until.Sub(g.now())
}

func (g *gate) rest(shut *Closed) time.Duration {
	return max(rests[min(g.fails, len(rests))-1], patience[shut.Why])
}

// state tells why the door is closed, or "", and until when.
func (g *gate) state() (Why, time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.fails == 0 {
		return "", time.Time{}
	}
	return g.shut.Why, g.until
}

// spread adds up to a fifth, so that several programs do not knock together.
func spread(d time.Duration) time.Duration {
	return d + time.Duration(rand.Int64N(int64(d)/5+1))
}
