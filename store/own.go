package store

import (
	"context"
	"database/sql"

	"hatakello/incident"
)

// own keeps what controllers judge for themselves, if it is as it was read.
func (w *write) own(ctx context.Context, c conn) error {
	for _, a := range w.Own {
		n, err := c.exec(ctx, `
			insert into own_assessment (record, answers, tier, reason, made_by, at, version) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
			on conflict (record) do update set answers = excluded.answers, tier = excluded.tier, reason = excluded.reason,
				made_by = excluded.made_by, at = excluded.at, version = excluded.version
			where own_assessment.version = excluded.version - 1`,
			a.Record, a.Answers, string(a.Tier), a.Reason, a.By, orNever(a.At), a.Version+1)
		if err != nil {
			return err
		}
		if n != 1 {
			return incident.ErrStale
		}
		if err := c.bindRow(ctx, "own_assessment", a.Record); err != nil {
			return err
		}
	}
	return nil
}

// shares adds what was shared, or notes that it was taken back.
func (w *write) shares(ctx context.Context, c conn) error {
	for _, x := range w.Shares {
		_, err := c.exec(ctx, `
			insert into own_share (record, n, tier, reason, made_by, at, ended) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
			on conflict (record, n) do update set ended = excluded.ended`,
			x.Record, x.N, string(x.Tier), x.Reason, x.By, orNever(x.At), instant(x.Ended))
		if err == nil {
			err = c.bindRow(ctx, "own_share", x.Record, x.N)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *write) offered(ctx context.Context, c conn) error {
	for _, x := range w.Offered {
		_, err := c.exec(ctx, `
			insert into offered_facts (record, answers, made_by, at) values (?1, ?2, ?3, ?4)
			on conflict (record) do update set answers = excluded.answers, made_by = excluded.made_by, at = excluded.at`,
			x.Record, x.Answers, x.By, orNever(x.At))
		if err == nil {
			err = c.bindRow(ctx, "offered_facts", x.Record)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// OwnAssessment finds what the controller behind a link has judged. There is
// no other way to it: whoever has no link of hers cannot ask.
func (db *DB) OwnAssessment(ctx context.Context, link string) (*incident.OwnAssessment, error) {
	return only(ctx, db.conn(), "own.none", func(rows *sql.Rows) (*incident.OwnAssessment, error) {
		a := &incident.OwnAssessment{}
		return a, rows.Scan(&a.Record, &a.Answers, &a.Tier, &a.Reason, &a.By, when(&a.At), &a.Version)
	}, `
		select a.record, a.answers, a.tier, a.reason, a.made_by, a.at, a.version
		from own_assessment a join delivery d on d.record = a.record
		where d.token = ?1 and d.token <> '' and not exists (select 1 from link_end e where e.link = d.token)`, link)
}

// OwnShares lists what a record's controller has shared, oldest first. The
// outcome of what was taken back is left out.
func (db *DB) OwnShares(ctx context.Context, record string) ([]*incident.OwnShare, error) {
	return list(ctx, db.conn(), func(rows *sql.Rows) (*incident.OwnShare, error) {
		x := &incident.OwnShare{}
		err := rows.Scan(&x.Record, &x.N, &x.Tier, &x.Reason, &x.By, when(&x.At), when(&x.Ended))
		if !x.Ended.IsZero() {
			x.Tier, x.Reason = "", ""
		}
		return x, err
	}, `select record, n, tier, reason, made_by, at, ended from own_share where record = ?1 order by n`, record)
}

// OfferedFacts returns what was put at a controller's disposal, or nil.
func (db *DB) OfferedFacts(ctx context.Context, record string) (*incident.OfferedFacts, error) {
	all, err := list(ctx, db.conn(), func(rows *sql.Rows) (*incident.OfferedFacts, error) {
		x := &incident.OfferedFacts{}
		return x, rows.Scan(&x.Record, &x.Answers, &x.By, when(&x.At))
	}, `select record, answers, made_by, at from offered_facts where record = ?1`, record)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return all[0], nil
}
