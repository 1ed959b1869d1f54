package store

import (
	"context"
	"database/sql"

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

// card loads at most one card.
func (db *DB) card(ctx context.Context, where, value string) (*incident.Card, error) {
	all, err := list(ctx, db.conn(), func(rows *sql.Rows) (*incident.Card, error) {
		k := &incident.Card{}
		return k, rows.Scan(&k.Incident, &k.Channel, &k.Stamp, &k.Delivery, &k.Sum, when(&k.At))
	}, `select `+cardColumns+` from card where `+where+` = ?1 order by incident limit 1`, value)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return all[0], nil
}

// Card returns the card of an incident, or nil.
func (db *DB) Card(ctx context.Context, inc string) (*incident.Card, error) {
	return db.card(ctx, "incident", inc)
}

// CardOf finds the card that a delivery carries, or nil.
func (db *DB) CardOf(ctx context.Context, delivery string) (*incident.Card, error) {
	return db.card(ctx, "delivery", delivery)
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
