// Package store keeps cases in a database: a SQLite file by default, or
// PostgreSQL for those who run several nodes. One DB speaks both with the same
// statements. It holds no rules.
package store

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"strings"
	"sync"

	"hatakello/incident"
)

// DB is an open database. It satisfies incident.Store and what the pages read.
type DB struct {
	d      *dialect
	read   *sql.DB
	writer *writer  // SQLite only
	lock   *os.File // SQLite only; nil for a guest
	path   string   // SQLite only
	node   *node    // PostgreSQL only; nil for a guest
	recall recall   // of what every request reads

	ending sync.Once
	ended  error
}

// Options say how a database is opened.
type Options struct {
	// Guest is for a short command beside a running server: if another process
	// has the SQLite file, it is opened all the same, but never migrated. What a
	// guest leases on PostgreSQL comes back by time alone.
	Guest bool
}

// Open opens the database that dsn names and brings its schema up to date:
// postgres://… or postgresql://… is PostgreSQL, anything else the path of a
// SQLite file, which is made if need be; a leading sqlite: is dropped. Errors
// are for operators: they say what is wrong and what to do.
func Open(ctx context.Context, dsn string, o Options) (*DB, error) {
	switch {
	case strings.TrimSpace(dsn) == "":
		return nil, errors.New("no database is named: give a path, such as hatakello.db, or postgres://user@host/name")
	case strings.HasPrefix(dsn, "postgres://"), strings.HasPrefix(dsn, "postgresql://"):
		return openPostgres(ctx, dsn, o)
	}
	path, _ := strings.CutPrefix(dsn, "sqlite:")
	return openSQLite(ctx, path, o)
}

// Close waits for writes under way, carries SQLite's log over into the file
// and lets other processes in.
func (db *DB) Close() error {
	db.ending.Do(func() {
		if db.node != nil {
			db.node.end()
		}
		db.ended = db.read.Close()
		if db.writer != nil {
			db.ended = errors.Join(db.ended, db.writer.close())
		}
		if db.lock != nil {
			db.ended = errors.Join(db.ended, db.lock.Close())
		}
	})
	return db.ended
}

// holder is the number under which this program leases messages, or 0.
func (db *DB) holder() int {
	if db.node == nil {
		return 0
	}
	return db.node.number
}

// conn is for single reads outside of a transaction.
func (db *DB) conn() conn { return conn{q: db.read, d: db.d} }

// write runs t durably, with others or alone.
func (db *DB) write(t *task) error {
	if db.writer != nil {
		return db.writer.do(t)
	}
	return db.transact(t)
}

// view runs several reads on one state of the database, so that no act is seen
// half.
func (db *DB) view(ctx context.Context, read func(c conn) error) error {
	tx, err := db.read.BeginTx(ctx, &sql.TxOptions{Isolation: db.d.snapshot, ReadOnly: true})
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := read(conn{q: tx, d: db.d}); err != nil {
		return err
	}
	return tx.Commit()
}

// errUndo makes write leave nothing behind although all went well.
var errUndo = errors.New("undone on purpose")

// Ready reports whether the database answers and may be written: it writes a
// row and takes it back.
func (db *DB) Ready(ctx context.Context) error {
	err := db.write(newTask(ctx, func(ctx context.Context, c conn) error {
		const touch = `insert into sequence (name, n) values ('ready', 1) on conflict (name) do update set n = sequence.n + 1`
		if _, err := c.exec(ctx, touch); err != nil {
			return err
		}
		return errUndo
	}))
	if errors.Is(err, errUndo) {
		return nil
	}
	return err
}

var _ incident.Store = (*DB)(nil)
