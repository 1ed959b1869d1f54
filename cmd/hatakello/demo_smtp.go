package main

import (
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// keepMails is how many messages the demonstration keeps.
const keepMails = 2000

// demoMail is a mail as the demonstration's server got it.
type demoMail struct {
	At     time.Time
	From   string
	To     string
	Raw    []byte // nil where the receiver was refused
	Answer string // what the sender was told
	// Refused says that there is no such mailbox.
	Refused bool
}

// demoNobody begins the addresses that the server refuses, so that the
// demonstration shows a notice that reaches nobody by mail.
const demoNobody = "olematon@"

// demoSMTP is a mail server on this machine that takes everything but mail to
// nobody and keeps the last of it. It delivers nothing.
type demoSMTP struct {
	Addr string // host and port

	server *smtp.Server

	mu    sync.Mutex
	mails []demoMail
	count int
}

// newDemoSMTP starts the server at a free port.
func newDemoSMTP() (*demoSMTP, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start the demonstration's mail server: %w", err)
	}
	d := &demoSMTP{Addr: l.Addr().String()}
	d.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &demoSession{d: d}, nil }))
	d.server.Domain, d.server.EnableDSN = "demo.invalid", true
	d.server.MaxMessageBytes, d.server.MaxRecipients = 10<<20, 1
	d.server.ReadTimeout, d.server.WriteTimeout = time.Minute, time.Minute
	go func() { _ = d.server.Serve(l) }() // ends with close
	return d, nil
}

// Mails returns what is kept, oldest first.
func (d *demoSMTP) Mails() []demoMail {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]demoMail(nil), d.mails...)
}

func (d *demoSMTP) close() { _ = d.server.Close() }

// take keeps a mail and returns what to answer.
func (d *demoSMTP) take(m demoMail) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.count++
	if !m.Refused {
		m.Answer = fmt.Sprintf("Ok: queued as DEMO%06d", d.count)
	}
	d.mails = append(d.mails, m)
	if len(d.mails) > keepMails {
		d.mails = append(d.mails[:0:0], d.mails[len(d.mails)-keepMails:]...)
	}
	return m.Answer
}

// demoSession is one connection to the server.
type demoSession struct {
	d        *demoSMTP
	from, to string
}

func (s *demoSession) Reset()        { s.from, s.to = "", "" }
func (s *demoSession) Logout() error { return nil }

func (s *demoSession) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	return nil
}

func (s *demoSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	if strings.HasPrefix(to, demoNobody) {
		no := &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "No such mailbox"}
		s.d.take(demoMail{At: time.Now().UTC(), From: s.from, To: to, Answer: no.Error(), Refused: true})
		return no
	}
	s.to = to
	return nil
}

// Data takes the mail. go-smtp lets only an error choose the words of the
// answer, and so the acceptance is dressed as one.
func (s *demoSession) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	answer := s.d.take(demoMail{At: time.Now().UTC(), From: s.from, To: s.to, Raw: raw})
	return &smtp.SMTPError{Code: 250, EnhancedCode: smtp.EnhancedCode{2, 0, 0}, Message: answer}
}
