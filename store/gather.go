package store

import "context"

// A gathering holds what the acts of a shared transaction insert, until something
// else is asked of the database or the transaction ends. The rows of all acts
// then go into each table with one statement for many, which costs a third of
// one for each. Rows that contradict one that is there fail together; each act
// is then run for itself (see writer.together) and hears its own error.
type gathering struct {
	rows    map[*batch][][]any
	numbers map[string]int // sequences that were counted on
}

// gathered are the tables whose rows may wait, in the order in which they are
// written: what others refer to comes first.
var gathered = []*batch{insertDone, insertIncident, insertFresh, insertMark, insertDelivery, insertBody, putRing, insertEntry, insertChain, insertAudit}

// gathers says of a batch that its rows may wait. It must be in gathered.
func (b *batch) gathers() *batch {
	b.waits = true
	return b
}

// add takes rows in and binds them at once.
func (g *gathering) add(ctx context.Context, c conn, b *batch, n int, args func(i int) []any) error {
	if n == 0 {
		return nil
	}
	if g.rows == nil {
		g.rows = make(map[*batch][][]any, len(gathered))
	}
	all := g.rows[b]
	for i := range n {
		all = append(all, args(i))
	}
	g.rows[b] = all
	return b.bind(ctx, c, all[len(all)-n:], int64(n))
}

// next counts a sequence on, which is read once and written once.
func (g *gathering) next(ctx context.Context, c conn, sequence string) (int, error) {
	n, ok := g.numbers[sequence]
	if !ok {
		n = 0
		if _, err := c.one(ctx, `select n from sequence where name = ?1`, []any{sequence}, &n); err != nil {
			return 0, err
		}
		if g.numbers == nil {
			g.numbers = map[string]int{}
		}
	}
	g.numbers[sequence] = n + 1
	return n + 1, nil
}

// settle writes what waits.
func (c conn) settle(ctx context.Context) error {
	g := c.later
	if g == nil || len(g.rows) == 0 && len(g.numbers) == 0 {
		return nil
	}
	rows, numbers := g.rows, g.numbers
	*g = gathering{}
	c.later, c.ledger = nil, nil // they are bound already
	for name, n := range numbers {
		_, err := c.exec(ctx, `insert into sequence (name, n) values (?1, ?2) on conflict (name) do update set n = excluded.n`, name, n)
		if err != nil {
			return err
		}
	}
	for _, b := range gathered {
		if all := rows[b]; len(all) > 0 {
			if err := b.put(ctx, c, len(all), func(i int) []any { return all[i] }); err != nil {
				return err
			}
		}
	}
	return nil
}
