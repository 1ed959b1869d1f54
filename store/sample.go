package store

import (
	"context"
	"database/sql"
	"time"

	"hatakello/incident"
)

// draw notes that a quarter has been drawn from.
func (w *write) draw(ctx context.Context, c conn) error {
	if w.Draw == nil {
		return nil
	}
	_, err := c.exec(ctx, `insert into draw (quarter, total, drawn, at) values (?1, ?2, ?3, ?4)`,
		w.Draw.Quarter, w.Draw.Of, w.Draw.Drawn, orNever(w.Draw.At))
	if err != nil {
		return err
	}
	return c.bindRow(ctx, "draw", w.Draw.Quarter)
}

// samples adds decisions that were drawn, or the second look at one that nobody
// has looked at yet.
func (w *write) samples(ctx context.Context, c conn) error {
	for _, s := range w.Samples {
		n, err := c.exec(ctx, `
			insert into review_sample (id, quarter, kind, incident, record, n, made, made_by, by_id, drawn, verdict, reason, looked_by, looked_at)
			values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
			on conflict (id) do update set verdict = excluded.verdict, reason = excluded.reason,
				looked_by = excluded.looked_by, looked_at = excluded.looked_at
			where review_sample.looked_at is null`,
			s.ID, s.Quarter, s.Kind, s.Incident, optional(s.Record), s.N, orNever(s.Made), s.By, s.ByID, orNever(s.Drawn),
			string(s.Verdict), s.Reason, s.LookedBy, instant(s.LookedAt))
		if err != nil {
			return err
		}
		if n != 1 {
			return incident.ErrStale
		}
		if err := c.bindRow(ctx, "review_sample", s.ID); err != nil {
			return err
		}
	}
	return nil
}

const drawColumns = `quarter, total, drawn, at`

func readDraw(rows *sql.Rows) (*incident.Draw, error) {
	d := &incident.Draw{}
	return d, rows.Scan(&d.Quarter, &d.Of, &d.Drawn, when(&d.At))
}

// Draw returns the draw of a quarter, or nil.
func (db *DB) Draw(ctx context.Context, quarter string) (*incident.Draw, error) {
	all, err := list(ctx, db.conn(), readDraw, `select `+drawColumns+` from draw where quarter = ?1 order by quarter`, quarter)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return all[0], nil
}

// Draws returns all draws, the newest quarter first.
func (db *DB) Draws(ctx context.Context) ([]*incident.Draw, error) {
	return list(ctx, db.conn(), readDraw, `select `+drawColumns+` from draw order by quarter desc`)
}

// lenient are the decisions that end a duty to report, by where they are kept.
var lenient = []string{
	`select 'unlikely', r.incident, r.id, a.n, a.at, a.made_by, a.by_id
		from assessment a join record r on r.id = a.record
		where a.tier = 'unlikely_risk' and a.at >= ?1 and a.at < ?2
		order by a.at, a.record, a.n`,
	`select d.kind, r.incident, r.id, d.n, d.at, d.made_by, d.by_id
		from decision d join record r on r.id = d.record
		where d.kind in ('no_breach', 'not_notifiable') and d.at >= ?1 and d.at < ?2
		order by d.at, d.record, d.n`,
	`select 'inquiry', incident, null, 0, at, made_by, ''
		from entry where key = 'case.inquiry_no_breach' and at >= ?1 and at < ?2
		order by at, incident`,
}

// Lenient returns what was decided from an instant until another, exclusive,
// that ends a duty to report: by kind, then oldest first.
func (db *DB) Lenient(ctx context.Context, from, until time.Time) (all []*incident.Sample, err error) {
	err = db.view(ctx, func(c conn) error {
		for _, text := range lenient {
			part, err := list(ctx, c, func(rows *sql.Rows) (*incident.Sample, error) {
				s := &incident.Sample{}
				return s, rows.Scan(&s.Kind, &s.Incident, reference(&s.Record), &s.N, when(&s.Made), &s.By, &s.ByID)
			}, text, instant(from), instant(until))
			if err != nil {
				return err
			}
			all = append(all, part...)
		}
		return nil
	})
	return all, err
}

const sampleColumns = `id, quarter, kind, incident, record, n, made, made_by, by_id, drawn, verdict, reason, looked_by, looked_at`

func readSample(rows *sql.Rows) (*incident.Sample, error) {
	s := &incident.Sample{}
	return s, rows.Scan(&s.ID, &s.Quarter, &s.Kind, &s.Incident, reference(&s.Record), &s.N, when(&s.Made), &s.By, &s.ByID,
		when(&s.Drawn), &s.Verdict, &s.Reason, &s.LookedBy, when(&s.LookedAt))
}

// Sample loads one decision that was drawn.
func (db *DB) Sample(ctx context.Context, id string) (*incident.Sample, error) {
	return only(ctx, db.conn(), "review.unknown", readSample, `select `+sampleColumns+` from review_sample where id = ?1`, id)
}

// Samples returns those of a quarter, in no order that says anything.
func (db *DB) Samples(ctx context.Context, quarter string) ([]*incident.Sample, error) {
	return list(ctx, db.conn(), readSample, `select `+sampleColumns+` from review_sample where quarter = ?1 order by id`, quarter)
}

// Unlooked counts the samples at which nobody has looked yet.
func (db *DB) Unlooked(ctx context.Context) (n int, err error) {
	_, err = db.conn().one(ctx, `select count(*) from review_sample where looked_at is null`, nil, &n)
	return n, err
}
