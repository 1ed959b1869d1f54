package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"

	"github.com/mattn/go-sqlite3"
)

// each runs a query and hands over row by row, as the driver gives them. The
// slice is used again for the next row.
func (c conn) each(ctx context.Context, do func(values []any) error, text string, args ...any) error {
	if err := c.settle(ctx); err != nil {
		return err
	}
	if held, ok := c.q.(*sql.Conn); ok {
		return eachRaw(held, do, text, args)
	}
	rows, err := c.q.QueryContext(ctx, c.d.text(text), args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if err := do(values); err != nil {
			return err
		}
	}
	return rows.Err()
}

// eachRaw does it past the standard library's pool, which takes as long for a
// row as everything else together.
func eachRaw(held *sql.Conn, do func(values []any) error, text string, args []any) error {
	values, err := numbered(nil, args)
	if err != nil {
		return err
	}
	return held.Raw(func(c any) error {
		rows, err := c.(*sqlite3.SQLiteConn).QueryContext(context.Background(), text, values)
		if err != nil {
			return err
		}
		defer rows.Close()
		row := make([]driver.Value, len(rows.Columns()))
		given := make([]any, len(row))
		for {
			if err := rows.Next(row); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return err
			}
			for i, v := range row {
				given[i] = v
			}
			if err := do(given); err != nil {
				return err
			}
		}
	})
}

// look is view for those who read much: on SQLite on a connection that each
// reads past the pool.
func (db *DB) look(ctx context.Context, read func(c conn) error) error {
	if db.d != sqliteDialect {
		return db.view(ctx, read)
	}
	held, err := db.read.Conn(ctx)
	if err != nil {
		return err
	}
	defer held.Close()
	if _, err := held.ExecContext(ctx, "pragma mmap_size = 1073741824"); err != nil { // a page is then not copied
		return err
	}
	if _, err := held.ExecContext(ctx, "begin"); err != nil {
		return err
	}
	defer held.ExecContext(context.WithoutCancel(ctx), "rollback")
	return read(conn{q: held, d: db.d})
}
