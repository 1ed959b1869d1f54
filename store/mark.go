package store

import (
	"context"
	"database/sql"

	"hatakello/incident"
)

// owned are the marks of a case (record is "") or of one of its records.
type owned struct {
	incident, record string
	marks            []incident.Mark
}

var insertMark = insert("mark", "incident, record, n, moment, at, sure, said, why, made_by, made",
	"on conflict (incident, record, n) do nothing").bindAs("mark").adding().gathers()

// addMarks writes the marks that are not there yet. Those that are, stay.
func addMarks(ctx context.Context, c conn, all []owned) error {
	type row struct {
		o owned
		n int
	}
	var rows []row
	for _, o := range all {
		for n := range o.marks {
			rows = append(rows, row{o, n})
		}
	}
	err := insertMark.put(ctx, c, len(rows), func(i int) []any {
		o, m := rows[i].o, rows[i].o.marks[rows[i].n]
		return []any{o.incident, o.record, rows[i].n, string(m.Moment), instant(m.At), string(m.Sure), m.Text, m.Why, m.By, orNever(m.Made)}
	})
	return err
}

// loadMarks reads the marks of a case's records, "" being the case itself.
func loadMarks(ctx context.Context, c conn, inc string, records []string) (map[string][]incident.Mark, error) {
	type row struct {
		record string
		m      incident.Mark
	}
	all, err := listIn(ctx, c, func(rows *sql.Rows) (r row, err error) {
		m := &r.m
		err = rows.Scan(&r.record, &m.Moment, when(&m.At), &m.Sure, &m.Text, &m.Why, &m.By, when(&m.Made))
		return r, err
	}, `
		select record, moment, at, sure, said, why, made_by, made
		from mark
		where incident = ?1 and record in ({ids})
		order by record, n`, records, inc)
	by := map[string][]incident.Mark{}
	for _, r := range all {
		by[r.record] = append(by[r.record], r.m)
	}
	return by, err
}
