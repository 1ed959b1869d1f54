package store

import (
	"context"
	"database/sql"
	"time"

	"hatakello/incident"
)

const deadlineColumns = `record, id, incident, duty, basis, owed_to, ours, period, start, due, outer_limit, met, how, warn`

var putDeadline = insert("deadline", deadlineColumns, `on conflict (record, id) do update set start = excluded.start,
	due = excluded.due, outer_limit = excluded.outer_limit, met = excluded.met, how = excluded.how, warn = excluded.warn`)

func putDeadlines(ctx context.Context, c conn, rs []*incident.Record) error {
	var all []*incident.Deadline
	for _, r := range rs {
		all = append(all, r.Deadlines...)
	}
	_, err := putDeadline.run(ctx, c, len(all), func(i int) []any {
		d := all[i]
		return []any{d.Record, d.ID, d.Incident, d.Duty, d.Basis, string(d.To), d.Ours, d.Within.String(), orNever(d.Start),
			instant(d.Due), instant(d.Outer), instant(d.Met), d.How, instant(d.Warn)}
	})
	return err
}

// loadDeadlines reads the deadlines of records, in the order in which they
// were made.
func loadDeadlines(ctx context.Context, c conn, records []string) ([]*incident.Deadline, error) {
	return listIn(ctx, c, readDeadline, `
		select `+deadlineColumns+` from deadline
		where record in ({ids})
		order by record, id`, records)
}

func readDeadline(rows *sql.Rows) (*incident.Deadline, error) {
	d := &incident.Deadline{}
	var period string
	err := rows.Scan(&d.Record, &d.ID, &d.Incident, &d.Duty, &d.Basis, &d.To, &d.Ours, &period, when(&d.Start),
		when(&d.Due), when(&d.Outer), when(&d.Met), &d.How, when(&d.Warn))
	if err != nil {
		return nil, err
	}
	d.Within, err = incident.ParsePeriod(period)
	return d, err
}

// Warnings returns up to n running deadlines whose Warn has come, oldest first.
func (db *DB) Warnings(ctx context.Context, now time.Time, n int) ([]*incident.Deadline, error) {
	return list(ctx, db.conn(), readDeadline, `
		select `+deadlineColumns+` from deadline
		where met is null and warn is not null and warn <= ?1
		order by warn, record, id
		limit ?2`, instant(now), n)
}

// Running counts the incident's deadlines of ours that still run.
func (db *DB) Running(ctx context.Context, inc string) (n int, err error) {
	_, err = db.conn().one(ctx, `select count(*) from deadline where incident = ?1 and met is null and ours`, []any{inc}, &n)
	return n, err
}

var updateWarn = &batch{
	head: `update deadline set warn = v.column3 from (values `,
	row:  []string{asText, asText, asText},
	tail: `) as v where record = v.column1 and id = v.column2 and met is null`,
}

// warned sets when to speak next of deadlines that still run.
func (w *write) warned(ctx context.Context, c conn) error {
	_, err := updateWarn.run(ctx, c, len(w.Warned), func(i int) []any {
		d := w.Warned[i]
		return []any{d.Record, d.ID, instant(d.Warn)}
	})
	return err
}

// tightest is the nearest limit of a record that still runs, as it is stored.
func tightest(r *incident.Record) string {
	tight := never
	for _, d := range r.Deadlines {
		if d.Running() {
			tight = min(tight, orNever(d.Due))
		}
	}
	return tight
}
