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
func (e *InputError) Error() string {
	s := Words("en", e.Key, map[string]any{"path": e.Path, "got": e.Got, "nearest": e.Nearest})
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
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	if t, err := dec.Token(); err != nil {
		return Facts{}, syntax("", err)
	} else if t != json.Delim('{') {
		return Facts{}, &InputError{Key: "risk.wrong_type", Got: show(t), Nearest: "{ }"}
	}
	if err := readObject(dec, input, ""); err != nil {
		return Facts{}, err
	}
	if _, err := dec.Token(); err != io.EOF {
		return Facts{}, &InputError{Key: "risk.trailing"}
	}
	var f Facts
	if err := json.Unmarshal(b, &f); err != nil {
		return Facts{}, syntax("", err)
	}
	return f, nil
}

func syntax(path string, err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return &InputError{Key: "risk.cut_off", Path: path}
	}
	return &InputError{Key: "risk.syntax", Path: path, Got: err.Error()}
}

// readObject checks an object whose opening brace has been read.
func readObject(dec *json.Decoder, s *shape, path string) error {
	seen := make(map[string]bool, 8)
	for dec.More() {
		t, err := dec.Token()
		if err != nil {
			return syntax(path, err)
		}
		k := t.(string)
		at := join(path, k)
		if seen[k] {
			return &InputError{Key: "risk.duplicate", Path: at, Got: k}
		}
		seen[k] = true
		inner := s.member(k)
		if inner == nil {
			return &InputError{Key: "risk.unknown_key", Path: at, Got: k, Nearest: nearest(k, s.names())}
		}
		if err := readValue(dec, inner, at); err != nil {
			return err
		}
	}
	for _, m := range s.keys {
		if m.must && !seen[m.key] {
			return &InputError{Key: "risk.missing_key", Path: join(path, m.key), Nearest: m.key}
		}
	}
	if _, err := dec.Token(); err != nil {
		return syntax(path, err)
	}
	return nil
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

// readValue checks the next value. A null is an answer left out.
func readValue(dec *json.Decoder, s *shape, path string) error {
	t, err := dec.Token()
	if err != nil {
		return syntax(path, err)
	}
	if t == nil {
		return nil
	}
	switch {
	case t == json.Delim('{') && (s.kind == anObject || s.kind == aMap):
		return readObject(dec, s, path)
	case t == json.Delim('[') && s.kind == aList:
		return readList(dec, s, path)
	}
	return s.scalar(t, path)
}

func readList(dec *json.Decoder, s *shape, path string) error {
	seen := map[string]bool{}
	for n := 0; dec.More(); n++ {
		at := fmt.Sprintf("%s[%d]", path, n)
		if float64(n) >= s.max {
			return &InputError{Key: "risk.too_long", Path: path, Nearest: show(s.max)}
		}
		if s.item.kind != aWord {
			if err := readValue(dec, s.item, at); err != nil {
				return err
			}
			continue
		}
		t, err := dec.Token()
		if err != nil {
			return syntax(at, err)
		}
		if err := s.item.scalar(t, at); err != nil {
			return err
		}
		if seen[show(t)] {
			return &InputError{Key: "risk.duplicate", Path: at, Got: show(t)}
		}
		seen[show(t)] = true
	}
	if _, err := dec.Token(); err != nil {
		return syntax(path, err)
	}
	return nil
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
