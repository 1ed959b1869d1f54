package web

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"
)

// fieldsKnown remembers the fields of bodies, by type.
var fieldsKnown sync.Map

// fieldsOf returns the JSON names of a struct's fields with their types, or
// nil if t is no struct or reads itself. The map is shared.
func fieldsOf(t reflect.Type) map[string]reflect.Type {
	if t == nil {
		return nil
	}
	if m, ok := fieldsKnown.Load(t); ok {
		return m.(map[string]reflect.Type)
	}
	m := readFields(t)
	fieldsKnown.Store(t, m)
	return m
}

func readFields(t reflect.Type) map[string]reflect.Type {
	if t.Kind() != reflect.Struct || reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()) {
		return nil
	}
	m := make(map[string]reflect.Type, t.NumField())
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		m[name] = f.Type
	}
	return m
}

// inner returns the element type of t if it is of that kind.
func inner(t reflect.Type, kind reflect.Kind) reflect.Type {
	if t == nil || t.Kind() != kind {
		return nil
	}
	return t.Elem()
}

// jsonType names a Go type as JSON does.
func jsonType(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "boolean"
	case reflect.Slice, reflect.Array:
		return "array"
	case reflect.Struct, reflect.Map:
		return "object"
	}
	return "number"
}

func sortedNames(m map[string]reflect.Type) string {
	return strings.Join(slices.Sorted(maps.Keys(m)), ", ")
}

// readInstant reads an instant with its offset from UTC. Without one it would
// have to be guessed, and an hour decides whether a limit was kept.
func readInstant(field, text string) (time.Time, error) {
	var t time.Time
	if text == "" {
		return t, nil
	}
	if err := t.UnmarshalText([]byte(text)); err != nil {
		return t, apiInvalid(field, "api.instant", "text", clipped(text))
	}
	if t.Year() < 1990 || t.Year() > 2200 {
		return t, apiInvalid(field, "api.instant_year", "text", clipped(text))
	}
	return t.UTC(), nil
}

// instant is how the API writes an instant: UTC, to the millisecond, or null.
func instant(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	s := t.UTC().Format("2006-01-02T15:04:05.999Z07:00")
	return &s
}

// clipped shortens what is quoted back.
func clipped(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:59]) + "…"
	}
	return s
}
