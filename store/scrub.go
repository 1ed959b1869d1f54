package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"hatakello/incident"
)

// Scrub writes the database anew without what was erased, so that no byte of
// it is left in its files: SQLite leaves the old text of a row in free space,
// and so does PostgreSQL. A database that is larger than most bytes is left
// alone, as nobody could write meanwhile: Scrub then reports false.
func (db *DB) Scrub(ctx context.Context, most int64) (bool, error) {
	if db.writer == nil {
		return db.scrubPostgres(ctx, most)
	}
	f, err := os.Stat(db.path)
	if err != nil {
		return false, err
	}
	if f.Size() > most {
		return false, nil
	}
	t := newTask(ctx, scrubSQLite)
	t.bare = true
	if err := db.writer.do(t); err != nil {
		return false, fmt.Errorf("scrub: %w", err)
	}
	return true, nil
}

// errRead says that a reader kept SQLite from emptying its log.
var errRead = errors.New("somebody who reads for long keeps the log from being emptied; try again")

// scrubSQLite rewrites the index over texts, then the file, and empties the log.
func scrubSQLite(ctx context.Context, c conn) error {
	for _, text := range []string{`insert into search (search) values ('optimize')`, `vacuum`} {
		if _, err := c.q.ExecContext(ctx, text); err != nil {
			return err
		}
	}
	for wait := 20 * time.Millisecond; ; wait *= 2 {
		busy, err := list(ctx, c, firstColumn, `pragma wal_checkpoint(truncate)`)
		switch {
		case err != nil:
			return err
		case len(busy) == 1 && busy[0] == "0":
			return nil
		case wait > 2*time.Second:
			return errRead
		}
		time.Sleep(wait)
	}
}

// scrubPostgres rewrites the tables in which names may stand. What is left in
// the server's own log and in its archives is for its operator.
func (db *DB) scrubPostgres(ctx context.Context, most int64) (bool, error) {
	var size int64
	if _, err := db.conn().one(ctx, `select pg_database_size(current_database())`, nil, &size); err != nil || size > most {
		return false, err
	}
	held, err := db.read.Conn(ctx)
	if err != nil {
		return false, err
	}
	defer held.Close()
	if _, err := held.ExecContext(ctx, `set lock_timeout = '5s'`); err != nil {
		return false, err
	}
	defer held.ExecContext(context.WithoutCancel(ctx), `reset lock_timeout`)
	for _, table := range scrubbedTables() {
		if _, err := held.ExecContext(ctx, `vacuum full `+table); err != nil {
			return false, fmt.Errorf("scrub %s: %w", table, err)
		}
	}
	_, err = held.ExecContext(ctx, `checkpoint`)
	if sqlState(err) == "42501" { // only a privileged role may; the old files go at the server's next one
		err = nil
	}
	return err == nil, err
}

// scrubbedTables are those in which names may stand, and what is made of them.
func scrubbedTables() []string {
	all := []string{"document", "word"}
	for _, t := range traces {
		all = append(all, t.table)
	}
	return all
}

const erasureText = `select id, kind, mark, at, made_by, subject, reason, basis, second, changed, kept, oldest, newest, scrubbed from erasure`

// TracedTables are the tables in which a person may be found, each once.
func TracedTables() []string { return scrubbedTables()[2:] }

// Erasures lists what was erased, newest first.
func (db *DB) Erasures(ctx context.Context, cut incident.Cut) ([]*incident.Erasure, string, error) {
	after, err := readCursor(cut.After, 1)
	if err != nil {
		return nil, "", err
	}
	all, err := list(ctx, db.conn(), readErasure, erasureText+` where id < ?1 order by id desc limit ?2`, after.before(0), cut.Limit+1)
	if err != nil {
		return nil, "", err
	}
	all, next := page(all, cut, func(x *incident.Erasure) []string { return []string{x.ID} })
	return all, next, nil
}

func readErasure(rows *sql.Rows) (*incident.Erasure, error) {
	x := &incident.Erasure{}
	var changed, kept string
	err := rows.Scan(&x.ID, &x.Kind, &x.Mark, when(&x.At), &x.By, &x.Subject, &x.Reason, &x.Basis, &x.Second, &changed, &kept,
		when(&x.Oldest), when(&x.Newest), when(&x.Scrubbed))
	if err == nil {
		err = errors.Join(json.Unmarshal([]byte(changed), &x.Changed), json.Unmarshal([]byte(kept), &x.Kept))
	}
	return x, err
}
