package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"

	"hatakello/incident"
)

const entryColumns = `incident, id, record, at, made_by, key, args, content, kind, happened, typed, corrects, why, evidence, ref`

var insertEntry = insert("entry", entryColumns, "").bindAs("entry").gathers()

func (w *write) entries(ctx context.Context, c conn) error {
	args := make([]string, len(w.Entries))
	for i, e := range w.Entries {
		var err error
		if args[i], err = asJSON(e.Args); err != nil {
			return err
		}
	}
	err := insertEntry.put(ctx, c, len(w.Entries), func(i int) []any {
		e := w.Entries[i]
		return []any{e.Incident, e.ID, e.Record, orNever(e.At), e.By, e.Key, args[i], e.Text,
			string(e.Kind), instant(e.Happened), e.Typed, e.Corrects, e.Why, e.Evidence, e.Ref}
	})
	return err
}

// Entries come newest first; record "" gives the case's own lines and its
// records' together.
func (db *DB) Entries(ctx context.Context, inc, record string, cut incident.Cut) ([]*incident.Entry, string, error) {
	return db.Timeline(ctx, inc, incident.EntryFilter{Record: record}, cut)
}

// entryKinds are the conditions behind the words that a filter may hold.
var entryKinds = map[string]string{
	"": "", "people": " and e.kind <> ''", "acts": " and e.kind = ''", "note": " and e.kind <> '' and e.kind = 'note'",
	"pin": " and e.kind <> '' and e.kind = 'pin'", "evidence": " and e.kind <> '' and e.kind = 'evidence'", "custody": " and e.kind <> '' and e.kind = 'custody'",
}

// Timeline lists the lines of a case that a filter lets through, newest first,
// each with the entry that corrected it.
func (db *DB) Timeline(ctx context.Context, inc string, f incident.EntryFilter, cut incident.Cut) ([]*incident.Entry, string, error) {
	after, err := readCursor(cut.After, 1)
	if err != nil {
		return nil, "", err
	}
	kind, ok := entryKinds[f.Kind]
	if !ok {
		return nil, "", &incident.Error{Kind: incident.Invalid, Key: "entry.kind_unknown", Field: "kind"}
	}
	where, args := kind, []any{inc, after.before(0), cut.Limit + 1}
	and := func(condition string, value any) {
		args = append(args, value)
		where += " and " + condition + "?" + itoa(len(args))
	}
	if f.Record != "" {
		and("e.record <> '' and e.record = ", f.Record)
	}
	if f.By != "" {
		and("e.made_by = ", f.By)
	}
	if !f.From.IsZero() {
		and("coalesce(e.happened, e.at) >= ", instant(f.From))
	}
	if !f.Until.IsZero() {
		and("coalesce(e.happened, e.at) < ", instant(f.Until))
	}
	if f.Search != "" {
		found, err := db.findEntries(ctx, inc, f.Search)
		if err != nil || len(found) == 0 {
			return nil, "", err
		}
		return db.entriesAmong(ctx, found, where, args, cut)
	}
	all, err := list(ctx, db.conn(), readEntry, `
		select `+entryRead+` from entry e
		where e.incident = ?1 and e.id < ?2`+where+`
		order by e.id desc
		limit ?3`, args...)
	if err != nil {
		return nil, "", err
	}
	all, next := page(all, cut, func(e *incident.Entry) []string { return []string{e.ID} })
	return all, next, nil
}

// foundMost is how many finds of one case a filter goes on with.
const foundMost = 5000

// findEntries lists the entries of a case that hold the words of a search.
func (db *DB) findEntries(ctx context.Context, inc, q string) ([]string, error) {
	hits, _, err := db.Find(ctx, "entry", inc, q, incident.Cut{Limit: foundMost})
	ids := make([]string, len(hits))
	for i, h := range hits {
		ids[i] = h.Ref
	}
	return ids, err
}

// entriesAmong is one page of those entries that pass the rest of a filter.
func (db *DB) entriesAmong(ctx context.Context, ids []string, where string, args []any, cut incident.Cut) ([]*incident.Entry, string, error) {
	all, err := listIn(ctx, db.conn(), readEntry, `
		select `+entryRead+` from entry e
		where e.incident = ?1 and e.id < ?2 and ?3 > 0`+where+` and e.id in ({ids})
		order by e.id desc`, ids, args...)
	if err != nil {
		return nil, "", err
	}
	slices.SortFunc(all, func(a, b *incident.Entry) int { return cmp.Compare(b.ID, a.ID) })
	all, next := page(all[:min(len(all), cut.Limit+1)], cut, func(e *incident.Entry) []string { return []string{e.ID} })
	return all, next, nil
}

// entryRead is what is read of an entry e.
const entryRead = `e.incident, e.id, e.record, e.at, e.made_by, e.key, e.args, e.content, e.kind, e.happened, e.typed, e.corrects, e.why, e.evidence, e.ref,
	coalesce((select min(x.id) from entry x where x.incident = e.incident and x.corrects = e.id and x.corrects <> ''), '')`

func readEntry(rows *sql.Rows) (*incident.Entry, error) {
	e := &incident.Entry{}
	return e, rows.Scan(&e.Incident, &e.ID, &e.Record, when(&e.At), &e.By, &e.Key, document(&e.Args), &e.Text,
		&e.Kind, when(&e.Happened), &e.Typed, &e.Corrects, &e.Why, &e.Evidence, &e.Ref, &e.CorrectedBy)
}

// Entry loads one line of a timeline.
func (db *DB) Entry(ctx context.Context, inc, id string) (*incident.Entry, error) {
	return only(ctx, db.conn(), "entry.unknown", readEntry, `select `+entryRead+` from entry e where e.incident = ?1 and e.id = ?2`, inc, id)
}

// EntryByRef returns the newest entry about a message of a chat, or nil.
func (db *DB) EntryByRef(ctx context.Context, inc, ref string) (*incident.Entry, error) {
	all, err := list(ctx, db.conn(), readEntry, `
		select `+entryRead+` from entry e where e.incident = ?1 and e.ref = ?2 and e.ref <> '' order by e.id desc limit 1`, inc, ref)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return all[0], nil
}
