package notify

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"hatakello/incident"
)

// closedPort is an address of this machine at which nobody listens.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// The second relay takes what the first cannot, the receipt names it, and
// nothing is sent in clear text where encryption is demanded.
func TestFailover(t *testing.T) {
	plain, secure := startPost(t, nil), startPost(t, certificate)
	down := relayTo(closedPort(t), NoTLS, nil)
	tests := []struct {
		name   string
		relays []Relay
		server string // "" where none takes it
		why    Why
	}{
		{"first down", []Relay{down, plain.relay(NoTLS)}, plain.addr, ""},
		{"first stripped", []Relay{plain.relay(StartTLS), secure.relay(StartTLS)}, secure.addr, ""},
		{"first busy", []Relay{relayTo(startCrank(t, on("", "421 4.7.0 no")).addr, NoTLS, nil), plain.relay(NoTLS)}, plain.addr, ""},
		{"second not needed", []Relay{secure.relay(StartTLS), down}, secure.addr, ""},
		{"both down", []Relay{down, down}, "", Unreachable},
		{"down, and stripped", []Relay{down, plain.relay(StartTLS)}, "", Unreachable},
		{"both stripped", []Relay{plain.relay(StartTLS), plain.relay(TLS)}, "", Unsafe},
	}
	for _, tt := range tests {
		before := len(plain.got())
		m := NewMail(time.Now, tt.relays...)
		rc, err := m.Send(t.Context(), mailTo(t, "d", "a@b.test"))
		m.Close()
		var c *Closed
		errors.As(err, &c)
		switch {
		case tt.server != "" && (err != nil || rc.Server != tt.server):
			t.Errorf("%s: %v, taken by %q, want %s", tt.name, err, rc.Server, tt.server)
		case tt.server == "" && (c == nil || c.Why != tt.why):
			t.Errorf("%s: %v, want %s", tt.name, err, tt.why)
		case tt.server != plain.addr && len(plain.got()) != before:
			t.Errorf("%s: a mail went in clear text", tt.name)
		}
	}
}

// A mail of which nobody knows whether the first relay took it is not given to
// the second at once; its next attempt, minutes later, goes there.
func TestUnknownEndDoesNotFailOver(t *testing.T) {
	first, second := startCrank(t, on(".", hangUp)), startPost(t, nil)
	m := openMail(t, relayTo(first.addr, NoTLS, nil), second.relay(NoTLS))
	d := mailTo(t, "d", "a@b.test")
	_, err := m.Send(t.Context(), d)
	var c *Closed
	if err == nil || errors.As(err, &c) || len(second.got()) != 0 {
		t.Errorf("%v, the second relay got %d mails", err, len(second.got()))
	}
	d.Tries = 1
	if rc, err := m.Send(t.Context(), d); err != nil || rc.Server != second.addr {
		t.Errorf("second attempt: %v by %q", err, rc.Server)
	}
}

// The first relay is down for an hour: it is knocked at no oftener than when it
// is alone, everything goes by the second at once, and it is used again.
func TestFirstRelayIsTriedAgain(t *testing.T) {
	var mu sync.Mutex
	knocks, up := 0, false
	synctest.Test(t, func(t *testing.T) {
		m := NewMail(time.Now, Relay{Host: "a"}, Relay{Host: "b"})
		defer m.Close()
		far := func(name string, down func() bool) func(context.Context) (*session, error) {
			return func(context.Context) (*session, error) {
				mu.Lock()
				defer mu.Unlock()
				if down() {
					knocks++
					return nil, &fault{stepConnect, syscall.ECONNREFUSED}
				}
				return inMemory(name), nil
			}
		}
		m.relays[0].pool.open = far("a", func() bool { return !up })
		m.relays[1].pool.open = far("b", func() bool { return false })
		d := &incident.Delivery{ID: "d", Address: "a@b.test", Body: []byte("Subject: x\r\n\r\nx\r\n")}
		for range 3600 {
			if rc, err := m.Send(t.Context(), d); err != nil || rc.Server != "b" {
				t.Fatalf("%v by %q", err, rc.Server)
			}
			time.Sleep(time.Second)
		}
		if s := m.States(); s[0].Why != Unreachable || s[1].Why != "" {
			t.Errorf("states %+v", s)
		}
		if knocks < 60 || knocks > 120 {
			t.Errorf("%d knocks in an hour", knocks)
		}
		mu.Lock()
		up = true
		mu.Unlock()
		time.Sleep(time.Minute)
		if rc, err := m.Send(t.Context(), d); err != nil || rc.Server != "a" {
			t.Errorf("after its return: %v by %q", err, rc.Server)
		}
		if s := m.States(); s[0].Why != "" {
			t.Errorf("states %+v", s)
		}
	})
}

// At the end every session says goodbye.
func TestQuitAtTheEnd(t *testing.T) {
	k := startCrank(t, polite)
	b := newBox(incident.ByMail, 20)
	for _, d := range b.rows {
		d.Address, d.Body = "a@b.test", []byte("Subject: x\r\n\r\nx\r\n")
	}
	c := NewCourier(b, time.Now, quiet, nil, NewMail(time.Now, relayTo(k.addr, NoTLS, nil)).Lane())
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { c.Run(ctx); close(done) }()
	for end := time.Now().Add(5 * time.Second); b.count(incident.Taken) < 20 && time.Now().Before(end); {
		time.Sleep(5 * time.Millisecond)
	}
	stop()
	<-done
	k.mu.Lock()
	defer k.mu.Unlock()
	quits := len(slices.DeleteFunc(slices.Clone(k.lines), func(s string) bool { return s != "QUIT" }))
	if quits != k.conns || k.conns == 0 {
		t.Errorf("%d goodbyes on %d connections", quits, k.conns)
	}
}

func TestParseRelays(t *testing.T) {
	all, err := ParseRelays("smtp://a:x%2Cy@one.test:587?tls=starttls, smtps://two.test\nsmtp://127.0.0.1:25")
	if err != nil || len(all) != 3 || all[0].Password != "x,y" || all[1].TLS != TLS || all[2].TLS != Opportunistic {
		t.Errorf("%+v, %v", all, err)
	}
	for _, bad := range []string{"", " , ", "smtp://a,imap://b"} {
		if _, err := ParseRelays(bad); err == nil {
			t.Errorf("ParseRelays(%q) is taken", bad)
		}
	}
}

func TestReturnPathNamesItsMail(t *testing.T) {
	r := Relay{Sender: "bounce@sender.test", VERP: true}
	for id, want := range map[string]string{"01abc": "bounce+01abc@sender.test", "x y": "bounce@sender.test", strings.Repeat("x", 60): "bounce@sender.test"} {
		if got := r.from(id); got != want {
			t.Errorf("from(%q) = %q, want %q", id, got, want)
		}
	}
	if got := verpID(r.from("01abc")); got != "01abc" {
		t.Errorf("read back: %q", got)
	}
}
