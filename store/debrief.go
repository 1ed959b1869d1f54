package store

import (
	"context"
	"database/sql"
	"time"

	"hatakello/incident"
)

// debrief begins or changes what was learnt from a case.
func (w *write) debrief(ctx context.Context, c conn) error {
	b := w.Debrief
	if b == nil {
		return w.passages(ctx, c)
	}
	n, err := c.exec(ctx, `
		insert into debrief (incident, opened, opened_by, done, done_by, version) values (?1, ?2, ?3, ?4, ?5, ?6 + 1)
		on conflict (incident) do update set done = excluded.done, done_by = excluded.done_by, version = excluded.version
		where debrief.version = ?6`,
		b.Incident, orNever(b.Opened), b.OpenedBy, instant(b.Done), b.DoneBy, b.Version)
	if err != nil {
		return err
	}
	if n != 1 {
		return incident.ErrStale
	}
	if err := c.bindRow(ctx, "debrief", b.Incident); err != nil {
		return err
	}
	return w.passages(ctx, c)
}

// passages adds passages, or ends them.
func (w *write) passages(ctx context.Context, c conn) error {
	for _, p := range w.Passages {
		_, err := c.exec(ctx, `
			insert into passage (incident, id, question, reader, content, made_by, made, ended) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
			on conflict (incident, id) do update set ended = excluded.ended`,
			p.Incident, p.ID, p.Question, string(p.Reader), p.Text, p.By, orNever(p.Made), instant(p.Ended))
		if err == nil {
			err = c.bindRow(ctx, "passage", p.Incident, p.ID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// actions adds actions, or changes those whose version still holds.
func (w *write) actions(ctx context.Context, c conn) error {
	for _, a := range w.Actions {
		n, err := c.exec(ctx, `
			insert into action (id, incident, content, owner, name, due, reader, made, made_by, done, done_by, result, remind, version)
			values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14 + 1)
			on conflict (id) do update set content = excluded.content, owner = excluded.owner, name = excluded.name, due = excluded.due,
				reader = excluded.reader, done = excluded.done, done_by = excluded.done_by, result = excluded.result,
				remind = excluded.remind, version = excluded.version
			where action.version = ?14`,
			a.ID, a.Incident, a.Text, a.Owner, a.Name, orNever(a.Due), string(a.Reader), orNever(a.Made), a.By,
			instant(a.Done), a.DoneBy, a.Result, instant(a.Remind), a.Version)
		if err != nil {
			return err
		}
		if n != 1 {
			return incident.ErrStale
		}
		if err := c.bindRow(ctx, "action", a.ID); err != nil {
			return err
		}
	}
	return nil
}

// Debrief loads what was learnt from a case, or an empty debrief.
func (db *DB) Debrief(ctx context.Context, inc string) (b *incident.Debrief, err error) {
	b = &incident.Debrief{Incident: inc}
	err = db.view(ctx, func(c conn) error {
		_, err := c.one(ctx, `select opened, opened_by, done, done_by, version from debrief where incident = ?1`, []any{inc},
			when(&b.Opened), &b.OpenedBy, when(&b.Done), &b.DoneBy, &b.Version)
		if err != nil {
			return err
		}
		b.Passages, err = list(ctx, c, func(rows *sql.Rows) (*incident.Passage, error) {
			p := &incident.Passage{}
			return p, rows.Scan(&p.Incident, &p.ID, &p.Question, &p.Reader, &p.Text, &p.By, when(&p.Made), when(&p.Ended))
		}, `select incident, id, question, reader, content, made_by, made, ended from passage
			where incident = ?1 and ended is null order by id`, inc)
		if err != nil {
			return err
		}
		b.Actions, err = list(ctx, c, readAction, actionSelect+` where a.incident = ?1 order by a.due, a.id`, inc)
		return err
	})
	return b, err
}

const actionSelect = `
	select a.id, a.incident, i.number, a.content, a.owner, a.name, a.due, a.reader, a.made, a.made_by, a.done, a.done_by, a.result, a.remind, a.version
	from action a join incident i on i.id = a.incident`

func readAction(rows *sql.Rows) (*incident.Action, error) {
	a := &incident.Action{}
	return a, rows.Scan(&a.ID, &a.Incident, &a.Number, &a.Text, &a.Owner, &a.Name, when(&a.Due), &a.Reader, when(&a.Made), &a.By,
		when(&a.Done), &a.DoneBy, &a.Result, when(&a.Remind), &a.Version)
}

// Action loads one action.
func (db *DB) Action(ctx context.Context, id string) (*incident.Action, error) {
	return only(ctx, db.conn(), "action.unknown", readAction, actionSelect+` where a.id = ?1`, id)
}

// ActionsDue returns up to n actions that are not done and whose Remind has
// come, oldest first.
func (db *DB) ActionsDue(ctx context.Context, now time.Time, n int) ([]*incident.Action, error) {
	return list(ctx, db.conn(), readAction, actionSelect+`
		where a.done is null and a.remind <= ?1 order by a.remind, a.id limit ?2`, instant(now), n)
}

// OpenActions returns the actions of all cases that are not done, by day.
func (db *DB) OpenActions(ctx context.Context) ([]*incident.Action, error) {
	return list(ctx, db.conn(), readAction, actionSelect+` where a.done is null order by a.due, a.id`)
}

// Legs tell when each affected controller of a case came how far.
func (db *DB) Legs(ctx context.Context, inc string) ([]*incident.Leg, error) {
	return list(ctx, db.conn(), func(rows *sql.Rows) (*incident.Leg, error) {
		l := &incident.Leg{}
		return l, rows.Scan(&l.Record, &l.Controller, &l.Name, &l.Hours, when(&l.Known), when(&l.Approved), when(&l.Drafted),
			when(&l.Sent), when(&l.Accepted), when(&l.Acked))
	}, legText, inc)
}

// legText reads a controller's way. The draft of a notice is the case's first
// proposal, where there was one before the notice.
const legText = `
	select r.id, r.controller, r.name, r.hours, r.made, n.at,
		coalesce((select min(p.at) from proposal p where p.incident = r.incident and p.at <= n.at), n.at),
		(select min(t.began) from delivery d join receipt t on t.delivery = d.id where d.record = r.id and d.notice is not null),
		(select min(m.at) from mark m where m.incident = r.incident and m.record = r.id and m.moment = 'controller_informed'),
		r.acked_at
	from record r left join notice n on n.record = r.id and n.n = (select min(x.n) from notice x where x.record = r.id)
	where r.incident = ?1 and r.certainty <> 'not_affected' and r.stage <> 'own'
	order by r.folded, r.id`
