package risk

import (
	"bytes"
	"encoding/json"
)

// reader walks a text that is known to be valid JSON.
type reader struct{ rest []byte }

// scalar is a string, number, true, false or null.
type scalar struct {
	kind byte // '"', '0' for a number, 't', 'f', 'n'
	text string
}

// peek is the next byte that is not white space; 0 at the end.
func (r *reader) peek() byte {
	for i, c := range r.rest {
		if c != ' ' && c != '\t' && c != '\n' && c != '\r' {
			r.rest = r.rest[i:]
			return c
		}
	}
	r.rest = nil
	return 0
}

// take moves past the next byte, which is known to be c.
func (r *reader) take(c byte) {
	if r.peek() == c {
		r.rest = r.rest[1:]
	}
}

// skip moves past the next byte if it is c.
func (r *reader) skip(c byte) { r.take(c) }

func (r *reader) scalar() scalar {
	c := r.peek()
	if c == '"' {
		return scalar{'"', r.text()}
	}
	end := bytes.IndexAny(r.rest, " \t\r\n,]}:")
	if end < 0 {
		end = len(r.rest)
	}
	s := scalar{c, string(r.rest[:end])}
	if c == '-' || c >= '0' && c <= '9' {
		s.kind = '0'
	}
	r.rest = r.rest[end:]
	return s
}

// text reads a string, with its escapes.
func (r *reader) text() string {
	for i, plain := 1, true; i < len(r.rest); i++ {
		switch r.rest[i] {
		case '\\':
			plain = false
			i++
		case '"':
			raw := r.rest[:i+1]
			r.rest = r.rest[i+1:]
			if plain {
				return string(raw[1:i])
			}
			var s string
			_ = json.Unmarshal(raw, &s) // the whole text has been found valid
			return s
		}
	}
	r.rest = nil
	return ""
}
