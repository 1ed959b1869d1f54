package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"hatakello/incident"
)

// stir notes what must be found by other words from now on.
func (e *eraser) stir(t *trace, p *incident.Place) {
	switch t.table {
	case "incident":
		note(e.anew, "incident", p.Key[0])
	case "entry":
		note(e.anew, "entry", p.Key[1])
	case "notice":
		note(e.anew, "notice", p.Key[0])
	case "controller", "contact", "usage":
		note(e.anew, "customer", p.Key[0])
	}
}

// reindex makes the words anew by which the changed texts are found.
func (e *eraser) reindex(ctx context.Context) error {
	for id := range e.anew["incident"] {
		if err := e.retitle(ctx, id); err != nil {
			return err
		}
	}
	ids := func(kind string) []string {
		var all []string
		for id := range e.anew[kind] {
			all = append(all, id)
		}
		slices.Sort(all)
		return all
	}
	entries, err := listIn(ctx, e.c, func(rows *sql.Rows) (indexed, error) {
		x := &incident.Entry{}
		err := rows.Scan(&x.ID, &x.Incident, &x.Text, document(&x.Args), &x.Why)
		return entryDocument(x), err
	}, `select id, incident, content, args, why from entry where id in ({ids}) order by id`, ids("entry"))
	if err != nil {
		return err
	}
	notices, err := listIn(ctx, e.c, func(rows *sql.Rows) (indexed, error) {
		d := indexed{kind: "notice"}
		var subject, said string
		err := rows.Scan(&d.ref, &d.incident, &subject, &said)
		d.text = subject + " " + said
		return d, err
	}, `select id, incident, subject, said from notice where id in ({ids}) order by id`, ids("notice"))
	if err != nil {
		return err
	}
	cases, err := listIn(ctx, e.c, func(rows *sql.Rows) (indexed, error) {
		i := &incident.Incident{}
		err := rows.Scan(&i.ID, &i.Title, &jsonColumn{&i.Facts}, &i.Ended)
		return factsDocument(i), err
	}, `select id, title, facts, ended from incident where id in ({ids}) order by id`, ids("incident"))
	if err != nil {
		return err
	}
	customers, err := e.customers(ctx, ids("customer"))
	if err != nil {
		return err
	}
	return e.reput(ctx, slices.Concat(entries, notices, cases, customers))
}

// reput changes the words of those texts that are found by words.
func (e *eraser) reput(ctx context.Context, all []indexed) error {
	var some []indexed
	for _, d := range all {
		n := 0
		found, err := e.c.one(ctx, `select 1 from document where kind = ?1 and ref = ?2`, []any{d.kind, d.ref}, &n)
		if err != nil {
			return err
		}
		if found {
			some = append(some, d)
		}
	}
	return putDocuments(ctx, e.c, some)
}

func (e *eraser) customers(ctx context.Context, ids []string) ([]indexed, error) {
	var all []indexed
	for _, id := range ids {
		ks, err := list(ctx, e.c, text, `
			select name || ' ' || business_id from controller where id = ?1
			union all select name || ' ' || email || ' ' || phone from contact where controller = ?1
			union all select tenant from usage where controller = ?1`, id)
		if err != nil {
			return nil, err
		}
		all = append(all, indexed{"customer", id, "", strings.Join(ks, " ")})
	}
	return all, nil
}

// retitle makes the words of a case's title anew.
func (e *eraser) retitle(ctx context.Context, id string) error {
	var number, title string
	found, err := e.c.one(ctx, `select number, title from incident where id = ?1`, []any{id}, &number, &title)
	if err != nil || !found {
		return err
	}
	folded := spaced(number + " " + title)
	if _, err := e.c.exec(ctx, `update incident set folded = ?2 where id = ?1`, id, folded); err != nil {
		return err
	}
	n, err := e.c.exec(ctx, `delete from word where incident = ?1`, id)
	if err != nil || n == 0 {
		return err // it is among the fresh ones, which are read from the title
	}
	return addWords(ctx, e.c, [][2]string{{id, folded}})
}
