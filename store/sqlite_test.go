package store

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hatakello/incident"
)

func TestSettings(t *testing.T) {
	db := open(t, newDatabase(t, "sqlite"))
	for name, c := range map[string]conn{"writer": {q: db.writer.pool, d: db.d}, "reader": db.conn()} {
		if name == "writer" {
			apply(t, db, newCase("Levy katosi", 0)) // takes the connection
			c = db.writer.conn()
		}
		for setting, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "wal_autocheckpoint": checkpointPages} {
			got := must[[]string](t)(list(ctx, c, firstColumn, "pragma "+setting))
			if len(got) != 1 || got[0] != want {
				t.Errorf("%s of a %s = %v, want %s", setting, name, got, want)
			}
		}
	}
	if _, err := db.conn().exec(ctx, `delete from incident`); err == nil || !strings.Contains(err.Error(), "readonly") {
		t.Errorf("a write on a reading connection: %v, want it refused", err)
	}
}

// TestWrongSettings makes sure that the check on every connection can say no.
func TestWrongSettings(t *testing.T) {
	path := newDatabase(t, "sqlite")
	for settings, want := range map[string]string{
		"_journal_mode=WAL&_synchronous=NORMAL&_foreign_keys=on": "synchronous",
		"_journal_mode=WAL&_synchronous=FULL":                    "foreign_keys",
		"_journal_mode=DELETE&_synchronous=FULL":                 "journal_mode",
	} {
		db := sql.OpenDB(&connector{dsn: fileURI(path, settings)})
		if err := db.Ping(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want a word about %s", settings, err, want)
		}
		db.Close()
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(text, []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	for dsn, want := range map[string]string{
		"":                                 "give a path",
		":memory:":                         "must be a file",
		"file::memory:?cache=shared":       "must be a file",
		"mysql://h/d":                      "give the path of a SQLite file, or postgres://",
		filepath.Join(dir, "none", "x.db"): "make it, or give another path",
		dir:                                "that is a folder",
		text:                               "not a database",
		"postgres://h:port/d":              "write it as postgres://",
		"postgres://x@/d?host=" + dir:      "open database d",
		strings.Replace(server, "/postgres?", "/nobody?", 1): "nobody",
	} {
		db, err := Open(ctx, dsn, Options{})
		if err == nil {
			db.Close()
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Open(%q) = %v, want a word of %q", dsn, err, want)
		}
	}
}

func TestOddPaths(t *testing.T) {
	for _, name := range []string{"väärä tiedosto.db", "a?b=c&d.db", "50%20 #1.db", "sqlite"} {
		path := filepath.Join(t.TempDir(), name)
		db, err := Open(ctx, "sqlite:"+path, Options{})
		if err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		apply(t, db, newCase("Levy katosi", 1))
		db.Close()
		if f, err := os.Stat(path); err != nil || f.Mode().Perm() != 0o600 {
			t.Errorf("%q: %v, %v; want a file for its owner only", name, f, err)
		}
	}
	t.Chdir(t.TempDir())
	db := open(t, "suhteellinen.db")
	if err := db.Ready(ctx); err != nil {
		t.Error(err)
	}
}

func TestOneProcess(t *testing.T) {
	path := newDatabase(t, "sqlite")
	db := open(t, path)
	if _, err := Open(ctx, path, Options{}); !errors.Is(err, errLocked) {
		t.Fatalf("a second Open = %v, want %v", err, errLocked)
	}
	c := newCase("Levy katosi", 1)
	apply(t, db, c)
	guest, err := Open(ctx, path, Options{Guest: true})
	if err != nil {
		t.Fatal(err)
	}
	apply(t, guest, newCase("Vieraan", 1))
	apply(t, db, newCase("Isännän", 1))
	if n := len(board(t, guest, incident.Filter{})); n != 3 {
		t.Errorf("the guest sees %d cases, want 3", n)
	}
	if err := guest.Close(); err != nil {
		t.Error(err)
	}
	apply(t, db, newCase("Jälkeen", 1))
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := db.Apply(ctx, newCase("Suljettu", 0)); !errors.Is(err, errClosed) {
		t.Errorf("Apply after Close = %v, want %v", err, errClosed)
	}
	again := open(t, path)
	if n := len(board(t, again, incident.Filter{})); n != 4 {
		t.Errorf("after opening again %d cases, want 4", n)
	}
}

func TestSchema(t *testing.T) {
	for _, kind := range []string{"sqlite", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			dsn := newDatabase(t, kind)
			db := open(t, dsn)
			c := newCase("Levy katosi", 1)
			apply(t, db, c)
			db.Close()
			db = open(t, dsn) // again on the existing file
			if got := must[*incident.Incident](t)(db.Incident(ctx, c.NewIncident.ID)); got.Title != "Levy katosi" {
				t.Errorf("after opening again: %+v", got)
			}
			err := db.write(newTask(ctx, func(ctx context.Context, c conn) error {
				_, err := c.exec(ctx, `insert into schema_version (version_id, is_applied) values (99999, true)`)
				return err
			}))
			if err != nil {
				t.Fatal(err)
			}
			db.Close()
			if _, err := Open(ctx, dsn, Options{}); !errors.Is(err, errNewer) {
				t.Errorf("Open of a newer schema = %v, want %v", err, errNewer)
			}
		})
	}
}

