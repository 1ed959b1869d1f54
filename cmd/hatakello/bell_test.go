package main

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
	"hatakello/store"
)

// ringing is a bell with a real mail server and a chat to ring by, and a clock
// that can be set.
type ringing struct {
	*bell
	t    *testing.T
	db   *store.DB
	post *demoSMTP
	chat *demoSlack
	out  *bytes.Buffer
	at   time.Time
}

func newRinging(t *testing.T) *ringing {
	t.Helper()
	file := filepath.Join(t.TempDir(), "h.db")
	db, err := store.Open(t.Context(), file, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	post, err := newDemoSMTP()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(post.close)
	chat, err := newDemoSlack()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(chat.close)
	term, out := quiet(t)
	cmd := &BellCmd{database: database{file}, SMTP: "smtp://" + post.Addr, From: "kello@esimerkki.test", To: []string{"paivystys@esimerkki.test"},
		SlackToken: demoToken, SlackChannel: "#kello", SlackAPI: chat.URL, URL: "https://kello.esimerkki.test", Every: time.Minute}
	b, err := cmd.open(term)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.close)
	r := &ringing{bell: b, t: t, db: db, post: post, chat: chat, out: out, at: time.Now()}
	b.now = func() time.Time { return r.at }
	r.beat()
	return r
}

func (r *ringing) beat() {
	r.t.Helper()
	if err := r.db.Beat(r.t.Context(), incident.Pulse{Node: "a", At: r.at}); err != nil {
		r.t.Fatal(err)
	}
}

// rang looks once and returns how many mails and chat messages there are in all.
func (r *ringing) rang() [2]int {
	r.look(r.t.Context())
	return [2]int{len(r.post.Mails()), len(r.chat.Messages())}
}

func TestBellIsSilentWhileAllIsWell(t *testing.T) {
	r := newRinging(t)
	for range 3 {
		if got := r.rang(); got != [2]int{} {
			t.Fatalf("rang %v: %s", got, r.out)
		}
		r.at = r.at.Add(30 * time.Second)
		r.beat()
	}
	if n := strings.Count(r.out.String(), "All is well."); n != 1 {
		t.Errorf("said %d times that all is well, want once:\n%s", n, r.out)
	}
}

// The main program falls silent: told at once by both ways, again after an
// hour and not before, and no more when it is back.
func TestBellRingsWhenTheProgramIsSilent(t *testing.T) {
	r := newRinging(t)
	r.rang()
	r.at = r.at.Add(61 * time.Second)
	steps := []struct {
		wait time.Duration
		want [2]int
	}{{0, [2]int{1, 1}}, {time.Minute, [2]int{1, 1}}, {58 * time.Minute, [2]int{1, 1}}, {time.Minute, [2]int{2, 2}}, {time.Minute, [2]int{2, 2}}}
	for _, s := range steps {
		r.at = r.at.Add(s.wait)
		if got := r.rang(); got != s.want {
			t.Fatalf("after %v rang %v, want %v", s.wait, got, s.want)
		}
	}
	mail := r.post.Mails()[0]
	if !strings.Contains(string(mail.Raw), "silent") || mail.To != "paivystys@esimerkki.test" {
		t.Errorf("to %s: %s", mail.To, mail.Raw)
	}
	r.beat()
	r.rang()
	r.at = r.at.Add(61 * time.Second) // silent a second time: a new problem
	if got := r.rang(); got != [2]int{3, 3} {
		t.Errorf("the second silence: rang %v", got)
	}
}

// A database that cannot be read is a reason to ring, and mail that cannot be
// sent leaves the chat.
func TestBellRingsByWhatIsLeft(t *testing.T) {
	r := newRinging(t)
	r.bell.DB = filepath.Join(t.TempDir(), "gone.db")
	r.post.close()
	r.look(t.Context())
	if n := len(r.chat.Messages()); n != 1 {
		t.Errorf("%d chat messages, want one", n)
	}
	r.chat.close()
	r.at = r.at.Add(2 * time.Hour)
	r.look(t.Context())
	if last := r.rung["unreadable "]; !last.Before(r.at) {
		t.Error("a ring that nobody heard counts as heard")
	}
}

func TestBellOnce(t *testing.T) {
	r := newRinging(t)
	once := func() int {
		term, _ := quiet(t)
		return run(t.Context(), term, []string{"bell", "--once", "--db", r.DB, "--smtp", r.SMTP, "--from", r.From, "--to", r.To[0]})
	}
	if code := once(); code != 0 {
		t.Errorf("all is well: %d", code)
	}
	r.at = r.at.Add(-time.Hour)
	r.beat()
	if code := once(); code != 1 || len(r.post.Mails()) != 1 {
		t.Errorf("silent: %d, %d mails", code, len(r.post.Mails()))
	}
	term, _ := quiet(t)
	if code := run(t.Context(), term, []string{"bell", "--once", "--db", r.DB, "--to", "a@b.test"}); code != 2 {
		t.Errorf("no way to ring: %d, want 2", code)
	}
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	if code := run(stopped, term, []string{"bell", "--db", r.DB, "--smtp", r.SMTP, "--from", r.From, "--to", r.To[0]}); code != 0 {
		t.Errorf("stopped by the operator: %d", code)
	}
}
