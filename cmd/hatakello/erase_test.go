package main

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
	"hatakello/store"
	"hatakello/templates"
)

// TestEraseCommand shows where a person stands, erases them, and verifies.
func TestEraseCommand(t *testing.T) {
	words, err := templates.LoadWords()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "h.db")
	db, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	desk := newDesk(db)
	desk.Alarm = func(incident.Alarm) (incident.Letter, error) { return incident.Letter{}, nil }
	by := incident.Actor{ID: "u", Name: "Anna Koe", Roles: []incident.Role{incident.Privacy, incident.Admin}}
	if _, err := desk.Log(t.Context(), by, incident.Log{Title: "Kuviteltu Markkinen soitti", Aware: time.Now().Add(-time.Hour)}); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	try := func(code int, want string, args ...string) {
		t.Helper()
		var out bytes.Buffer
		term := &terminal{out: &out, err: &out, words: words, lang: "en"}
		if got := run(context.Background(), term, append([]string{"--lang", "en"}, args...)); got != code || !strings.Contains(out.String(), want) {
			t.Errorf("%v: %d, %q; want %d with %q", args, got, out.String(), code, want)
		}
	}
	try(0, "Kuviteltu Markkinen soitti", "erase", "--db", path, "Kuviteltu Markkinen")
	try(1, "Choose the basis", "erase", "--db", path, "--reason", "asked", "Kuviteltu Markkinen")
	try(0, "Erased: [×", "erase", "--db", path, "--reason", "asked", "--basis", "request", "Kuviteltu Markkinen")
	try(0, "0 places", "erase", "--db", path, "Kuviteltu Markkinen")
	try(1, "nothing to erase", "erase", "--db", path, "--reason", "asked", "--basis", "request", "Kuviteltu Markkinen")
	try(0, "Lawful gap: ", "verify", path)
	try(0, "written anew", "erase", "--db", path, "--scrub")
}
