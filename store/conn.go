package store

import (
	"context"
	"database/sql"

	"hatakello/incident"
)

// querier is what a pool, a connection and a transaction can do.
type querier interface {
	ExecContext(ctx context.Context, sql string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, sql string, args ...any) (*sql.Rows, error)
}

// conn runs statements, written with ?1, ?2 …, in one dialect.
type conn struct {
	q      querier
	d      *dialect
	fast   *quick     // SQLite's writer only
	ledger *ledger    // of the act that writes; nil outside of acts
	later  *gathering // rows of a shared transaction that wait to be written together
}

// exec runs a statement and returns how many rows it changed.
func (c conn) exec(ctx context.Context, sql string, args ...any) (int64, error) {
	if err := c.settle(ctx); err != nil {
		return 0, err
	}
	if c.fast != nil {
		return c.fast.exec(ctx, sql, args)
	}
	res, err := c.q.ExecContext(ctx, c.d.text(sql), args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// put runs a statement of which nobody asks how many rows it changed.
func (c conn) put(ctx context.Context, sql string, args ...any) error {
	if err := c.settle(ctx); err != nil {
		return err
	}
	if c.fast != nil {
		return c.fast.put(ctx, sql, args)
	}
	_, err := c.q.ExecContext(ctx, c.d.text(sql), args...)
	return err
}

// one scans the first row, and reports whether there was one.
func (c conn) one(ctx context.Context, text string, args []any, into ...any) (bool, error) {
	if err := c.settle(ctx); err != nil {
		return false, err
	}
	if c.fast != nil {
		return c.fast.one(ctx, text, args, into)
	}
	if pool, ok := c.q.(*sql.DB); ok && c.d.near {
		return glance(ctx, pool, text, args, into)
	}
	rows, err := c.q.QueryContext(ctx, c.d.text(text), args...)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	if !rows.Next() {
		return false, rows.Err()
	}
	if err := rows.Scan(into...); err != nil {
		return false, err
	}
	return true, rows.Close()
}

// scan reads one row into a new T.
type scan[T any] func(rows *sql.Rows) (T, error)

// list runs a query and reads all its rows.
func list[T any](ctx context.Context, c conn, read scan[T], sql string, args ...any) ([]T, error) {
	if err := c.settle(ctx); err != nil {
		return nil, err
	}
	rows, err := c.q.QueryContext(c.d.calm(ctx), c.d.text(sql), args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := read(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// only runs a query for one thing. None is an Error of kind NotFound with key.
func only[T any](ctx context.Context, c conn, key string, read scan[T], sql string, args ...any) (T, error) {
	var zero T
	all, err := list(ctx, c, read, sql, args...)
	if err != nil {
		return zero, err
	}
	if len(all) == 0 {
		return zero, &incident.Error{Kind: incident.NotFound, Key: key}
	}
	return all[0], nil
}

// text reads a single text column.
func text(rows *sql.Rows) (s string, err error) {
	err = rows.Scan(&s)
	return s, err
}
