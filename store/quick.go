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
	args  []driver.NamedValue // of the statement that runs; the driver keeps none
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
	values, err := q.numbered(args)
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

// put runs a statement without counting what it changed, for which the driver
// hands all its values over in one step.
func (q *quick) put(ctx context.Context, text string, args []any) error {
	values, err := q.numbered(args)
	if err != nil {
		return err
	}
	return q.on(text, func(s *sqlite3.SQLiteStmt) error {
		rows, err := s.QueryContext(ctx, values)
		if err != nil {
			return err
		}
		return rows.Close()
	})
}

// one scans the first row, and reports whether there was one.
func (q *quick) one(ctx context.Context, text string, args []any, into []any) (found bool, err error) {
	values, err := q.numbered(args)
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
	values, err := numbered(nil, args)
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
func (q *quick) numbered(args []any) (values []driver.NamedValue, err error) {
	q.args, err = numbered(q.args[:0], args)
	return q.args, err
}

// numbered appends the arguments as the driver wants them to values.
func numbered(values []driver.NamedValue, args []any) ([]driver.NamedValue, error) {
	for i, a := range args {
		switch v := a.(type) {
		case nil, string, int64, bool, []byte:
			values = append(values, driver.NamedValue{Ordinal: i + 1, Value: v})
		case int:
			values = append(values, driver.NamedValue{Ordinal: i + 1, Value: int64(v)})
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
