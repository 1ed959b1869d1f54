package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"hatakello/incident"
)

var errDisk = errors.New("disk I/O error")

// failOnce makes the next commit fail: after having committed, or instead.
func failOnce(db *DB, committed bool) {
	db.writer.commit = func(ctx context.Context, c conn) error {
		db.writer.commit = commitSQL
		if committed {
			if err := commitSQL(ctx, c); err != nil {
				return err
			}
		}
		return errDisk
	}
}

// TestFailedCommit has a commit fail whose outcome is one or the other.
func TestFailedCommit(t *testing.T) {
	for _, committed := range []bool{true, false} {
		t.Run(fmt.Sprint(committed), func(t *testing.T) {
			db := open(t, newDatabase(t, "sqlite"))
			apply(t, db, newCase("Ennen", 1))
			failOnce(db, committed)
			c := newCase("Levy katosi", 2)
			c.Key = "form 1"
			err := db.Apply(ctx, c)
			_, missing := db.Incident(ctx, c.NewIncident.ID)
			if committed {
				if err != nil || missing != nil || c.NewIncident.Number != "2026-002" {
					t.Errorf("committed all the same: %v, %v, number %q", err, missing, c.NewIncident.Number)
				}
			} else {
				if !errors.Is(err, errLost) || !errors.Is(err, errDisk) || incident.KindOf(missing) != incident.NotFound {
					t.Errorf("not committed: %v, %v", err, missing)
				}
				apply(t, db, c) // the same key, for nothing was written
			}
			apply(t, db, newCase("Jälkeen", 1))
			if rows := board(t, db, incident.Filter{}); len(rows) != 3 || rows[0].Number != "2026-003" {
				t.Errorf("%d cases, the last %s; want 3, 2026-003", len(rows), rows[0].Number)
			}
			if err := db.Check(ctx); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestStopsWriting has the database stay away after a failed commit.
func TestStopsWriting(t *testing.T) {
	db := open(t, newDatabase(t, "sqlite"))
	apply(t, db, newCase("Ennen", 1))
	pool := db.writer.pool
	db.writer.commit = func(context.Context, conn) error {
		gone := open(t, newDatabase(t, "sqlite"))
		gone.Close()
		db.writer.pool, db.writer.commit = gone.writer.pool, commitSQL
		return errDisk
	}
	if err := db.Apply(ctx, newCase("Levy katosi", 1)); !errors.Is(err, errUncertain) {
		t.Errorf("while it cannot be opened: %v, want %v", err, errUncertain)
	}
	if err := db.Apply(ctx, newCase("Toinen", 1)); err == nil || !strings.Contains(err.Error(), "writing has stopped") {
		t.Errorf("the next act: %v, want that writing has stopped", err)
	}
	if err := db.Ready(ctx); err == nil {
		t.Error("Ready says that all is well")
	}
	db.writer.pool = pool
	if err := db.Ready(ctx); err != nil {
		t.Errorf("Ready when it is back: %v", err)
	}
	apply(t, db, newCase("Jälkeen", 1))
	if n := len(board(t, db, incident.Filter{})); n != 2 {
		t.Errorf("%d cases, want the one before and the one after", n)
	}
}

// gather holds the writer until n tasks wait behind it, so that they share a
// commit, calls then, and returns when all are done.
func gather(t *testing.T, db *DB, n int, act func(i int), then func()) {
	t.Helper()
	started, hold := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	defer wg.Wait()
	defer close(hold)
	wg.Go(func() {
		_ = db.writer.do(newTask(ctx, func(context.Context, conn) error { close(started); <-hold; return errUndo }))
	})
	<-started
	for i := range n {
		wg.Go(func() { act(i) })
		waitFor(t, func() bool { return waiting(db) == i+1 })
	}
	then()
}

func waiting(db *DB) int {
	db.writer.mu.Lock()
	defer db.writer.mu.Unlock()
	return len(db.writer.queue)
}

func waitFor(t *testing.T, done func() bool) {
	t.Helper()
	for begun := time.Now(); !done(); time.Sleep(time.Millisecond) {
		if time.Since(begun) > 10*time.Second {
			t.Fatal("waited in vain")
		}
	}
}

// TestSharedCommit has good, stale, broken and panicking acts share a commit.
func TestSharedCommit(t *testing.T) {
	db := open(t, newDatabase(t, "sqlite"))
	first := newCase("Ensimmäinen", 1)
	apply(t, db, first)
	commits := 0
	db.writer.commit = func(ctx context.Context, c conn) error { commits++; return commitSQL(ctx, c) }
	cases, errs := make([]*incident.Change, 12), make([]error, 12)
	for i := range cases {
		c := newCase(fmt.Sprint(i), 2)
		switch i % 4 {
		case 1:
			old := *first.NewRecords[0]
			old.Version = 0
			c.Records = []*incident.Record{&old}
		case 2:
			c.Entries = append(c.Entries, first.Entries[0])
		case 3:
			c.Numbered = func() error { panic("koe") }
		}
		cases[i] = c
	}
	gather(t, db, len(cases), func(i int) { errs[i] = db.Apply(ctx, cases[i]) }, func() {})
	if commits != 1 {
		t.Errorf("%d commits, want 1", commits)
	}
	for i, err := range errs {
		ok := [](func(error) bool){
			func(err error) bool { return err == nil },
			func(err error) bool { return errors.Is(err, incident.ErrStale) },
			func(err error) bool { return errors.Is(err, incident.ErrStale) }, // a key that is taken
			func(err error) bool { return err != nil && strings.Contains(err.Error(), "panic") },
		}[i%4]
		if !ok(err) {
			t.Errorf("act %d: %v", i, err)
		}
	}
	rows := board(t, db, incident.Filter{})
	if len(rows) != 4 || rows[0].Number != "2026-004" {
		t.Errorf("%d cases, the last %s; want 4 without gaps", len(rows), rows[0].Number)
	}
	oneLinkEach(t, db, 4)
}

// TestSharedCommitFails has the commit of several acts fail.
func TestSharedCommitFails(t *testing.T) {
	for _, committed := range []bool{true, false} {
		db := open(t, newDatabase(t, "sqlite"))
		apply(t, db, newCase("Ennen", 1))
		errs := make([]error, 5)
		failOnce(db, committed)
		gather(t, db, len(errs), func(i int) { errs[i] = db.Apply(ctx, newCase(fmt.Sprint(i), 1)) }, func() {})
		want := 1
		for i, err := range errs {
			if committed != (err == nil) {
				t.Errorf("committed %v: act %d: %v", committed, i, err)
			}
			if committed {
				want++
			}
		}
		if n := len(board(t, db, incident.Filter{})); n != want {
			t.Errorf("committed %v: %d cases, want %d", committed, n, want)
		}
	}
}

// TestBrokenOff has the transaction itself vanish under one of several acts,
// as SQLite rolls it back on a full disk. The others are written all the same.
func TestBrokenOff(t *testing.T) {
	db := open(t, newDatabase(t, "sqlite"))
	errs := make([]error, 6)
	gather(t, db, len(errs), func(i int) {
		if i == 3 {
			errs[i] = db.writer.do(newTask(ctx, func(ctx context.Context, c conn) error {
				_, _ = c.exec(ctx, "rollback")
				return errDisk
			}))
			return
		}
		errs[i] = db.Apply(ctx, newCase(fmt.Sprint(i), 1))
	}, func() {})
	for i, err := range errs {
		if (i == 3) != errors.Is(err, errDisk) || (i != 3 && err != nil) {
			t.Errorf("act %d: %v", i, err)
		}
	}
	oneLinkEach(t, db, 5)
}

// TestGivenUp has callers give up while they wait: their acts leave no trace,
// and those of the others are done.
func TestGivenUp(t *testing.T) {
	db := open(t, newDatabase(t, "sqlite"))
	short, cancel := context.WithCancel(ctx)
	errs := make([]error, 6)
	gather(t, db, len(errs), func(i int) {
		c := ctx
		if i%2 == 0 {
			c = short
		}
		errs[i] = db.Apply(c, newCase(fmt.Sprint(i), 1))
	}, func() {
		cancel()
		waitFor(t, func() bool { return waiting(db) == 3 })
	})
	n := 0
	for i, err := range errs {
		if i%2 == 1 && err != nil {
			t.Errorf("act %d: %v", i, err)
		}
		if i%2 == 0 && !errors.Is(err, context.Canceled) {
			t.Errorf("act %d of somebody who gave up: %v, want canceled", i, err)
		}
		if err == nil {
			n++
		}
	}
	oneLinkEach(t, db, n)
}
