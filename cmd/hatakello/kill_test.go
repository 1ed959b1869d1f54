package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"
)

// killed is a case that is being notified while the server is killed.
type killed struct {
	t    *testing.T
	db   string
	post *sink
	list []customer
}

func newKilled(t *testing.T, n int) *killed {
	return &killed{t: t, db: databases[0].make(t), post: startSink(t, ""), list: customers(n)}
}

// serve starts the server, which must find its work by itself.
func (k *killed) serve() *server {
	return start(k.t, "serve", "--db", k.db, "--smtp", "smtp://"+k.post.addr, "--from", "kello@sender.example")
}

// begin logs a case and orders the notices.
func (k *killed) begin(s *server) {
	a := &api{k.t, s.url, must(k.t, "", "token", "add", "kill", "--role", "privacy", "--db", k.db)}
	a.importCSV(k.list)
	a.notify(a.log("Katko", "Palvelu A"), flowText)
}

// checkBooks wants every receiver to have got its mail, and every repeat to be
// the same mail with the same Message-ID.
func (k *killed) checkBooks(repeats int) {
	k.t.Helper()
	first := map[string]taken{}
	again := 0
	for _, m := range k.post.all() {
		f, ok := first[m.to]
		if !ok {
			first[m.to] = m
			continue
		}
		again++
		if f.id != m.id || !bytes.Equal(f.body, m.body) {
			k.t.Errorf("%s got %s and then %s, want the same mail again", m.to, f.id, m.id)
		}
	}
	for _, c := range k.list {
		if _, ok := first[c.email]; !ok {
			k.t.Errorf("%s got nothing", c.email)
		}
	}
	if again > repeats {
		k.t.Errorf("%d mails were repeated, want at most %d, as many as were under way", again, repeats)
	}
}

func (k *killed) receivers() int {
	seen := map[string]bool{}
	for _, m := range k.post.all() {
		seen[m.to] = true
	}
	return len(seen)
}

// TestKillBetweenSaveAndSend kills the server after the notices were saved and
// before any could leave.
func TestKillBetweenSaveAndSend(t *testing.T) {
	k := newKilled(t, 40)
	k.post.close() // nobody takes mail
	s := k.serve()
	k.begin(s)
	s.kill()
	k.post = startSink(t, k.post.addr)
	k.serve()
	within(t, 40*time.Second, "all mails after the restart", func() bool { return k.receivers() == len(k.list) })
	k.checkBooks(0)
}

// TestKillBetweenSendAndAnswer kills the server when the mail server has got
// mails and not yet said so: they are sent again and can be recognised.
func TestKillBetweenSendAndAnswer(t *testing.T) {
	k := newKilled(t, 40)
	k.post.hold(true)
	s := k.serve()
	k.begin(s)
	within(t, 20*time.Second, "mails to be under way", func() bool { return len(k.post.all()) >= 5 })
	s.kill()
	underWay := len(k.post.all())
	k.post.hold(false)
	k.serve()
	within(t, 40*time.Second, "all mails after the restart", func() bool { return k.receivers() == len(k.list) && len(k.post.all()) >= len(k.list)+underWay })
	k.checkBooks(underWay)
}

// TestKillAgainAndAgain kills the server at random moments while it sends.
// HATAKELLO_SOAK says how often.
func TestKillAgainAndAgain(t *testing.T) {
	times := 4
	if n, err := strconv.Atoi(os.Getenv("HATAKELLO_SOAK")); err == nil {
		times = n
	}
	k := newKilled(t, 50*times)
	s := k.serve()
	k.begin(s)
	for range times {
		time.Sleep(time.Duration(5+rand.IntN(60)) * time.Millisecond)
		s.kill()
		s = k.serve()
	}
	within(t, 60*time.Second, "all mails after the last restart", func() bool { return k.receivers() == len(k.list) })
	k.checkBooks(10 * (times + 1))
}
