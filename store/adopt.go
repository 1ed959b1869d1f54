package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"hatakello/incident"
)

// adopt binds the rows of facets that did not exist when the rows were
// written: those of an older program. It happens once, right after the schema
// was brought up to date, by a link of its own in every chain, "adopt". What
// was changed before that day, no later link can tell.
func (db *DB) adopt(ctx context.Context, upgraded bool) error {
	var known []string
	if _, err := db.conn().one(ctx, `select value from setting where name = 'bound'`, nil, document(&known)); err != nil {
		return err
	}
	var fresh []*facet
	var names []string
	for _, f := range facets {
		if names = append(names, f.name); !slices.Contains(known, f.name) {
			fresh = append(fresh, f)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	if upgraded {
		if err := db.adoptAll(ctx, fresh); err != nil {
			return fmt.Errorf("bind the rows of before to the chain: %w", err)
		}
	}
	value, err := asJSON(names)
	if err != nil {
		return err
	}
	return db.write(newTask(ctx, func(ctx context.Context, c conn) error {
		_, err := c.exec(ctx, `insert into setting (name, value) values ('bound', ?1) on conflict (name) do update set value = excluded.value`, value)
		return err
	}))
}

// adoptAll goes through all chains.
func (db *DB) adoptAll(ctx context.Context, fresh []*facet) error {
	var at time.Time
	if _, err := db.conn().one(ctx, `select at from audit order by at desc limit 1`, nil, when(&at)); err != nil {
		return err
	}
	for last := ""; ; {
		ids, err := list(ctx, db.conn(), text, `select id from chain where id > ?1 order by id limit ?2`, last, linksAtOnce)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := db.adoptChain(ctx, id, at, fresh); err != nil {
				return err
			}
			last = id
		}
		if len(ids) < linksAtOnce {
			return nil
		}
	}
}

// adoptChain binds the rows of one chain that belong to new facets.
func (db *DB) adoptChain(ctx context.Context, id string, at time.Time, fresh []*facet) error {
	var names []string
	for _, f := range fresh {
		names = append(names, f.name)
	}
	what, err := asJSON(map[string]any{"facets": names})
	if err != nil {
		return err
	}
	w := &write{Change: &incident.Change{Act: "adopt", By: incident.Program, At: at, About: id, Content: []byte(what)}}
	t := newTask(ctx, func(ctx context.Context, c conn) error {
		w.begin()
		c.ledger = w.ledger
		w.Salt = w.ledger.salt()
		for _, f := range fresh {
			if err := adoptFacet(ctx, c, f, id); err != nil {
				return err
			}
		}
		if len(w.ledger.lists) == 0 {
			return nil
		}
		if err := w.chain(ctx, c); err != nil {
			return err
		}
		return w.seal(ctx, c)
	})
	t.proof = w.proof
	return db.write(t)
}

// adoptFacet commits to the rows of one facet in one chain.
func adoptFacet(ctx context.Context, c conn, f *facet, id string) error {
	where, args := f.homeColumn()+" = ?1", []any{id}
	switch {
	case f.home == inRegister && id != registerChain:
		return nil
	case f.home == inRegister:
		where, args = "true", nil
	case id == registerChain:
		where, args = f.homeColumn()+" is null", nil
	}
	rows, err := c.q.QueryContext(ctx, c.d.text(f.query(where)), args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		r, err := f.read(rows)
		if err != nil {
			return err
		}
		if f.home == inRegister {
			r.home = registerChain
		}
		if err := c.ledger.bindIn(r.home, f, r.values...); err != nil {
			return err
		}
	}
	return rows.Err()
}
