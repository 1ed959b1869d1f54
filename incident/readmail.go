package incident

import (
	"bytes"
	"encoding/base64"
	"html"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"regexp"
	"strings"
)

// Bounds of a mail that is read.
const (
	mailDepth = 6  // parts within parts
	mailParts = 60 // in all
)

// mailReader gathers what a mail says.
type mailReader struct {
	plain, markup string
	files         []string
	signed        []byte // an attachment in our own format
	parts         int
}

// readMail reads a mail as it was saved. A file that is none gives nil; a
// signed notice of ours in it is returned, too, with the reading.
func readMail(file []byte) (*Reading, []byte, error) {
	m, err := mail.ReadMessage(bytes.NewReader(bytes.TrimLeft(file, "\r\n")))
	if err != nil || m.Header.Get("From") == "" {
		return nil, nil, nil //nolint:nilerr // not a mail: it is read as text
	}
	r := &Reading{Kind: "mail", Subject: line(decoded(m.Header.Get("Subject")))}
	if from, err := mail.ParseAddress(m.Header.Get("From")); err == nil {
		r.Sender, r.Address = line(from.Name), line(from.Address)
	} else {
		r.Sender = line(decoded(m.Header.Get("From")))
	}
	if at, err := m.Header.Date(); err == nil {
		r.Sent = sane(at)
	}
	var x mailReader
	x.part(m.Body, m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), "", 0)
	r.Text, r.Files = clipped(x.plain), x.files
	if r.Text == "" {
		r.Text = clipped(wordsOf(x.markup))
	}
	if r.Text == "" && x.signed == nil {
		return nil, nil, Errors{invalid("file", "received.unreadable")}
	}
	return r, x.signed, nil
}

// decoded reads a header's encoded words; what cannot be read stays as it is.
func decoded(s string) string {
	out, err := (&mime.WordDecoder{CharsetReader: charset}).DecodeHeader(s)
	if err != nil {
		return s
	}
	return out
}

// part reads one part and those within it.
func (x *mailReader) part(body io.Reader, kind, encoding, file string, depth int) {
	if x.parts++; x.parts > mailParts || depth > mailDepth {
		return
	}
	media, params, err := mime.ParseMediaType(kind)
	if err != nil {
		media, params = "text/plain", nil
	}
	if strings.HasPrefix(media, "multipart/") {
		all := multipart.NewReader(body, params["boundary"])
		for {
			p, err := all.NextRawPart()
			if err != nil {
				return // the rest cannot be read; what was is kept
			}
			x.part(p, orText(p.Header.Get("Content-Type")), p.Header.Get("Content-Transfer-Encoding"), p.FileName(), depth+1)
		}
	}
	raw, _ := io.ReadAll(io.LimitReader(untransfer(body, encoding), ReceivedMax))
	x.leaf(raw, media, params["charset"], file)
}

func orText(kind string) string {
	if kind == "" {
		return "text/plain"
	}
	return kind
}

// untransfer undoes the encoding of a part.
func untransfer(body io.Reader, encoding string) io.Reader {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	}
	return body
}

// leaf takes in a part that holds no others.
func (x *mailReader) leaf(raw []byte, media, set, file string) {
	if file != "" {
		x.files = append(x.files, line(decoded(file)))
		if x.signed == nil && looksSigned(raw) {
			x.signed = raw
		}
		return
	}
	text := string(raw)
	if r, err := charset(set, bytes.NewReader(raw)); err == nil {
		if b, err := io.ReadAll(r); err == nil {
			text = string(b)
		}
	}
	switch {
	case media == "text/plain" && x.plain == "":
		x.plain = text
	case media == "text/html" && x.markup == "":
		x.markup = text
	}
}

// charset reads the character sets that Nordic mail uses.
func charset(name string, r io.Reader) (io.Reader, error) {
	raw, err := io.ReadAll(io.LimitReader(r, ReceivedMax))
	if err != nil {
		return nil, err
	}
	switch strings.ToLower(name) {
	case "iso-8859-1", "iso-8859-15", "windows-1252", "latin1":
		runes := make([]rune, len(raw))
		for i, b := range raw {
			runes[i] = rune(b)
			if strings.EqualFold(name, "iso-8859-15") && b == 0xa4 || strings.EqualFold(name, "windows-1252") && b == 0x80 {
				runes[i] = '€'
			}
		}
		return strings.NewReader(string(runes)), nil
	}
	return bytes.NewReader(raw), nil
}

var (
	hiddenMarkup = regexp.MustCompile(`(?is)<(script|style|head)\b.*?</(script|style|head)\s*>`)
	breakMarkup  = regexp.MustCompile(`(?i)<(br|/p|/div|/tr|/li|/h[1-6])\b[^>]*>`)
	anyMarkup    = regexp.MustCompile(`<[^>]*>`)
)

// wordsOf takes the words out of markup, for mails that have nothing else.
func wordsOf(markup string) string {
	s := hiddenMarkup.ReplaceAllString(markup, " ")
	s = breakMarkup.ReplaceAllString(s, "\n")
	return html.UnescapeString(anyMarkup.ReplaceAllString(s, ""))
}
