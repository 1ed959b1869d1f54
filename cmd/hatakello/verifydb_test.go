package main

import (
	"bytes"
	"context"
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
	"hatakello/store"
	"hatakello/templates"
)

// TestVerifyDatabase verifies a database from the command line: whole, against
// a kept checkpoint, and with one cell changed.
func TestVerifyDatabase(t *testing.T) {
	words, err := templates.LoadWords()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "h.db")
	db, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	id := func() string { n++; return strings.Repeat("0", n%7) + time.Duration(n).String() }
	desk := &incident.Desk{Store: db, Now: time.Now, NewID: id, NewSecret: id, NewCode: id, NewSalt: newSalt,
		Alarm: func(incident.Alarm) (incident.Letter, error) { return incident.Letter{}, nil }}
	by := incident.Actor{ID: "u", Name: "Anna Koe", Roles: []incident.Role{incident.Privacy, incident.Admin}}
	if err := desk.SaveService(t.Context(), by, &incident.Service{Name: "Palvelu"}); err != nil {
		t.Fatal(err)
	}
	if _, err := desk.Log(t.Context(), by, incident.Log{Title: "Levy katosi", Aware: time.Now().Add(-time.Hour)}); err != nil {
		t.Fatal(err)
	}
	k, err := db.Checkpoint(t.Context(), time.Now(), func(k *incident.Checkpoint) string { return incident.SignCheckpoint("koe.example", k, nil) })
	if err != nil || k == nil {
		t.Fatal(k, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	try := func(name string, code int, want string, args ...string) {
		t.Helper()
		var out bytes.Buffer
		term := &terminal{out: &out, err: &out, words: words, lang: "en"}
		if got := run(context.Background(), term, append([]string{"--lang", "en", "verify"}, args...)); got != code || !strings.Contains(out.String(), want) {
			t.Errorf("%s: %d, %q; want %d with %q", name, got, out.String(), code, want)
		}
	}
	try("whole", 0, "The record holds: 2 chains", "--db", path)
	try("as a file", 0, "The record holds", path)
	try("with a kept root", 0, "agrees with the checkpoints", "--db", path, "--root", k.Short())
	try("with another root", 1, "kept outside", "--db", path, "--root", "1-"+strings.Repeat("ab", 12))
	try("with no root", 1, "is no checkpoint", "--db", path, "--root", "huomenna")
	raw, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := raw.Exec(`update incident set title = 'Mitään ei katoa'`); err != nil {
		t.Fatal(err)
	}
	raw.Close()
	try("one cell changed", 1, "link 1, table incident, row ", "--db", path)
}
