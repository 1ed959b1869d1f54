package notify

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// session is one connection to a relay, ready for mail. It is all that the
// rest of the package knows of SMTP. Greeting and log-in are go-smtp's; the
// mails themselves are written here, because go-smtp waits for each answer
// before it says the next thing (RFC 2920 lets a client say three at once).
type session struct {
	conn   net.Conn // encrypted where the setting says so
	in     *textproto.Reader
	out    *bufio.Writer
	server string
	tls    string
	offers offers
	wait   time.Duration // for the answer to a command
	reply  time.Duration // for the answer to a mail
	sent   int           // messages, refused ones included
	idle   time.Time     // since when
	broken bool
}

// offers are the extensions of a server that matter here.
type offers struct {
	pipelining, dsn, size bool
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
	plain := conn
	secure, err := r.encrypt(ctx, conn)
	if err != nil {
		return nil, err
	}
	s := &session{server: r.server(plain), wait: r.Command, reply: r.Reply}
	if secure != nil {
		conn, s.tls = secure, tls.VersionName(secure.ConnectionState().Version)
		if r.unverified {
			s.tls += " unverified"
		}
	}
	c := smtp.NewClient(conn)
	if r.TLS == StartTLS {
		c = smtp.NewClient(&greeted{Conn: conn})
	}
	c.CommandTimeout, c.SubmissionTimeout = r.Command, r.Reply
	if err := c.Hello(r.Hello); err != nil {
		return nil, unsafe(err)
	}
	if offered, _ := c.Extension("STARTTLS"); offered && r.TLS == Opportunistic {
		return nil, nil
	}
	s.offers.pipelining, _ = c.Extension("PIPELINING")
	s.offers.dsn, _ = c.Extension("DSN")
	s.offers.size, _ = c.Extension("SIZE")
	s.conn, s.in, s.out = conn, textproto.NewReader(bufio.NewReader(conn)), bufio.NewWriterSize(conn, 16<<10)
	return s, r.login(c, s.tls != "")
}

// encrypt makes conn secure where the setting demands it, or returns nil. It
// never goes on in clear text instead.
func (r Relay) encrypt(ctx context.Context, conn net.Conn) (*tls.Conn, error) {
	switch r.TLS {
	case TLS:
	case StartTLS:
		c := smtp.NewClient(conn)
		c.CommandTimeout = r.Command
		if err := c.Hello(r.Hello); err != nil {
			return nil, unsafe(err)
		}
		if offered, _ := c.Extension("STARTTLS"); !offered {
			return nil, unsafe(errUnsafe)
		}
		if err := startTLS(conn, r.Command); err != nil {
			return nil, unsafe(err)
		}
	default:
		return nil, nil
	}
	secure := tls.Client(conn, &tls.Config{ServerName: r.Host, RootCAs: r.Roots, MinVersion: tls.VersionTLS12, InsecureSkipVerify: r.unverified})
	if err := secure.HandshakeContext(ctx); err != nil {
		return nil, unsafe(err)
	}
	return secure, nil
}

// startTLS asks for encryption. What else the server may have said in clear
// text is forgotten with the reader that held it: it could be an intruder's.
func startTLS(conn net.Conn, wait time.Duration) error {
	if err := conn.SetDeadline(time.Now().Add(wait)); err != nil {
		return err
	}
	defer conn.SetDeadline(time.Time{})
	if _, err := conn.Write([]byte("STARTTLS\r\n")); err != nil {
		return err
	}
	line := make([]byte, 0, 512)
	for one := make([]byte, 1); len(line) < cap(line); { // byte by byte: the handshake may follow at once
		if _, err := conn.Read(one); err != nil {
			return err
		}
		if line = append(line, one[0]); one[0] == '\n' {
			break
		}
	}
	if len(line) < 4 || string(line[:3]) != "220" || line[3] == '-' {
		return fmt.Errorf("%w: STARTTLS: %s", errUnsafe, clean(string(line)))
	}
	return nil
}

// greeted is a connection whose greeting was heard before it was encrypted;
// go-smtp wants to hear one first.
type greeted struct {
	net.Conn
	done bool
}

func (g *greeted) Read(p []byte) (int, error) {
	if !g.done {
		g.done = true
		return copy(p, "220 encrypted\r\n"), nil
	}
	return g.Conn.Read(p)
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
func (r Relay) login(c *smtp.Client, encrypted bool) error {
	if r.User == "" {
		return nil
	}
	if !encrypted && r.TLS != NoTLS && !local(r.Host) {
		return &Closed{Why: Unsafe, Err: fmt.Errorf("%w: the password is not sent in clear text", errUnsafe)}
	}
	for _, m := range []struct {
		name string
		sasl sasl.Client
	}{{"PLAIN", sasl.NewPlainClient("", r.User, r.Password)}, {"LOGIN", sasl.NewLoginClient(r.User, r.Password)}} {
		if c.SupportsAuth(m.name) {
			if err := c.Auth(m.sasl); err != nil {
				return &fault{stepAuth, err}
			}
			return nil
		}
	}
	return &Closed{Why: Unwelcome, Err: errors.New("the server offers neither AUTH PLAIN nor AUTH LOGIN")}
}
