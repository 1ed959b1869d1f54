package store

import (
	"context"
	"database/sql"
	"slices"

	"hatakello/incident"
)

const recordColumns = `id, incident, controller, name, lang, part, certainty, authority, hours, facts, tier, stage,
	notices, acked_at, acked_by, call_at, answers, mandate, joint, version`

// Record loads one record with everything that belongs to it and, in Shared,
// its incident's marks.
func (db *DB) Record(ctx context.Context, id string) (r *incident.Record, err error) {
	err = db.view(ctx, func(c conn) error {
		r, err = only(ctx, c, "record.unknown", readRecord, `select `+recordColumns+` from record where id = ?1`, id)
		if err != nil {
			return err
		}
		return fillRecords(ctx, c, r.Incident, []*incident.Record{r})
	})
	return r, err
}

// RecordOf loads the record of a controller in an incident.
func (db *DB) RecordOf(ctx context.Context, inc, controller string) (r *incident.Record, err error) {
	err = db.view(ctx, func(c conn) error {
		r, err = only(ctx, c, "record.unknown", readRecord, `
			select `+recordColumns+` from record where incident = ?1 and controller = ?2`, inc, controller)
		if err != nil {
			return err
		}
		return fillRecords(ctx, c, inc, []*incident.Record{r})
	})
	return r, err
}

// Records loads those records of an incident, or with ids nil all that are
// open, ordered by id. Ids of other incidents are not found.
func (db *DB) Records(ctx context.Context, inc string, ids []string) (rs []*incident.Record, err error) {
	err = db.view(ctx, func(c conn) error {
		if ids == nil {
			rs, err = list(ctx, c, readRecord, `
				select `+recordColumns+` from record
				where incident = ?1 and certainty <> 'not_affected'
				order by id`, inc)
		} else {
			ids = slices.Compact(slices.Sorted(slices.Values(ids)))
			// The incident is compared so that no index on it is of use: SQLite
			// would read the whole case to find a handful.
			rs, err = listIn(ctx, c, readRecord, `
				select `+recordColumns+` from record
				where id in ({ids}) and incident || '' = ?1
				order by id`, ids, inc)
		}
		if err != nil {
			return err
		}
		return fillRecords(ctx, c, inc, rs)
	})
	return rs, err
}

func readRecord(rows *sql.Rows) (*incident.Record, error) {
	r := &incident.Record{}
	return r, rows.Scan(&r.ID, &r.Incident, &r.Controller, &r.Name, &r.Lang, &r.Part, &r.Certainty, &r.Authority,
		&r.Hours, document(&r.Facts), &r.Tier, &r.Stage, &r.Notices, when(&r.AckedAt), &r.AckedBy, when(&r.Call), &r.Answers, document(&r.Mandate), document(&r.Joint), &r.Version)
}

// fillRecords loads what belongs to records of one incident.
func fillRecords(ctx context.Context, c conn, inc string, rs []*incident.Record) error {
	by := make(map[string]*incident.Record, len(rs))
	ids := make([]string, len(rs))
	for i, r := range rs {
		ids[i], by[r.ID] = r.ID, r
	}
	marks, err := loadMarks(ctx, c, inc, append([]string{""}, ids...))
	if err != nil {
		return err
	}
	for _, r := range rs {
		r.Marks, r.Shared = marks[r.ID], marks[""]
	}
	var regimes []string
	if _, err := c.one(ctx, `select regimes from incident where id = ?1`, []any{inc}, document(&regimes)); err != nil {
		return err
	}
	for _, r := range rs {
		r.Regimes = regimes
	}
	deadlines, err := loadDeadlines(ctx, c, inc, ids)
	if err != nil {
		return err
	}
	for _, d := range deadlines {
		by[d.Record].Deadlines = append(by[d.Record].Deadlines, d)
	}
	return fillJudgements(ctx, c, ids, by)
}

var insertRecord = insert("record", `id, incident, controller, name, folded, lang, part, certainty, authority, hours,
	facts, tier, stage, notices, acked_at, acked_by, call_at, tight, answers, mandate, joint, version, made`, "").bindAs("record", "record_made")

// newRecords inserts records with what belongs to them.
func (w *write) newRecords(ctx context.Context, c conn) error {
	docs, err := recordDocuments(w.NewRecords)
	if err != nil {
		return err
	}
	_, err = insertRecord.run(ctx, c, len(w.NewRecords), func(i int) []any {
		r := w.NewRecords[i]
		return []any{r.ID, r.Incident, r.Controller, r.Name, fold(r.Name), r.Lang, string(r.Part), string(r.Certainty), r.Authority,
			r.Hours, docs[i][0], string(r.Tier), string(r.Stage), r.Notices, instant(r.AckedAt), r.AckedBy, instant(r.Call), tightest(r), r.Answers, docs[i][1], docs[i][2], 1, instant(w.At)}
	})
	if err != nil {
		return err
	}
	for _, r := range w.NewRecords {
		w.count(r.Incident, keptOf(r), 1)
	}
	return w.children(ctx, c, w.NewRecords)
}

