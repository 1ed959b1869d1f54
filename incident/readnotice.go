package incident

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Reading is what was read in a notice. A person confirms it.
type Reading struct {
	Kind       string    `json:"kind"` // "signed", "mail" or "text"
	Sender     string    `json:"sender,omitempty"`
	Address    string    `json:"address,omitempty"`
	Reference  string    `json:"reference,omitempty"` // the sender's number of the case
	Number     int       `json:"number,omitempty"`    // 1 is its first notice
	Subject    string    `json:"subject,omitempty"`
	Text       string    `json:"text,omitempty"`
	Sent       time.Time `json:"sent,omitzero"`
	NextUpdate time.Time `json:"next_update,omitzero"`
	Key        string    `json:"key,omitempty"`   // id of the key that signed it
	Proof      string    `json:"proof,omitempty"` // "vouched", "intact" or "" for unsigned
	Files      []string  `json:"files,omitempty"` // names of what was attached
}

// The proofs of a reading.
const (
	Vouched = "vouched" // signed by the key that was given
	Intact  = "intact"  // signed by the key in the file: unchanged, but by whom is not proved
)

// Bounds of what is read.
const (
	readingText = 20000 // bytes of the words that are kept
	readingLine = 300   // characters of a name or a subject
)

// ReadNotice reads a signed file of ours, a mail or plain text. Public is the
// sender's key in base64, or its published key set; with it a signature by any
// other key is refused.
func ReadNotice(file []byte, public string) (*Reading, error) {
	switch {
	case len(bytes.TrimSpace(file)) == 0:
		return nil, Errors{invalid("file", "received.empty")}
	case len(file) > ReceivedMax:
		return nil, Errors{&Error{Kind: Invalid, Field: "file", Key: "received.large", Args: map[string]any{"max": ReceivedMax >> 20}}}
	case looksSigned(file):
		return readSigned(file, public)
	}
	r, signed, err := readMail(file)
	if err != nil {
		return nil, err
	}
	if signed != nil {
		x, err := readSigned(signed, public)
		if err != nil {
			return nil, err
		}
		x.Address, x.Files = r.Address, r.Files
		return x, nil
	}
	if r != nil {
		return r, nil
	}
	return readPlain(file)
}

// looksSigned reports whether a file claims to be a signed notice.
func looksSigned(file []byte) bool {
	return bytes.HasPrefix(bytes.TrimSpace(file), []byte(`{"notice":`))
}

// readSigned reads our own format, which needs no retyping.
func readSigned(file []byte, public string) (*Reading, error) {
	v, err := VerifyNotice(file)
	if err != nil {
		return nil, Errors{invalid("file", "received.forged")}
	}
	proof, err := vouch(v, strings.TrimSpace(public))
	if err != nil {
		return nil, err
	}
	n := v.Notice
	r := &Reading{Kind: "signed", Sender: line(n.Organisation), Address: line(n.Contact), Reference: line(n.Case), Number: n.Number,
		Subject: line(n.Subject), Text: clipped(n.Text), Key: v.Key, Proof: proof}
	r.Sent, _ = time.Parse(time.RFC3339, n.SentAt)
	r.NextUpdate, _ = time.Parse(time.RFC3339, n.NextUpdate)
	r.Sent, r.NextUpdate = sane(r.Sent), sane(r.NextUpdate)
	return r, nil
}

// vouch says what a signature proves, given the key that the sender published.
func vouch(v *Verified, public string) (string, error) {
	if public == "" {
		return Intact, nil
	}
	var set KeySet
	if json.Unmarshal([]byte(public), &set) == nil && len(set.Keys) > 0 {
		if set.Vouch(v) {
			return Vouched, nil
		}
		return "", Errors{invalid("public", "received.other_key")}
	}
	key, err := base64.StdEncoding.DecodeString(public)
	if err != nil || len(key) != ed25519.PublicKeySize {
		return "", Errors{invalid("public", "received.key")}
	}
	if !bytes.Equal(key, v.Public) {
		return "", Errors{invalid("public", "received.other_key")}
	}
	return Vouched, nil
}

// readPlain reads text that somebody pasted: its first line is the subject.
func readPlain(file []byte) (*Reading, error) {
	if !utf8.Valid(file) || bytes.IndexByte(file, 0) >= 0 {
		return nil, Errors{invalid("file", "received.unreadable")}
	}
	text := clipped(string(file))
	first, _, _ := strings.Cut(text, "\n")
	return &Reading{Kind: "text", Subject: line(first), Text: text}, nil
}

// sane drops instants that no notice can be about.
func sane(t time.Time) time.Time {
	if t.Year() < 2000 || t.Year() > 2200 {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Second)
}

// line makes a text one line without what cannot be shown.
func line(s string) string {
	s = strings.Join(strings.Fields(strings.Map(shown, strings.ToValidUTF8(s, "?"))), " ")
	if r := []rune(s); len(r) > readingLine {
		s = string(r[:readingLine])
	}
	return s
}

// clipped bounds a text and takes out what cannot be shown.
func clipped(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "?"), "\r\n", "\n")
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		return shown(r)
	}, s))
	if len(s) > readingText {
		s = strings.ToValidUTF8(s[:readingText], "")
	}
	return s
}

func shown(r rune) rune {
	if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
		return ' '
	}
	return r
}
