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
			` + limitColumns("d") + `, ` + limitColumns("w") + `, coalesce(wr.name, '')
		from (select * from incident i where ` + where + ` order by ` + by + ` limit ?3) as i
			left join counter p on p.incident = i.id and p.kind = 'due' and p.value = i.tight
			left join deadline d on d.incident = i.id and d.record = (` + tightestOf("record") + `) and d.id = (` + tightestOf("id") + `)
			left join record r on r.id = d.record
			left join deadline w on w.incident = i.id and w.record = (` + firstOfTheirs("record") + `) and w.id = (` + firstOfTheirs("id") + `)
			left join record wr on wr.id = w.record
		order by ` + by
}

// tightestOf looks up one column of the deadline behind a case's tight.
func tightestOf(column string) string {
	return `select x.` + column + ` from deadline x
		where x.incident = i.id and x.met is null and x.ours and x.due = i.tight
		order by x.record, x.id limit 1`
}

// firstOfTheirs looks up one column of the first limit of the controllers' own.
func firstOfTheirs(column string) string {
	return `select x.` + column + ` from deadline x
		where x.incident = i.id and x.met is null and not x.ours and x.due > ''
		order by x.due, x.record, x.id limit 1`
}

// limitColumns are what scanLimit reads of a deadline.
func limitColumns(alias string) string {
	return strings.ReplaceAll("?.id, ?.record, ?.duty, ?.basis, ?.owed_to, ?.period, ?.start, ?.due, ?.outer_limit, ?.warn", "?", alias)
}

// boardRow is a row with what is read beside it.
type boardRow struct {
	incident.Row
	services []string
	tight    string
}

func readRow(rows *sql.Rows) (*boardRow, error) {
	r, ours, theirs := &boardRow{}, limit{}, limit{}
	t := &r.Tally
	into := []any{&r.ID, &r.Number, &r.Title, document(&r.services), &t.Records, &t.Notified, &t.Accepted, &t.Acked, &t.Failed,
		when(&r.LoggedAt), when(&r.ClosedAt), when(&r.Aware), &r.tight, &r.Waiting, &r.Holder}
	into = append(append(append(into, ours.into()...), theirs.into()...), &r.Whose)
	if err := rows.Scan(into...); err != nil {
		return r, err
	}
	var err error
	if r.Next, err = ours.of(r.ID, true); err != nil {
		return r, err
	}
	r.Theirs, err = theirs.of(r.ID, false)
	return r, err
}

// limit is a deadline that may be missing, as a list reads it.
type limit struct {
	incident.Deadline
	period string
}

func (l *limit) into() []any {
	return []any{reference(&l.ID), reference(&l.Record), reference(&l.Duty), reference(&l.Basis), reference((*string)(&l.To)),
		reference(&l.period), when(&l.Start), when(&l.Due), when(&l.Outer), when(&l.Warn)}
}

// of returns the case's deadline, or nil where there is none.
func (l *limit) of(id string, ours bool) (d *incident.Deadline, err error) {
	if l.ID == "" {
		return nil, nil
	}
	l.Incident, l.Ours = id, ours
	l.Within, err = incident.ParsePeriod(l.period)
	return &l.Deadline, err
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
