package notify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/textproto"
	"strings"
	"time"

	"github.com/emersion/go-smtp"
)

// letter is what a session sends: one message to one receiver.
type letter struct {
	id   string // envelope id, comes back in delivery reports
	from string
	to   string
	body []byte
}

// answer is what the server said to a message that it took.
type answer struct {
	line  string
	queue string
}

// unsayable is what an address in a command may not have.
const unsayable = "\x00\t\r\n<> "

// errRoute says that an address cannot stand in a command.
var errRoute = errors.New("an address that no command can carry")

// send gives the message to the server. Unless the session is broken
// afterwards it may be used again, whatever came out.
func (s *session) send(ctx context.Context, l letter) (answer, error) {
	if strings.ContainsAny(l.from+l.to, unsayable) {
		return answer{}, &fault{stepMail, fmt.Errorf("%w: %w", ErrRefused, errRoute)}
	}
	stop := context.AfterFunc(ctx, func() { s.conn.Close() })
	defer stop()
	s.sent++
	a, err := s.converse(l)
	if err == nil {
		return a, nil
	}
	var reply *smtp.SMTPError
	s.broken = s.broken || !errors.As(err, &reply) || reply.Code == 421 || s.reset() != nil
	if cause := context.Cause(ctx); cause != nil && reply == nil {
		err = fmt.Errorf("%w (%w)", err, cause)
	}
	return a, err
}

// command is something to say, and the class of the answer that lets it go on.
type command struct {
	at   step
	line string
	want int
}

// envelope is what goes before a message's bytes.
func (s *session) envelope(l letter) []command {
	mail, rcpt := "MAIL FROM:<"+l.from+">", "RCPT TO:<"+l.to+">"
	if s.offers.size {
		mail += fmt.Sprintf(" SIZE=%d", len(l.body))
	}
	if s.offers.dsn { // no more than the header comes back: a bounce must not carry the case
		mail += " RET=HDRS"
		if token(l.id) {
			mail += " ENVID=" + l.id
		}
		rcpt += " NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;" + xtext(l.to)
	}
	return []command{{stepMail, mail, 250}, {stepRcpt, rcpt, 25}, {stepData, "DATA", 354}}
}

func (s *session) converse(l letter) (answer, error) {
	if err := s.prepare(s.envelope(l)); err != nil {
		return answer{}, err
	}
	if err := s.deadline(s.wait); err != nil {
		return answer{}, &fault{stepData, err}
	}
	if err := s.write(l.body); err != nil {
		return answer{}, &fault{stepData, err}
	}
	if err := s.deadline(s.reply); err != nil {
		return answer{}, &fault{stepData, err}
	}
	text, err := s.hear(250)
	if err != nil {
		return answer{}, &fault{stepReply, err}
	}
	return answer{clean("250 " + text), queueID(strings.ReplaceAll(text, "\n", " "))}, nil
}

// prepare says the envelope, all of it at once where the server lets us, and
// returns the first refusal. A server that refused the receiver, and waits for
// a message all the same, is left without a word: even a final dot alone could
// make a mail of it.
func (s *session) prepare(cs []command) error {
	if !s.offers.pipelining {
		for _, c := range cs {
			if err := s.say(c.line); err != nil {
				return &fault{c.at, err}
			}
			if _, err := s.hear(c.want); err != nil {
				return &fault{c.at, err}
			}
		}
		return nil
	}
	lines := make([]string, len(cs))
	for i, c := range cs {
		lines[i] = c.line
	}
	if err := s.say(lines...); err != nil {
		return &fault{stepMail, err}
	}
	var first error
	for _, c := range cs {
		_, err := s.hear(c.want)
		var reply *smtp.SMTPError
		switch {
		case err == nil && first != nil && c.at == stepData:
			s.broken = true
		case err == nil || first != nil && errors.As(err, &reply):
		case first == nil:
			first = &fault{c.at, err}
		}
		if err != nil && (!errors.As(err, &reply) || reply.Code == 421) {
			s.broken = true
			return first
		}
	}
	return first
}

// say sends lines and gives the server its time to answer.
func (s *session) say(lines ...string) error {
	if err := s.deadline(s.wait); err != nil {
		return err
	}
	for _, line := range lines {
		s.out.WriteString(line)
		s.out.WriteString("\r\n")
	}
	return s.out.Flush()
}

func (s *session) deadline(d time.Duration) error { return s.conn.SetDeadline(time.Now().Add(d)) }

// hear reads one answer. One of another class is an *smtp.SMTPError.
func (s *session) hear(want int) (string, error) {
	_, text, err := s.in.ReadResponse(want)
	var no *textproto.Error
	if errors.As(err, &no) {
		return "", &smtp.SMTPError{Code: no.Code, EnhancedCode: smtp.NoEnhancedCode, Message: no.Msg}
	}
	return text, err
}

// write sends a message's bytes, with dots doubled where a line begins with
// one (RFC 5321, 4.5.2), and the final dot.
func (s *session) write(body []byte) error {
	if bytes.HasPrefix(body, []byte(".")) {
		s.out.WriteByte('.')
	}
	end := "\r\n.\r\n"
	if bytes.HasSuffix(body, []byte("\r\n")) {
		end = ".\r\n"
	}
	for {
		i := bytes.Index(body, []byte("\r\n."))
		if i < 0 {
			break
		}
		s.out.Write(body[:i+3])
		s.out.WriteByte('.')
		body = body[i+3:]
	}
	s.out.Write(body)
	s.out.WriteString(end)
	return s.out.Flush()
}

// reset ends a mail that came to nothing.
func (s *session) reset() error {
	err := s.say("RSET")
	if err == nil {
		_, err = s.hear(250)
	}
	return err
}

// close says goodbye, but does not wait long for an answer.
func (s *session) close() {
	if !s.broken {
		s.wait = time.Second
		if s.say("QUIT") == nil {
			s.hear(221)
		}
	}
	s.conn.Close()
}

// xtext writes an address as a parameter's value (RFC 3461, 4).
func xtext(s string) string {
	return strings.NewReplacer("+", "+2B", "=", "+3D").Replace(s)
}
