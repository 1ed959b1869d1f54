package notify

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http/httptest"
	"net/textproto"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// post is a mail server of go-smtp with scripted refusals by receiver.
type post struct {
	mu     sync.Mutex
	mails  []string
	from   []string
	to     []string
	envids []string
	conns  int
	rcpt   map[string]*smtp.SMTPError
	data   map[string]*smtp.SMTPError
	mail   *smtp.SMTPError
	auth   *smtp.SMTPError
	user   string
	addr   string
	roots  *x509.CertPool
}

// startPost starts a server; shape may change it before it listens.
func startPost(t *testing.T, shape func(*post, *smtp.Server)) *post {
	t.Helper()
	p := &post{rcpt: map[string]*smtp.SMTPError{}, data: map[string]*smtp.SMTPError{}}
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.conns++
		return &postSession{p: p}, nil
	}))
	s.Domain, s.AllowInsecureAuth, s.EnableDSN = "post.test", true, true
	s.ErrorLog = discard{}
	if shape != nil {
		shape(p, s)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.addr = l.Addr().String()
	go s.Serve(l)
	t.Cleanup(func() { s.Close() })
	return p
}

type discard struct{}

func (discard) Printf(string, ...any) {}
func (discard) Println(...any)        {}

// certificate makes the server offer STARTTLS with a certificate for 127.0.0.1.
func certificate(p *post, s *smtp.Server) {
	h := httptest.NewUnstartedServer(nil)
	h.StartTLS()
	defer h.Close()
	s.TLSConfig = &tls.Config{Certificates: h.TLS.Certificates}
	p.roots = x509.NewCertPool()
	p.roots.AddCert(h.Certificate())
}

func (p *post) got() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string{}, p.mails...)
}

// relay gives the settings for p, with short patience.
func (p *post) relay(mode Encryption) Relay { return relayTo(p.addr, mode, p.roots) }

func relayTo(addr string, mode Encryption, roots *x509.CertPool) Relay {
	host, port, _ := net.SplitHostPort(addr)
	return Relay{Host: host, Port: port, TLS: mode, Roots: roots, Sender: "bounce@sender.test", Hello: "sender.test",
		Connect: time.Second, Command: time.Second, Reply: time.Second, Sessions: 4}
}

type postSession struct {
	p  *post
	to string
}

func (s *postSession) Reset()        {}
func (s *postSession) Logout() error { return nil }

func (s *postSession) AuthMechanisms() []string {
	if s.p.user == "" {
		return nil
	}
	return []string{"LOGIN", "PLAIN"}[1:]
}

func (s *postSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if s.p.auth != nil {
			return s.p.auth
		}
		if user != s.p.user || password != "secret" {
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "no"}
		}
		return nil
	}), nil
}

func (s *postSession) Mail(from string, o *smtp.MailOptions) error {
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	if s.p.mail != nil {
		return s.p.mail
	}
	s.p.from, s.p.envids = append(s.p.from, from), append(s.p.envids, o.EnvelopeID)
	return nil
}

func (s *postSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	if e := s.p.rcpt[to]; e != nil {
		return e
	}
	s.to = to
	return nil
}

func (s *postSession) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if e := s.p.data[s.to]; e != nil {
		return e
	}
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	s.p.mails, s.p.to = append(s.p.mails, string(b)), append(s.p.to, s.to)
	return nil
}

// crank is a server that says whatever the script wants: script gets each
// line of the client ("" is the greeting) and returns the answer; "" is
// silence, hangUp closes the connection, and 250-lines are sent as they are.
type crank struct {
	addr string

	mu    sync.Mutex
	conns int
	lines []string
}

const hangUp = "\x00"

var errHangUp = errors.New("hang up")

func startCrank(t testing.TB, script func(line string) string) *crank {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	k := &crank{addr: l.Addr().String()}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			k.mu.Lock()
			k.conns++
			k.mu.Unlock()
			go k.serve(c, script)
		}
	}()
	return k
}

func (k *crank) serve(c net.Conn, script func(string) string) {
	defer c.Close()
	say := func(line string) error {
		answer := script(line)
		if answer == hangUp {
			return errHangUp
		}
		if answer != "" {
			io.WriteString(c, answer+"\r\n")
		}
		return nil
	}
	r := bufio.NewReader(c)
	line := ""
	for data := false; ; {
		if !data || line == "." {
			if say(line) != nil {
				return
			}
			data = line == "DATA"
		}
		got, err := r.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(got, "\r\n")
		k.mu.Lock()
		k.lines = append(k.lines, line)
		k.mu.Unlock()
	}
}

func (k *crank) count() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.conns
}

// polite answers as a good server does.
func polite(line string) string {
	switch {
	case line == "":
		return "220 crank.test ESMTP"
	case line == "DATA":
		return "354 go"
	case line == "QUIT":
		return "221 bye"
	case line == ".":
		return "250 2.0.0 Ok: queued as 4F7Xyz12ab"
	}
	return "250 ok"
}

// pipe copies both ways until one side ends.
func pipe(a, b net.Conn) {
	var both sync.WaitGroup
	both.Go(func() { io.Copy(a, b); a.Close() })
	both.Go(func() { io.Copy(b, a); b.Close() })
	both.Wait()
}

// inMemory is a session with a polite server without a network, so that time
// can be played.
func inMemory(name string) *session {
	near, far := net.Pipe()
	go (&crank{}).serve(far, func(line string) string {
		if line == "" {
			return ""
		}
		return polite(line)
	})
	return &session{conn: near, in: textproto.NewReader(bufio.NewReader(near)), out: bufio.NewWriter(near), server: name, wait: time.Minute, reply: time.Minute}
}
