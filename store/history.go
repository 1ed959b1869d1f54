package store

import (
	"context"
	"database/sql"
	"time"

	"hatakello/incident"
)

// What is overwritten is copied beside first, with the time of the act that
// overwrites it: the state at an instant is the oldest copy that held beyond
// it, or what stands now.

// keepIncident copies a case before it is overwritten.
func (w *write) keepIncident(ctx context.Context, c conn) error {
	_, err := c.exec(ctx, `
		insert into incident_was (incident, version, until, title, services, facts, regimes, inquiry, answers, source, closed_at, ended)
		select id, version, ?2, title, services, facts, regimes, inquiry, answers, source, closed_at, ended from incident
		where id = ?1
		on conflict (incident, version) do nothing`, w.Incident.ID, orNever(w.At))
	if err != nil {
		return err
	}
	return c.bindRow(ctx, "incident_was", w.Incident.ID, w.Incident.Version)
}

// keepRecords copies records before they are overwritten.
func (w *write) keepRecords(ctx context.Context, c conn) error {
	ids := make([]string, len(w.Records))
	for i, r := range w.Records {
		ids[i] = r.ID
	}
	_, err := c.execIn(ctx, `
		insert into record_was (incident, record, version, until, name, lang, part, certainty, authority, hours, facts, tier, stage,
			notices, acked_at, acked_by, call_at, answers, mandate, joint)
		select incident, id, version, ?1, name, lang, part, certainty, authority, hours, facts, tier, stage,
			notices, acked_at, acked_by, call_at, answers, mandate, joint from record
		where id in ({ids})
		on conflict (incident, record, version) do nothing`, ids, orNever(w.At))
	if err != nil {
		return err
	}
	return c.bindStoredIn(ctx, facetOf["record_was"], "t.until = ?1 and t.record in ({ids})", ids, orNever(w.At))
}

var insertDeadlineWas = insert("deadline_was", "incident, record, id, until, start, due, outer_limit, met, how, reason",
	"on conflict (incident, record, id, until) do nothing").bindAs("deadline_was")

// keepDeadlines copies those of the old clocks that the new ones overwrite.
func (w *write) keepDeadlines(ctx context.Context, c conn, old, now []*incident.Deadline) error {
	is := make(map[string]*incident.Deadline, len(now))
	for _, d := range now {
		is[d.Record+" "+d.ID] = d
	}
	var rows [][]any
	for _, d := range old {
		if x := is[d.Record+" "+d.ID]; x != nil && !sameClock(d, x) {
			rows = append(rows, []any{d.Incident, d.Record, d.ID, orNever(w.At), orNever(d.Start), instant(d.Due), instant(d.Outer), instant(d.Met), d.How, d.Reason})
		}
	}
	return insertDeadlineWas.all(ctx, c, rows)
}

func sameClock(a, b *incident.Deadline) bool {
	same := func(x, y time.Time) bool { return instant(x) == instant(y) }
	return orNever(a.Start) == orNever(b.Start) && same(a.Due, b.Due) && same(a.Outer, b.Outer) && same(a.Met, b.Met) && a.How == b.How && a.Reason == b.Reason
}

