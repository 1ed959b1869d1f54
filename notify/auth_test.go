package notify

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"hatakello/incident"
)

// Fault 37: our password is refused. Everything stops after one knock, staff
// hear of it once, no message counts as tried, and none is lost.
func TestFault37RefusedPasswordStopsAll(t *testing.T) {
	p := startPost(t, func(p *post, s *smtp.Server) {
		certificate(p, s)
		p.user, p.auth = "kello", &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "no"}
	})
	r := p.relay(StartTLS)
	r.User, r.Password = "kello", "väärä"
	b := newBox(incident.ByMail, 500)
	for _, d := range b.rows {
		d.Address, d.Body = "a@b.test", []byte("Subject: x\r\n\r\nx\r\n")
	}
	var mu sync.Mutex
	var told []Trouble
	mail := NewMail(time.Now, r)
	defer mail.Close()
	c := NewCourier(b, time.Now, slog.New(slog.DiscardHandler), func(tr Trouble) { mu.Lock(); told = append(told, tr); mu.Unlock() }, mail.Lane())
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { c.Run(ctx); close(done) }()
	time.Sleep(3 * time.Second)
	stop()
	<-done
	mu.Lock()
	defer mu.Unlock()
	if len(told) != 1 || told[0].Why != Unwelcome {
		t.Errorf("told %+v, want once that we are unwelcome", told)
	}
	p.mu.Lock()
	conns := p.conns
	p.mu.Unlock()
	if conns < 1 || conns > 2*r.Sessions { // the server counts one before STARTTLS and one after
		t.Errorf("%d connections, want no more than the sessions, each counted twice", conns)
	}
	if n := b.count(incident.Bounced) + b.count(incident.Taken); n != 0 {
		t.Errorf("%d messages are settled, want none", n)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for id, o := range b.done {
		if !o.Untried {
			t.Fatalf("%s counts as tried", id)
		}
	}
}