func TestGuestDoesNotMigrate(t *testing.T) {
	path := newDatabase(t, "sqlite")
	lock := must[*os.File](t)(lockFile(path)) // another process is about to make it
	defer lock.Close()
	if _, err := Open(ctx, path, Options{Guest: true}); !errors.Is(err, errOlder) {
		t.Errorf("a guest on an empty file: %v, want %v", err, errOlder)
	}
}

func TestDamaged(t *testing.T) {
	path := newDatabase(t, "sqlite")
	db := open(t, path)
	apply(t, db, customers(500))
	db.Close()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(b) / 2; i < len(b)/2+8192; i++ {
		b[i] ^= 0x5a
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(ctx, path, Options{}); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("Open of a damaged file = %v, want it refused", err)
	}
}

func TestBackup(t *testing.T) {
	db := open(t, newDatabase(t, "sqlite"))
	c := newCase("Levy katosi", 50)
	apply(t, db, c)
	path := filepath.Join(t.TempDir(), "copy.db")
	stop, done := make(chan struct{}), make(chan struct{})
	go func() { // work goes on
		defer close(done)
		for {
			select {
			case <-stop:
				return
			default:
				apply(t, db, newCase("Samaan aikaan", 1))
			}
		}
	}()
	if err := db.Backup(ctx, path); err != nil {
		t.Error(err)
	}
	close(stop)
	<-done
	if err := db.Backup(ctx, path); err == nil {
		t.Error("a backup overwrote another")
	}
	copied := open(t, path)
	if n := len(must[[]*incident.Record](t)(copied.Records(ctx, c.NewIncident.ID, nil))); n != 50 {
		t.Errorf("the copy has %d records, want 50", n)
	}
	checkChain(t, copied, c.NewIncident.ID, 1)
	if err := copied.Check(ctx); err != nil {
		t.Error(err)
	}
	if left, _ := filepath.Glob(path + ".part*"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	elsewhere := open(t, newDatabase(t, "postgres"))
	if err := elsewhere.Backup(ctx, path+"2"); err == nil || !strings.Contains(err.Error(), "pg_dump") {
		t.Errorf("Backup of PostgreSQL = %v, want a word about pg_dump", err)
	}
}

// TestFreshIsLookedUp makes sure that logging does not get slower by the number
// of cases: every few seconds the words of the newest are brought in, and of those
// alone.
func TestFreshIsLookedUp(t *testing.T) {
	db := open(t, newDatabase(t, "sqlite"))
	plan, err := list(ctx, db.conn(), func(rows *sql.Rows) (step string, err error) {
		var id, parent, unused int
		return step, rows.Scan(&id, &parent, &unused, &step)
	}, "explain query plan "+freshText, wordsAtOnce)
	if err != nil || len(plan) == 0 {
		t.Fatalf("plan %q, %v", plan, err)
	}
	for _, step := range plan {
		if strings.HasPrefix(step, "SCAN incident") {
			t.Errorf("all cases are read: %q", plan)
		}
	}
}
