package notify

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"hatakello/incident"
)

// bubble runs a courier over b in fake time, lets f act, and stops it.
func bubble(t *testing.T, b *box, f func(c *Courier, troubles func() []Trouble), lanes ...Lane) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var told []Trouble
		c := NewCourier(b, time.Now, quiet, func(tr Trouble) {
			mu.Lock()
			defer mu.Unlock()
			told = append(told, tr)
		}, lanes...)
		ctx, stop := context.WithCancel(t.Context())
		var run sync.WaitGroup
		run.Go(func() { c.Run(ctx) })
		f(c, func() []Trouble {
			mu.Lock()
			defer mu.Unlock()
			return append([]Trouble{}, told...)
		})
		stop()
		run.Wait() // synctest fails if a goroutine is left
	})
}

func TestEverythingIsSentOnce(t *testing.T) {
	b := newBox(incident.ByMail, 500)
	b.commit = 50 * time.Millisecond
	bubble(t, b, func(c *Courier, _ func() []Trouble) {
		time.Sleep(10 * time.Second)
		if got := b.count(incident.Taken); got != 500 {
			t.Errorf("%d taken, want 500", got)
		}
		if b.settles > 150 || b.claims > 100 {
			t.Errorf("%d settles and %d claims for 500 messages: not grouped", b.settles, b.claims)
		}
	}, Lane{Route: incident.ByMail, Channel: quick, Sessions: 10, Limit: time.Minute})
	for id, o := range b.done {
		if o.Receipt.Try != 1 || o.Receipt.Ended.Sub(o.Receipt.Began) != 10*time.Millisecond {
			t.Fatalf("%s: receipt %+v", id, o.Receipt)
		}
	}
}

func TestWakeSendsAtOnce(t *testing.T) {
	b := newBox(incident.ByMail, 1)
	b.rows[0].Fate = incident.Cancelled
	bubble(t, b, func(c *Courier, _ func() []Trouble) {
		time.Sleep(1500 * time.Millisecond)
		b.mu.Lock()
		b.rows[0].Fate = incident.Pending
		b.mu.Unlock()
		c.Wake()
		time.Sleep(20 * time.Millisecond)
		if got := b.count(incident.Taken); got != 1 {
			t.Errorf("not sent 20 ms after waking")
		}
	}, Lane{Route: incident.ByMail, Channel: quick, Sessions: 2, Limit: time.Minute})
}

func TestTroubleOfOneLaneDelaysNoOther(t *testing.T) {
	b := newBox(incident.ByMail, 50)
	b.rows = append(b.rows, newBox(incident.BySlack, 50).rows...)
	stuck := way(func(ctx context.Context, d *incident.Delivery) (incident.Receipt, error) {
		<-ctx.Done()
		return incident.Receipt{}, ctx.Err()
	})
	bubble(t, b, func(c *Courier, _ func() []Trouble) {
		time.Sleep(2 * time.Second)
		if got := b.count(incident.Taken); got != 50 {
			t.Errorf("%d mails taken while Slack hangs, want 50", got)
		}
	}, Lane{Route: incident.ByMail, Channel: quick, Sessions: 4, Limit: time.Minute},
		Lane{Route: incident.BySlack, Channel: stuck, Sessions: 1, Limit: 30 * time.Second})
}

func TestFault11PanicIsAFailedAttempt(t *testing.T) {
	b := newBox(incident.ByMail, 3)
	wild := way(func(_ context.Context, d *incident.Delivery) (incident.Receipt, error) {
		if d.ID == "mail0001" && d.Tries == 0 {
			panic("wild")
		}
		return incident.Receipt{}, nil
	})
	bubble(t, b, func(c *Courier, _ func() []Trouble) {
		time.Sleep(8 * time.Second)
		if got := b.count(incident.Taken); got != 3 || b.rows[1].Tries != 2 {
			t.Errorf("%d taken, %d tries", got, b.rows[1].Tries)
		}
	}, Lane{Route: incident.ByMail, Channel: wild, Sessions: 1, Limit: time.Minute})
}

func TestClosedWayIsLeftAloneAndToldOnce(t *testing.T) {
	b := newBox(incident.ByMail, 1000)
	sends, open := 0, false
	var mu sync.Mutex
	refusing := way(func(context.Context, *incident.Delivery) (incident.Receipt, error) {
		mu.Lock()
		defer mu.Unlock()
		if sends++; open {
			return incident.Receipt{}, nil
		}
		return incident.Receipt{}, &Closed{Why: Unwelcome, After: mending, Err: errors.New("535")}
	})
	bubble(t, b, func(c *Courier, told func() []Trouble) {
		time.Sleep(time.Hour)
		b.mu.Lock()
		mu.Lock()
		if sends > 10+12 || b.claims > 20 || b.rows[0].Tries != 0 {
			t.Errorf("%d sends and %d claims in an hour, %d tries", sends, b.claims, b.rows[0].Tries)
		}
		open = true
		mu.Unlock()
		b.mu.Unlock()
		if got := told(); len(got) != 1 || got[0].Why != Unwelcome {
			t.Errorf("told %v, want one trouble", got)
		}
		time.Sleep(11 * time.Minute)
		if got := b.count(incident.Taken); got != 1000 {
			t.Errorf("%d taken after it opened", got)
		}
		if got := told(); len(got) != 2 || got[1].Why != "" {
			t.Errorf("told %v, want it open again", got)
		}
	}, Lane{Route: incident.ByMail, Channel: refusing, Sessions: 10, Limit: time.Minute})
}

