package notify

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/emersion/go-message"
)

// Bounds of what is read of one mail. Strangers write bounces.
const (
	headMax      = 64 << 10 // bytes of a header
	depthMax     = 8        // of parts in parts
	partsMax     = 64
	groupsMax    = 40
	receiversMax = 20
	textMax      = 64 << 10 // bytes of words
)

// parts is what a returned mail is made of.
type parts struct {
	head   message.Header
	status []map[string]string // groups of fields of the status, names in lower case
	quoted []string            // ids of mails that are returned
	text   string              // the words, of all parts together
	verp   string
	n      int
}

// readParts takes a mail apart. What is cut off or broken in the middle gives
// the parts before.
func readParts(raw []byte) (*parts, error) {
	p := &parts{}
	if bytes.HasPrefix(raw, []byte("From ")) { // of a mailbox file
		_, raw, _ = bytes.Cut(raw, []byte("\n"))
	}
	e, err := message.ReadWithOptions(bytes.NewReader(raw), &message.ReadOptions{MaxHeaderBytes: headMax})
	if e == nil || err != nil && !foreign(err) {
		return nil, fmt.Errorf("%w: %w", ErrMalformed, orUnknown(err))
	}
	if e.Header.Len() == 0 {
		return nil, fmt.Errorf("%w: no header", ErrMalformed)
	}
	p.head = e.Header
	p.walk(e, 0)
	return p, nil
}

// foreign reports whether an error is only about a charset or an encoding that
// is not known: the part can be read as it is.
func foreign(err error) bool { return message.IsUnknownCharset(err) || message.IsUnknownEncoding(err) }

func orUnknown(err error) error {
	if err == nil {
		return errors.New("unknown")
	}
	return err
}

// walk goes through the parts. It does not look into returned mails, except
// for their names: what stands in them was not said by the one who reports.
func (p *parts) walk(e *message.Entity, depth int) {
	if p.n++; p.n > partsMax || depth > depthMax {
		return
	}
	kind, _, err := e.Header.ContentType()
	if err != nil {
		kind = "text/plain"
	}
	if mr := e.MultipartReader(); mr != nil {
		for {
			part, err := mr.NextPart()
			if part == nil || err != nil && !foreign(err) {
				return
			}
			p.walk(part, depth+1)
			if p.n > partsMax {
				return
			}
		}
	}
	switch strings.ToLower(kind) {
	case "message/delivery-status", "message/global-delivery-status":
		p.addStatus(e.Body)
	case "message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers", "message/global-headers":
		if id := idIn(messageIDLine, p.read(e.Body, headMax)); id != "" {
			p.quoted = append(p.quoted, id)
		}
	case "text/plain", "text/html", "":
		p.text += p.read(e.Body, textMax-len(p.text))
	}
}

// read takes at most n bytes; an error ends it like the end.
func (p *parts) read(r io.Reader, n int) string {
	data, _ := io.ReadAll(io.LimitReader(r, int64(max(n, 0)))) // what came before the error counts
	return strings.ToValidUTF8(strings.ReplaceAll(string(data), "\r\n", "\n"), "?")
}

// addStatus reads groups of fields, which blank lines part.
func (p *parts) addStatus(r io.Reader) {
	group := map[string]string{}
	last := ""
	flush := func() {
		if len(group) > 0 && len(p.status) < groupsMax {
			p.status = append(p.status, group)
		}
		group, last = map[string]string{}, ""
	}
	lines := bufio.NewScanner(io.LimitReader(r, textMax))
	for lines.Scan() {
		line := strings.ToValidUTF8(lines.Text(), "?")
		name, value, ok := strings.Cut(line, ":")
		switch {
		case strings.TrimSpace(line) == "":
			flush()
		case (line[0] == ' ' || line[0] == '\t') && last != "":
			group[last] += " " + strings.TrimSpace(line)
		case ok:
			last = strings.ToLower(strings.TrimSpace(name))
			if _, twice := group[last]; !twice {
				group[last] = strings.TrimSpace(value)
			}
		}
	}
	flush()
}

// quotedID is the Message-ID of the mail that is returned, or "".
func (p *parts) quotedID() string {
	if len(p.quoted) == 0 {
		return ""
	}
	return p.quoted[0]
}
