package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"hatakello/incident"
)

// Figures counts the cases of one year. What it costs follows the year's cases
// and records, not all that are stored.
func (db *DB) Figures(ctx context.Context, year int, now time.Time) (*incident.Figures, error) {
	f := &incident.Figures{Year: year}
	from, until := fmt.Sprintf("%d-", year), fmt.Sprintf("%d.", year)
	err := db.view(ctx, func(c conn) error {
		if err := yearsCases(ctx, c, f, from, until); err != nil {
			return err
		}
		if err := yearsWays(ctx, c, f, from, until); err != nil {
			return err
		}
		var err error
		f.Kept, err = list(ctx, c, readKept, `
			select d.duty, d.period, count(*),
				sum(case when d.met is not null and (d.due is null or d.met <= d.due) then 1 else 0 end),
				sum(case when coalesce(d.met, ?3) > d.due then 1 else 0 end),
				sum(case when d.met is null and (d.due is null or d.due >= ?3) then 1 else 0 end)
			from incident i join deadline d on d.incident = i.id
			where i.number >= ?1 and i.number < ?2 and d.ours and d.record <> ''
			group by d.duty, d.period
			order by d.duty, d.period`, from, until, instant(now))
		return err
	})
	return f, err
}

func yearsCases(ctx context.Context, c conn, f *incident.Figures, from, until string) error {
	type row struct {
		open     bool
		records  int
		inquiry  incident.Inquiry
		source   incident.Source
		answers  string
		awareNow bool
	}
	rows, err := list(ctx, c, func(rows *sql.Rows) (*row, error) {
		r := &row{}
		var aware string
		err := rows.Scan(&r.open, &r.records, document(&r.inquiry), document(&r.source), &r.answers, &aware)
		r.awareNow = aware != ""
		return r, err
	}, `
		select closed_at is null, records, inquiry, source, answers, coalesce(aware, '')
		from incident where number >= ?1 and number < ?2 order by number`, from, until)
	for _, r := range rows {
		f.Cases++
		if r.open {
			f.Open++
		}
		if r.inquiry.Outcome == "no_breach" && !r.awareNow {
			f.NoBreach++
			continue
		}
		if r.source.Name != "" {
			f.Chain++
		}
		f.Records += r.records
		f.Answers = append(f.Answers, r.answers)
	}
	return err
}

// yearsWays measures how long controllers waited for us, and we for them.
func yearsWays(ctx context.Context, c conn, f *incident.Figures, from, until string) error {
	_, err := list(ctx, c, func(rows *sql.Rows) (struct{}, error) {
		var aware, told, acked time.Time
		if err := rows.Scan(when(&aware), when(&told), when(&acked)); err != nil {
			return struct{}{}, err
		}
		if !aware.IsZero() && !told.IsZero() {
			f.ToNotify = append(f.ToNotify, max(told.Sub(aware), 0))
			if !acked.IsZero() {
				f.ToAck = append(f.ToAck, max(acked.Sub(told), 0))
			}
		}
		return struct{}{}, nil
	}, `
		select i.aware, (select min(m.at) from mark m where m.incident = r.incident and m.record = r.id and m.moment = 'controller_informed'), r.acked_at
		from incident i join record r on r.incident = i.id
		where i.number >= ?1 and i.number < ?2 and r.certainty <> 'not_affected' and r.stage <> 'own'
		order by r.id`, from, until)
	return err
}

func readKept(rows *sql.Rows) (incident.Kept, error) {
	k := incident.Kept{}
	var period string
	err := rows.Scan(&k.Duty, &period, &k.N, &k.InTime, &k.Late, &k.Running)
	if err != nil {
		return k, err
	}
	p, err := incident.ParsePeriod(period)
	k.Hours = p.Hours
	return k, err
}

// Years returns the years in which cases were logged, newest first.
func (db *DB) Years(ctx context.Context) ([]int, error) {
	return list(ctx, db.conn(), func(rows *sql.Rows) (int, error) {
		var y int
		return y, rows.Scan(&y)
	}, `
		with recursive years (number) as (
			select max(number) from incident
			union all
			select (select max(i.number) from incident i where i.number < substr(y.number, 1, 4)) from years y where y.number is not null)
		select cast(substr(number, 1, 4) as bigint) from years where number is not null order by 1 desc`)
}
