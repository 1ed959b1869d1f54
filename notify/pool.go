package notify

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

const (
	stale    = 30 * time.Second // an idle session older than this is not used again
	manyMail = 100              // messages after which a session is renewed
	regrow   = time.Minute      // after which one more session is dared
)

// pool keeps sessions open between messages. When the relay refuses further
// connections it makes do with those it has, and dares one more each minute.
type pool struct {
	open func(ctx context.Context) (*session, error)
	now  func() time.Time
	gate gate
	max  int

	mu      sync.Mutex
	idle    []*session
	live    int           // open, or being opened
	room    int           // how many the relay grants now
	shrunk  time.Time     // when room last changed
	changed chan struct{} // closed and renewed whenever a wait may be over
}

func newPool(n int, now func() time.Time, open func(context.Context) (*session, error)) *pool {
	return &pool{open: open, now: now, gate: gate{now: now}, max: n, room: n, changed: make(chan struct{})}
}

// take gives a session, an idle one if there is any; fresh demands a new one.
// See gate.pass for patience.
func (p *pool) take(ctx context.Context, fresh, patient bool) (*session, error) {
	for {
		s, ok, changed := p.pick(fresh)
		if s != nil {
			return s, nil
		}
		if ok {
			s, err := p.connect(ctx, patient)
			if s != nil || err != nil {
				return s, err
			}
			continue
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, &Closed{Why: Busy, Err: ctx.Err()}
		}
	}
}

// pick gives an idle session, or true for leave to open one, or what to wait
// for.
func (p *pool) pick(fresh bool) (*session, bool, chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for n := len(p.idle); n > 0; n = len(p.idle) {
		s := p.idle[n-1]
		p.idle = p.idle[:n-1]
		if !fresh && p.now().Sub(s.idle) < stale && s.sent < manyMail {
			return s, false, nil
		}
		p.live--
		go s.close() // bounded by its own deadline
	}
	if p.room < p.max && p.now().Sub(p.shrunk) > regrow {
		p.room, p.shrunk = p.room+1, p.now()
	}
	if p.live < p.room {
		p.live++
		return nil, true, nil
	}
	return nil, false, p.changed
}

// connect opens a session. It returns neither session nor error where the
// relay has enough of us, and others are still open: then one of those will
// become free.
func (p *pool) connect(ctx context.Context, patient bool) (*session, error) {
	if err := p.gate.pass(ctx, patient); err != nil {
		p.gone(false)
		return nil, err
	}
	s, err := p.open(ctx)
	if err == nil {
		p.gate.told(nil)
		return s, nil
	}
	err = judge(err)
	var shut *Closed
	if !errors.As(err, &shut) {
		shut = &Closed{Why: Unreachable, Err: err}
	}
	if p.gone(shut.Why == Busy) {
		p.gate.told(nil)
		return nil, nil
	}
	p.gate.told(shut)
	return nil, shut
}

// gone counts a session out. With full set the relay has enough; gone then
// reports whether others are left to wait for.
func (p *pool) gone(full bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.live--
	if full && p.live > 0 {
		p.room, p.shrunk = p.live, p.now()
	}
	close(p.changed)
	p.changed = make(chan struct{})
	return full && p.live > 0
}

// put gives a session back.
func (p *pool) put(s *session) {
	if s.broken {
		s.close()
		p.gone(false)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	s.idle = p.now()
	p.idle = append(p.idle, s)
	close(p.changed)
	p.changed = make(chan struct{})
}

// rest closes sessions that have been idle too long; all of them when every is
// set.
func (p *pool) rest(every bool) {
	p.mu.Lock()
	old := slices.Clone(p.idle)
	p.idle = p.idle[:0]
	if !every {
		old = slices.DeleteFunc(old, func(s *session) bool {
			young := p.now().Sub(s.idle) < stale
			if young {
				p.idle = append(p.idle, s)
			}
			return young
		})
	}
	p.live -= len(old)
	p.mu.Unlock()
	var all sync.WaitGroup
	for _, s := range old {
		all.Go(s.close)
	}
	all.Wait()
}
