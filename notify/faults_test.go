package notify

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// on is a polite server but for one answer. at is the beginning of what we
// say; "" is the greeting.
func on(at, answer string) func(string) string {
	return func(line string) string {
		if line == at || at != "" && strings.HasPrefix(line, at) {
			return answer
		}
		return polite(line)
	}
}

// peer is a server at fault and what must come of one mail to it.
type peer struct {
	name   string
	script func(string) string
	want   string // "later", "refused", "taken" or a Why
}

// meet sends one mail to each server, as it is and with PIPELINING offered.
func meet(t *testing.T, peers ...peer) {
	for _, p := range peers {
		for _, offer := range []string{"", " pipelined"} {
			t.Run(p.name+offer, func(t *testing.T) {
				t.Parallel()
				script := p.script
				if offer != "" {
					script = pipelined(script)
				}
				meetOne(t, script, p.want)
			})
		}
	}
}

// pipelined offers PIPELINING where the script would greet like a good server.
func pipelined(script func(string) string) func(string) string {
	return func(line string) string {
		answer := script(line)
		if strings.HasPrefix(line, "EHLO") && answer == polite(line) {
			return "250-crank.test\r\n250-SIZE\r\n250-DSN\r\n250 PIPELINING"
		}
		return answer
	}
}

func meetOne(t *testing.T, script func(string) string, want string) {
	k := startCrank(t, script)
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
	if got != want {
		t.Errorf("got %s (%v), want %s", got, err, want)
	}
	if took := time.Since(began); took > 4*time.Second {
		t.Errorf("took %v", took)
	}
	if len([]rune(rc.Reply)) > replyMax || strings.ContainsAny(rc.Reply, "\x00\x07\x1b\r\n") || rc.Reply == "" {
		t.Errorf("reply %q", rc.Reply)
	}
}

// Fault 29: a server that stalls anywhere is waited for only so long.
func TestFault29Stalls(t *testing.T) {
	meet(t, peer{"no banner", on("", ""), "unreachable"},
		peer{"after EHLO", on("EHLO", ""), "unreachable"},
		peer{"after MAIL", on("MAIL", ""), "later"},
		peer{"after RCPT", on("RCPT", ""), "later"},
		peer{"after DATA", on("DATA", ""), "later"},
		peer{"after the dot", on(".", ""), "later"})
}

// Fault 30: 421 closes the way for a while, and no message counts as tried.
func TestFault30ServiceNotAvailable(t *testing.T) {
	meet(t, peer{"at once", on("", "421 4.7.0 too many"), "busy"},
		peer{"to EHLO", on("EHLO", "421 4.3.2 later"), "busy"},
		peer{"to MAIL", on("MAIL", "421 4.3.2 later"), "busy"},
		peer{"to RCPT", on("RCPT", "421 4.3.2 later"), "busy"},
		peer{"to DATA", on("DATA", "421 4.3.2 later"), "busy"},
		peer{"after the dot", on(".", "421 4.3.2 later"), "busy"})
}

// Fault 31: what is refused for now, greylisting too, is tried again later.
func TestFault31RefusedForNow(t *testing.T) {
	meet(t, peer{"greylisted", on("RCPT", "450 4.2.0 Greylisted, see you in 5 minutes"), "later"},
		peer{"451 to MAIL", on("MAIL", "451 4.3.0 later"), "later"},
		peer{"451 to RCPT", on("RCPT", "451 4.7.1 later"), "later"},
		peer{"452 after the dot", on(".", "452 4.3.1 no room"), "later"})
}

// Fault 32: what is refused for good is not tried again.
func TestFault32RefusedForGood(t *testing.T) {
	meet(t, peer{"550", on("RCPT", "550 5.1.1 no such user"), "refused"},
		peer{"551", on("RCPT", "551 5.1.6 moved"), "refused"},
		peer{"553", on("RCPT", "553 5.1.3 no such address"), "refused"})
}

// Fault 33: a text that is refused, for its size or content.
func TestFault33TextRefused(t *testing.T) {
	meet(t, peer{"552 after the dot", on(".", "552 5.3.4 too large"), "refused"},
		peer{"552 to MAIL", on("MAIL", "552 5.3.4 too large"), "refused"},
		peer{"554 after the dot", on(".", "554 5.7.1 looks bad"), "refused"})
}

// Fault 34: the connection is lost after the final dot. The mail may have been
// taken; it goes again, later, byte for byte with the same Message-ID.
func TestFault34DroppedAfterTheDot(t *testing.T) {
	meet(t, peer{"dropped", on(".", hangUp), "later"})
	var mu sync.Mutex
	dots := 0
	k := startCrank(t, func(line string) string {
		mu.Lock()
		defer mu.Unlock()
		if line == "." {
			if dots++; dots == 1 {
				return hangUp
			}
		}
		return polite(line)
	})
	m := openMail(t, relayTo(k.addr, NoTLS, nil))
	d := mailTo(t, "d34", "a@b.test")
	for i, want := range []bool{false, true} {
		if _, err := m.Send(t.Context(), d); (err == nil) != want {
			t.Errorf("attempt %d: %v", i, err)
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	said := strings.Join(k.lines, "\n")
	if n := strings.Count(said, "Message-ID: <d34@"); n != 2 || dots != 2 {
		t.Errorf("%d mails with the same Message-ID, %d dots; want two of each", n, dots)
	}
}

// Fault 35: the connection is lost in the text.
func TestFault35CutInData(t *testing.T) {
	meet(t, peer{"dropped", on("DATA", hangUp), "later"})
}

// Fault 40: a receiver is refused, and the server waits for the text all the
// same. It gets none, not even an empty one, and the session is not used again.
func TestFault40PipelineRefused(t *testing.T) {
	meet(t, peer{"DATA refused", on("DATA", "503 5.5.1 no receivers"), "later"})
	k := startCrank(t, pipelined(on("RCPT", "550 5.1.1 no such user")))
	m := openMail(t, relayTo(k.addr, NoTLS, nil))
	for range 2 {
		if _, err := m.Send(t.Context(), mailTo(t, "d", "a@b.test")); !errors.Is(err, ErrRefused) {
			t.Errorf("got %v, want refused", err)
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if slices.Contains(k.lines, ".") || k.conns != 2 {
		t.Errorf("%d connections; said %q, want no final dot and a new connection", k.conns, k.lines)
	}
}

// Fault 41: what a hostile server says is bounded, and cleaned before anybody
// sees it.
func TestFault41HostileAnswers(t *testing.T) {
	flooding := strings.Repeat("250-x\r\n", 40000) + "250 y"
	meet(t, peer{"garbage", on("", "\x01\x02 hello"), "unreachable"},
		peer{"endless answer", on("EHLO", flooding), "unreachable"},
		peer{"endless answer to DATA", on("DATA", strings.Replace(flooding, "250", "354", -1)), "later"},
		peer{"endless line", on("MAIL", strings.Repeat("x", 1<<20)), "later"},
		peer{"control characters", on("RCPT", "550 5.1.1 \x1b[31mred\x00\x07 "+strings.Repeat("ö", 900)), "refused"})
}

func TestOtherFaultsOfPeers(t *testing.T) {
	meet(t, peer{"hangs up at once", on("", hangUp), "unreachable"},
		peer{"554 greeting", on("", "554 go away"), "unwelcome"},
		peer{"sender refused", on("MAIL", "553 5.7.1 who are you"), "unwelcome"})
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
func TestFault30SessionsShrinkToWhatIsGranted(t *testing.T) {
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
func TestFault28UnreachableRelayIsNotHammered(t *testing.T) {
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
