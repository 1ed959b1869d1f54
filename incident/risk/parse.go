package risk

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"
)

// MaxInput is the greatest size of a file of facts, in bytes.
const MaxInput = 64 << 10

// InputError names what is wrong with a file of facts.
type InputError struct {
	Key     string // what is wrong: risk.unknown_key, risk.unknown_value, …
	Path    string // where, such as "exposure.recipients"
	Got     string // what was found there
	Nearest string // the nearest valid key or value, or what is expected
}

// Error tells the problem in English, for a terminal or a log.
func (e *InputError) Error() string { return e.In("en") }

// In tells the problem in fi, sv or en.
func (e *InputError) In(lang string) string {
	s := Words(lang, e.Key, map[string]any{"path": e.Path, "got": e.Got, "nearest": e.Nearest})
	if e.Path == "" {
		return s
	}
	return e.Path + ": " + s
}

// Decode reads one JSON object of facts from r, at most MaxInput bytes. A key
// or value that the vocabulary does not know is an *InputError.
func Decode(r io.Reader) (Facts, error) {
	b, err := io.ReadAll(io.LimitReader(r, MaxInput+1))
	if err != nil {
		return Facts{}, fmt.Errorf("read facts: %w", err)
	}
	return Parse(b)
}

// Parse is Decode for bytes at hand.
func Parse(b []byte) (Facts, error) {
	if len(b) > MaxInput {
		return Facts{}, &InputError{Key: "risk.too_large", Nearest: strconv.Itoa(MaxInput)}
	}
	if !utf8.Valid(b) {
		return Facts{}, &InputError{Key: "risk.not_utf8"}
	}
	var f Facts
	err := json.Unmarshal(b, &f)
	var bad *json.SyntaxError
	if errors.As(err, &bad) {
		return Facts{}, malformed(b)
	}
	r := reader{rest: b} // valid JSON from here on
	if err := r.value(input, ""); err != nil {
		return Facts{}, err
	}
	if err != nil {
		return Facts{}, &InputError{Key: "risk.syntax", Got: err.Error()}
	}
	return f, nil
}

// malformed tells why a text is no JSON value.
func malformed(b []byte) error {
	dec := json.NewDecoder(bytes.NewReader(b))
	var v json.RawMessage
	switch err := dec.Decode(&v); err {
	case nil:
		return &InputError{Key: "risk.trailing"}
	case io.EOF, io.ErrUnexpectedEOF:
		return &InputError{Key: "risk.cut_off"}
	default:
		return &InputError{Key: "risk.syntax", Got: err.Error()}
	}
}

// value holds the next value against a shape. A null is an answer left out.
func (r *reader) value(s *shape, path string) error {
	switch c := r.peek(); {
	case c == 'n' && path != "":
		r.scalar()
		return nil
	case c == '{' && (s.kind == anObject || s.kind == aMap):
		return r.object(s, path)
	case c == '[' && s.kind == aList:
		return r.list(s, path)
	case c == '{' || c == '[':
		return &InputError{Key: "risk.wrong_type", Path: path, Got: string(c), Nearest: expects(s)}
	}
	return s.check(r.scalar(), path)
}

func (r *reader) object(s *shape, path string) error {
	var few [12]string
	seen := few[:0]
	r.take('{')
	for r.peek() != '}' {
		k := r.scalar().text
		at := join(path, k)
		if position(seen, k) > 0 {
			return &InputError{Key: "risk.duplicate", Path: at, Got: show(k)}
		}
		seen = append(seen, k)
		inner := s.member(k)
		if inner == nil {
			return &InputError{Key: "risk.unknown_key", Path: show(at), Got: show(k), Nearest: nearest(k, s.names())}
		}
		r.take(':')
		if err := r.value(inner, at); err != nil {
			return err
		}
		r.skip(',')
	}
	r.take('}')
	for _, m := range s.keys {
		if m.must && position(seen, m.key) == 0 {
			return &InputError{Key: "risk.missing_key", Path: join(path, m.key), Nearest: m.key}
		}
	}
	return nil
}

func (r *reader) list(s *shape, path string) error {
	var few [20]string
	seen := few[:0]
	r.take('[')
	for n := 0; r.peek() != ']'; n++ {
		if float64(n) >= s.max {
			return &InputError{Key: "risk.too_long", Path: path, Nearest: show(s.max)}
		}
		if s.item.kind != aWord {
			if err := r.value(s.item, at(path, n)); err != nil {
				return err
			}
			r.skip(',')
			continue
		}
		if c := r.peek(); c == '{' || c == '[' {
			return &InputError{Key: "risk.wrong_type", Path: at(path, n), Got: string(c), Nearest: expects(s.item)}
		}
		v := r.scalar()
		if position(seen, v.text) > 0 {
			return &InputError{Key: "risk.duplicate", Path: at(path, n), Got: show(v.text)}
		}
		if position(s.item.values, v.text) == 0 || v.kind != '"' {
			return s.item.check(v, at(path, n))
		}
		seen = append(seen, v.text)
		r.skip(',')
	}
	r.take(']')
	return nil
}

func at(path string, n int) string { return path + "[" + strconv.Itoa(n) + "]" }

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func (s *shape) member(k string) *shape {
	if s.kind == aMap {
		if position(paths, k) > 0 {
			return s.item
		}
		return nil
	}
	for i := range s.keys {
		if s.keys[i].key == k {
			return s.keys[i].shape
		}
	}
	return nil
}

func (s *shape) names() []string {
	if s.kind == aMap {
		return paths
	}
	out := make([]string, len(s.keys))
	for i, m := range s.keys {
		out[i] = m.key
	}
	return out
}
