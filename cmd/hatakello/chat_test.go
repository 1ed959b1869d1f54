package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
)

// lived is the whole program in this process, with a mail server and a chat
// that keep what they are given, at work until the test ends.
type lived struct {
	*house
	t    *testing.T
	s    settings
	post *demoSMTP
	chat *demoSlack
}

// live starts it with the demonstration's customers and people.
func live(t *testing.T) *lived {
	t.Helper()
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
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	term, _ := quiet(t)
	s := settings{database: database{DB: filepath.Join(t.TempDir(), "h.db")}, URL: "http://" + ln.Addr().String(), SMTP: "smtp://" + post.Addr,
		From: "Kello <kello@esimerkki.test>", SlackToken: demoToken, SlackChannel: "#kello", SlackAPI: chat.URL,
		slackSecret: slackSecret{SlackSecret: "signed"}}
	h, err := term.openServer(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- h.serve(ctx, term, ln, h.site(term, s), func() {}) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		h.close()
	})
	return &lived{h, t, s, post, chat}
}

// handler is somebody who works cases.
var handler = incident.Actor{ID: "worker", Name: "Eero Koe", Roles: []incident.Role{incident.Privacy, incident.Admin}, Via: "web"}

// card returns the message in the chat that holds want, awaiting it.
func (l *lived) card(want ...string) demoMessage {
	l.t.Helper()
	var found demoMessage
	within(l.t, 30*time.Second, fmt.Sprintf("a message with %q", want), func() bool {
		for _, m := range l.chat.Messages() {
			missing := false
			for _, w := range want {
				missing = missing || !strings.Contains(m.Text, w)
			}
			if !missing {
				found = m
				return true
			}
		}
		return false
	})
	return found
}

// cards counts the live messages in the chat.
func (l *lived) cards() int {
	n := 0
	for _, m := range l.chat.Messages() {
		if strings.Contains(m.Text, "Lähin määräaika") || strings.Contains(m.Text, "on suljettu") {
			n++
		}
	}
	return n
}

// TestChatCard follows the one live message of a case: posted once, changed in
// place, answered by a click, posted anew when somebody deleted it.
func TestChatCard(t *testing.T) {
	l := live(t)
	ctx := t.Context()
	services, err := l.db.Services(ctx)
	if err != nil {
		t.Fatal(err)
	}
	inc, err := l.desk.Log(ctx, handler, incident.Log{Title: "Salaisen otsikon loukkaus", Aware: time.Now().Add(-time.Hour), Services: []string{services[0].ID}})
	if err != nil {
		t.Fatal(err)
	}
	first := l.card("Tapaus "+inc.Number, "Odottaa ottajaa")
	if !strings.Contains(first.Blocks, "ring.answer") || !strings.Contains(first.Blocks, l.s.URL+"/incidents/"+inc.ID) {
		t.Errorf("no buttons in %s", first.Blocks)
	}

	l.click(inc)
	second := l.card("Tapaus "+inc.Number, "Joku hoitaa")
	if second.TS != first.TS || second.Edits == 0 || strings.Contains(second.Blocks, "ring.answer") {
		t.Errorf("after the answer: %+v, want the same message %s without the button", second, first.TS)
	}
	within(t, 5*time.Second, "the one who clicked to be told", func() bool { return len(l.chat.Whispers()) == 1 })

	l.chat.forget(first.TS)
	if _, err := l.desk.Notify(ctx, handler, inc.ID, incident.Notify{Texts: map[string]string{"": "Tutkimme asiaa."}, NextUpdate: time.Now().Add(24 * time.Hour)}); err != nil {
		t.Fatal(err)
	}
	third := l.card("Tapaus "+inc.Number, "Joku hoitaa")
	if third.TS == first.TS {
		t.Error("the deleted message is still there")
	}
	all := inc.Tally.Records
	l.card("Tapaus "+inc.Number, fmt.Sprintf("perille: %d / %d", all, all))
	if n := l.cards(); n != 1 {
		t.Errorf("%d live messages, want one", n)
	}
	for _, m := range l.chat.Messages() {
		if strings.Contains(m.Text+m.Blocks, "Salaisen") || strings.Contains(m.Text+m.Blocks, "Tutkimme") {
			t.Errorf("the chat is told %s", m.Text)
		}
	}
}

// click answers the alarm of a case as Slack would send it, for a member of
// staff who is known there.
func (l *lived) click(inc *incident.Incident) {
	l.t.Helper()
	u, err := l.db.UserByLogin(l.t.Context(), demoStaff[1].login)
	if err != nil {
		l.t.Fatal(err)
	}
	u.Slack = "U0MATTI"
	if err := l.desk.SaveUser(l.t.Context(), handler, u); err != nil {
		l.t.Fatal(err)
	}
	rings, err := l.db.OpenRings(l.t.Context(), inc.ID)
	if err != nil || len(rings) != 1 {
		l.t.Fatalf("%d rings, %v", len(rings), err)
	}
	body := url.Values{"payload": {fmt.Sprintf(`{"type":"block_actions","user":{"id":"U0MATTI"},"response_url":%q,"actions":[{"action_id":"ring.answer","value":%q}]}`,
		l.chat.URL+"respond", rings[0].ID)}}.Encode()
	stamp := strconv.FormatInt(time.Now().Unix(), 10)
	mac := hmac.New(sha256.New, []byte("signed"))
	fmt.Fprintf(mac, "v0:%s:%s", stamp, body)
	req, err := http.NewRequest(http.MethodPost, l.s.URL+"/slack/actions", strings.NewReader(body))
	if err != nil {
		l.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("X-Slack-Request-Timestamp", stamp)
	req.Header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		l.t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusOK {
		l.t.Errorf("Slack is answered %d", res.StatusCode)
	}
}

// TestFault45SlackTokenRevoked: the staff hear by mail that Slack is shut, once,
// Slack is not called again and again, and no case waits for it.
func TestFault45SlackTokenRevoked(t *testing.T) {
	l := live(t)
	l.chat.misbehave(slackRevoked, 0)
	services, err := l.db.Services(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := l.desk.Log(t.Context(), handler, incident.Log{Title: "Levy katosi", Aware: time.Now(), Services: []string{services[0].ID}}); err != nil {
			t.Fatal(err)
		}
	}
	told := func() (n int) {
		for _, m := range l.post.Mails() {
			if readMail(m.Raw).Subject == "Slackiin ei saada viestejä: hälytykset eivät näy siellä" {
				n++
			}
		}
		return n
	}
	within(t, 30*time.Second, "a mail that Slack is shut", func() bool { return told() > 0 })
	time.Sleep(2 * time.Second) // what would be repeated comes within it
	if n := told(); n != 1 {
		t.Errorf("told %d times, want once", n)
	}
	if n := l.chat.calls(); n > 2 {
		t.Errorf("Slack was called %d times after it had refused the token", n)
	}
}
