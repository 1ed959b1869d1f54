package notify

import (
	"context"
	"fmt"
	"net"
	"sync"
	"syscall"
	"testing"
	"time"

	"hatakello/incident"
)

// cpu is the time that this process has worked so far.
func cpu(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// Fault 28, the whole hour: the only relay is dead while a thousand mails
// wait. There are few knocks and next to no work, staff hear of it once, no
// mail counts as tried, and mail flows within a minute of the relay's return.
func TestFault28AnHourWithoutRelay(t *testing.T) {
	b := newBox(incident.ByMail, 1000)
	for i, d := range b.rows {
		d.Address, d.Body = fmt.Sprintf("a@kunta%d.test", i), []byte("Subject: x\r\n\r\nx\r\n")
	}
	var mu sync.Mutex
	dials, back := 0, false
	var first time.Time
	m := &Mail{}
	before := cpu(t)
	bubble(t, b, func(_ *Courier, told func() []Trouble) {
		time.Sleep(time.Hour)
		worked := cpu(t) - before
		mu.Lock()
		n := dials
		back = true
		returned := time.Now()
		mu.Unlock()
		t.Logf("%d dials (goal 720) and %v of work (%.3f %% of one processor, goal 1 %%) in an hour; %d claims", n, worked, 100*worked.Hours(), b.claims)
		if n > 720 || n < 60 || worked > 36*time.Second {
			t.Errorf("%d dials, %v of work", n, worked)
		}
		if got := told(); len(got) != 1 || got[0].Why != Unreachable {
			t.Errorf("told %v, want once", got)
		}
		time.Sleep(time.Minute)
		mu.Lock()
		t.Logf("the first mail %v after its return (goal 60s)", first.Sub(returned))
		if first.IsZero() || first.Sub(returned) > time.Minute {
			t.Errorf("the first mail at %v, the relay was back at %v", first, returned)
		}
		mu.Unlock()
		time.Sleep(10 * time.Minute)
		if got := b.count(incident.Taken); got != 1000 {
			t.Errorf("%d taken", got)
		}
		for id, o := range b.done {
			if o.Receipt.Try != 1 {
				t.Fatalf("%s counts as tried %d times", id, o.Receipt.Try)
			}
		}
	}, lazily(m, func(context.Context) (*session, error) {
		mu.Lock()
		defer mu.Unlock()
		if !back {
			dials++
			return nil, &fault{stepConnect, syscall.ECONNREFUSED}
		}
		if first.IsZero() {
			first = time.Now()
		}
		return inMemory("a"), nil
	}))
}

// lazily makes m a channel to one relay that is opened by open, when it is
// first used: what a bubble of time waits for must be made inside it.
func lazily(m *Mail, open func(context.Context) (*session, error)) Lane {
	var once sync.Once
	return Lane{Route: incident.ByMail, Sessions: 10, Limit: 5 * time.Minute, Channel: lazy{way(func(ctx context.Context, d *incident.Delivery) (incident.Receipt, error) {
		once.Do(func() {
			*m = *NewMail(time.Now, Relay{Host: "a", Sender: "bounce@sender.test"})
			m.relays[0].pool.open = open
		})
		return m.Send(ctx, d)
	}), m}}
}

type lazy struct {
	way
	m *Mail
}

func (l lazy) Close() { l.m.Close() }

// The same over a real network, for seconds.
func TestFault28MailFlowsWhenTheRelayIsBack(t *testing.T) {
	addr := closedPort(t)
	b := newBox(incident.ByMail, 50)
	for i, d := range b.rows {
		d.Address, d.Body = fmt.Sprintf("a@kunta%d.test", i), []byte("Subject: x\r\n\r\nx\r\n")
	}
	c := NewCourier(b, time.Now, quiet, nil, NewMail(time.Now, relayTo(addr, NoTLS, nil)).Lane())
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { c.Run(ctx); close(done) }()
	defer func() { stop(); <-done }()
	time.Sleep(2 * time.Second)
	l, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	k := &crank{}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go k.serve(conn, polite)
		}
	}()
	began := time.Now()
	for b.count(incident.Taken) == 0 && time.Since(began) < time.Minute {
		time.Sleep(20 * time.Millisecond)
	}
	if took := time.Since(began); b.count(incident.Taken) == 0 || took > 20*time.Second {
		t.Errorf("the first mail %v after the return", took)
	}
}
