package store

import (
	"context"
	"database/sql"
	"strconv"

	"hatakello/incident"
)

func itoa(n int) string { return strconv.Itoa(n) }

// Lines lists the controllers of a case, those with the tightest running limit
// first, then by name. The search is in the name.
func (db *DB) Lines(ctx context.Context, id string, f incident.LineFilter, cut incident.Cut) (all []*incident.Line, next string, err error) {
	after, err := readCursor(cut.After, 3)
	if err != nil {
		return nil, "", err
	}
	where, args := "", []any{id, after.after(0), after.after(1), after.after(2), cut.Limit + 1}
	if f.Stage != "" {
		args = append(args, string(f.Stage))
		where += ` and stage = ?` + itoa(len(args))
	}
	if fold(f.Search) != "" {
		args = append(args, containing(f.Search))
		where += ` and folded like ?` + itoa(len(args)) + ` escape '\'`
	}
	err = db.view(ctx, func(c conn) error {
		lines, err := list(ctx, c, readLine, `
			select r.id, r.controller, r.name, r.folded, r.lang, r.part, r.certainty, r.stage, r.tier, r.hours, r.acked_at, r.acked_by, r.tight,
				(select count(*) from contact o where o.controller = r.controller and o.email <> '' and not o.awaits)
			from (
				select * from record
				where incident = ?1 and (tight, folded, id) > (?2, ?3, ?4)`+where+`
				order by tight, folded, id
				limit ?5) as r
			order by r.tight, r.folded, r.id`, args...)
		if err != nil {
			return err
		}
		lines, next = page(lines, cut, func(l *boardLine) []string { return []string{l.tight, l.folded, l.ID} })
		for _, l := range lines {
			all = append(all, &l.Line)
		}
		return fillLines(ctx, c, id, all)
	})
	return all, next, err
}

// boardLine is a line with the values by which it is ordered.
type boardLine struct {
	incident.Line
	folded, tight string
}

func readLine(rows *sql.Rows) (*boardLine, error) {
	l := &boardLine{}
	return l, rows.Scan(&l.ID, &l.Controller, &l.Name, &l.folded, &l.Lang, &l.Part, &l.Certainty, &l.Stage, &l.Tier, &l.Hours,
		when(&l.AckedAt), &l.AckedBy, &l.tight, &l.Contacts)
}

func fillLines(ctx context.Context, c conn, inc string, all []*incident.Line) error {
	by, ids := make(map[string]*incident.Line, len(all)), make([]string, len(all))
	for i, l := range all {
		by[l.ID], ids[i] = l, l.ID
	}
	deadlines, err := loadDeadlines(ctx, c, inc, ids)
	for _, d := range deadlines {
		by[d.Record].Deadlines = append(by[d.Record].Deadlines, d)
	}
	return err
}
