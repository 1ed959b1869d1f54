package store

import (
	"testing"
	"time"
)

func TestFailures(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		count := func(key string, since time.Time, want int) {
			t.Helper()
			if got := must[int](t)(db.Failures(ctx, key, since)); got != want {
				t.Errorf("Failures(%s, %v) = %d, want %d", key, since, got, want)
			}
		}
		for _, at := range []time.Duration{0, time.Minute, time.Minute, time.Hour} {
			if err := db.Fail(ctx, "anna", noon.Add(at)); err != nil {
				t.Fatal(err)
			}
		}
		count("anna", noon, 4)
		count("anna", noon.Add(time.Second), 3)
		count("bo", noon, 0)
		if err := db.Fail(ctx, "bo", noon.Add(remembered+time.Minute)); err != nil {
			t.Fatal(err)
		}
		count("anna", noon.Add(-time.Hour), 3) // the first is too long ago to be kept
		if err := db.Forgive(ctx, "anna"); err != nil {
			t.Fatal(err)
		}
		count("anna", noon, 0)
		count("bo", noon, 1)
	})
}

func TestSessions(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		now := noon
		s := &Sessions{DB: db, Now: func() time.Time { return now }}
		find := func(token string) string {
			t.Helper()
			data, found, err := s.Find(token)
			if err != nil {
				t.Fatal(err)
			}
			if found != (data != nil) {
				t.Errorf("found = %v with data %q", found, data)
			}
			return string(data)
		}
		for _, data := range []string{"one", "two"} {
			if err := s.Commit("secret", []byte(data), noon.Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
		}
		if got := find("secret"); got != "two" {
			t.Errorf("session = %q, want two", got)
		}
		var kept string
		if _, err := db.conn().one(ctx, `select hash from session`, nil, &kept); err != nil || len(kept) != 64 || kept == "secret" {
			t.Errorf("kept as %q, %v; want a hash", kept, err)
		}
		now = noon.Add(time.Hour)
		if got := find("secret"); got != "" {
			t.Errorf("expired session = %q", got)
		}
		if err := s.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		now = noon
		if got := find("secret"); got != "" {
			t.Errorf("swept session = %q", got)
		}
		if err := s.Commit("other", []byte("x"), noon.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if err := s.Delete("other"); err != nil || find("other") != "" {
			t.Errorf("deleted session is there, %v", err)
		}
		if err := db.Ready(ctx); err != nil {
			t.Errorf("Ready: %v", err)
		}
	})
}
