package store

import (
	"context"
	"database/sql"
	"time"

	"hatakello/incident"
)

const cardColumns = `incident, channel, stamp, delivery, sum, at`

// cards adds or changes the live messages of cases.
func (w *write) cards(ctx context.Context, c conn) error {
	for _, k := range w.Cards {
		_, err := c.exec(ctx, `
			insert into card (`+cardColumns+`) values (?1, ?2, ?3, ?4, ?5, ?6)
			on conflict (incident) do update set channel = excluded.channel, stamp = excluded.stamp, delivery = excluded.delivery,
				sum = excluded.sum, at = excluded.at`,
			k.Incident, k.Channel, k.Stamp, k.Delivery, k.Sum, orNever(k.At))
		if err != nil {
			return err
		}
	}
	return nil
}

// Card returns the card of an incident, or nil.
func (db *DB) Card(ctx context.Context, inc string) (*incident.Card, error) {
	all, err := list(ctx, db.conn(), func(rows *sql.Rows) (*incident.Card, error) {
		k := &incident.Card{}
		return k, rows.Scan(&k.Incident, &k.Channel, &k.Stamp, &k.Delivery, &k.Sum, when(&k.At))
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

// CardsDue returns the ids of open incidents, and of closed ones whose card is
// older than their end.
func (db *DB) CardsDue(ctx context.Context) ([]string, error) {
	return list(ctx, db.conn(), text, `
		select i.id from incident i where i.closed_at is null
		union
		select i.id from card k join incident i on i.id = k.incident where i.closed_at is not null and k.at < i.closed_at
		order by 1`)
}
