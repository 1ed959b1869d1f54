package store

import (
	"context"
	"database/sql"

	"hatakello/incident"
)

const entryColumns = `incident, id, record, at, made_by, key, args, content`

var insertEntry = insert("entry", entryColumns, "")

func (w *write) entries(ctx context.Context, c conn) error {
	args := make([]string, len(w.Entries))
	for i, e := range w.Entries {
		var err error
		if args[i], err = asJSON(e.Args); err != nil {
			return err
		}
	}
	_, err := insertEntry.run(ctx, c, len(w.Entries), func(i int) []any {
		e := w.Entries[i]
		return []any{e.Incident, e.ID, e.Record, orNever(e.At), e.By, e.Key, args[i], e.Text}
	})
	return err
}

// Entries come newest first; record "" gives the case's own lines and its
// records' together.
func (db *DB) Entries(ctx context.Context, inc, record string, cut incident.Cut) ([]*incident.Entry, string, error) {
	after, err := readCursor(cut.After, 1)
	if err != nil {
		return nil, "", err
	}
	where, args := "", []any{inc, after.before(0), cut.Limit + 1}
	if record != "" {
		where, args = " and record = ?4 and record <> ''", append(args, record)
	}
	all, err := list(ctx, db.conn(), readEntry, `
		select `+entryColumns+` from entry
		where incident = ?1 and id < ?2`+where+`
		order by id desc
		limit ?3`, args...)
	if err != nil {
		return nil, "", err
	}
	all, next := page(all, cut, func(e *incident.Entry) []string { return []string{e.ID} })
	return all, next, nil
}

func readEntry(rows *sql.Rows) (*incident.Entry, error) {
	e := &incident.Entry{}
	return e, rows.Scan(&e.Incident, &e.ID, &e.Record, when(&e.At), &e.By, &e.Key, document(&e.Args), &e.Text)
}
