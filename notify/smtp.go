package notify

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// session is one connection to a relay, ready for mail. It is all that the
// rest of the package knows of SMTP.
type session struct {
	c      *smtp.Client
	conn   net.Conn
	server string
	tls    string
	sent   int       // messages, refused ones included
	idle   time.Time // since when
	broken bool
}

// answer is what the server said to a message that it took.
type answer struct {
	line  string
	queue string
}

// open connects, encrypts as demanded and logs in.
func (r Relay) open(ctx context.Context) (*session, error) {
	ctx, cancel := context.WithTimeout(ctx, r.Connect)
	defer cancel()
	conn, err := r.dial(ctx)
	if err != nil {
		return nil, &fault{stepConnect, err}
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	s, err := r.greet(ctx, conn)
	if !stop() && err == nil {
		err = &fault{stepConnect, ctx.Err()}
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	if s == nil { // opportunistic, and the server offers encryption: once more with it
		conn.Close()
		r.TLS, r.unverified = StartTLS, true
		return r.open(ctx)
	}
	return s, nil
}

func (r Relay) dial(ctx context.Context) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort(r.Host, r.Port))
	if err != nil {
		return nil, err
	}
	return &bounded{Conn: conn, wait: r.Command}, nil
}

// greet makes a session out of a fresh connection. It returns neither session
// nor error where an opportunistic client should come again with StartTLS.
func (r Relay) greet(ctx context.Context, conn net.Conn) (*session, error) {
	cfg := &tls.Config{ServerName: r.Host, RootCAs: r.Roots, MinVersion: tls.VersionTLS12, InsecureSkipVerify: r.unverified}
	var c *smtp.Client
	switch r.TLS {
	case TLS:
		secure := tls.Client(conn, cfg)
		if err := secure.HandshakeContext(ctx); err != nil {
			return nil, unsafe(err)
		}
		c = smtp.NewClient(secure)
	case StartTLS:
		var err error
		if c, err = smtp.NewClientStartTLS(conn, cfg); err != nil {
			return nil, unsafe(err)
		}
	default:
		c = smtp.NewClient(conn)
	}
	c.CommandTimeout, c.SubmissionTimeout = r.Command, r.Reply
	if err := c.Hello(r.Hello); err != nil {
		return nil, unsafe(err)
	}
	if offered, _ := c.Extension("STARTTLS"); offered && r.TLS == Opportunistic {
		return nil, nil
	}
	s := &session{c: c, conn: conn, server: r.server(conn)}
	if state, ok := c.TLSConnectionState(); ok && state.HandshakeComplete {
		s.tls = tls.VersionName(state.Version)
		if r.unverified {
			s.tls += " unverified"
		}
	} else if r.TLS == TLS || r.TLS == StartTLS {
		return nil, unsafe(errUnsafe)
	}
	return s, r.login(s)
}

// server names who answers: as configured, and the address behind it.
func (r Relay) server(conn net.Conn) string {
	name := net.JoinHostPort(r.Host, r.Port)
	if at := conn.RemoteAddr().String(); at != name {
		name += " (" + at + ")"
	}
	return name
}

// login authenticates where a user is set. The password never crosses the net
// in clear text unless encryption was switched off by name.
func (r Relay) login(s *session) error {
	if r.User == "" {
		return nil
	}
	if s.tls == "" && r.TLS != NoTLS && !local(r.Host) {
		return &Closed{Why: Unsafe, Err: fmt.Errorf("%w: the password is not sent in clear text", errUnsafe)}
	}
	for _, m := range []struct {
		name string
		sasl sasl.Client
	}{{"PLAIN", sasl.NewPlainClient("", r.User, r.Password)}, {"LOGIN", sasl.NewLoginClient(r.User, r.Password)}} {
		if s.c.SupportsAuth(m.name) {
			if err := s.c.Auth(m.sasl); err != nil {
				return &fault{stepAuth, err}
			}
			return nil
		}
	}
	return &Closed{Why: Unwelcome, Err: errors.New("the server offers neither AUTH PLAIN nor AUTH LOGIN")}
}

// letter is what a session sends: one message to one receiver.
type letter struct {
	id   string // envelope id, comes back in delivery reports
	from string
	to   string
	body []byte
}

// send gives the message to the server. Unless the session is broken
// afterwards it may be used again, whatever came out.
func (s *session) send(ctx context.Context, l letter) (answer, error) {
	stop := context.AfterFunc(ctx, func() { s.conn.Close() })
	defer stop()
	s.sent++
	a, err := s.converse(l)
	if err == nil {
		return a, nil
	}
	var reply *smtp.SMTPError
	s.broken = !errors.As(err, &reply) || reply.Code == 421 || s.c.Reset() != nil
	if cause := context.Cause(ctx); cause != nil && reply == nil {
		err = fmt.Errorf("%w (%w)", err, cause)
	}
	return a, err
}

func (s *session) converse(l letter) (answer, error) {
	report := []smtp.DSNNotify{smtp.DSNNotifySuccess, smtp.DSNNotifyFailure, smtp.DSNNotifyDelayed}
	if err := s.c.Mail(l.from, &smtp.MailOptions{Size: int64(len(l.body)), Return: smtp.DSNReturnHeaders, EnvelopeID: l.id}); err != nil {
		return answer{}, &fault{stepMail, err}
	}
	if err := s.c.Rcpt(l.to, &smtp.RcptOptions{Notify: report, OriginalRecipientType: smtp.DSNAddressTypeRFC822, OriginalRecipient: l.to}); err != nil {
		return answer{}, &fault{stepRcpt, err}
	}
	w, err := s.c.Data()
	if err != nil {
		return answer{}, &fault{stepData, err}
	}
	if _, err := w.Write(l.body); err != nil {
		return answer{}, &fault{stepData, err}
	}
	resp, err := w.CloseWithResponse()
	if err != nil {
		return answer{}, &fault{stepReply, err}
	}
	return answer{clean("250 " + resp.StatusText), queueID(strings.ReplaceAll(resp.StatusText, "\n", " "))}, nil
}

// close says goodbye, but does not wait long for an answer.
func (s *session) close() {
	if !s.broken {
		s.c.CommandTimeout = time.Second
		s.c.Quit()
	}
	s.conn.Close()
}
