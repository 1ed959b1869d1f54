package store

import (
	"context"
	"database/sql"

	"hatakello/incident"
)

var insertEvidence = insert("evidence", evidenceColumns, "").bindAs("evidence")

const evidenceColumns = `id, incident, record, sha256, size, name, about, happened, typed, made_by, at`

func (w *write) evidence(ctx context.Context, c conn) error {
	_, err := insertEvidence.run(ctx, c, len(w.Evidence), func(i int) []any {
		x := w.Evidence[i]
		return []any{x.ID, x.Incident, x.Record, x.SHA256, x.Size, x.Name, x.About, instant(x.Happened), x.Typed, x.By, orNever(x.At)}
	})
	return err
}

func readEvidence(rows *sql.Rows) (*incident.Evidence, error) {
	x := &incident.Evidence{}
	return x, rows.Scan(&x.ID, &x.Incident, &x.Record, &x.SHA256, &x.Size, &x.Name, &x.About, when(&x.Happened), &x.Typed, &x.By, when(&x.At))
}

// Evidence loads the description of one file of a case.
func (db *DB) Evidence(ctx context.Context, inc, id string) (*incident.Evidence, error) {
	return only(ctx, db.conn(), "evidence.unknown", readEvidence, `select `+evidenceColumns+` from evidence where incident = ?1 and id = ?2`, inc, id)
}

// EvidenceOf lists the files of a case, newest first.
func (db *DB) EvidenceOf(ctx context.Context, inc string, cut incident.Cut) ([]*incident.Evidence, string, error) {
	after, err := readCursor(cut.After, 1)
	if err != nil {
		return nil, "", err
	}
	all, err := list(ctx, db.conn(), readEvidence, `
		select `+evidenceColumns+` from evidence
		where incident = ?1 and id < ?2
		order by id desc
		limit ?3`, inc, after.before(0), cut.Limit+1)
	if err != nil {
		return nil, "", err
	}
	all, next := page(all, cut, func(x *incident.Evidence) []string { return []string{x.ID} })
	return all, next, nil
}

// Custody lists the lines of a timeline about one file, oldest first.
func (db *DB) Custody(ctx context.Context, inc, id string) ([]*incident.Entry, error) {
	return list(ctx, db.conn(), readEntry, `
		select `+entryRead+` from entry e where e.incident = ?1 and e.evidence = ?2 and e.evidence <> '' order by e.id`, inc, id)
}
