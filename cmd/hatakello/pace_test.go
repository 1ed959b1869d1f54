package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"hatakello/incident"
	"hatakello/notify"
)

// taker is a mail server that takes everything after a while, and notes when
// it took the last.
type taker struct {
	mu    sync.Mutex
	taken int
	last  time.Time
	first time.Time
	takes time.Duration
}

func (k *taker) Send(context.Context, *incident.Delivery) (incident.Receipt, error) {
	time.Sleep(k.takes)
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.taken++; k.taken == 1 {
		k.first = time.Now()
	}
	k.last = time.Now()
	return incident.Receipt{Code: 250, Reply: "250 ok"}, nil
}

// telling is a case with n customers over a real database, in a bubble of time.
func telling(t *testing.T, n int, domain func(i int) string) (*house, *incident.Incident) {
	t.Helper()
	term, _ := quiet(t)
	h, err := term.openSpeaking(t.Context(), database{filepath.Join(t.TempDir(), "h.db")}, speech{URL: "https://kello.esimerkki.test", From: "Hoivapilvi <kello@hoivapilvi.example>"})
	if err != nil {
		t.Fatal(err)
	}
	x := &told{house: h, t: t}
	by := incident.Actor{ID: "u", Name: "Aino Koe", Roles: []incident.Role{incident.Privacy, incident.Admin}, Via: "web"}
	x.must(h.desk.SaveOrganisation(t.Context(), by, incident.Organisation{Name: "Hoivapilvi Oy"}))
	s := &incident.Service{Name: "Hoivapäivyri"}
	x.must(h.desk.SaveService(t.Context(), by, s))
	for i := range n {
		x.must(h.desk.SaveController(t.Context(), by, &incident.Controller{Name: fmt.Sprintf("Kunta %03d", i), Lang: "fi", Hours: 24 + i%48,
			Uses: []incident.Use{{Service: s.ID, Tenant: fmt.Sprint("t", i)}}, Contacts: []incident.Contact{{Name: "Yhteys", Email: "tietosuoja@" + domain(i)}}}))
	}
	inc, err := h.desk.Log(t.Context(), by, incident.Log{Title: "Varmuuskopio avoimena", Aware: time.Now().Add(-time.Hour), Services: []string{s.ID}})
	x.must(err)
	return h, inc
}

// The finishing time that is shown is right within two per cent, with the real
// courier and the real Desk, at thirty mails a minute: before anything has
// gone, from the setting, and on the way, from what was measured.
func TestForecastIsRight(t *testing.T) {
	for _, tt := range []struct {
		name   string
		n      int
		pace   int
		domain int // pace of each
		one    bool
		takes  time.Duration
	}{
		{"thirty a minute", 120, 30, 0, false, 300 * time.Millisecond},
		{"one domain", 120, 0, 30, true, 300 * time.Millisecond},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h, inc := telling(t, tt.n, func(i int) string {
					if tt.one {
						return "suuri.example"
					}
					return fmt.Sprintf("kunta%d.example", i)
				})
				defer h.close()
				by := incident.Actor{ID: "u", Name: "Aino Koe", Roles: []incident.Role{incident.Privacy}, Via: "web"}
				h.desk.Pace, h.desk.DomainPace = tt.pace, tt.domain
				post := &taker{takes: tt.takes}
				c := notify.NewCourier(h.desk, time.Now, slog.New(slog.DiscardHandler), nil, notify.Lane{Route: incident.ByMail, Channel: post,
					Sessions: 10, Limit: time.Minute, Pace: tt.pace, Polite: notify.Polite{Sessions: 5, Pace: tt.domain}})
				h.desk.Wake = c.Wake
				ctx, stop := context.WithCancel(t.Context())
				var run sync.WaitGroup
				run.Go(func() { c.Run(ctx) })
				defer run.Wait()
				defer stop()
				before, err := h.desk.Forecast(t.Context(), by, inc.ID, incident.Notify{})
				if err != nil {
					t.Fatal(err)
				}
				began := time.Now()
				if _, err := h.desk.Notify(t.Context(), by, inc.ID, incident.Notify{Texts: map[string]string{"": "Varmuuskopio oli avoimena."}}); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Minute)
				during, err := h.desk.Queue(t.Context(), by)
				if err != nil {
					t.Fatal(err)
				}
				for range 3600 {
					post.mu.Lock()
					done := post.taken == tt.n
					post.mu.Unlock()
					if done {
						break
					}
					time.Sleep(time.Second)
				}
				took := post.last.Sub(began)
				for what, said := range map[string]time.Time{"before": before.Finish, "after a minute": during.Finish} {
					off := said.Sub(post.last)
					t.Logf("%s: said %v, took %v, off by %v (%.1f %%)", what, said.Sub(began), took, off, 100*off.Seconds()/took.Seconds())
					if off.Abs()*50 > took {
						t.Errorf("%s: more than 2 %% off", what)
					}
				}
				if post.taken != tt.n || post.first.Sub(began) > time.Second {
					t.Errorf("%d of %d taken, the first after %v", post.taken, tt.n, post.first.Sub(began))
				}
			})
		})
	}
}
