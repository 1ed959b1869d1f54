package store

import (
	"context"
	"database/sql"

	"hatakello/incident"
)

// awaiting finds judgements that nobody has answered, that no newer one of their
// kind replaces and that no new fact has overtaken.
const awaiting = `
	select 'assessment', j.n, r.id, i.id, i.number, r.name, j.tier, j.made_by, j.by_id, j.at
		from assessment j join record r on r.id = j.record join incident i on i.id = r.incident
		where j.waits and i.closed_at is null
			and not exists (select 1 from approval p where p.record = j.record and p.kind = 'assessment' and p.which = j.n)
			and not exists (select 1 from assessment k where k.record = j.record and k.n > j.n)
			and not exists (select 1 from reopening o where o.record = j.record and o.assessed > j.n)
	union all
	select 'decision', j.n, r.id, i.id, i.number, r.name, j.kind, j.made_by, j.by_id, j.at
		from decision j join record r on r.id = j.record join incident i on i.id = r.incident
		where j.waits and i.closed_at is null
			and not exists (select 1 from approval p where p.record = j.record and p.kind = 'decision' and p.which = j.n)
			and not exists (select 1 from decision k where k.record = j.record and k.n > j.n)
			and not exists (select 1 from reopening o where o.record = j.record and o.decided > j.n)
	order by 10, 3, 1
	limit ?1`

// Awaiting returns up to n judgements of open cases that wait for a second
// person, oldest first.
func (db *DB) Awaiting(ctx context.Context, n int) ([]*incident.Awaiting, error) {
	return list(ctx, db.conn(), func(rows *sql.Rows) (*incident.Awaiting, error) {
		a := &incident.Awaiting{}
		return a, rows.Scan(&a.On, &a.N, &a.Record, &a.Incident, &a.Number, &a.Name, &a.What, &a.By, &a.ByID, when(&a.At))
	}, awaiting, n)
}
