package notify

import (
	"slices"
	"strings"
	"sync"
	"time"

	"hatakello/incident"
)

// Polite is what one receiving domain is asked to take. Its zero value is no
// limit.
type Polite struct {
	Sessions int // mails to it at the same time
	Pace     int // mails a minute
}

const (
	// foreseen bounds for how long a message is put off: what is more urgent
	// may come meanwhile, and forecasts err.
	foreseen = 10 * time.Minute
	// usual is how long an attempt is believed to take before one was seen.
	usual = time.Second
	// manyDomains is how many are remembered before idle ones are forgotten.
	manyDomains = 4096
)

// rack holds claimed messages until a session is free and their receiver's
// domain may get one more. It gives out the most urgent that may go, so that
// a domain which has had enough holds up no other.
type rack struct {
	polite Polite
	share  int // of one domain
	now    func() time.Time

	mu      sync.Mutex
	waiting []*incident.Delivery // most urgent first
	domains map[string]*domain
	closed  bool
	changed chan struct{} // closed and renewed whenever a wait may be over
}

// domain is what is going on with one receiving domain.
type domain struct {
	busy  int           // mails being sent
	held  int           // mails in the rack
	next  time.Time     // not before, for its pace
	later time.Time     // when what is put off next may hope to go
	took  time.Duration // what an attempt takes, lately
}

func newRack(p Polite, room int, now func() time.Time) *rack {
	return &rack{polite: p, share: p.share(room), now: now, domains: map[string]*domain{}, changed: make(chan struct{})}
}

// domainOf is the part of an address by which its server is found.
func domainOf(address string) string {
	return strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
}

// share is how many of one domain may wait in a rack with room for so many: as
// much as keeps it busy for a moment, and never so much that the others find
// no room.
func (p Polite) share(room int) int {
	if p == (Polite{}) {
		return room
	}
	n := max(1, room/2)
	if p.Sessions > 0 {
		n = min(n, 2*p.Sessions)
	}
	if p.Pace > 0 {
		n = min(n, p.Pace)
	}
	return n
}

// step is the time between two mails to a domain.
func (p Polite) step(d *domain) time.Duration {
	step := time.Duration(0)
	if p.Sessions > 0 {
		step = max(d.took, time.Millisecond) / time.Duration(p.Sessions)
	}
	if p.Pace > 0 {
		step = max(step, time.Minute/time.Duration(p.Pace))
	}
	return step
}

// put takes d in, or says for how long it must be put off because more of its
// domain are waiting than can go soon.
func (r *rack) put(d *incident.Delivery) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	to := r.domain(domainOf(d.Address))
	if to.held >= r.share {
		step, now := r.polite.step(to), r.now()
		if soon := now.Add(time.Duration(to.held) * step); to.later.Before(soon) {
			to.later = soon
		}
		to.later = to.later.Add(step)
		return max(min(to.later.Sub(now), foreseen), time.Second)
	}
	to.held++
	i, _ := slices.BinarySearchFunc(r.waiting, d, func(a, b *incident.Delivery) int {
		if a.Urgency.After(b.Urgency) {
			return 1
		}
		return -1
	})
	r.waiting = slices.Insert(r.waiting, i, d)
	r.signal()
	return 0
}

func (r *rack) domain(name string) *domain {
	d := r.domains[name]
	if d == nil {
		if len(r.domains) >= manyDomains {
			r.forget()
		}
		d = &domain{took: usual}
		r.domains[name] = d
	}
	return d
}

// forget drops what nothing is going on with.
func (r *rack) forget() {
	now := r.now()
	for name, d := range r.domains {
		if d.busy == 0 && d.held == 0 && d.next.Before(now) {
			delete(r.domains, name)
		}
	}
}

// take waits for the next message that may go. It returns nil when the rack is
// closed and empty; a closed rack gives out what is left at once.
func (r *rack) take() *incident.Delivery {
	for {
		d, wait, changed := r.pick()
		if d != nil || changed == nil {
			return d
		}
		if wait < 0 {
			<-changed
			continue
		}
		timer := time.NewTimer(wait)
		select {
		case <-changed:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// pick returns a message, or how long to wait at most (negative: until
// something changes), and what tells of a change; nil when there is no more.
func (r *rack) pick() (*incident.Delivery, time.Duration, chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now, soonest := r.now(), time.Duration(-1)
	for i, d := range r.waiting {
		to := r.domains[domainOf(d.Address)]
		wait := to.next.Sub(now)
		switch {
		case r.closed:
		case r.polite.Sessions > 0 && to.busy >= r.polite.Sessions:
			continue
		case r.polite.Pace > 0 && wait > 0:
			if soonest < 0 || wait < soonest {
				soonest = wait
			}
			continue
		}
		r.waiting = slices.Delete(r.waiting, i, i+1)
		to.held--
		to.busy++
		if r.polite.Pace > 0 {
			to.next = now.Add(time.Minute / time.Duration(r.polite.Pace))
		}
		return d, 0, nil
	}
	if r.closed {
		return nil, 0, nil
	}
	return nil, soonest, r.changed
}

// done says that an attempt is over and how long it took; 0 if none was made.
func (r *rack) done(d *incident.Delivery, took time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	to := r.domains[domainOf(d.Address)]
	to.busy--
	if took > 0 {
		to.took = (3*to.took + took) / 4
	}
	r.signal()
}

// size is how many are waiting.
func (r *rack) size() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.waiting)
}

// close ends the waiting for domains, and take when all is given out.
func (r *rack) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	r.signal()
}

func (r *rack) signal() {
	close(r.changed)
	r.changed = make(chan struct{})
}
