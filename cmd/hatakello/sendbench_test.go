package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"hatakello/incident"
	"hatakello/notify"
)

// postfixFolder holds smtp-source and smtp-sink; see .ci/smtp-source.
const postfixFolder = "../../.cache/postfix"

// postfixTool makes a command of postfix's test programs, which are unpacked
// and not installed.
func postfixTool(t *testing.T, name string, args ...string) *exec.Cmd {
	t.Helper()
	root, err := filepath.Abs(postfixFolder)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(root, "usr/sbin", name)
	if _, err := os.Stat(file); err != nil {
		t.Skipf("%s is missing: .ci/smtp-source unpacks it from the Debian package postfix", name)
	}
	conf := t.TempDir()
	if err := os.WriteFile(filepath.Join(conf, "main.cf"), []byte("inet_interfaces = 127.0.0.1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), file, args...)
	cmd.Env = append(os.Environ(), "LD_LIBRARY_PATH="+filepath.Join(root, "usr/lib/postfix"), "MAIL_CONFIG="+conf)
	return cmd
}

// startPostfixSink runs smtp-sink and returns its address.
func startPostfixSink(t *testing.T) string {
	t.Helper()
	addr := freeAddress(t)
	cmd := postfixTool(t, "smtp-sink", "-u", "nobody", "inet:"+addr, "2000")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	within(t, 5*time.Second, "smtp-sink to listen", func() bool {
		c, err := net.Dial("tcp", addr)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
	return addr
}

// sourceRate is how many messages a second postfix's own source gets into the
// sink, with kept connections; the better of two runs.
func sourceRate(t *testing.T, addr string, sessions, size, n int) float64 {
	t.Helper()
	best := fastest(2, func() {
		cmd := postfixTool(t, "smtp-source", "-d", "-s", fmt.Sprint(sessions), "-l", fmt.Sprint(size), "-m", fmt.Sprint(n),
			"-f", "a@b.example", "-t", "c@d.example", addr)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("smtp-source: %v\n%s", err, out)
		}
	})
	return float64(n) / best.Seconds()
}

// tally is an outbox that notes when ends of attempts are durable.
type tally struct {
	notify.Outbox
	mu          sync.Mutex
	n           int
	bytes       int
	first, last time.Time
}

func (y *tally) Ended(ctx context.Context, outs []incident.Outcome) error {
	if err := y.Outbox.Ended(ctx, outs); err != nil {
		return err
	}
	y.mu.Lock()
	defer y.mu.Unlock()
	for _, o := range outs {
		if o.Receipt.OK && o.Delivery.Notice != "" {
			if y.n++; y.n == 1 {
				y.first = o.Receipt.Ended
			}
			y.bytes += len(o.Delivery.Body)
		}
	}
	y.last = time.Now()
	return nil
}

func (y *tally) count() int {
	y.mu.Lock()
	defer y.mu.Unlock()
	return y.n
}

// sending is one measured run of the real Desk, composer and courier over a
// real database.
type sending struct {
	n         int
	prepared  time.Duration // from the click to the commit
	first     time.Duration // from the click to the first acceptance
	whole     time.Duration // from the commit to the last stored receipt
	size      int           // bytes of a mail
	concluded time.Duration // from the click until all that follows is recorded
}

func (s sending) rate() float64 { return float64(s.n) / s.whole.Seconds() }

// sendAll tells n customers through one relay and measures it.
func sendAll(t *testing.T, n int, relay notify.Relay, keys []notify.Key) sending {
	t.Helper()
	term, _ := quiet(t)
	h, err := term.openSpeaking(t.Context(), database{filepath.Join(t.TempDir(), "h.db")}, speech{URL: "https://kello.esimerkki.test", From: "Hoivapilvi <kello@hoivapilvi.example>"})
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	x := &told{house: h, t: t}
	c := &composer{words: term.words, from: mailbox("Hoivapilvi <kello@hoivapilvi.example>"), site: "https://kello.esimerkki.test", keys: keys}
	h.desk.Compose = c.notice
	by := incident.Actor{ID: "u", Name: "Aino Koe", Roles: []incident.Role{incident.Privacy, incident.Admin}, Via: "web"}
	x.must(h.desk.SaveOrganisation(t.Context(), by, incident.Organisation{Name: "Hoivapilvi Oy", Email: "tietosuoja@hoivapilvi.example"}))
	_, err = h.desk.ImportCustomers(t.Context(), by, incident.Import{Data: strings.NewReader(customerTable(customers(n)))})
	x.must(err)
	inc, err := h.desk.Log(t.Context(), by, incident.Log{Title: "Varmuuskopio avoimena", Aware: time.Now().Add(-time.Hour), Services: []string{"Palvelu A"}})
	x.must(err)

	box := &tally{Outbox: h.desk}
	mail := notify.NewMail(time.Now, relay)
	courier := notify.NewCourier(box, time.Now, slog.New(slog.DiscardHandler), nil, mail.Lane())
	h.desk.Wake = courier.Wake
	ctx, stop := context.WithCancel(t.Context())
	var run sync.WaitGroup
	run.Go(func() { courier.Run(ctx) })
	defer run.Wait()
	defer stop()
	click := time.Now()
	_, err = h.desk.Notify(t.Context(), by, inc.ID, incident.Notify{Texts: map[string]string{"": flowText}})
	x.must(err)
	committed := time.Now()
	within(t, 5*time.Minute, "all receipts", func() bool { return box.count() == n })
	within(t, 5*time.Minute, "all conclusions", func() bool {
		inc, err := h.db.Incident(t.Context(), inc.ID)
		x.must(err)
		return inc.Tally.Accepted == n
	})
	return sending{n, committed.Sub(click), box.first.Sub(click), box.last.Sub(committed), box.bytes / n, time.Since(click)}
}

// benchKeys are an RSA and an Ed25519 key for DKIM.
func benchKeys(t *testing.T) []notify.Key {
	t.Helper()
	long, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	_, short, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return []notify.Key{{Domain: "hoivapilvi.example", Selector: "r1", Signer: long}, {Domain: "hoivapilvi.example", Selector: "e1", Signer: short}}
}

// measured skips a test that only "make bench" runs, and returns a number of
// mails from the environment or the usual one.
func measured(t *testing.T, usual int) int {
	t.Helper()
	if os.Getenv("HATAKELLO_BENCH") == "" {
		t.Skip("rates are comparable on a quiet machine only: make bench")
	}
	n := usual
	if s := os.Getenv("HATAKELLO_BENCH_MAILS"); s != "" {
		if _, err := fmt.Sscan(s, &n); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

func relayAt(addr string, sessions int) notify.Relay {
	host, port, _ := net.SplitHostPort(addr)
	return notify.Relay{Host: host, Port: port, TLS: notify.NoTLS, Sender: "bounce@hoivapilvi.example", Hello: "hoivapilvi.example", Sessions: sessions}
}

// TestSendRate compares ten sessions with postfix's own source, in the same
// sink, for mails of the same size.
func TestSendRate(t *testing.T) {
	n := measured(t, 10000)
	addr := startPostfixSink(t)
	for _, tt := range []struct {
		name string
		keys []notify.Key
	}{{"DKIM off", nil}, {"DKIM on", benchKeys(t)}} {
		t.Run(tt.name, func(t *testing.T) {
			s := sendAll(t, n, relayAt(addr, 10), tt.keys)
			base := sourceRate(t, addr, 10, s.size, n)
			t.Logf("%d mails of %d bytes, prepared and committed in %v (goal 1s), the first accepted after %v (goal 1s), sent at %.0f/s, %.2f × smtp-source -d at %.0f/s (goal 0.70); all concluded %v after the click",
				n, s.size, s.prepared.Round(time.Millisecond), s.first.Round(time.Millisecond), s.rate(), s.rate()/base, base, s.concluded.Round(time.Millisecond))
		})
	}
}
