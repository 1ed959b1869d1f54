package store

import (
	"context"
	"database/sql"
	"time"

	"hatakello/incident"
)

// Duties counts the clocks of a case by duty and period, at now, in the order
// of their nearest limits.
func (db *DB) Duties(ctx context.Context, inc string, now time.Time) ([]*incident.DutyTally, error) {
	read := func(rows *sql.Rows) (*incident.DutyTally, error) {
		t := &incident.DutyTally{}
		var period string
		err := rows.Scan(&t.Duty, &t.Basis, &t.To, &t.Ours, &period, &t.N, &t.Running, &t.Late, &t.MetLate, &t.Provisional, &t.Unexplained, when(&t.Next),
			when(&t.Start), when(&t.Due), when(&t.Met))
		if err != nil {
			return nil, err
		}
		t.Within, err = incident.ParsePeriod(period)
		return t, err
	}
	return list(ctx, db.conn(), read, `
		select duty, min(basis), min(owed_to), ours, period, count(*),
			sum(case when met is null then 1 else 0 end),
			sum(case when met is null and due < ?2 then 1 else 0 end),
			sum(case when met > due then 1 else 0 end),
			sum(case when how = 'accepted' then 1 else 0 end),
			sum(case when ours and reason = '' and coalesce(met, ?2) > due then 1 else 0 end),
			min(case when met is null then due end), min(start), min(due),
			case when count(met) = count(*) then max(met) end
		from deadline
		where incident = ?1 and record <> ''
		group by duty, period, ours
		order by coalesce(min(case when met is null then due end), '9999'), duty, period`, inc, instant(now))
}

// clockRow is a clock with the value by which it is ordered.
type clockRow struct {
	incident.Clock
	due string
}

// Clocks lists the clocks of one duty in a case, the nearest limit first.
func (db *DB) Clocks(ctx context.Context, inc string, f incident.ClockFilter, cut incident.Cut) (all []*incident.Clock, next string, err error) {
	after, err := readCursor(cut.After, 2)
	if err != nil {
		return nil, "", err
	}
	state := " and d.met is null"
	if f.Ended {
		state = " and d.met is not null"
	}
	rows, err := list(ctx, db.conn(), readClock, `
		select d.incident, d.record, d.id, d.duty, d.basis, d.owed_to, d.ours, d.period, d.start, d.due, d.outer_limit, d.met,
			d.how, d.warn, d.reason, r.name, coalesce(d.due, '9999-12-31T23:59:59.999Z')
		from deadline d join record r on r.id = d.record
		where d.incident = ?1 and d.duty = ?2 and d.period = ?3`+state+`
			and (coalesce(d.due, '9999-12-31T23:59:59.999Z'), d.record) > (?4, ?5)
		order by coalesce(d.due, '9999-12-31T23:59:59.999Z'), d.record
		limit ?6`, inc, f.Duty, f.Within.String(), after.after(0), after.after(1), cut.Limit+1)
	if err != nil {
		return nil, "", err
	}
	rows, next = page(rows, cut, func(r *clockRow) []string { return []string{r.due, r.Record} })
	for _, r := range rows {
		all = append(all, &r.Clock)
	}
	return all, next, nil
}

func readClock(rows *sql.Rows) (*clockRow, error) {
	d := &incident.Deadline{}
	k := &clockRow{Clock: incident.Clock{Deadline: d}}
	var period string
	err := rows.Scan(&d.Incident, &d.Record, &d.ID, &d.Duty, &d.Basis, &d.To, &d.Ours, &period, when(&d.Start),
		when(&d.Due), when(&d.Outer), when(&d.Met), &d.How, when(&d.Warn), &d.Reason, &k.Name, &k.due)
	if err != nil {
		return nil, err
	}
	d.Within, err = incident.ParsePeriod(period)
	return k, err
}

// JointRecords loads up to n records of a case that belong to a group of joint
// controllers, by name.
func (db *DB) JointRecords(ctx context.Context, inc string, n int) (rs []*incident.Record, err error) {
	return list(ctx, db.conn(), readRecord, `
		select `+recordColumns+` from record
		where incident = ?1 and joint <> '{}'
		order by folded, id
		limit ?2`, inc, n)
}
