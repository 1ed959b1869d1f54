package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

	"hatakello/incident"
)

// The register of breaches is filtered by a facet: a word for what a case has
// come to. There are few facets, so each that a filter admits gives its newest
// cases by an index, and these are merged: the work follows the page, not the
// register.

// dated is by when a case stands in the register, as it is stored.
func dated(i *incident.Incident) string {
	if k, ok := i.At(incident.ProcessorAware); ok && !k.At.IsZero() {
		return orNever(k.At)
	}
	return orNever(i.LoggedAt)
}

// summary brings the facet of a case up to date where it may have changed.
func (w *write) summary(ctx context.Context, c conn) error {
	own := func(r *incident.Record) bool { return r.Controller == incident.Own }
	touched := w.Incident != nil || len(w.NewRecords) > 0 || slices.ContainsFunc(w.Records, own)
	if w.About == "" || w.NewIncident != nil || !touched {
		return nil
	}
	inc, err := loadIncident(ctx, c, w.About)
	if err != nil {
		return err
	}
	ours, err := list(ctx, c, readRecord, `select `+recordColumns+` from record where incident = ?1 and controller = 'own' order by id`, w.About)
	if err == nil {
		err = fillRecords(ctx, c, w.About, ours)
	}
	if err != nil {
		return err
	}
	var mine *incident.Record
	if len(ours) > 0 {
		mine = ours[0]
	}
	_, err = c.exec(ctx, `update incident set facet = ?2 where id = ?1 and facet <> ?2`, w.About, incident.Summarise(inc, mine).Facet())
	return err
}

// imports inserts cases of an older register. They have numbers already.
func (w *write) imports(ctx context.Context, c conn) error {
	var texts [][2]string
	for _, i := range w.Imports {
		folded := spaced(i.Number + " " + i.Title)
		if err := insertCase(ctx, c, i, incident.Tally{}, folded, nil); err != nil {
			return fmt.Errorf("%s: %w", i.Number, err)
		}
		texts = append(texts, [2]string{i.ID, folded})
	}
	return addWords(ctx, c, texts)
}

// Numbers returns those of the given numbers that cases have already.
func (db *DB) Numbers(ctx context.Context, numbers []string) ([]string, error) {
	return listIn(ctx, db.conn(), text, `select number from incident where number in ({ids}) order by number`, unique(numbers))
}

// Breaches lists the register, the newest first.
func (db *DB) Breaches(ctx context.Context, f incident.BreachFilter, cut incident.Cut) (all []*incident.Breach, next string, err error) {
	if !f.Valid() {
		return nil, "", &incident.Error{Kind: incident.Invalid, Key: "breaches.filter", Field: "state"}
	}
	after, err := readCursor(cut.After, 2)
	if err != nil {
		return nil, "", err
	}
	from, until := "", last
	if !f.From.IsZero() {
		from = orNever(f.From)
	}
	if !f.Until.IsZero() {
		until = orNever(f.Until)
	}
	err = db.view(ctx, func(c conn) error {
		facets, err := facetsOf(ctx, c, f.Summary)
		if err != nil {
			return err
		}
		for _, x := range facets {
			some, err := list(ctx, c, readBreach, `
				select id, number, title, dated, records, notified, accepted, acked, failed, facet from incident
				where facet = ?1 and dated >= ?2 and dated < ?3 and (dated, id) < (?4, ?5)
				order by dated desc, id desc
				limit ?6`, x, from, until, after.before(0), after.before(1), cut.Limit+1)
			if err != nil {
				return err
			}
			all = append(all, some...)
		}
		return nil
	})
	if err != nil {
		return nil, "", err
	}
	slices.SortFunc(all, func(a, b *incident.Breach) int {
		return cmp.Or(b.Dated.Compare(a.Dated), cmp.Compare(b.ID, a.ID))
	})
	all, next = page(all[:min(len(all), cut.Limit+1)], cut, func(b *incident.Breach) []string { return []string{orNever(b.Dated), b.ID} })
	return all, next, nil
}

// facetsOf lists the facets that there are and that a filter admits, by steps
// from one to the next.
func facetsOf(ctx context.Context, c conn, f incident.Summary) ([]string, error) {
	var all []string
	for at := ""; ; {
		found, err := c.one(ctx, `select facet from incident where facet > ?1 order by facet limit 1`, []any{at}, &at)
		if err != nil || !found {
			return all, err
		}
		if f.Admits(incident.ParseFacet(at)) {
			all = append(all, at)
		}
	}
}

func readBreach(rows *sql.Rows) (*incident.Breach, error) {
	b, t := &incident.Breach{}, incident.Tally{}
	var facet string
	err := rows.Scan(&b.ID, &b.Number, &b.Title, when(&b.Dated), &t.Records, &t.Notified, &t.Accepted, &t.Acked, &t.Failed, &facet)
	b.Tally, b.Summary = t, incident.ParseFacet(facet)
	return b, err
}