// keepClocks copies the clocks of records that are about to be overwritten.
func (w *write) keepClocks(ctx context.Context, c conn) error {
	byCase := map[string][]string{}
	var now []*incident.Deadline
	for _, r := range w.Records {
		byCase[r.Incident] = append(byCase[r.Incident], r.ID)
		now = append(now, r.Deadlines...)
	}
	for inc, ids := range byCase {
		old, err := loadDeadlines(ctx, c, inc, ids)
		if err == nil {
			err = w.keepDeadlines(ctx, c, old, now)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// HistorySince is from when on it is known what was overwritten; zero is always.
func (db *DB) HistorySince(ctx context.Context) (time.Time, error) {
	var s string
	if _, err := db.conn().one(ctx, `select value from setting where name = 'history'`, nil, document(&s)); err != nil || s == "" {
		return time.Time{}, err
	}
	return time.Parse(layout, s)
}

// IncidentAt loads a case as it was at an instant, without its counters.
func (db *DB) IncidentAt(ctx context.Context, id string, at time.Time) (inc *incident.Incident, err error) {
	err = db.view(ctx, func(c conn) error {
		inc, err = incidentAt(ctx, c, id, at)
		return err
	})
	return inc, err
}

func incidentAt(ctx context.Context, c conn, id string, at time.Time) (*incident.Incident, error) {
	i, err := loadIncident(ctx, c, id)
	if err != nil {
		return nil, err
	}
	_, err = list(ctx, c, func(rows *sql.Rows) (struct{}, error) {
		i.Services, i.Facts, i.Regimes, i.Inquiry, i.Source = nil, incident.Facts{}, nil, incident.Inquiry{}, incident.Source{}
		return struct{}{}, rows.Scan(&i.Title, document(&i.Services), document(&i.Facts), document(&i.Regimes), document(&i.Inquiry), &i.Answers,
			document(&i.Source), when(&i.ClosedAt), &i.Ended)
	}, `
		select title, services, facts, regimes, inquiry, answers, source, closed_at, ended from incident_was
		where incident = ?1 and until > ?2
		order by version
		limit 1`, id, orNever(at))
	if err != nil {
		return nil, err
	}
	i.Marks, i.Tally, i.Version = incident.MarksAt(i.Marks, at), incident.Tally{}, 0
	i.Deadlines, err = deadlinesAt(ctx, c, id, []string{""}, at)
	return i, err
}

// RecordAt loads a record as it was at an instant. One that did not exist yet
// is not found.
func (db *DB) RecordAt(ctx context.Context, id string, at time.Time) (r *incident.Record, err error) {
	err = db.view(ctx, func(c conn) error {
		r, err = only(ctx, c, "record.unknown", readRecord, `
			select `+recordColumns+` from record where id = ?1 and (made is null or made <= ?2)`, id, orNever(at))
		if err != nil {
			return err
		}
		if err := fillRecords(ctx, c, r.Incident, []*incident.Record{r}); err != nil {
			return err
		}
		_, err := list(ctx, c, func(rows *sql.Rows) (struct{}, error) {
			r.Facts, r.Mandate, r.Joint = incident.Facts{}, incident.Mandate{}, incident.Joint{}
			return struct{}{}, rows.Scan(&r.Name, &r.Lang, &r.Part, &r.Certainty, &r.Authority, &r.Hours, document(&r.Facts), &r.Tier, &r.Stage,
				&r.Notices, when(&r.AckedAt), &r.AckedBy, when(&r.Call), &r.Answers, document(&r.Mandate), document(&r.Joint))
		}, `
			select name, lang, part, certainty, authority, hours, facts, tier, stage, notices, acked_at, acked_by, call_at, answers, mandate, joint
			from record_was
			where incident = ?1 and record = ?2 and until > ?3
			order by version
			limit 1`, r.Incident, id, orNever(at))
		if err != nil {
			return err
		}
		inc, err := incidentAt(ctx, c, r.Incident, at)
		if err != nil {
			return err
		}
		r.KnownAt(at)
		r.Shared, r.Regimes, r.Version = inc.Marks, inc.Regimes, 0
		r.Deadlines, err = deadlinesAt(ctx, c, r.Incident, []string{id}, at)
		return err
	})
	return r, err
}

// deadlinesAt loads clocks as they were at an instant.
func deadlinesAt(ctx context.Context, c conn, inc string, records []string, at time.Time) ([]*incident.Deadline, error) {
	all, err := listIn(ctx, c, readDeadline, `
		select `+deadlineColumns+` from deadline
		where incident = ?1 and (made is null or made <= ?2) and record in ({ids})
		order by record, id`, records, inc, orNever(at))
	if err != nil {
		return nil, err
	}
	was, err := listIn(ctx, c, func(rows *sql.Rows) (*incident.Deadline, error) {
		d := &incident.Deadline{}
		return d, rows.Scan(&d.Record, &d.ID, when(&d.Start), when(&d.Due), when(&d.Outer), when(&d.Met), &d.How, &d.Reason)
	}, `
		select record, id, start, due, outer_limit, met, how, reason from deadline_was
		where incident = ?1 and until > ?2 and record in ({ids})
		order by record, id, until desc`, records, inc, orNever(at))
	if err != nil {
		return nil, err
	}
	oldest := map[string]*incident.Deadline{} // the oldest copy comes last
	for _, d := range was {
		oldest[d.Record+" "+d.ID] = d
	}
	for _, d := range all {
		if x := oldest[d.Record+" "+d.ID]; x != nil {
			d.Start, d.Due, d.Outer, d.Met, d.How, d.Reason = x.Start, x.Due, x.Outer, x.Met, x.How, x.Reason
		}
		d.Warn = time.Time{} // when to speak next is no knowledge
	}
	return all, nil
}

// LinesAt lists the controllers of a case as they were at an instant, by name.
func (db *DB) LinesAt(ctx context.Context, inc string, at time.Time) (all []*incident.KnownLine, err error) {
	read := func(rows *sql.Rows) (*incident.KnownLine, error) {
		l := &incident.KnownLine{}
		return l, rows.Scan(&l.ID, &l.Name, &l.Part, &l.Certainty, &l.Stage, &l.Tier)
	}
	err = db.view(ctx, func(c conn) error {
		if all, err = list(ctx, c, read, `
			select id, name, part, certainty, stage, tier from record
			where incident = ?1 and (made is null or made <= ?2)
			order by folded, id`, inc, orNever(at)); err != nil {
			return err
		}
		was, err := list(ctx, c, read, `
			select record, name, part, certainty, stage, tier from record_was
			where incident = ?1 and until > ?2
			order by record, version desc`, inc, orNever(at))
		oldest := map[string]*incident.KnownLine{}
		for _, l := range was {
			oldest[l.ID] = l
		}
		for i, l := range all {
			if x := oldest[l.ID]; x != nil {
				all[i] = x
			}
		}
		return err
	})
	return all, err
}

// Around returns when the timeline of a case was written last before an
// instant, and first after it; zero where it was not.
func (db *DB) Around(ctx context.Context, inc string, at time.Time) (before, after time.Time, err error) {
	_, err = db.conn().one(ctx, `select at from entry where incident = ?1 and at < ?2 order by id desc limit 1`, []any{inc, orNever(at)}, when(&before))
	if err == nil {
		_, err = db.conn().one(ctx, `select at from entry where incident = ?1 and at > ?2 order by id limit 1`, []any{inc, orNever(at)}, when(&after))
	}
	return before, after, err
}
