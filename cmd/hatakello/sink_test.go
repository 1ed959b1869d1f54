package main

import (
	"bytes"
	"io"
	"net"
	"net/mail"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// sink is a mail server that keeps books, and can be told to hold back its
// answer to the final dot: the moment at which a crash hurts most.
type sink struct {
	t    *testing.T
	addr string
	srv  *smtp.Server
	ln   net.Listener

	mu    sync.Mutex
	books []taken
	held  bool          // answers are withheld
	slow  time.Duration // before each answer
}

// taken is one message as it came.
type taken struct {
	id, to, from string
	body         []byte
}

// startSink runs a sink at addr, or at a free address if that is "".
func startSink(t *testing.T, addr string) *sink {
	t.Helper()
	if addr == "" {
		addr = freeAddress(t)
	}
	s := &sink{t: t, addr: addr}
	s.srv = smtp.NewServer(s)
	s.srv.Domain, s.srv.ReadTimeout, s.srv.WriteTimeout = "sink.example", time.Minute, time.Minute
	var err error
	if s.ln, err = net.Listen("tcp", addr); err != nil {
		t.Fatal(err)
	}
	go func() { _ = s.srv.Serve(s.ln) }() // ends with close
	t.Cleanup(s.close)
	return s
}

// close stops taking mail.
func (s *sink) close() {
	_ = s.ln.Close() // before the server knows its listener it would not close it
	_ = s.srv.Close()
}

// hold makes the sink read messages and not answer.
func (s *sink) hold(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held = on
}

// all returns the books.
func (s *sink) all() []taken {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]taken(nil), s.books...)
}

// NewSession implements smtp.Backend.
func (s *sink) NewSession(*smtp.Conn) (smtp.Session, error) { return &sinkSession{s: s}, nil }

type sinkSession struct {
	s        *sink
	from, to string
}

func (x *sinkSession) Mail(from string, _ *smtp.MailOptions) error {
	x.from = from
	return nil
}

func (x *sinkSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	x.to = to
	return nil
}

func (x *sinkSession) Data(r io.Reader) error {
	body, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m, err := mail.ReadMessage(bytes.NewReader(body))
	if err != nil {
		return err
	}
	x.s.mu.Lock()
	x.s.books = append(x.s.books, taken{m.Header.Get("Message-Id"), x.to, x.from, body})
	held, slow := x.s.held, x.s.slow
	x.s.mu.Unlock()
	time.Sleep(slow)
	if held {
		time.Sleep(30 * time.Second) // longer than any test waits; the client is dead by then
	}
	return nil
}

func (x *sinkSession) Reset()        {}
func (x *sinkSession) Logout() error { return nil }