// updateRecord changes the records whose version still holds. A column of its
// values has no name that both databases know but column1, column2 …
var updateRecord = &batch{
	head: `update record set name = v.column3, folded = v.column4, lang = v.column5, part = v.column6, certainty = v.column7,
		authority = v.column8, hours = v.column9, facts = v.column10, tier = v.column11, stage = v.column12,
		notices = v.column13, acked_at = v.column14, acked_by = v.column15, tight = v.column16,
		answers = v.column17, mandate = v.column18, call_at = v.column19, joint = v.column20, version = version + 1
		from (values `,
	row: []string{asText, asNumber, asText, asText, asText, asText, asText, asText, asNumber, asText, asText, asText,
		asNumber, asText, asText, asText, asText, asText, asText, asText},
	tail: `) as v where id = v.column1 and version = v.column2`,
}

// A value in a list of rows has no column whose type it could take.
const (
	asText   = "cast(? as text)"
	asNumber = "cast(? as bigint)"
)

// records updates records whose versions hold, and what belongs to them.
func (w *write) records(ctx context.Context, c conn) error {
	if len(w.Records) == 0 {
		return nil
	}
	before, err := loadKept(ctx, c, w.Records)
	if err != nil {
		return err
	}
	if err := w.keepRecords(ctx, c); err != nil {
		return err
	}
	if err := w.keepClocks(ctx, c); err != nil {
		return err
	}
	docs, err := recordDocuments(w.Records)
	if err != nil {
		return err
	}
	n, err := updateRecord.run(ctx, c, len(w.Records), func(i int) []any {
		r := w.Records[i]
		return []any{r.ID, r.Version, r.Name, fold(r.Name), r.Lang, string(r.Part), string(r.Certainty), r.Authority,
			r.Hours, docs[i][0], string(r.Tier), string(r.Stage), r.Notices, instant(r.AckedAt), r.AckedBy, tightest(r), r.Answers, docs[i][1], instant(r.Call), docs[i][2]}
	})
	if err != nil {
		return err
	}
	if n != int64(len(w.Records)) {
		return incident.ErrStale
	}
	for i, r := range w.Records {
		w.count(r.Incident, before[r.ID], -1)
		w.count(r.Incident, keptOf(r), 1)
		err := c.ledger.bind(facetOf["record"], r.Incident, r.ID, r.Controller, r.Name, r.Lang, string(r.Part), string(r.Certainty), r.Authority,
			r.Hours, docs[i][0], string(r.Tier), string(r.Stage), r.Notices, instant(r.AckedAt), r.AckedBy, instant(r.Call), r.Answers, docs[i][1], docs[i][2])
		if err != nil {
			return err
		}
	}
	return w.children(ctx, c, w.Records)
}

// recordDocuments are the parts of records that are kept as JSON: facts, mandate and joint.
func recordDocuments(rs []*incident.Record) ([][3]string, error) {
	all := make([][3]string, len(rs))
	for i, r := range rs {
		for n, v := range []any{r.Facts, r.Mandate, r.Joint} {
			var err error
			if all[i][n], err = asJSON(v); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// OpenCasesOf returns the ids of the open incidents that a controller has a
// record in, oldest first.
func (db *DB) OpenCasesOf(ctx context.Context, controller string) ([]string, error) {
	return list(ctx, db.conn(), text, `
		select i.id from incident i join record r on r.incident = i.id and r.controller = ?1
		where i.closed_at is null order by i.id`, controller)
}

// Excluded returns the ids of an incident's records that are not affected.
func (db *DB) Excluded(ctx context.Context, inc string) ([]string, error) {
	return list(ctx, db.conn(), text, `select id from record where incident = ?1 and certainty = 'not_affected' order by id`, inc)
}

// Judged returns the ids of the open records of an incident that have an
// assessment or a decision.
func (db *DB) Judged(ctx context.Context, inc string) ([]string, error) {
	return list(ctx, db.conn(), text, `
		select id from record r
		where incident = ?1 and certainty <> 'not_affected'
			and (exists (select 1 from assessment a where a.record = r.id) or exists (select 1 from decision d where d.record = r.id))
		order by id`, inc)
}

// children writes what belongs to records: what is new is added, deadlines are
// brought up to date.
func (w *write) children(ctx context.Context, c conn, rs []*incident.Record) error {
	if len(rs) == 0 {
		return nil
	}
	marks := make([]owned, len(rs))
	for i, r := range rs {
		marks[i] = owned{r.Incident, r.ID, r.Marks}
	}
	if err := addMarks(ctx, c, marks); err != nil {
		return err
	}
	var deadlines []*incident.Deadline
	for _, r := range rs {
		deadlines = append(deadlines, r.Deadlines...)
	}
	if err := putDeadlines(ctx, c, deadlines, w.At); err != nil {
		return err
	}
	return addJudgements(ctx, c, rs)
}
