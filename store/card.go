package store

import (
	"context"
	"database/sql"
	"time"

	"hatakello/incident"
)

const cardColumns = `incident, channel, stamp, delivery, sum, at, version`

// cards adds or changes the live messages of cases. Two that work on one card
// at the same time would post it twice: the second is told that it is stale.
func (w *write) cards(ctx context.Context, c conn) error {
	for _, k := range w.Cards {
		n, err := c.exec(ctx, `
			insert into card (`+cardColumns+`) values (?1, ?2, ?3, ?4, ?5, ?6, ?7 + 1)
			on conflict (incident) do update set channel = excluded.channel, stamp = excluded.stamp, delivery = excluded.delivery,
				sum = excluded.sum, at = excluded.at, version = excluded.version
			where card.version = ?7`,
			k.Incident, k.Channel, k.Stamp, k.Delivery, k.Sum, orNever(k.At), k.Version)
		if err != nil {
			return err
		}
		if n == 0 {
			return incident.ErrStale
		}
	}
	return nil
}

// Card returns the card of an incident, or nil.
func (db *DB) Card(ctx context.Context, inc string) (*incident.Card, error) {
	all, err := list(ctx, db.conn(), func(rows *sql.Rows) (*incident.Card, error) {
		k := &incident.Card{}
		return k, rows.Scan(&k.Incident, &k.Channel, &k.Stamp, &k.Delivery, &k.Sum, when(&k.At), &k.Version)
	}, `select `+cardColumns+` from card where incident = ?1 order by incident`, inc)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return all[0], nil
}

// Tightest returns the nearest limit of ours that runs in an incident, or zero.
func (db *DB) Tightest(ctx context.Context, inc string) (t time.Time, err error) {
	_, err = db.conn().one(ctx, `select tight from incident where id = ?1`, []any{inc}, when(&t))
	return t, err
}

// CardsDue returns the open incidents, and the closed ones whose card is older
// than their end, with the length of their chains.
func (db *DB) CardsDue(ctx context.Context) ([]incident.Stirred, error) {
	return list(ctx, db.conn(), func(rows *sql.Rows) (s incident.Stirred, err error) {
		return s, rows.Scan(&s.Incident, &s.Seq)
	}, `
		select i.id, c.seq from incident i join chain c on c.id = i.id where i.closed_at is null
		union
		select i.id, c.seq from card k join incident i on i.id = k.incident join chain c on c.id = i.id
		where i.closed_at is not null and k.at < i.closed_at
		order by 1`)
}
