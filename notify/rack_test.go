package notify

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"hatakello/incident"
)

// gauge is a channel that notes when mails to each domain went, and how many
// at most went at the same time.
type gauge struct {
	mu    sync.Mutex
	times map[string][]time.Time
	busy  map[string]int
	most  map[string]int
	takes time.Duration
}

func newGauge(takes time.Duration) *gauge {
	return &gauge{times: map[string][]time.Time{}, busy: map[string]int{}, most: map[string]int{}, takes: takes}
}

func (g *gauge) Send(_ context.Context, d *incident.Delivery) (incident.Receipt, error) {
	to := domainOf(d.Address)
	g.mu.Lock()
	g.times[to] = append(g.times[to], time.Now())
	g.busy[to]++
	g.most[to] = max(g.most[to], g.busy[to])
	g.mu.Unlock()
	time.Sleep(g.takes)
	g.mu.Lock()
	g.busy[to]--
	g.mu.Unlock()
	return incident.Receipt{Code: 250}, nil
}

// A large domain is asked for no more than it is polite to, and the small ones
// behind it in the queue do not wait for it.
func TestPoliteToOneDomainAndFairToOthers(t *testing.T) {
	for _, tt := range []struct {
		name   string
		polite Polite
		whole  time.Duration // when the large domain has got everything
	}{
		{"sessions", Polite{Sessions: 2}, 110 * time.Second},
		{"pace", Polite{Pace: 60}, 210 * time.Second},
		{"both", Polite{Sessions: 3, Pace: 120}, 110 * time.Second},
		{"none", Polite{}, 30 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBox(incident.ByMail, 220)
			for i, d := range b.rows {
				if d.Address = fmt.Sprintf("a%d@Suuri.test", i); i >= 200 {
					d.Address = fmt.Sprintf("a@pieni%d.test", i)
				}
			}
			g := newGauge(time.Second)
			bubble(t, b, func(*Courier, func() []Trouble) {
				began := time.Now()
				time.Sleep(25 * time.Second)
				small := 0
				g.mu.Lock()
				for to := range g.times {
					if to != "suuri.test" {
						small++
					}
				}
				g.mu.Unlock()
				if small != 20 {
					t.Errorf("%d of 20 small domains after 25 s", small)
				}
				for b.count(incident.Taken) < 220 && time.Since(began) < time.Hour {
					time.Sleep(time.Second)
				}
				if took := time.Since(began); took > tt.whole {
					t.Errorf("took %v, want %v", took, tt.whole)
				}
			}, Lane{Route: incident.ByMail, Channel: g, Sessions: 10, Limit: time.Minute, Polite: tt.polite})
			if n := tt.polite.Sessions; n > 0 && g.most["suuri.test"] > n {
				t.Errorf("%d at the same time, want %d", g.most["suuri.test"], n)
			}
			for i, at := range g.times["suuri.test"] {
				if n := tt.polite.Pace; n > 0 && i > 0 && at.Sub(g.times["suuri.test"][i-1]) < time.Minute/time.Duration(n) {
					t.Fatalf("mails %v apart", at.Sub(g.times["suuri.test"][i-1]))
				}
			}
			if b.claims+b.settles > 1200 {
				t.Errorf("%d claims and %d settles for 220 mails", b.claims, b.settles)
			}
			t.Logf("%d claims, %d settles", b.claims, b.settles)
		})
	}
}

// What comes later and is more urgent goes before what waits.
func TestMoreUrgentGoesFirst(t *testing.T) {
	r := newRack(Polite{Sessions: 1}, 20, time.Now)
	at := time.Now()
	for i, hours := range []int{5, 3, 9} {
		to := fmt.Sprintf("a@%d.test", i)
		if later := r.put(&incident.Delivery{ID: to, Address: to, Urgency: at.Add(time.Duration(hours) * time.Hour)}); later != 0 {
			t.Fatal(later)
		}
	}
	for _, want := range []string{"a@1.test", "a@0.test", "a@2.test"} {
		if d := r.take(); d.ID != want {
			t.Errorf("took %s, want %s", d.ID, want)
		}
	}
}
