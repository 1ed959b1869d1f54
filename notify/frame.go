package notify

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/jordan-wright/email"
)

// frame is the MIME structure of mails of one shape, with holes for what each
// of them says: it is the same for ten thousand notices, so it is built and
// read back once and not ten thousand times. Only the structure is made by
// jordan-wright/email. Its header writing copies unparsable addresses with
// their line breaks, splits names at commas, never folds, and has no fixed order.
type frame struct {
	types      []byte         // the header's fields of MIME
	around     [][]byte       // what stands before, between and after the holes
	boundaries map[string]int // how often each stands in the frame
}

// fillings stand in the holes while a frame is built.
const (
	textHole = "HATAKELLOTEXT"
	htmlHole = "HATAKELLOHTML"
	fileHole = "HATAKELLOFILE" // three bytes make four, so that no padding is needed in the middle
)

var boundaryParam = regexp.MustCompile(`boundary="?([^";\s]+)`)

// newFrame builds a frame for mails like m.
func newFrame(m Message) (*frame, error) {
	e := email.Email{Text: []byte(textHole), Headers: map[string][]string{"Message-Id": {"<x@x>"}, "Date": {"x"}}}
	holes := []string{textHole}
	if m.HTML != "" {
		e.HTML, holes = []byte(htmlHole), append(holes, htmlHole)
	}
	for _, f := range m.Files {
		if _, err := e.Attach(strings.NewReader(fileHole), f.Name, f.Type); err != nil {
			return nil, fmt.Errorf("attach %s: %w", f.Name, err)
		}
		holes = append(holes, base64.StdEncoding.EncodeToString([]byte(fileHole)))
	}
	whole, err := e.Bytes()
	if err != nil {
		return nil, fmt.Errorf("build mail: %w", err)
	}
	built, rest, ok := bytes.Cut(whole, []byte("\r\n\r\n"))
	if !ok {
		return nil, errors.New("build mail: no body")
	}
	f := &frame{boundaries: map[string]int{}}
	if f.types, err = mimeTypes(built); err != nil {
		return nil, err
	}
	for _, b := range boundaryParam.FindAllSubmatch(whole, -1) {
		f.boundaries[string(b[1])] = bytes.Count(rest, b[1]) + bytes.Count(f.types, b[1])
	}
	for _, hole := range holes {
		before, after, ok := bytes.Cut(rest, []byte(hole))
		if !ok {
			return nil, errors.New("build mail: a part is missing")
		}
		f.around, rest = append(f.around, before), after
	}
	f.around = append(f.around, rest)
	return f, nil
}

// frames remembers those that are in use, by the shape of their mails.
var frames struct {
	sync.Mutex
	by map[string]*frame
}

// manyFrames is how many are remembered before all are forgotten.
const manyFrames = 64

// frameFor returns the frame of mails like m, and whether it is a new one.
func frameFor(m Message) (*frame, bool, error) {
	shape := fmt.Sprint(m.HTML != "")
	for _, f := range m.Files {
		shape += "\n" + f.Name + "\n" + f.Type
	}
	frames.Lock()
	defer frames.Unlock()
	if f := frames.by[shape]; f != nil {
		return f, false, nil
	}
	f, err := newFrame(m)
	if err != nil {
		return nil, false, err
	}
	if frames.by == nil || len(frames.by) >= manyFrames {
		frames.by = map[string]*frame{}
	}
	frames.by[shape] = f
	return f, true, nil
}

// fill writes the mail's bytes.
func (f *frame) fill(head string, m Message) ([]byte, error) {
	size := len(head) + len(f.types) + len(m.Text) + len(m.HTML) + (len(m.Text)+len(m.HTML))/8 + 2048
	for _, file := range m.Files {
		size += len(file.Data) * 3 / 2
	}
	raw := append(append(append(make([]byte, 0, size), head...), f.types...), "\r\n"...)
	raw = append(raw, f.around[0]...)
	texts := []string{m.Text}
	if m.HTML != "" {
		texts = append(texts, m.HTML)
	}
	for i, text := range texts {
		var err error
		if raw, err = quoted(raw, text); err != nil {
			return nil, err
		}
		raw = append(raw, f.around[i+1]...)
	}
	for i, file := range m.Files {
		raw = append(base64Lines(raw, file.Data), f.around[len(texts)+i+1]...)
	}
	return raw, nil
}

// fits reports whether the parts of raw end where the frame says. Somebody who
// knows a boundary could write it into a text.
func (f *frame) fits(raw []byte) bool {
	for b, n := range f.boundaries {
		if bytes.Count(raw, []byte(b)) != n {
			return false
		}
	}
	return true
}

// base64Lines appends data in lines of 76 characters (RFC 2045, 6.8), the last
// without its end.
func base64Lines(to, data []byte) []byte {
	const octets = 57
	for len(data) > octets {
		to = append(base64.StdEncoding.AppendEncode(to, data[:octets]), "\r\n"...)
		data = data[octets:]
	}
	return base64.StdEncoding.AppendEncode(to, data)
}
