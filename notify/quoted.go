package notify

import (
	"bytes"
	"errors"
	"mime/quotedprintable"
	"strings"
	"sync"
)

// quotedLines remembers lines that were written before: nearly all lines of ten
// thousand notices are the same.
var quotedLines struct {
	sync.RWMutex
	by map[string][]byte
}

// manyLines is how many are remembered before all are forgotten.
const manyLines = 4096

var errControl = errors.New("control character in the text")

// quoted appends a text as quoted-printable (RFC 2045, 6.7), with CRLF at the
// ends of its lines. A text that mail cannot carry is an error.
func quoted(to []byte, text string) ([]byte, error) {
	for {
		line, rest, more := strings.Cut(text, "\n")
		q, err := quotedLine(line)
		if err != nil {
			return nil, err
		}
		to = append(to, q...)
		if !more {
			return to, nil
		}
		to, text = append(to, "\r\n"...), rest
	}
}

// quotedLine writes one line. What it returns must not be changed.
func quotedLine(line string) ([]byte, error) {
	if line == "" {
		return nil, nil
	}
	quotedLines.RLock()
	q, ok := quotedLines.by[line]
	quotedLines.RUnlock()
	if ok {
		return q, nil
	}
	if strings.ContainsFunc(line, barred) {
		return nil, errControl
	}
	var b bytes.Buffer
	w := quotedprintable.NewWriter(&b)
	if _, err := w.Write([]byte(line)); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	quotedLines.Lock()
	defer quotedLines.Unlock()
	if quotedLines.by == nil || len(quotedLines.by) >= manyLines {
		quotedLines.by = make(map[string][]byte, manyLines)
	}
	quotedLines.by[strings.Clone(line)] = b.Bytes()
	return b.Bytes(), nil
}
