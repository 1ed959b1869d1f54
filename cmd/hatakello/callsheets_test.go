package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"hatakello/incident"
	"hatakello/store"
)

// TestCallSheetsKeptReady: each open case has its sheet on the disk, for us
// alone, new after each change and gone when the case is closed.
func TestCallSheetsKeptReady(t *testing.T) {
	term, _ := quiet(t)
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "h.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	h := &house{db: db, desk: newDesk(db)}
	c := testComposer(t)
	h.desk.Compose, h.desk.Alarm = c.notice, c.alarm
	if _, err := h.seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	services, err := db.Services(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	inc, err := h.desk.Log(t.Context(), handler, incident.Log{Title: "Levy katosi", Aware: time.Now(), Services: []string{services[0].ID}})
	if err != nil {
		t.Fatal(err)
	}
	s := &sheets{dir: filepath.Join(t.TempDir(), "listat"), house: h, words: term.words}
	round := func() {
		t.Helper()
		if err := s.round(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(s.dir, "soittolista-"+inc.Number+".pdf")
	round()
	first, err := os.ReadFile(file)
	if err != nil || !bytes.HasPrefix(first, []byte("%PDF-")) {
		t.Fatalf("%d bytes, %v", len(first), err)
	}
	if out := os.Getenv("HATAKELLO_SHEET"); out != "" { // to look at it
		_ = os.WriteFile(out, first, 0o600)
	}
	for path, want := range map[string]os.FileMode{file: 0o600, s.dir: 0o700} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s has mode %v, want %v (%v)", path, info.Mode().Perm(), want, err)
		}
	}
	calls, err := db.Unreached(t.Context(), inc.ID)
	if err != nil || len(calls) != inc.Tally.Records || len(calls) == 0 {
		t.Fatalf("%d of %d customers on the sheet, %v", len(calls), inc.Tally.Records, err)
	}
	before, _ := os.Stat(file)
	round()
	if after, _ := os.Stat(file); !after.ModTime().Equal(before.ModTime()) {
		t.Error("written again although nothing happened")
	}
	if err := h.desk.Phone(t.Context(), handler, calls[0].Record, incident.Call{Who: "Kati Koe", Said: "Kerrottu"}); err != nil {
		t.Fatal(err)
	}
	round()
	if second, err := os.ReadFile(file); err != nil || bytes.Equal(first, second) {
		t.Errorf("the sheet is as it was after a call (%v)", err)
	}
	left, err := filepath.Glob(filepath.Join(s.dir, ".*"))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
	stranger := filepath.Join(s.dir, "muu.pdf")
	old := filepath.Join(s.dir, "soittolista-1999-001.pdf") // of a case that was closed while we were down
	for _, f := range []string{stranger, old} {
		if err := os.WriteFile(f, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s.seen = nil // a new start
	round()
	if _, err := os.Stat(old); !os.IsNotExist(err) {
		t.Errorf("the sheet of a closed case is still there (%v)", err)
	}
	if _, err := os.Stat(stranger); err != nil {
		t.Errorf("a file that is not ours was removed: %v", err)
	}
}
