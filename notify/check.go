package notify

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"slices"

	"github.com/emersion/go-message"
	gomail "github.com/emersion/go-message/mail"
	textmessage "github.com/emersion/go-message/textproto"
)

// fields are all that a mail of ours may carry. Any other is an intruder.
var fields = []string{"From", "To", "Reply-To", "Subject", "Date", "Message-Id", "Auto-Submitted", "Content-Language",
	"Mime-Version", "Content-Type", "Content-Transfer-Encoding"}

// mimeTypes picks the MIME fields out of a header, in a fixed order.
func mimeTypes(header []byte) ([]byte, error) {
	h, err := textproto.NewReader(bufio.NewReader(bytes.NewReader(append(header, "\r\n\r\n"...)))).ReadMIMEHeader()
	if err != nil {
		return nil, fmt.Errorf("read header: %w", err)
	}
	var b bytes.Buffer
	for _, name := range []string{"MIME-Version", "Content-Type", "Content-Transfer-Encoding"} {
		if v := h.Get(name); v != "" {
			b.WriteString(folded(name, v))
		}
	}
	return b.Bytes(), nil
}

// barred reports whether mail cannot carry r. Bytes that are no character read
// as U+FFFD.
func barred(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r == '\ufffd' }

// checkMail reads the header of the finished mail with another parser and
// compares what it understands with what was meant; whole reads the parts, too.
func checkMail(m Message, raw []byte, whole bool) error {
	head, _, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	read := raw
	if !whole {
		read = head
	}
	for line := range bytes.SplitSeq(read, []byte("\r\n")) {
		if len(line) > lineMax || bytes.ContainsAny(line, "\r\n\x00") {
			return errors.New("a line is too long or broken")
		}
	}
	h, err := textmessage.ReadHeader(bufio.NewReader(bytes.NewReader(raw[:min(len(raw), len(head)+4)])))
	if err != nil {
		return err
	}
	header := gomail.Header{Header: message.Header{Header: h}}
	for f := h.Fields(); f.Next(); {
		if !slices.Contains(fields, f.Key()) || len(h.Values(f.Key())) != 1 {
			return fmt.Errorf("unexpected field %q", f.Key())
		}
	}
	for _, x := range [][2]string{{"From", m.From.Address}, {"To", m.To.Address}} {
		list, err := header.AddressList(x[0])
		if err != nil || len(list) != 1 {
			return fmt.Errorf("%s is not one address: %w", x[0], err)
		}
		if box, err := Mailbox(x[1]); err != nil || list[0].Address != box {
			return fmt.Errorf("%s reads as %q", x[0], list[0].Address)
		}
	}
	if !whole {
		return nil
	}
	r, err := gomail.CreateReader(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	texts := []string{m.Text, m.HTML}
	for _, f := range m.Files {
		texts = append(texts, f.Name)
	}
	return checkParts(r, texts...)
}

// checkParts counts the parts. That each reads as it was written is tested,
// and would take longer here than everything else together.
func checkParts(r *gomail.Reader, texts ...string) error {
	for _, text := range texts {
		if text == "" {
			continue
		}
		if _, err := r.NextPart(); err != nil {
			return err
		}
	}
	if _, err := r.NextPart(); err != io.EOF {
		return errors.New("more parts than were written")
	}
	return nil
}