func TestFault16WhatCannotBeRecordedIsNotSent(t *testing.T) {
	b := newBox(incident.ByMail, 100)
	sent := 0
	var mu sync.Mutex
	count := way(func(context.Context, *incident.Delivery) (incident.Receipt, error) {
		mu.Lock()
		defer mu.Unlock()
		if sent++; sent == 5 {
			b.heal(errors.New("disk full"))
		}
		return incident.Receipt{}, nil
	})
	bubble(t, b, func(c *Courier, _ func() []Trouble) {
		time.Sleep(2 * time.Minute)
		mu.Lock()
		if sent > 5+4 {
			t.Errorf("%d sent while the disk was full", sent)
		}
		mu.Unlock()
		b.heal(nil)
		time.Sleep(time.Minute)
		if got := b.count(incident.Taken); got != 100 || sent != 100 {
			t.Errorf("%d taken, %d sent; want 100 each", got, sent)
		}
	}, Lane{Route: incident.ByMail, Channel: count, Sessions: 4, Limit: time.Minute})
}

func TestOneThatCannotBeRecordedHoldsUpNoOther(t *testing.T) {
	b := newBox(incident.ByMail, 50)
	b.poison = "mail0003"
	bubble(t, b, func(c *Courier, _ func() []Trouble) {
		time.Sleep(time.Minute)
		if got := b.count(incident.Taken); got != 49 {
			t.Errorf("%d taken, want 49", got)
		}
	}, Lane{Route: incident.ByMail, Channel: quick, Sessions: 4, Limit: time.Minute})
}

func TestStopFinishesWhatIsInFlight(t *testing.T) {
	b := newBox(incident.ByMail, 30)
	slow := way(func(ctx context.Context, d *incident.Delivery) (incident.Receipt, error) {
		select {
		case <-time.After(4 * time.Second):
			return incident.Receipt{}, nil
		case <-ctx.Done():
			return incident.Receipt{}, ctx.Err()
		}
	})
	var stopped time.Time
	bubble(t, b, func(*Courier, func() []Trouble) {
		time.Sleep(time.Second)
		stopped = time.Now()
	}, Lane{Route: incident.ByMail, Channel: slow, Sessions: 5, Limit: time.Minute})
	if taken, leased := b.count(incident.Taken), b.count(incident.Leased); taken != 5 || leased != 0 {
		t.Errorf("%d taken and %d still leased, want 5 and 0", taken, leased)
	}
	if stopped.IsZero() {
		t.Error("never stopped")
	}
}

func TestStopCutsOffWhatHangs(t *testing.T) {
	b := newBox(incident.ByMail, 1)
	hang := way(func(ctx context.Context, d *incident.Delivery) (incident.Receipt, error) {
		<-ctx.Done()
		return incident.Receipt{}, ctx.Err()
	})
	synctest.Test(t, func(t *testing.T) {
		c := NewCourier(b, time.Now, quiet, nil, Lane{Route: incident.ByMail, Channel: hang, Sessions: 1, Limit: time.Hour})
		ctx, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		began := time.Now()
		c.Run(ctx)
		if took := time.Since(began); took != time.Second+grace {
			t.Errorf("stopping took %v", took-time.Second)
		}
	})
	if b.rows[0].Fate != incident.Pending || b.rows[0].Tries != 1 {
		t.Errorf("row %+v", b.rows[0])
	}
}

func TestShortLeaseIsNotUsed(t *testing.T) {
	b := newBox(incident.ByMail, 6)
	slow := way(func(context.Context, *incident.Delivery) (incident.Receipt, error) {
		time.Sleep(100 * time.Second)
		return incident.Receipt{}, nil
	})
	bubble(t, b, func(*Courier, func() []Trouble) {
		time.Sleep(20 * time.Minute)
		if got := b.count(incident.Taken); got != 6 {
			t.Errorf("%d taken, want 6", got)
		}
		for _, d := range b.rows {
			if d.Tries != 1 {
				t.Errorf("%s tried %d times", d.ID, d.Tries)
			}
		}
	}, Lane{Route: incident.ByMail, Channel: slow, Sessions: 1, Limit: 2 * time.Minute})
}
