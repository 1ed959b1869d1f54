package notify

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"github.com/emersion/go-smtp"
)

// replyMax bounds what is kept of a server's answer, in characters.
const replyMax = 300

// clean makes foreign text fit for logs, databases and pages: one line, no
// control characters, valid UTF-8, at most replyMax characters.
func clean(s string) string {
	if len(s) > 8*replyMax {
		s = s[:8*replyMax]
	}
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > replyMax {
		s = string(runes[:replyMax])
	}
	return s
}

// replyLine writes a refusal as the server wrote it: code, enhanced code, text.
func replyLine(e *smtp.SMTPError) string {
	line := fmt.Sprint(e.Code)
	if c := e.EnhancedCode; c != smtp.EnhancedCodeNotSet && c != smtp.NoEnhancedCode {
		line += fmt.Sprintf(" %d.%d.%d", c[0], c[1], c[2])
	}
	return clean(line + " " + e.Message)
}

// queueIDs find the server's own number of a message in its last answer.
var queueIDs = []*regexp.Regexp{
	regexp.MustCompile(`(?i)queued as ([\w.-]{4,64})`),                             // Postfix
	regexp.MustCompile(`(?i)\bid=([\w-]{4,64})`),                                   // Exim
	regexp.MustCompile(`(?i)([\w.-]{4,64}):? message accepted for delivery`),       // Sendmail, OpenSMTPD
	regexp.MustCompile(`(?i)InternalId=(\d{1,64})`),                                // Exchange
	regexp.MustCompile(`(?i)^(?:\d\.\d\.\d )?ok[: ]+(?:queued )?([\w.-]{8,64})\b`), // others
}

// queueID returns the server's number of the message, or "".
func queueID(text string) string {
	for _, re := range queueIDs {
		if m := re.FindStringSubmatch(text); m != nil {
			return m[1]
		}
	}
	return ""
}

// step is where in the conversation an attempt ended.
type step string

const (
	stepConnect step = "connect"
	stepAuth    step = "auth"
	stepMail    step = "mail" // MAIL FROM: about us, not about the receiver
	stepRcpt    step = "rcpt"
	stepData    step = "data"  // the DATA command and the text
	stepReply   step = "reply" // the answer to the final dot
)

// fault is an attempt's end at a step.
type fault struct {
	at  step
	err error
}

func (f *fault) Error() string { return fmt.Sprintf("%s: %v", f.at, f.err) }
func (f *fault) Unwrap() error { return f.err }

// verdicts say what an SMTP answer means. The first line that fits counts; an
// empty step is every step.
var verdicts = []struct {
	at       step
	from, to int
	refused  bool
	why      Why // "": about this message only
}{
	{"", 421, 421, false, Busy},
	{stepConnect, 400, 499, false, Busy},
	{stepConnect, 500, 599, false, Unwelcome},
	{stepAuth, 400, 499, false, Busy},
	{stepAuth, 500, 599, false, Unwelcome},
	{"", 530, 538, false, Unwelcome}, // log-in wanted or refused
	{stepMail, 552, 552, true, ""},   // too large
	{stepMail, 500, 599, false, Unwelcome},
	{stepData, 503, 503, false, ""}, // out of step: ours to mend, not the receiver's fault
	{"", 500, 599, true, ""},
}

// judge turns an attempt's error into what Channel.Send promises.
func judge(err error) error {
	var f *fault
	var reply *smtp.SMTPError
	var shut *Closed
	if errors.As(err, &shut) || !errors.As(err, &f) {
		return err
	}
	if !errors.As(err, &reply) {
		if f.at == stepConnect || f.at == stepAuth {
			return &Closed{Why: Unreachable, After: patience[Unreachable], Err: err}
		}
		return err
	}
	for _, v := range verdicts {
		if (v.at != "" && v.at != f.at) || reply.Code < v.from || reply.Code > v.to {
			continue
		}
		if v.why != "" {
			return &Closed{Why: v.why, After: patience[v.why], Err: err}
		}
		if v.refused {
			return fmt.Errorf("%w: %w", ErrRefused, err)
		}
		return err
	}
	return err
}
