package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/mattn/go-sqlite3"
	"github.com/pressly/goose/v3"
)

var sqliteDialect = &dialect{
	goose: goose.DialectSQLite3,
	types: sqliteTypes,
	text:  asWritten,
	duplicate: func(err error) bool {
		var e sqlite3.Error
		return errors.As(err, &e) && (e.ExtendedCode == sqlite3.ErrConstraintUnique || e.ExtendedCode == sqlite3.ErrConstraintPrimaryKey)
	},
	again: func(error) bool { return false },
	near:  true,
	name:  "sqlite", documents: documentBatch("?"), find: findSQLite, match: matchSQLite,
}

// Every setting stands in the DSN: a pragma by Exec would reach one connection
// of the pool. Without _synchronous=FULL the driver would lose acknowledged
// rows at a power cut.
const (
	writerSettings = "_journal_mode=WAL&_synchronous=FULL&_busy_timeout=5000&_foreign_keys=on&_txlock=immediate&_cache_size=-8000&_stmt_cache_size=128&_mutex=no"
	readerSettings = "mode=ro&_synchronous=FULL&_query_only=on&_busy_timeout=5000&_foreign_keys=on&_cache_size=-4000&_stmt_cache_size=128&_mutex=no"
	copierSettings = "mode=ro&_synchronous=FULL&_busy_timeout=5000&_foreign_keys=on"
	readers        = 4
	// checkedWhole is the size in bytes up to which a file is checked when it
	// is opened; more would keep staff waiting. A backup checks all of it.
	checkedWhole = 16 << 20
)

func openSQLite(ctx context.Context, path string, o Options) (_ *DB, err error) {
	if err := checkPath(path); err != nil {
		return nil, err
	}
	db := &DB{d: sqliteDialect, path: path}
	db.lock, err = lockFile(path)
	if err != nil && !(o.Guest && errors.Is(err, errLocked)) {
		return nil, err
	}
	defer func() {
		if err != nil && db.lock != nil {
			db.lock.Close()
		}
	}()
	if err := makePrivate(path); err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	write := sql.OpenDB(&connector{dsn: fileURI(path, writerSettings)})
	write.SetMaxOpenConns(1)
	defer func() {
		if err != nil {
			write.Close()
		}
	}()
	if err := checkWhole(ctx, write, path); err != nil {
		return nil, err
	}
	upgraded, err := migrate(ctx, write, db.d, db.lock != nil)
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	db.read = sql.OpenDB(&connector{dsn: fileURI(path, readerSettings)})
	db.read.SetMaxOpenConns(readers)
	db.read.SetMaxIdleConns(readers)
	db.writer = &writer{pool: write, d: db.d, commit: commitSQL}
	if err := db.read.PingContext(ctx); err != nil {
		db.read.Close()
		return nil, fmt.Errorf("open database %s for reading: %w", path, err)
	}
	if db.lock != nil { // nobody else can hold a lease
		if _, err := write.ExecContext(ctx, releaseText); err != nil {
			db.read.Close()
			return nil, fmt.Errorf("release what was being sent in %s: %w", path, err)
		}
		if err := db.adopt(ctx, upgraded); err != nil {
			return nil, errors.Join(fmt.Errorf("open database %s: %w", path, err), db.read.Close())
		}
	}
	return db, nil
}

func checkPath(path string) error {
	if strings.HasPrefix(path, ":memory:") || strings.HasPrefix(path, "file:") {
		return fmt.Errorf("the database cannot be %q: it must be a file that outlives the program; give its path, such as hatakello.db", path)
	}
	if scheme, _, ok := strings.Cut(path, "://"); ok {
		return fmt.Errorf("the database cannot be of kind %q: give the path of a SQLite file, or postgres://user@host/name", scheme)
	}
	dir, err := os.Stat(filepath.Dir(path))
	switch {
	case err != nil:
		return fmt.Errorf("the database's folder cannot be used: %w; make it, or give another path", err)
	case !dir.IsDir():
		return fmt.Errorf("the database cannot be %s: %s is not a folder; give another path", path, filepath.Dir(path))
	}
	if f, err := os.Stat(path); err == nil && f.IsDir() {
		return fmt.Errorf("the database cannot be %s: that is a folder; give the path of a file in it, such as %s", path, filepath.Join(path, "hatakello.db"))
	}
	return nil
}

