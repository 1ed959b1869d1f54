package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"hatakello/incident"
)

// Places finds every place where a person stands: in each column of each table
// that may hold a name. It reads while others write.
func (db *DB) Places(ctx context.Context, of incident.Seek) ([]*incident.Place, error) {
	s, err := seek(of)
	if err != nil {
		return nil, err
	}
	var all []*incident.Place
	err = db.look(ctx, func(c conn) error {
		for _, t := range traces {
			found, err := t.places(ctx, c, s)
			if err != nil {
				return fmt.Errorf("look through %s: %w", t.table, err)
			}
			all = append(all, found...)
		}
		found, err := labelPlaces(ctx, c, s)
		if err != nil {
			return fmt.Errorf("look through labels: %w", err)
		}
		all = append(all, found...)
		return number(ctx, c, all)
	})
	return all, err
}

// columns of a trace in the order in which they are read: key, text, JSON, proof.
func (t *trace) columns() []string {
	return slices.Concat(columnsOf(t.key), columnsOf(t.text), columnsOf(t.json), columnsOf(t.proof))
}

// facets that bind the trace's table.
func (t *trace) facets() []*facet {
	var some []*facet
	for _, f := range facets {
		if f.table == t.table {
			some = append(some, f)
		}
	}
	return some
}

// homeAndJoin are the chain of a row and what finds it.
func (t *trace) homeAndJoin() (home, join string) {
	if t.table == "audit" {
		return "t.chain", ""
	}
	all := t.facets()
	if len(all) == 0 {
		return "''", ""
	}
	switch all[0].home {
	case byRecord:
		join = " join record r on r.id = t.record"
	case byDelivery:
		join = " join delivery d on d.id = t.delivery"
	}
	return all[0].homeColumn(), join
}

func (t *trace) query() string {
	home, join := t.homeAndJoin()
	guard := "0"
	if t.guard != "" {
		guard = "case when " + t.guard + " then 1 else 0 end"
	}
	return "select t." + strings.Join(t.columns(), ", t.") + ", " + guard + ", " + cmp.Or(t.of, home) + ", " + home + " from " + t.table + " t" + join
}

// places looks through one table.
func (t *trace) places(ctx context.Context, c conn, s *sought) ([]*incident.Place, error) {
	columns := t.columns()
	keys := len(columnsOf(t.key))
	var all []*incident.Place
	err := c.each(ctx, func(values []any) error {
		for i, name := range columns {
			if i < keys && !slices.Contains(columnsOf(t.text), name) || slices.Index(columns, name) != i {
				continue
			}
			excerpt, found := t.look(s, name, values[i])
			if !found {
				continue
			}
			p := &incident.Place{Table: t.table, Column: name, Excerpt: excerpt, Proof: name == t.proof}
			guard, _ := values[len(values)-3].(int64)
			p.Blocked = guard != 0
			if of, _ := values[len(values)-2].(string); of != registerChain {
				p.Incident = of
			}
			for _, v := range values[:keys] {
				p.Key = append(p.Key, fmt.Sprint(common(v)))
			}
			all = append(all, p)
		}
		return nil
	}, t.query())
	return all, err
}

// look searches one value, and returns what stands around what it finds.
func (t *trace) look(s *sought, column string, v any) (excerpt string, found bool) {
	text, isText := v.(string)
	raw, _ := v.([]byte)
	switch {
	case column == t.proof:
		return "", s.inBytes(raw)
	case slices.Contains(columnsOf(t.json), column):
		if !isText {
			text = string(raw)
		}
		return s.excerpt(text), s.inJSON(text)
	case isText:
		return s.excerpt(text), s.in(text)
	}
	return "", s.inBytes(raw)
}

// number names the cases of places.
func number(ctx context.Context, c conn, all []*incident.Place) error {
	type one struct {
		number string
		open   bool
		held   bool
	}
	known := map[string]*one{}
	for _, p := range all {
		if p.Incident == "" {
			continue
		}
		x := known[p.Incident]
		if x == nil {
			x = &one{}
			var closed string
			found, err := c.one(ctx, `select number, coalesce(closed_at, '') from incident where id = ?1`, []any{p.Incident}, &x.number, &closed)
			if err != nil {
				return err
			}
			n := 0
			if x.held, err = c.one(ctx, `select 1 from legal_hold where incident = ?1 and ended is null`, []any{p.Incident}, &n); err != nil {
				return err
			}
			x.open = found && closed == ""
			known[p.Incident] = x
		}
		p.Number, p.Open, p.Held = x.number, x.open, x.held
	}
	return nil
}

// labelPlaces finds the links of the register that bind a row whose very key
// names the person: a tenant that is an address, say.
func labelPlaces(ctx context.Context, c conn, s *sought) ([]*incident.Place, error) {
	var all []*incident.Place
	err := c.each(ctx, func(v []any) error {
		seq, _ := v[0].(int64)
		list, _ := v[1].([]byte)
		for len(list) > 0 {
			b, rest, err := incident.NextBound(list)
			if err != nil {
				return nil //nolint:nilerr // a verification tells
			}
			if b.Hidden == nil && s.in(b.Label) {
				all = append(all, &incident.Place{Table: "audit", Column: "bound", Key: []string{registerChain, itoa(int(seq))}, Excerpt: s.excerpt(b.Label)})
				return nil
			}
			list = rest
		}
		return nil
	}, `select seq, bound from audit where chain = ?1 and length(bound) > 0 order by seq`, registerChain)
	return all, err
}
