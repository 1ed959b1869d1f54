package notify

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestPeersFaults(t *testing.T) {
	on := func(at, answer string) func(string) string {
		return func(line string) string {
			if line == at || at != "" && strings.HasPrefix(line, at) {
				return answer
			}
			return polite(line)
		}
	}
	flooding := strings.Repeat("250-x\r\n", 40000) + "250 y"
	tests := []struct {
		name   string
		script func(string) string
		want   string // "later", "refused" or a Why
	}{
		{"29 no banner", on("", ""), "unreachable"},
		{"29 stalls after EHLO", on("EHLO", ""), "unreachable"},
		{"29 stalls after MAIL", on("MAIL", ""), "later"},
		{"29 stalls after DATA", on("DATA", ""), "later"},
		{"29 stalls after the dot", on(".", ""), "later"},
		{"30 421 at once", on("", "421 4.7.0 too many"), "busy"},
		{"30 421 to MAIL", on("MAIL", "421 4.3.2 later"), "busy"},
		{"33 552 after the dot", on(".", "552 5.3.4 too large"), "refused"},
		{"34 dropped after the dot", on(".", hangUp), "later"},
		{"35 dropped in DATA", on("DATA", hangUp), "later"},
		{"40 DATA refused", on("DATA", "503 5.5.1 no receivers"), "later"},
		{"41 garbage", on("", "\x01\x02 hello"), "unreachable"},
		{"41 endless answer", on("EHLO", flooding), "unreachable"},
		{"41 endless line", on("MAIL", strings.Repeat("x", 1<<20)), "later"},
		{"41 control characters", on("RCPT", "550 5.1.1 \x1b[31mred\x00\x07 "+strings.Repeat("ö", 900)), "refused"},
		{"hangs up at once", on("", hangUp), "unreachable"},
		{"554 greeting", on("", "554 go away"), "unwelcome"},
		{"sender refused", on("MAIL", "553 5.7.1 who are you"), "unwelcome"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			k := startCrank(t, tt.script)
			m := openMail(t, relayTo(k.addr, NoTLS, nil))
			began := time.Now()
			rc, err := m.Send(t.Context(), mailTo(t, "d", "a@b.test"))
			var c *Closed
			got := "later"
			switch {
			case err == nil:
				got = "taken"
			case errors.Is(err, ErrRefused):
				got = "refused"
			case errors.As(err, &c):
				got = string(c.Why)
			}
			if got != tt.want {
				t.Errorf("got %s (%v), want %s", got, err, tt.want)
			}
			if took := time.Since(began); took > 4*time.Second {
				t.Errorf("took %v", took)
			}
			if len([]rune(rc.Reply)) > replyMax || strings.ContainsAny(rc.Reply, "\x00\x07\x1b\r\n") || rc.Reply == "" {
				t.Errorf("reply %q", rc.Reply)
			}
		})
	}
}

// A server that has restarted leaves dead sessions behind: the mail goes by a
// new one at once, because nothing had been given to the old.
func TestDeadSessionIsReplaced(t *testing.T) {
	var mu sync.Mutex
	mails := 0
	k := startCrank(t, func(line string) string {
		mu.Lock()
		defer mu.Unlock()
		if strings.HasPrefix(line, "MAIL") {
			if mails++; mails == 2 {
				return hangUp
			}
		}
		return polite(line)
	})
	m := openMail(t, relayTo(k.addr, NoTLS, nil))
	for range 2 {
		if _, err := m.Send(t.Context(), mailTo(t, "d", "a@b.test")); err != nil {
			t.Fatal(err)
		}
	}
	if k.count() != 2 {
		t.Errorf("%d connections, want 2", k.count())
	}
}

// Fault 30: a relay that grants two connections gets two, and no message
// counts as tried.
func TestSessionsShrinkToWhatIsGranted(t *testing.T) {
	p := startPost(t, nil)
	var mu sync.Mutex
	open := 0
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() { // a door before the server that lets two in
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			open++
			full := open > 2
			mu.Unlock()
			go func() {
				defer func() { c.Close(); mu.Lock(); open--; mu.Unlock() }()
				if full {
					fmt.Fprint(c, "421 4.7.0 too many connections\r\n")
					return
				}
				if up, err := net.Dial("tcp", p.addr); err == nil {
					pipe(c, up)
				}
			}()
		}
	}()
	r := relayTo(l.Addr().String(), NoTLS, nil)
	r.Sessions = 8
	m := openMail(t, r)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for j := range 10 {
				if _, err := m.Send(t.Context(), mailTo(t, fmt.Sprint("d", i, ".", j), "a@b.test")); err != nil {
					t.Errorf("mail %d.%d: %v", i, j, err)
				}
			}
		})
	}
	all.Wait()
	if got := len(p.got()); got != 80 {
		t.Errorf("%d mails, want 80", got)
	}
}

// Fault 28: nobody listens. One knock opens the back-off, the others do not
// knock at all, and mail flows when the relay is back.
func TestUnreachableRelayIsNotHammered(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	clock := time.Now()
	var mu sync.Mutex
	now := func() time.Time { mu.Lock(); defer mu.Unlock(); return clock }
	m := NewMail(now, relayTo(addr, NoTLS, nil))
	defer m.Close()
	knocks := 0
	inner := m.relays[0].pool.open
	m.relays[0].pool.open = func(ctx context.Context) (*session, error) { knocks++; return inner(ctx) }
	d := mailTo(t, "d", "a@b.test")
	for range 3600 { // an hour, one attempt each second
		var c *Closed
		if _, err := m.Send(t.Context(), d); !errors.As(err, &c) || c.Why != Unreachable || c.After > 48*time.Second {
			t.Fatalf("%v", err)
		}
		mu.Lock()
		clock = clock.Add(time.Second)
		mu.Unlock()
	}
	if knocks < 70 || knocks > 120 {
		t.Errorf("%d connections tried in an hour", knocks)
	}
}

func TestContextEndsEverything(t *testing.T) {
	k := startCrank(t, func(line string) string {
		if line == "." {
			return ""
		}
		return polite(line)
	})
	r := relayTo(k.addr, NoTLS, nil)
	r.Reply = time.Hour
	m := openMail(t, r)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	began := time.Now()
	_, err := m.Send(ctx, mailTo(t, "d", "a@b.test"))
	if err == nil || errors.Is(err, ErrRefused) || time.Since(began) > 2*time.Second {
		t.Errorf("%v after %v", err, time.Since(began))
	}
}
