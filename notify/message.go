package notify

import (
	"errors"
	"fmt"
	"mime"
	"net/mail"
	"strings"
	"time"
	"unicode"

	"golang.org/x/net/idna"
)

const (
	lineMax    = 998 // RFC 5322, 2.1.1, without CRLF
	fold       = 76
	subjectMax = 250 // characters
)

// Message is a mail to one receiver, before it is frozen.
type Message struct {
	ID      string // of the delivery; with the sender's domain the Message-ID
	From    mail.Address
	ReplyTo string // address; "" is From
	To      mail.Address
	Subject string
	Lang    string // of the text
	Date    time.Time
	Text    string
	HTML    string // may be empty
	Files   []File
}

// File is an attachment: a plain name, a media type and its bytes.
type File struct {
	Name string
	Type string
	Data []byte
}

// BuildMail writes the mail's exact bytes. Whatever could be read as a second
// header line, a second receiver or a broken MIME part is refused, not mended:
// what comes here has been composed by us. The header has been read back by an
// independent parser, and so has the whole of the first mail of each shape.
func BuildMail(m Message) ([]byte, error) {
	head, err := m.header()
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(m.Text) == "" {
		return nil, errors.New("no text")
	}
	for _, f := range m.Files {
		if !token(f.Name) || !token(strings.ReplaceAll(f.Type, "/", "")) {
			return nil, fmt.Errorf("attachment %.100q is not a plain name", f.Name)
		}
	}
	f, fresh, err := frameFor(m)
	if err != nil {
		return nil, err
	}
	raw, err := f.fill(head, m)
	if err == nil && !f.fits(raw) { // it holds a boundary: it gets another
		if f, err = newFrame(m); err == nil {
			raw, err = f.fill(head, m)
		}
		if fresh = true; err == nil && !f.fits(raw) {
			err = errors.New("build mail: the parts run into each other")
		}
	}
	if err != nil {
		return nil, err
	}
	if err := checkMail(m, raw, fresh); err != nil {
		return nil, fmt.Errorf("check mail: %w", err)
	}
	return raw, nil
}

// header writes all fields but those of MIME, in a fixed order and folded.
func (m Message) header() (string, error) {
	from, err := address(m.From)
	if err != nil {
		return "", fmt.Errorf("from: %w", err)
	}
	to, err := address(m.To)
	if err != nil {
		return "", fmt.Errorf("to: %w", err)
	}
	reply := from
	if m.ReplyTo != "" {
		if reply, err = address(mail.Address{Address: m.ReplyTo}); err != nil {
			return "", fmt.Errorf("reply-to: %w", err)
		}
	}
	if err := oneLine(m.Subject, subjectMax); err != nil {
		return "", fmt.Errorf("subject: %w", err)
	}
	if !token(m.ID) || !token(m.Lang) {
		return "", errors.New("id or language is not a plain word")
	}
	var b strings.Builder
	for _, f := range [][2]string{
		{"From", from}, {"To", to}, {"Reply-To", reply},
		{"Subject", encode(m.Subject)},
		{"Date", m.Date.UTC().Format("Mon, 02 Jan 2006 15:04:05 -0700")},
		{"Message-ID", messageID(m.ID, from)},
		{"Auto-Submitted", "auto-generated"}, // RFC 3834: no answers from machines
		{"Content-Language", m.Lang},
	} {
		b.WriteString(folded(f[0], f[1]))
	}
	return b.String(), nil
}

// messageID is the same for every attempt, so that a repeat is recognised.
func messageID(id, from string) string {
	return "<" + id + "@" + strings.TrimSuffix(from[strings.LastIndex(from, "@")+1:], ">") + ">"
}

// address writes a name and an address so that no mail program can read them
// in another way.
func address(a mail.Address) (string, error) {
	if err := oneLine(a.Name, subjectMax); err != nil {
		return "", err
	}
	box, err := Mailbox(a.Address)
	if err != nil {
		return "", err
	}
	return (&mail.Address{Name: a.Name, Address: box}).String(), nil
}

// Mailbox checks that s is one mail address and writes its domain in ASCII.
func Mailbox(s string) (string, error) {
	a, err := mail.ParseAddress(s)
	if err != nil || a.Name != "" {
		return "", fmt.Errorf("not one mail address: %.100q", s)
	}
	at := strings.LastIndex(a.Address, "@")
	local, domain := a.Address[:at], a.Address[at+1:]
	if strings.ContainsFunc(local, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`<>()[]\",;:@`, r) }) {
		return "", fmt.Errorf("unusable before the @: %.100q", s)
	}
	domain, err = idna.Lookup.ToASCII(domain)
	if err != nil || domain == "" || len(local) > 64 || len(domain) > 253 {
		return "", fmt.Errorf("unusable domain: %.100q", s)
	}
	return local + "@" + domain, nil
}

// oneLine refuses what could end a header line or overlong text.
func oneLine(s string, most int) error {
	if i := strings.IndexFunc(s, unicode.IsControl); i >= 0 {
		return fmt.Errorf("control character at byte %d", i)
	}
	if len([]rune(s)) > most {
		return fmt.Errorf("longer than %d characters", most)
	}
	return nil
}

// token reports whether s is letters, digits, dots, hyphens and underscores.
func token(s string) bool {
	return s != "" && len(s) <= 128 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_") == ""
}

// encode writes a subject as RFC 2047 wants it. What merely looks encoded is
// pulled apart, so that it is read as it was written.
func encode(s string) string {
	return mime.QEncoding.Encode("utf-8", strings.ReplaceAll(strings.Join(strings.Fields(s), " "), "=?", "= ?"))
}

// folded writes a field in lines of about 76 characters.
func folded(name, value string) string {
	var b strings.Builder
	b.WriteString(name + ":")
	width := len(name) + 1
	for word := range strings.SplitSeq(value, " ") {
		if width+1+len(word) > fold {
			b.WriteString("\r\n")
			width = 0
		}
		b.WriteString(" " + word)
		width += 1 + len(word)
	}
	return b.String() + "\r\n"
}
