package store

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"time"

	"hatakello/incident"
)

const deadlineColumns = `incident, record, id, duty, basis, owed_to, ours, period, start, due, outer_limit, met, how, warn, reason`

var putDeadline = insert("deadline", deadlineColumns+", made", `on conflict (incident, record, id) do update set start = excluded.start,
	due = excluded.due, outer_limit = excluded.outer_limit, met = excluded.met, how = excluded.how, warn = excluded.warn,
	reason = excluded.reason`).bindAs("deadline")

// putDeadlines writes clocks; those that are new were made at an instant.
func putDeadlines(ctx context.Context, c conn, all []*incident.Deadline, at time.Time) error {
	err := putDeadline.put(ctx, c, len(all), func(i int) []any {
		d := all[i]
		return []any{d.Incident, d.Record, d.ID, d.Duty, d.Basis, string(d.To), d.Ours, d.Within.String(), orNever(d.Start),
			instant(d.Due), instant(d.Outer), instant(d.Met), d.How, instant(d.Warn), d.Reason, instant(at)}
	})
	return err
}

// loadDeadlines reads the deadlines of a case's records, "" being the case
// itself, in the order in which they were made.
func loadDeadlines(ctx context.Context, c conn, inc string, records []string) ([]*incident.Deadline, error) {
	return listIn(ctx, c, readDeadline, `
		select `+deadlineColumns+` from deadline
		where incident = ?1 and record in ({ids})
		order by record, id`, records, inc)
}

func readDeadline(rows *sql.Rows) (*incident.Deadline, error) {
	d := &incident.Deadline{}
	var period string
	err := rows.Scan(&d.Incident, &d.Record, &d.ID, &d.Duty, &d.Basis, &d.To, &d.Ours, &period, when(&d.Start),
		when(&d.Due), when(&d.Outer), when(&d.Met), &d.How, when(&d.Warn), &d.Reason)
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
		order by warn, incident, record, id
		limit ?2`, instant(now), n)
}

// Running counts the incident's deadlines of ours that still run.
func (db *DB) Running(ctx context.Context, inc string) (n int, err error) {
	_, err = db.conn().one(ctx, `select count(*) from deadline where incident = ?1 and met is null and ours`, []any{inc}, &n)
	return n, err
}

// RunningDuty counts those of one duty.
func (db *DB) RunningDuty(ctx context.Context, inc, duty string) (n int, err error) {
	_, err = db.conn().one(ctx, `select count(*) from deadline where incident = ?1 and met is null and ours and duty = ?2`, []any{inc, duty}, &n)
	return n, err
}

// Unexplained counts the incident's deadlines of ours that were met after
// their limit and have no Reason.
func (db *DB) Unexplained(ctx context.Context, inc string) (n int, err error) {
	_, err = db.conn().one(ctx, `select count(*) from deadline where incident = ?1 and ours and met > due and reason = ''`, []any{inc}, &n)
	return n, err
}

// deadlines brings clocks of cases themselves up to date.
func (w *write) deadlines(ctx context.Context, c conn) error {
	if len(w.Deadlines) == 0 {
		return nil
	}
	cases := map[string]bool{}
	for _, d := range w.Deadlines {
		cases[d.Incident] = true
	}
	for _, id := range slices.Sorted(maps.Keys(cases)) {
		before, err := loadDeadlines(ctx, c, id, []string{""})
		if err != nil {
			return err
		}
		w.count(id, kept{limits: openLimits(before)}, -1)
		if err := w.keepDeadlines(ctx, c, before, w.Deadlines); err != nil {
			return err
		}
	}
	if err := putDeadlines(ctx, c, w.Deadlines, w.At); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(cases)) {
		after, err := loadDeadlines(ctx, c, id, []string{""})
		if err != nil {
			return err
		}
		w.count(id, kept{limits: openLimits(after)}, 1)
	}
	return nil
}

var updateWarn = &batch{
	head: `update deadline set warn = v.column4 from (values `,
	row:  []string{asText, asText, asText, asText},
	tail: `) as v where incident = v.column1 and record = v.column2 and id = v.column3 and met is null`,
}

// warned sets when to speak next of deadlines that still run.
func (w *write) warned(ctx context.Context, c conn) error {
	_, err := updateWarn.run(ctx, c, len(w.Warned), func(i int) []any {
		d := w.Warned[i]
		return []any{d.Incident, d.Record, d.ID, instant(d.Warn)}
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
