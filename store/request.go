package store

import (
	"context"
	"database/sql"
	"time"

	"hatakello/incident"
)

const requestColumns = `id, kind, incident, controller, name, label, channel, received, made_by, due, extended, passed_at, passed_to, proof,
	delivery, answered_at, answered_by, answer, ring_at, version`

// requests adds requests of data subjects, or changes those that are as they
// were read.
func (w *write) requests(ctx context.Context, c conn) error {
	for _, r := range w.Requests {
		n, err := c.exec(ctx, `
			insert into subject_request (`+requestColumns+`)
			values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)
			on conflict (id) do update set controller = excluded.controller, name = excluded.name, due = excluded.due,
				extended = excluded.extended, passed_at = excluded.passed_at, passed_to = excluded.passed_to, proof = excluded.proof,
				delivery = excluded.delivery, answered_at = excluded.answered_at, answered_by = excluded.answered_by,
				answer = excluded.answer, ring_at = excluded.ring_at, version = excluded.version
			where subject_request.version = excluded.version - 1`,
			r.ID, r.Kind, optional(r.Incident), r.Controller, r.Name, r.Label, r.Channel, orNever(r.Received), r.By, orNever(r.Due), r.Extended,
			instant(r.Passed), r.PassedTo, r.Proof, r.Delivery, instant(r.Answered), r.AnsweredBy, r.Answer, instant(r.Ring), r.Version+1)
		if err != nil {
			return err
		}
		if n != 1 {
			return incident.ErrStale
		}
		if err := c.bindRow(ctx, "subject_request", r.ID); err != nil {
			return err
		}
	}
	return nil
}

func readRequest(rows *sql.Rows) (*incident.Request, error) {
	r := &incident.Request{}
	return r, rows.Scan(&r.ID, &r.Kind, reference(&r.Incident), &r.Controller, &r.Name, &r.Label, &r.Channel, when(&r.Received), &r.By,
		when(&r.Due), &r.Extended, when(&r.Passed), &r.PassedTo, &r.Proof, &r.Delivery, when(&r.Answered), &r.AnsweredBy, &r.Answer,
		when(&r.Ring), &r.Version)
}

// Request loads one.
func (db *DB) Request(ctx context.Context, id string) (*incident.Request, error) {
	return only(ctx, db.conn(), "request.unknown", readRequest, `select `+requestColumns+` from subject_request where id = ?1`, id)
}

// Requests lists up to n that wait, the nearest limit first, or that were
// answered, newest first.
func (db *DB) Requests(ctx context.Context, open bool, n int) ([]*incident.Request, error) {
	if open {
		return list(ctx, db.conn(), readRequest, `
			select `+requestColumns+` from subject_request where answered_at is null order by due, id limit ?1`, n)
	}
	return list(ctx, db.conn(), readRequest, `
		select `+requestColumns+` from subject_request where answered_at is not null order by answered_at desc, id limit ?1`, n)
}

// RequestsToRing returns up to n requests about which staff should be alarmed.
func (db *DB) RequestsToRing(ctx context.Context, now time.Time, n int) ([]*incident.Request, error) {
	return list(ctx, db.conn(), readRequest, `
		select `+requestColumns+` from subject_request where ring_at is not null and ring_at <= ?1 order by ring_at, id limit ?2`, instant(now), n)
}
