package store

import (
	"context"
	"strconv"
	"strings"
	"sync"
)

// A batch writes many rows with one statement for each 64 of them, so that ten
// thousand records are a few hundred steps and not ten thousand round trips.
type batch struct {
	head string   // up to "values "
	row  []string // one placeholder each: "?", or "cast(? as text)"
	tail string   // from after the values

	columns string         // in the order of a row
	facets  []boundColumns // what the rows are bound as
	adds    bool           // a row that is there already stays, and is the same
	waits   bool           // its rows may be gathered; see gather.go

	texts [len(sizes)]struct {
		once sync.Once
		text string
	}
}

// sizes are the numbers of rows in one statement. Few sizes make few
// statements to prepare.
var sizes = [...]int{64, 16, 4, 1}

// insert makes a batch of plain insertions. The tail may say what happens on a
// conflict.
func insert(into string, columns, tail string) *batch {
	n := strings.Count(columns, ",") + 1
	row := make([]string, n)
	for i := range row {
		row[i] = "?"
	}
	return &batch{columns: columns, head: "insert into " + into + " (" + columns + ") values ", row: row, tail: " " + tail}
}

// run writes n rows and returns how many were changed. The i-th row's values
// come from args.
func (b *batch) run(ctx context.Context, c conn, n int, args func(i int) []any) (int64, error) {
	var changed int64
	err := b.each(n, args, func(text string, values []any, rows [][]any) error {
		k, err := c.exec(ctx, text, values...)
		changed += k
		if err != nil {
			return err
		}
		return b.bind(ctx, c, rows, k)
	})
	return changed, err
}

// put writes n rows of which nobody asks how many were changed. Rows that may
// have been there already are counted all the same: what was not written is not
// bound.
func (b *batch) put(ctx context.Context, c conn, n int, args func(i int) []any) error {
	if c.later != nil && b.waits {
		return c.later.add(ctx, c, b, n, args)
	}
	if len(b.facets) > 0 && strings.Contains(b.tail, "do nothing") {
		_, err := b.run(ctx, c, n, args)
		return err
	}
	return b.each(n, args, func(text string, values []any, rows [][]any) error {
		if err := c.put(ctx, text, values...); err != nil {
			return err
		}
		return b.bind(ctx, c, rows, int64(len(rows)))
	})
}

// each does the statements that n rows need.
func (b *batch) each(n int, args func(i int) []any, do func(text string, values []any, rows [][]any) error) error {
	for i, which := 0, 0; i < n; {
		for sizes[which] > n-i {
			which++
		}
		values, rows := make([]any, 0, sizes[which]*len(b.row)), make([][]any, sizes[which])
		for j := range rows {
			rows[j] = args(i)
			values = append(values, rows[j]...)
			i++
		}
		if err := do(b.text(which), values, rows); err != nil {
			return err
		}
	}
	return nil
}

// text returns the statement for a number of rows, written when first asked for.
func (b *batch) text(which int) string {
	t := &b.texts[which]
	t.once.Do(func() { t.text = b.write(sizes[which]) })
	return t.text
}

func (b *batch) write(n int) string {
	var s strings.Builder
	s.WriteString(b.head)
	arg := 0
	for i := range n {
		s.WriteString(separator(i, "", ", ") + "(")
		for j, p := range b.row {
			arg++
			s.WriteString(separator(j, "", ", ") + strings.Replace(p, "?", "?"+strconv.Itoa(arg), 1))
		}
		s.WriteString(")")
	}
	s.WriteString(b.tail)
	return s.String()
}

func separator(i int, first, other string) string {
	if i == 0 {
		return first
	}
	return other
}

// widths are the lengths of the lists in "in ({ids})". A shorter list is
// filled up by repeating its last id.
var widths = []int{1, 8, 64, 256}

// listIn runs a query for many ids. In sql, {ids} stands for their list, which
// comes after args. Rows come in the order of the query within each 256 ids.
func listIn[T any](ctx context.Context, c conn, read scan[T], sql string, ids []string, args ...any) ([]T, error) {
	var all []T
	err := eachIn(sql, ids, args, func(sql string, args []any) error {
		part, err := list(ctx, c, read, sql, args...)
		all = append(all, part...)
		return err
	})
	return all, err
}

// execIn runs a statement for many ids and returns how many rows it changed.
func (c conn) execIn(ctx context.Context, sql string, ids []string, args ...any) (int64, error) {
	var changed int64
	err := eachIn(sql, ids, args, func(sql string, args []any) error {
		n, err := c.exec(ctx, sql, args...)
		changed += n
		return err
	})
	return changed, err
}

func eachIn(sql string, ids []string, args []any, do func(sql string, args []any) error) error {
	for len(ids) > 0 {
		width := widths[len(widths)-1]
		for _, w := range widths {
			if len(ids) <= w {
				width = w
				break
			}
		}
		n := min(width, len(ids))
		values := append(make([]any, 0, len(args)+width), args...)
		for i := range width {
			values = append(values, ids[min(i, n-1)])
		}
		if err := do(listText(sql, len(args)+1, width), values); err != nil {
			return err
		}
		ids = ids[n:]
	}
	return nil
}

var listTexts sync.Map

type listKey struct {
	sql   string
	width int
}

// listText writes width placeholders from ?first on in place of {ids}.
func listText(sql string, first, width int) string {
	if s, ok := listTexts.Load(listKey{sql, width}); ok {
		return s.(string)
	}
	var ids strings.Builder
	for i := range width {
		ids.WriteString(separator(i, "?", ", ?") + strconv.Itoa(first+i))
	}
	s := strings.ReplaceAll(sql, "{ids}", ids.String())
	listTexts.Store(listKey{sql, width}, s)
	return s
}