// makePrivate makes the file if there is none, for its owner only. SQLite gives
// its log the same rights.
func makePrivate(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// fileURI names a file for SQLite, whatever signs its path holds.
func fileURI(path, settings string) string {
	u := url.URL{Path: path}
	return "file:" + strings.TrimPrefix(u.EscapedPath(), "./") + "?" + settings
}

// errLocked says that another process has the file.
var errLocked = errors.New("another process has it open")

// lockFile claims the database for this process, by a lock on a file beside
// it that ends with the process, however that ends.
func lockFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock database %s: %w; the program must be able to write in that folder", path, err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		owner, _ := io.ReadAll(io.LimitReader(f, 20))
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("open database %s: %w (process %s); one process writes a SQLite file: stop the other, or give another path", path, errLocked, strings.TrimSpace(string(owner)))
		}
		return nil, fmt.Errorf("lock database %s: %w", path, err)
	}
	if err := f.Truncate(0); err == nil {
		fmt.Fprintf(f, "%d\n", os.Getpid())
	}
	return f, nil
}

// checkWhole refuses a damaged file before anything is written to it.
func checkWhole(ctx context.Context, db *sql.DB, path string) error {
	f, err := os.Stat(path)
	if err != nil {
		return err
	}
	if f.Size() > checkedWhole {
		return db.PingContext(ctx)
	}
	verdict, err := list(ctx, conn{q: db, d: sqliteDialect}, text, "pragma quick_check(1)")
	var broken sqlite3.Error
	switch {
	case errors.As(err, &broken) && (broken.Code == sqlite3.ErrCorrupt || broken.Code == sqlite3.ErrError):
		verdict = []string{broken.Error()} // so far gone that it cannot be checked, as where the search has no settings left
	case err != nil:
		return fmt.Errorf("open database %s: %w", path, err)
	}
	if len(verdict) != 1 || verdict[0] != "ok" {
		return fmt.Errorf("the database %s is damaged (%s); nothing was changed: put a backup in its place", path, strings.Join(verdict, "; "))
	}
	return nil
}

// connector opens connections and refuses those that are not as they must be.
type connector struct{ dsn string }

var sqliteDriver = &sqlite3.SQLiteDriver{ConnectHook: assertSettings}

// Connect implements driver.Connector.
func (k *connector) Connect(context.Context) (driver.Conn, error) { return sqliteDriver.Open(k.dsn) }

// Driver implements driver.Connector.
func (k *connector) Driver() driver.Driver { return sqliteDriver }

// checkpointPages is after how many pages of log (of 4 KiB) a commit carries
// the log over into the file. SQLite's 1000 would do it every 80 acts.
const checkpointPages = "4000"

// assertSettings runs on every new connection.
func assertSettings(c *sqlite3.SQLiteConn) error {
	if _, err := c.Exec("pragma wal_autocheckpoint = "+checkpointPages, nil); err != nil {
		return err
	}
	for _, want := range [][2]string{{"journal_mode", "wal"}, {"synchronous", "2"}, {"foreign_keys", "1"}} {
		got, err := pragma(c, want[0])
		if err != nil {
			return err
		}
		if got != want[1] {
			return fmt.Errorf("SQLite has %s = %s and must have %s, or a power cut could lose what was acknowledged; is the file on a network drive?", want[0], got, want[1])
		}
	}
	return nil
}

func pragma(c *sqlite3.SQLiteConn, name string) (string, error) {
	rows, err := c.Query("pragma "+name, nil)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	value := make([]driver.Value, 1)
	if err := rows.Next(value); err != nil {
		return "", err
	}
	return fmt.Sprint(value[0]), nil
}

// copyTo writes one state of a database into an empty file. It reads on a
// connection of its own, because the others may not write anywhere.
func copyTo(ctx context.Context, from, to string) error {
	db := sql.OpenDB(&connector{dsn: fileURI(from, copierSettings)})
	defer db.Close()
	_, err := db.ExecContext(ctx, `vacuum into ?1`, to)
	return err
}

// checkCopy checks a file that nobody else has open, without changing it.
func checkCopy(ctx context.Context, path string) error {
	db, err := sql.Open("sqlite3", fileURI(path, "mode=ro&immutable=1"))
	if err != nil {
		return err
	}
	defer db.Close()
	return checkIntegrity(ctx, conn{q: db, d: sqliteDialect})
}

// firstColumn reads a row of a pragma.
func firstColumn(rows *sql.Rows) (string, error) {
	names, err := rows.Columns()
	if err != nil {
		return "", err
	}
	values := make([]any, len(names))
	for i := range values {
		values[i] = new(any)
	}
	if err := rows.Scan(values...); err != nil {
		return "", err
	}
	return fmt.Sprint(*values[0].(*any)), nil
}
