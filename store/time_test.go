package store

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hatakello/incident"
)

// TestTimes checks that every instant comes back as it was, whatever its zone.
func TestTimes(t *testing.T) {
	helsinki, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	onBoth(t, func(t *testing.T, db *DB) {
		for _, at := range []time.Time{
			time.Date(2026, 3, 29, 3, 59, 59, 0, helsinki), time.Date(2026, 10, 25, 3, 30, 0, 1e6, helsinki),
			time.Date(1999, 12, 31, 23, 59, 59, 999e6, time.UTC), time.Date(2199, 1, 1, 0, 0, 0, 0, time.FixedZone("", -7*3600)), {},
		} {
			c := newCase("Levy katosi", 0)
			c.NewIncident.Marks[0].At, c.NewIncident.ClosedAt = at, at
			apply(t, db, c)
			got := must[*incident.Incident](t)(db.Incident(ctx, c.NewIncident.ID))
			for _, back := range []time.Time{got.Marks[0].At, got.ClosedAt} {
				if !back.Equal(at) || back.Location() != time.UTC {
					t.Errorf("%v came back as %v", at, back)
				}
			}
		}
	})
}

// TestLostAnswer asks PostgreSQL what became of a commit that got no answer.
func TestLostAnswer(t *testing.T) {
	db := open(t, newDatabase(t, "postgres"))
	for _, committed := range []bool{true, false} {
		w := &write{Change: newCase("Levy katosi", 1)}
		task := newTask(ctx, w.run)
		task.proof = w.proof
		tx, err := db.read.Begin()
		if err != nil {
			t.Fatal(err)
		}
		if err := task.attempt(conn{q: tx, d: db.d}); err != nil {
			t.Fatal(err)
		}
		asked := make(chan error)
		go func() { asked <- db.afterFailure(task, errDisk) }() // waits for the transaction to end
		select {
		case err := <-asked:
			t.Fatalf("asked while it was open: %v", err)
		case <-time.After(300 * time.Millisecond):
		}
		if committed {
			err = tx.Commit()
		} else {
			err = tx.Rollback()
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := <-asked; committed != (err == nil) || (!committed && !errors.Is(err, errLost)) {
			t.Errorf("committed %v: %v", committed, err)
		}
	}
}

// TestStored compares the form of instants with that of the standard library.
func TestStored(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := time.UnixMilli(rapid.Int64Range(-62135596800000, 253402300799999).Draw(t, "ms")).In(time.FixedZone("", rapid.IntRange(-50000, 50000).Draw(t, "zone")))
		if got, want := stored(at), at.UTC().Format(layout); got != want {
			t.Fatalf("stored(%v) = %q, want %q", at, got, want)
		}
	})
}
