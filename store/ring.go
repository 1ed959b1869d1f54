package store

import (
	"context"
	"database/sql"
	"time"

	"hatakello/incident"
)

const ringColumns = `id, incident, duty, records, due, step, made, next_at, acked_at, acked_by, ended`

var putRing = insert("ring", ringColumns, `on conflict (id) do update set duty = excluded.duty, records = excluded.records,
	due = excluded.due, step = excluded.step, next_at = excluded.next_at, acked_at = excluded.acked_at, acked_by = excluded.acked_by, ended = excluded.ended`).bindAs("ring").gathers()

func (w *write) rings(ctx context.Context, c conn) error {
	err := putRing.put(ctx, c, len(w.Rings), func(i int) []any {
		r := w.Rings[i]
		return []any{r.ID, optional(r.Incident), r.Duty, r.Records, instant(r.Due), r.Step, orNever(r.Made), instant(r.Next),
			instant(r.AckedAt), r.AckedBy, instant(r.End)}
	})
	return err
}

func readRing(rows *sql.Rows) (*incident.Ring, error) {
	r := &incident.Ring{}
	return r, rows.Scan(&r.ID, reference(&r.Incident), &r.Duty, &r.Records, when(&r.Due), &r.Step, when(&r.Made), when(&r.Next),
		when(&r.AckedAt), &r.AckedBy, when(&r.End))
}

// Ring loads one ring.
func (db *DB) Ring(ctx context.Context, id string) (*incident.Ring, error) {
	return only(ctx, db.conn(), "ring.unknown", readRing, `select `+ringColumns+` from ring where id = ?1`, id)
}

// Rings returns up to n rings whose Next has come, oldest first.
func (db *DB) Rings(ctx context.Context, now time.Time, n int) ([]*incident.Ring, error) {
	return list(ctx, db.conn(), readRing, `
		select `+ringColumns+` from ring
		where next_at is not null and next_at <= ?1
		order by next_at, id
		limit ?2`, instant(now), n)
}

// OpenRings returns the rings of an incident that have no End, oldest first.
func (db *DB) OpenRings(ctx context.Context, inc string) ([]*incident.Ring, error) {
	return list(ctx, db.conn(), readRing, `
		select `+ringColumns+` from ring
		where incident = ?1 and ended is null
		order by made, id`, inc)
}

// Ringing returns up to n rings of open cases that have no End, those that
// nobody has answered first, then by their limit.
func (db *DB) Ringing(ctx context.Context, n int) ([]*incident.Ring, error) {
	return list(ctx, db.conn(), readRing, `
		select r.id, r.incident, r.duty, r.records, r.due, r.step, r.made, r.next_at, r.acked_at, r.acked_by, r.ended
		from ring r join incident i on i.id = r.incident
		where r.ended is null and i.closed_at is null
		order by coalesce(r.acked_at, ''), coalesce(r.due, '9999'), r.id
		limit ?1`, n)
}
