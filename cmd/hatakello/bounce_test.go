package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"hatakello/incident"
	"hatakello/notify"
)

// told is a case with one customer, over a real database.
type told struct {
	*house
	t   *testing.T
	db  string
	inc *incident.Incident
}

// tellOne makes the case and the notice to the contacts' first address.
func tellOne(t *testing.T, emails ...string) *told {
	t.Helper()
	term, _ := quiet(t)
	file := filepath.Join(t.TempDir(), "h.db")
	h, err := term.openSpeaking(t.Context(), database{file}, speech{URL: "https://kello.esimerkki.test", From: "Hoivapilvi <kello@hoivapilvi.example>"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.close)
	x := &told{house: h, t: t, db: file}
	by := incident.Actor{ID: "u", Name: "Aino Koe", Roles: []incident.Role{incident.Privacy, incident.Admin}, Via: "web"}
	ctx := t.Context()
	x.must(h.desk.SaveOrganisation(ctx, by, incident.Organisation{Name: "Hoivapilvi Oy", Alarm: []string{"paivystys@hoivapilvi.example"}}))
	s := &incident.Service{Name: "Hoivapäivyri"}
	x.must(h.desk.SaveService(ctx, by, s))
	k := &incident.Controller{Name: "Kunta", Lang: "fi", Hours: 24, Uses: []incident.Use{{Service: s.ID, Tenant: "t1"}}}
	for _, e := range emails {
		k.Contacts = append(k.Contacts, incident.Contact{Name: "Yhteys", Email: e})
	}
	x.must(h.desk.SaveController(ctx, by, k))
	x.inc, err = h.desk.Log(ctx, by, incident.Log{Title: "Varmuuskopio avoimena", Aware: time.Now().Add(-time.Hour), Services: []string{s.ID}})
	x.must(err)
	_, err = h.desk.Notify(ctx, by, x.inc.ID, incident.Notify{Texts: map[string]string{"": "Varmuuskopio oli avoimena."}})
	x.must(err)
	return x
}

func (x *told) must(err error) {
	x.t.Helper()
	if err != nil {
		x.t.Fatal(err)
	}
}

// record is the customer's record as it stands.
func (x *told) record() *incident.Record {
	x.t.Helper()
	rs, err := x.house.db.Records(x.t.Context(), x.inc.ID, nil)
	x.must(err)
	return rs[0]
}

// notices lists the deliveries of notices, oldest first.
func (x *told) notices() []*incident.Delivery {
	x.t.Helper()
	all, _, err := x.house.db.Deliveries(x.t.Context(), x.inc.ID, x.record().ID, incident.Cut{Limit: 99})
	x.must(err)
	var ds []*incident.Delivery
	for _, d := range all {
		if d.Notice != "" {
			ds = append([]*incident.Delivery{d}, ds...)
		}
	}
	return ds
}

// until waits for something that another program does.
func (x *told) until(what string, is func() bool) {
	x.t.Helper()
	for end := time.Now().Add(40 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if is() {
			return
		}
	}
	x.t.Fatalf("waited in vain for %s; record %s, deliveries %+v", what, x.record().Stage, x.notices())
}

// lenient is the mail server of a domain that knows one receiver.
type lenient struct{}

func (lenient) Reset()                               {}
func (lenient) Logout() error                        { return nil }
func (lenient) Mail(string, *smtp.MailOptions) error { return nil }
func (lenient) Rcpt(to string, _ *smtp.RcptOptions) error {
	if strings.HasPrefix(to, "eka@") {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user here"}
	}
	return nil
}
func (lenient) Data(r io.Reader) error {
	_, err := io.Copy(io.Discard, r)
	return err
}

// startRelay runs Debian's OpenSMTPD as our relay: it takes everything, passes
// it on to next, and returns what is refused to returns by LMTP. Its queue
// lies in a mount namespace of its own.
func startRelay(t *testing.T, next, returns string) string {
	t.Helper()
	if _, err := os.Stat("/usr/sbin/smtpd"); err != nil {
		t.Fatal("/usr/sbin/smtpd is missing: install the Debian package opensmtpd")
	}
	if os.Getuid() != 0 {
		t.Fatal("a real mail server can be started by root only: run the tests as root")
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := ln.Addr().String()
	ln.Close()
	host, port, _ := net.SplitHostPort(addr)
	conf := filepath.Join(t.TempDir(), "smtpd.conf")
	text := fmt.Sprintf(`table everybody { "@" = nobody }
listen on %s port %s hostname relay.example
action "returned" lmtp "%s" rcpt-to virtual <everybody>
action "out" relay host smtp://%s
match from any for domain "hoivapilvi.example" action "returned"
match from any for any action "out"
`, host, port, returns, next)
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	const script = `mount -t tmpfs -o mode=755 none /var/spool && mount -t tmpfs -o mode=755 none /run &&
		mkdir -m 711 /var/spool/smtpd && exec /usr/sbin/smtpd -d -f "$0"`
	said, err := os.Create(filepath.Join(t.TempDir(), "said"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("unshare", "--mount", "sh", "-c", script, conf)
	cmd.Stdout, cmd.Stderr = said, said
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.WaitDelay = 3 * time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // it and its helpers
		_ = cmd.Wait()
		if log, _ := os.ReadFile(said.Name()); t.Failed() {
			t.Logf("the relay said:\n%s", log)
		}
	})
	return addr
}

// Fault 38, with real mail servers: the relay takes the notice, the receiver's
// server refuses it, a real bounce comes back by LMTP, the duty is open again,
// the next contact gets the notice and informs the controller.
func TestFault38RealBounceOpensTheDuty(t *testing.T) {
	x := tellOne(t, "eka@kunta.example", "toka@kunta.example")
	ctx, stop := context.WithCancel(t.Context())
	var loops sync.WaitGroup
	defer func() { stop(); loops.Wait() }()

	next := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return lenient{}, nil }))
	far, err := net.Listen("tcp", "127.0.0.1:0")
	x.must(err)
	go next.Serve(far)
	defer next.Close()

	in := notify.NewIntake(x.desk, time.Now, slog.New(slog.DiscardHandler))
	back, err := net.Listen("tcp", "127.0.0.1:0")
	x.must(err)
	loops.Go(func() { in.ServeMail(ctx, back, "lmtp", "bounce@hoivapilvi.example") })

	relay := notify.Relay{TLS: notify.NoTLS, Sender: "bounce@hoivapilvi.example"}
	relay.Host, relay.Port, _ = net.SplitHostPort(startRelay(t, far.Addr().String(), back.Addr().String()))
	mail := notify.NewMail(time.Now, relay)
	courier := notify.NewCourier(x.desk, time.Now, slog.New(slog.DiscardHandler), nil, mail.Lane())
	loops.Go(func() { courier.Run(ctx) })

	x.until("the bounce", func() bool {
		ds := x.notices()
		return len(ds) == 2 && ds[0].Fate == incident.Bounced
	})
	first := x.notices()[0]
	if n := len(first.Receipts); n != 2 || !first.Receipts[0].OK || first.Receipts[1].Report != incident.Undelivered {
		t.Fatalf("receipts %+v", first.Receipts)
	}
	t.Logf("the report says: %s, from %s", first.Receipts[1].Reply, first.Receipts[1].Server)
	x.until("the second contact's server", func() bool { return x.record().Stage == incident.Accepted })
	second := x.notices()[1]
	if k, _ := x.record().At(incident.ControllerInformed); second.Address != "toka@kunta.example" || !k.At.Equal(second.Receipts[0].Ended) {
		t.Errorf("informed %v, want when %s was accepted, %v", k.At, second.Address, second.Receipts[0].Ended)
	}
}

