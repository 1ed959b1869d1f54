package notify

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"hatakello/incident"
)

func mailTo(t *testing.T, id, to string) *incident.Delivery {
	t.Helper()
	m := sample()
	m.ID, m.To.Address = id, to
	raw, err := BuildMail(m)
	if err != nil {
		t.Fatal(err)
	}
	return &incident.Delivery{ID: id, Route: incident.ByMail, Address: to, Body: raw}
}

func openMail(t *testing.T, rs ...Relay) *Mail {
	m := NewMail(time.Now, rs...)
	t.Cleanup(m.Close)
	return m
}

func TestMailArrives(t *testing.T) {
	p := startPost(t, certificate)
	m := openMail(t, p.relay(StartTLS))
	d := mailTo(t, "d1", "oivi@asiakas.test")
	rc, err := m.Send(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	if got := p.got(); len(got) != 1 || got[0] != string(d.Body) {
		t.Errorf("arrived %q, want the frozen bytes", got)
	}
	if rc.Code != 250 || !strings.HasPrefix(rc.Reply, "250 2.0.0") || rc.TLS != "TLS 1.3" || len(rc.SHA256) != 64 || rc.Server != p.addr {
		t.Errorf("receipt %+v", rc)
	}
	if p.from[0] != "bounce@sender.test" || p.to[0] != "oivi@asiakas.test" || p.envids[0] != "d1" {
		t.Errorf("envelope %v %v %v", p.from, p.to, p.envids)
	}
}

func TestSessionsAreKept(t *testing.T) {
	p := startPost(t, nil)
	m := openMail(t, p.relay(NoTLS))
	for i := range 20 {
		if _, err := m.Send(t.Context(), mailTo(t, fmt.Sprint("d", i), "a@b.test")); err != nil {
			t.Fatal(err)
		}
	}
	if p.conns != 1 || len(p.got()) != 20 {
		t.Errorf("%d connections for %d mails", p.conns, len(p.got()))
	}
}

func TestFault31To33Refusals(t *testing.T) {
	answer := func(code int, text string) *smtp.SMTPError {
		return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 1, 1}, Message: text}
	}
	p := startPost(t, func(p *post, _ *smtp.Server) {
		p.rcpt["gone@b.test"] = answer(550, "no such user")
		p.rcpt["grey@b.test"] = answer(451, "come back")
		p.data["spam@b.test"] = answer(554, "content refused")
		p.data["full@b.test"] = answer(452, "no room")
	})
	m := openMail(t, p.relay(NoTLS))
	tests := []struct {
		to      string
		refused bool
		code    int
		reply   string
	}{
		{"gone@b.test", true, 550, "550 5.1.1 no such user"},
		{"grey@b.test", false, 451, "451 4.1.1 come back"},
		{"spam@b.test", true, 554, "554 5.1.1 content refused"},
		{"full@b.test", false, 452, "452 4.1.1 no room"},
		{"not an address", true, 0, ""},
	}
	for _, tt := range tests {
		d := mailTo(t, "d", "a@b.test")
		d.Address = tt.to
		rc, err := m.Send(t.Context(), d)
		if err == nil || errors.Is(err, ErrRefused) != tt.refused || rc.Code != tt.code || !strings.HasPrefix(rc.Reply, tt.reply) {
			t.Errorf("%s: %v, %+v", tt.to, err, rc)
		}
		if o := outcome(d, rc, err); o.Untried || o.Receipt.OK || o.Refused != tt.refused {
			t.Errorf("%s: outcome %+v", tt.to, o)
		}
	}
	if _, err := m.Send(t.Context(), mailTo(t, "d9", "a@b.test")); err != nil {
		t.Errorf("after refusals: %v", err)
	}
	if p.conns != 1 || len(p.got()) != 1 {
		t.Errorf("%d connections, %d mails; want the same connection, one mail", p.conns, len(p.got()))
	}
}

