package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"maps"
	"slices"
	"strings"

	"hatakello/incident"
)

// A ledger gathers the commitments to the rows that one act writes, by chain.
type ledger struct {
	about string // the act's own chain
	lists map[string][]byte
	row   []byte // scratch
	salts []byte // random bytes that have not been used
}

const saltSize = 16

func newLedger(about string) *ledger { return &ledger{about: about, lists: map[string][]byte{}} }

// salt returns 16 random bytes.
func (l *ledger) salt() []byte {
	if len(l.salts) == 0 {
		l.salts = make([]byte, l.draw()*saltSize)
		rand.Read(l.salts) // never fails: it ends the program rather
	}
	s := l.salts[:saltSize:saltSize]
	l.salts = l.salts[saltSize:]
	return s
}

// draw is how many salts are drawn at a time: most acts write a handful of rows,
// a few write thousands.
func (l *ledger) draw() int {
	if len(l.lists) == 0 {
		return 8
	}
	return 64
}

// bind commits to a row, given as the facet's columns.
func (l *ledger) bind(f *facet, values ...any) error {
	return l.bindIn(f.chainOf(values), f, values...)
}

// bindIn commits to a row of a chain that is not told by its columns.
func (l *ledger) bindIn(chain string, f *facet, values ...any) error {
	row, err := f.json(l.row[:0], values)
	if err != nil {
		return err
	}
	salt := l.salt()
	l.add(chain, f.label(values), salt, incident.RowCommit(salt, row))
	l.row = row
	return nil
}

// gone notes that a row is there no more. Values hold at least its key, each in
// its place.
func (l *ledger) gone(f *facet, values ...any) {
	l.add(f.chainOf(values), f.label(values), make([]byte, saltSize), make([]byte, incident.HashSize))
}

func (l *ledger) add(chain, label string, salt, commit []byte) {
	if chain == "" {
		chain = l.about
	}
	l.lists[chain] = incident.AppendBound(l.lists[chain], label, salt, commit)
}

// others are the chains beside the act's own to which rows belong, in order.
func (l *ledger) others() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(l.lists)), func(chain string) bool { return chain == l.about })
}

// boundColumns are where a facet's columns stand among a batch's.
type boundColumns struct {
	*facet
	at []int
}

// bindAs makes a batch bind its rows as facets.
func (b *batch) bindAs(names ...string) *batch {
	have := columnsOf(strings.Join(strings.Fields(b.columns), ""))
	for _, name := range names {
		f := facetOf[name]
		at := make([]int, len(f.columns))
		for i, c := range f.columns {
			if at[i] = slices.Index(have, c); at[i] < 0 {
				panic("the batch of " + name + " has no column " + c)
			}
		}
		b.facets = append(b.facets, boundColumns{f, at})
	}
	return b
}

// adding says of a batch that skips rows that are there already that those are
// the same.
func (b *batch) adding() *batch {
	b.adds = true
	return b
}

// bind commits to rows of which a statement has written so many. If it has
// skipped some, they may be others than those given.
func (b *batch) bind(ctx context.Context, c conn, rows [][]any, written int64) error {
	if c.ledger == nil || len(b.facets) == 0 || written == 0 {
		return nil
	}
	for _, f := range b.facets {
		for _, row := range rows {
			values := f.of(row)
			var err error
			if b.adds || written == int64(len(rows)) {
				err = c.ledger.bind(f.facet, values...)
			} else {
				err = c.bindKey(ctx, f.facet, values)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// of picks the facet's columns out of a batch's row.
func (f boundColumns) of(row []any) []any {
	values := make([]any, len(f.at))
	for i, at := range f.at {
		values[i] = row[at]
	}
	return values
}

// bindKey commits to the stored row that has the key of the one given.
func (c conn) bindKey(ctx context.Context, f *facet, values []any) error {
	key := make([]any, len(f.keys))
	for i, k := range f.keys {
		key[i] = values[k]
	}
	return c.bindRow(ctx, f.name, key...)
}

// bindRow commits to the stored row with that key.
func (c conn) bindRow(ctx context.Context, name string, key ...any) error {
	if c.ledger == nil {
		return nil
	}
	f := facetOf[name]
	where := make([]string, len(f.keys))
	for i, k := range f.keys {
		where[i] = "t." + f.columns[k] + " = ?" + itoa(i+1)
	}
	return c.bindStored(ctx, f, strings.Join(where, " and "), key...)
}

// bindStored commits to rows as they are in the database, found by a condition
// on the facet's table t.
func (c conn) bindStored(ctx context.Context, f *facet, where string, args ...any) error {
	rows, err := list(ctx, c, f.read, f.query(where), args...)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if err := c.ledger.bind(f, r.values...); err != nil {
			return err
		}
	}
	return nil
}

// bindStoredIn does the same for many ids: {ids} stands for their list.
func (c conn) bindStoredIn(ctx context.Context, f *facet, where string, ids []string, args ...any) error {
	return eachIn(f.query(where), ids, args, func(sql string, args []any) error {
		return c.each(ctx, func(values []any) error {
			return c.ledger.bind(f, values[:len(f.columns)]...)
		}, sql, args...)
	})
}

// loseIn notes of stored rows that they will be there no more.
func (c conn) loseIn(ctx context.Context, f *facet, where string, ids []string) error {
	rows, err := listIn(ctx, c, f.read, f.query(where), ids)
	for _, r := range rows {
		c.ledger.gone(f, r.values...)
	}
	return err
}

// storedRow is a row as it is in the database, and its chain.
type storedRow struct {
	values []any
	home   string
}

func (f *facet) read(rows *sql.Rows) (*storedRow, error) {
	r := &storedRow{values: make([]any, len(f.columns))}
	into := make([]any, len(f.columns)+1)
	for i := range r.values {
		into[i] = &r.values[i]
	}
	into[len(f.columns)] = reference(&r.home)
	if err := rows.Scan(into...); err != nil {
		return nil, err
	}
	if r.home == "" {
		r.home = registerChain
	}
	return r, nil
}
