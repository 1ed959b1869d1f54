package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"hatakello/incident"
)

// box is an outbox in memory that keeps the Desk's promises: a lease is
// exclusive, and only what is settled is done.
type box struct {
	mu      sync.Mutex
	rows    []*incident.Delivery
	done    map[string]incident.Outcome
	claims  int
	settles int
	broken  error
	commit  time.Duration // how long recording takes
	poison  string        // settling this one always fails
}

func newBox(route incident.Route, n int) *box {
	b := &box{done: map[string]incident.Outcome{}}
	for i := range n {
		b.rows = append(b.rows, &incident.Delivery{ID: fmt.Sprintf("%s%04d", route, i), Route: route, Fate: incident.Pending, Made: time.Now()})
	}
	return b
}

func (b *box) Claim(_ context.Context, routes []incident.Route, n int, lease time.Duration) ([]*incident.Delivery, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.claims++
	if b.broken != nil {
		return nil, b.broken
	}
	var got []*incident.Delivery
	now := time.Now()
	for _, d := range b.rows {
		free := d.Fate == incident.Pending && !d.Due.After(now) || d.Fate == incident.Leased && d.Lease.Before(now)
		if len(got) < n && d.Route == routes[0] && free {
			d.Fate, d.Lease = incident.Leased, now.Add(lease)
			copied := *d
			got = append(got, &copied)
		}
	}
	return got, nil
}

func (b *box) Settle(_ context.Context, outs []incident.Outcome) error {
	time.Sleep(b.commit)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.settles++
	for _, o := range outs {
		if b.broken != nil || o.Delivery.ID == b.poison {
			return errors.Join(b.broken, errors.New("not recorded"))
		}
	}
	for _, o := range outs {
		for _, d := range b.rows {
			if d.ID != o.Delivery.ID {
				continue
			}
			switch {
			case o.Receipt.OK:
				d.Fate = incident.Taken
			case o.Refused:
				d.Fate = incident.Bounced
			default:
				d.Fate, d.Due = incident.Pending, time.Now().Add(max(o.After, 5*time.Second))
			}
			if !o.Untried {
				d.Tries++
			}
			b.done[d.ID] = o
		}
	}
	return nil
}

// Ended and Conclude: the box does at once what follows.
func (b *box) Ended(ctx context.Context, outs []incident.Outcome) error { return b.Settle(ctx, outs) }

func (b *box) Conclude(context.Context, int) (int, error) { return 0, nil }

func (b *box) count(f incident.Fate) (n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, d := range b.rows {
		if d.Fate == f {
			n++
		}
	}
	return n
}

func (b *box) heal(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.broken = err
}

// way is a channel made of a function.
type way func(ctx context.Context, d *incident.Delivery) (incident.Receipt, error)

func (w way) Send(ctx context.Context, d *incident.Delivery) (incident.Receipt, error) {
	return w(ctx, d)
}

// quick takes everything after a hundredth of a second.
var quick = way(func(ctx context.Context, d *incident.Delivery) (incident.Receipt, error) {
	time.Sleep(10 * time.Millisecond)
	return incident.Receipt{Code: 250}, nil
})

var quiet = slog.New(slog.DiscardHandler)