func TestFault36EncryptionIsNotGivenUp(t *testing.T) {
	plain, secure := startPost(t, nil), startPost(t, certificate)
	tests := []struct {
		name   string
		relay  Relay
		closed Why // "": the mail goes
		tls    string
	}{
		{"stripped", plain.relay(StartTLS), Unsafe, ""},
		{"no TLS at all", plain.relay(TLS), Unsafe, ""},
		{"self-signed", relayTo(secure.addr, StartTLS, nil), Unsafe, ""},
		{"another name", func() Relay { r := secure.relay(StartTLS); r.Host = "localhost"; return r }(), Unsafe, ""},
		{"opportunistic with", relayTo(secure.addr, Opportunistic, nil), "", "TLS 1.3 unverified"},
		{"opportunistic without", plain.relay(Opportunistic), "", ""},
		{"switched off", secure.relay(NoTLS), "", ""},
		{"demanded", secure.relay(StartTLS), "", "TLS 1.3"},
	}
	for _, tt := range tests {
		before := len(plain.got()) + len(secure.got())
		rc, err := openMail(t, tt.relay).Send(t.Context(), mailTo(t, "d", "a@b.test"))
		var c *Closed
		if got := errors.As(err, &c); got != (tt.closed != "") || got && (c.Why != tt.closed || c.After < mending) || rc.TLS != tt.tls {
			t.Errorf("%s: %v, TLS %q", tt.name, err, rc.TLS)
		}
		if sent := len(plain.got()) + len(secure.got()) - before; (sent == 1) != (tt.closed == "") {
			t.Errorf("%s: %d mails went", tt.name, sent)
		}
	}
}

func TestLogin(t *testing.T) {
	asks := func(p *post, s *smtp.Server) { certificate(p, s); p.user = "kello" }
	p := startPost(t, asks)
	r := p.relay(StartTLS)
	r.User, r.Password = "kello", "secret"
	if _, err := openMail(t, r).Send(t.Context(), mailTo(t, "d", "a@b.test")); err != nil {
		t.Errorf("right password: %v", err)
	}
	r.Password = "wrong"
	m := openMail(t, r)
	var c *Closed
	for range 10 {
		if _, err := m.Send(t.Context(), mailTo(t, "d", "a@b.test")); !errors.As(err, &c) || c.Why != Unwelcome || c.After < mending-time.Second {
			t.Fatalf("wrong password: %v", err)
		}
	}
	if p.conns != 2*2 { // go-smtp counts a session before and after STARTTLS
		t.Errorf("%d sessions for one mail with the right password and ten with a wrong one", p.conns)
	}
	r = p.relay(StartTLS)
	p.mail = &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "log in first"}
	if _, err := openMail(t, r).Send(t.Context(), mailTo(t, "d", "a@b.test")); !errors.As(err, &c) || c.Why != Unwelcome {
		t.Errorf("without log-in: %v", err)
	}
}

func TestQueueIDIsKept(t *testing.T) {
	k := startCrank(t, polite)
	rc, err := openMail(t, relayTo(k.addr, NoTLS, nil)).Send(t.Context(), mailTo(t, "d", "a@b.test"))
	if err != nil || rc.Queue != "4F7Xyz12ab" || rc.Reply != "250 2.0.0 Ok: queued as 4F7Xyz12ab" {
		t.Errorf("%+v, %v", rc, err)
	}
	for text, want := range map[string]string{
		"2.0.0 7f3b1c2d Message accepted for delivery":                    "7f3b1c2d",
		"OK id=1rAbCd-0000x1-Yz":                                          "1rAbCd-0000x1-Yz",
		"2.6.0 <a@b> [InternalId=123456, Hostname=x] Queued for delivery": "123456",
		"2.0.0 OK 1700000000 a1b2c3 - gsmtp":                              "1700000000",
		"fine":                                                            "",
	} {
		if got := queueID(text); got != want {
			t.Errorf("queueID(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestNoGoroutineIsLost(t *testing.T) {
	p := startPost(t, certificate)
	before := runtime.NumGoroutine()
	m := NewMail(time.Now, p.relay(StartTLS))
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() { m.Send(t.Context(), mailTo(t, fmt.Sprint("d", i), "a@b.test")) })
	}
	all.Wait()
	m.Close()
	for i := 0; runtime.NumGoroutine() > before && i < 200; i++ {
		time.Sleep(10 * time.Millisecond)
	}
	if after := runtime.NumGoroutine(); after > before {
		t.Errorf("%d goroutines before, %d after", before, after)
	}
}
