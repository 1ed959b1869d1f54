package store

import (
	"encoding/json"
	"fmt"
	"reflect"
	"sync"
	"time"
)

// layout is the one form in which instants are stored: UTC, milliseconds, 24
// characters, so that their text sorts as they do.
const layout = "2006-01-02T15:04:05.000Z"

// never stands for "no instant" in columns that lists are ordered by. It sorts
// after every real one.
const never = "9999-12-31T23:59:59.999Z"

// instant is t as it is stored, or nil for the zero time.
func instant(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return stored(t)
}

// stored is t in that form. It stands in every row a few times, and this takes a
// fifth of the time of Format.
func stored(t time.Time) string {
	t = t.UTC()
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	if year < 0 || year > 9999 {
		return t.Format(layout)
	}
	var b [len(layout)]byte
	copy(b[:], layout)
	for _, part := range [...]struct{ end, n int }{{4, year}, {7, int(month)}, {10, day}, {13, hour}, {16, minute}, {19, second}, {23, t.Nanosecond() / 1e6}} {
		for i, n := part.end-1, part.n; i >= 0 && b[i] >= '0' && b[i] <= '9'; i, n = i-1, n/10 {
			b[i] = byte('0' + n%10)
		}
	}
	return string(b[:])
}

// orNever is t as it is stored where lists are ordered by it.
func orNever(t time.Time) string {
	if t.IsZero() {
		return never
	}
	return stored(t)
}

// when scans an instant into t. Null and never are the zero time.
func when(t *time.Time) *moment { return (*moment)(t) }

type moment time.Time

// Scan implements sql.Scanner.
func (m *moment) Scan(src any) error {
	*m = moment{}
	if src == nil {
		return nil
	}
	s, ok := src.(string)
	if !ok {
		return fmt.Errorf("instant of type %T", src)
	}
	if s == never {
		return nil
	}
	t, err := time.Parse(layout, s)
	if err != nil {
		return fmt.Errorf("instant: %w", err)
	}
	*m = moment(t)
	return nil
}

// document scans JSON into v.
func document(v any) *jsonColumn { return &jsonColumn{v} }

type jsonColumn struct{ v any }

// Scan implements sql.Scanner.
func (j *jsonColumn) Scan(src any) error {
	s, ok := src.(string)
	if !ok {
		return fmt.Errorf("document of type %T", src)
	}
	if err := json.Unmarshal([]byte(s), j.v); err != nil {
		return fmt.Errorf("document: %w", err)
	}
	return nil
}

// zeros remembers the documents of zero values, by type: most are.
var zeros sync.Map

// asJSON is v as it is stored. Maps are ordered by key.
func asJSON(v any) (string, error) {
	if r := reflect.ValueOf(v); r.IsValid() && r.IsZero() {
		if s, ok := zeros.Load(r.Type()); ok {
			return s.(string), nil
		}
		b, err := json.Marshal(v)
		if err == nil {
			zeros.Store(r.Type(), string(b))
		}
		return string(b), err
	}
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("document: %w", err)
	}
	return string(b), nil
}

// optional is a reference that may be missing: null for "".
func optional(id string) any {
	if id == "" {
		return nil
	}
	return id
}

// reference scans an id that may be null.
func reference(id *string) *maybe { return (*maybe)(id) }

type maybe string

// Scan implements sql.Scanner.
func (m *maybe) Scan(src any) error {
	switch s := src.(type) {
	case nil:
		*m = ""
	case string:
		*m = maybe(s)
	default:
		return fmt.Errorf("reference of type %T", src)
	}
	return nil
}
