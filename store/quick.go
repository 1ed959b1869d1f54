package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"io"

	"github.com/mattn/go-sqlite3"
)

// quick runs the statements of SQLite's one writing connection on statements
// that stay prepared, past the standard library's pool: an act has a dozen of
// them, and while it runs all others wait.
type quick struct {
	held  *sql.Conn
	stmts map[string]*sqlite3.SQLiteStmt
}

// on calls do with the statement of a text.
func (q *quick) on(text string, do func(s *sqlite3.SQLiteStmt) error) error {
	return q.held.Raw(func(c any) error {
		s, ok := q.stmts[text]
		if !ok {
			prepared, err := c.(*sqlite3.SQLiteConn).Prepare(text)
			if err != nil {
				return err
			}
			s = prepared.(*sqlite3.SQLiteStmt)
			q.stmts[text] = s
		}
		return do(s)
	})
}

// exec runs a statement and returns how many rows it changed.
func (q *quick) exec(ctx context.Context, text string, args []any) (n int64, err error) {
	values, err := numbered(args)
	if err != nil {
		return 0, err
	}
	err = q.on(text, func(s *sqlite3.SQLiteStmt) error {
		res, err := s.ExecContext(ctx, values)
		if err != nil {
			return err
		}
		n, err = res.RowsAffected()
		return err
	})
	return n, err
}

// one scans the first row, and reports whether there was one.
func (q *quick) one(ctx context.Context, text string, args []any, into []any) (found bool, err error) {
	values, err := numbered(args)
	if err != nil {
		return false, err
	}
	err = q.on(text, func(s *sqlite3.SQLiteStmt) error {
		rows, err := s.QueryContext(ctx, values)
		if err != nil {
			return err
		}
		found, err = first(rows, into)
		return err
	})
	return found, err
}

// glance reads the first row on any connection of a pool to SQLite, for which
// the standard library would start two goroutines. Such look-ups take
// microseconds and are not broken off.
func glance(ctx context.Context, pool *sql.DB, text string, args []any, into []any) (found bool, err error) {
	values, err := numbered(args)
	if err != nil {
		return false, err
	}
	held, err := pool.Conn(ctx)
	if err != nil {
		return false, err
	}
	defer held.Close()
	err = held.Raw(func(c any) error {
		rows, err := c.(*sqlite3.SQLiteConn).QueryContext(context.Background(), text, values)
		if err != nil {
			return err
		}
		found, err = first(rows, into)
		return err
	})
	return found, err
}

// first scans the first row and closes rows.
func first(rows driver.Rows, into []any) (bool, error) {
	defer rows.Close()
	row := make([]driver.Value, len(rows.Columns()))
	if err := rows.Next(row); err == io.EOF {
		return false, nil
	} else if err != nil {
		return false, err
	}
	return true, assign(row, into)
}

// numbered gives the arguments as the driver wants them.
func numbered(args []any) ([]driver.NamedValue, error) {
	values := make([]driver.NamedValue, len(args))
	for i, a := range args {
		values[i].Ordinal = i + 1
		switch v := a.(type) {
		case nil, string, int64, bool, []byte:
			values[i].Value = v
		case int:
			values[i].Value = int64(v)
		default:
			return nil, fmt.Errorf("a value of type %T", a)
		}
	}
	return values, nil
}

// assign copies a row of the driver's types.
func assign(row []driver.Value, into []any) error {
	if len(row) != len(into) {
		return fmt.Errorf("%d columns for %d places", len(row), len(into))
	}
	for i, to := range into {
		ok := true
		switch p := to.(type) {
		case *int:
			var n int64
			n, ok = row[i].(int64)
			*p = int(n)
		case *int64:
			*p, ok = row[i].(int64)
		case *string:
			*p, ok = row[i].(string)
		case *[]byte:
			b, is := row[i].([]byte)
			*p, ok = append([]byte(nil), b...), is || row[i] == nil
		case sql.Scanner:
			if err := p.Scan(row[i]); err != nil {
				return err
			}
		default:
			ok = false
		}
		if !ok {
			return fmt.Errorf("column %d of type %T does not fit %T", i+1, row[i], to)
		}
	}
	return nil
}

// close gives the statements back.
func (q *quick) close() {
	_ = q.held.Raw(func(any) error {
		for _, s := range q.stmts {
			s.Close()
		}
		return nil
	})
	q.stmts = nil
}
