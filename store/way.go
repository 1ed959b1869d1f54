package store

import (
	"context"
	"database/sql"

	"hatakello/incident"
)

// ways adds or changes what is known of the ways out.
func (w *write) ways(ctx context.Context, c conn) error {
	for _, k := range w.Ways {
		_, err := c.exec(ctx, `
			insert into way (route, why, since, said, told) values (?1, ?2, ?3, ?4, ?5)
			on conflict (route) do update set why = excluded.why, since = excluded.since, said = excluded.said, told = excluded.told`,
			string(k.Route), k.Why, orNever(k.Since), k.Said, instant(k.Told))
		if err != nil {
			return err
		}
	}
	return nil
}

// ClosedWays returns the ways out that are shut, by their names.
func (db *DB) ClosedWays(ctx context.Context) ([]*incident.Way, error) {
	return list(ctx, db.conn(), func(rows *sql.Rows) (*incident.Way, error) {
		k := &incident.Way{}
		return k, rows.Scan(&k.Route, &k.Why, when(&k.Since), &k.Said, when(&k.Told))
	}, `select route, why, since, said, told from way where why <> '' order by route`)
}
