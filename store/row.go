package store

import (
	"context"
	"database/sql"
	"strings"

	"hatakello/incident"
)

// order is how a list of cases is ordered and continued.
type order struct {
	where string // with the values of the cursor as ?1 and ?2
	by    string
	keys  int // values in the cursor
}

// orders of cases by state. Open ones come with the tightest limit of ours
// first, then the newest; all others the newest first. Ids sort by time.
var orders = map[string]order{
	"open":   {"i.closed_at is null and i.tight >= ?1 and (i.tight > ?1 or i.id < ?2)", "i.tight, i.id desc", 2},
	"closed": {"i.closed_at is not null and i.id < ?2 and ?1 = ''", "i.id desc", 2},
	"":       {"i.id < ?2 and ?1 = ''", "i.id desc", 2},
}

// Rows lists cases: open ones with the tightest limit first, all others newest
// first. A search finds cases that have, for each of its words, a word in number
// or title that starts so; case and accents do not count.
func (db *DB) Rows(ctx context.Context, f incident.Filter, cut incident.Cut) (all []*incident.Row, next string, err error) {
	o, ok := orders[f.State]
	if !ok {
		return nil, "", &incident.Error{Kind: incident.Invalid, Key: "state.unknown", Field: "state"}
	}
	after, err := readCursor(cut.After, o.keys)
	if err != nil {
		return nil, "", err
	}
	var rows []*boardRow
	err = db.view(ctx, func(c conn) error {
		where, args, err := found(ctx, c, f.Search, []any{after.after(0), after.before(1), cut.Limit + 1})
		if err != nil {
			return err
		}
		rows, err = list(ctx, c, readRow, rowsText(o.where+where, o.by), args...)
		if err != nil {
			return err
		}
		rows, next = page(rows, cut, func(r *boardRow) []string { return o.key(r) })
		return nameServices(ctx, c, rows)
	})
	for _, r := range rows {
		all = append(all, &r.Row)
	}
	return all, next, err
}

func (o order) key(r *boardRow) []string {
	if strings.HasPrefix(o.by, "i.tight") {
		return []string{r.tight, r.ID}
	}
	return []string{"", r.ID}
}

// rowsText selects the page first, then looks up each row's tightest limit.
func rowsText(where, by string) string {
	return `
		select i.id, i.number, i.title, i.services, i.records, i.notified, i.accepted, i.acked, i.failed,
			i.logged_at, i.closed_at, i.aware, i.tight, coalesce(p.n, 0), coalesce(r.name, ''),
			d.id, d.record, d.duty, d.basis, d.owed_to, d.period, d.start, d.due, d.outer_limit, d.warn
		from (select * from incident i where ` + where + ` order by ` + by + ` limit ?3) as i
			left join counter p on p.incident = i.id and p.kind = 'due' and p.value = i.tight
			left join deadline d on d.incident = i.id and d.record = (` + tightestOf("record") + `) and d.id = (` + tightestOf("id") + `)
			left join record r on r.id = d.record
		order by ` + by
}

// tightestOf looks up one column of the deadline behind a case's tight.
func tightestOf(column string) string {
	return `select x.` + column + ` from deadline x
		where x.incident = i.id and x.met is null and x.ours and x.due = i.tight
		order by x.record, x.id limit 1`
}

// boardRow is a row with what is read beside it.
type boardRow struct {
	incident.Row
	services []string
	tight    string
}

func readRow(rows *sql.Rows) (*boardRow, error) {
	r, d := &boardRow{}, &incident.Deadline{Ours: true}
	t := &r.Tally
	var period string
	err := rows.Scan(&r.ID, &r.Number, &r.Title, document(&r.services), &t.Records, &t.Notified, &t.Accepted, &t.Acked, &t.Failed,
		when(&r.LoggedAt), when(&r.ClosedAt), when(&r.Aware), &r.tight, &r.Waiting, &r.Holder,
		reference(&d.ID), reference(&d.Record), reference(&d.Duty), reference(&d.Basis), reference((*string)(&d.To)),
		reference(&period), when(&d.Start), when(&d.Due), when(&d.Outer), when(&d.Warn))
	if err != nil || d.ID == "" {
		return r, err
	}
	d.Incident, r.Next = r.ID, d
	d.Within, err = incident.ParsePeriod(period)
	return r, err
}

// nameServices puts names in the place of ids.
func nameServices(ctx context.Context, c conn, rows []*boardRow) error {
	var ids []string
	for _, r := range rows {
		ids = append(ids, r.services...)
	}
	names := map[string]string{}
	_, err := listIn(ctx, c, func(rows *sql.Rows) (struct{}, error) {
		var id, name string
		err := rows.Scan(&id, &name)
		names[id] = name
		return struct{}{}, err
	}, `select id, name from service where id in ({ids}) order by id`, unique(ids))
	for _, r := range rows {
		for _, id := range r.services {
			r.Services = append(r.Services, names[id])
		}
	}
	return err
}