// The pipe's exit codes are those that a mail server understands.
func TestBouncePipe(t *testing.T) {
	x := tellOne(t, "eka@kunta.example")
	due, err := x.desk.Claim(t.Context(), []incident.Route{incident.ByMail}, 9, time.Minute)
	x.must(err)
	id := ""
	for _, d := range due {
		if d.Notice != "" {
			id = d.ID
		}
	}
	raw := "From: mailer-daemon@mx.example\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n" +
		"Reporting-MTA: dns; mx.example\r\nOriginal-Envelope-Id: " + id + "\r\n\r\nFinal-Recipient: rfc822; eka@kunta.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
	bounce := func(raw string) int {
		file := filepath.Join(t.TempDir(), "mail")
		x.must(os.WriteFile(file, []byte(raw), 0o600))
		f, err := os.Open(file)
		x.must(err)
		defer f.Close()
		term, _ := quiet(t)
		term.in = f
		return run(t.Context(), term, []string{"bounce", "--db", x.db, "--url", "https://kello.esimerkki.test", "--from", "kello@hoivapilvi.example"})
	}
	if code := bounce(raw); code != tempFail {
		t.Errorf("while it is being sent: %d, want %d", code, tempFail)
	}
	var outs []incident.Outcome
	for _, d := range due {
		outs = append(outs, incident.Outcome{Delivery: d, Receipt: incident.Receipt{OK: true, Code: 250, Began: time.Now(), Ended: time.Now()}})
	}
	x.must(x.desk.Settle(t.Context(), outs))
	for _, tt := range []struct {
		name, raw string
		want      int
	}{
		{"a report", raw, 0},
		{"the same again", raw, 0},
		{"about nobody's mail", strings.ReplaceAll(raw, id, "xyz"), dataError},
		{"a person's mail", "From: a@b.example\r\nSubject: Hei\r\n\r\nMoi\r\n", dataError},
		{"nothing", "", dataError},
	} {
		if code := bounce(tt.raw); code != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, code, tt.want)
		}
	}
	if r := x.record(); r.Stage != incident.Failed {
		t.Errorf("stage %s, want the call sheet", r.Stage)
	}
	term, _ := quiet(t)
	if code := run(t.Context(), term, []string{"bounce", "/nowhere", "--db", x.db, "--url", "https://k.test", "--from", "a@b.test"}); code != tempFail {
		t.Errorf("a file that is not there: %d", code)
	}
}
