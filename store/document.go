package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"hatakello/incident"
)

// An indexed text is one that a search finds, by the words that it holds.
type indexed struct {
	kind, ref, incident string
	text                string
}

// The most words of one text, and the longest word, that are looked for.
const (
	documentWords = 5000
	wordLetters   = 48
)

// letters takes back from folded words the places of å, ä and ö in the
// alphabet: an index of words must see letters.
var letters = strings.NewReplacer("{", "å", "|", "ä", "}", "ö")

// searched are the words of a text as they are indexed and looked for: lower
// case, accents off, å, ä and ö letters of their own.
func searched(text string) []string {
	all := words(text)
	for i, w := range all {
		w = letters.Replace(w)
		if rs := []rune(w); len(rs) > wordLetters {
			w = string(rs[:wordLetters])
		}
		all[i] = w
	}
	return all[:min(len(all), documentWords)]
}

// documents brings the words of what people wrote into the index. A notice to
// many stands in it once in each language.
func (w *write) documents(ctx context.Context, c conn) error {
	var all []indexed
	for _, e := range w.Entries {
		if e.Kind != incident.ByAct || e.Text != "" {
			all = append(all, entryDocument(e))
		}
	}
	said := map[[3]string]bool{}
	for _, n := range w.Notices {
		if key := [3]string{n.Incident, n.Lang, n.Said}; !said[key] {
			said[key] = true
			all = append(all, indexed{"notice", n.ID, n.Incident, n.Subject + " " + n.Said})
		}
	}
	for _, i := range append([]*incident.Incident{w.NewIncident, w.Incident}, w.Imports...) {
		if i != nil && (i.Facts != incident.Facts{} || i.Ended != "") {
			all = append(all, factsDocument(i))
		}
	}
	for _, k := range w.Register.Controllers {
		all = append(all, customerDocument(k))
	}
	return putDocuments(ctx, c, all)
}

func entryDocument(e *incident.Entry) indexed {
	return indexed{"entry", e.ID, e.Incident, strings.Join([]string{e.Text, e.Args["file"], e.Args["author"], e.Args["to"], e.Why}, " ")}
}

func factsDocument(i *incident.Incident) indexed {
	f := i.Facts
	return indexed{"facts", i.ID, i.ID, strings.Join([]string{i.Title, f.Nature.Text, f.Data.Text, f.Groups.Text, f.Consequences.Text, f.Measures.Text, f.Advice.Text, i.Ended}, " ")}
}

func customerDocument(k *incident.Controller) indexed {
	parts := []string{k.Name, k.BusinessID}
	for _, x := range k.Contacts {
		parts = append(parts, x.Name, x.Email, x.Phone)
	}
	for _, u := range k.Uses {
		parts = append(parts, u.Tenant)
	}
	return indexed{"customer", k.ID, "", strings.Join(parts, " ")}
}

// putDocuments writes texts without words, too: one may have lost its last.
func putDocuments(ctx context.Context, c conn, all []indexed) error {
	_, err := c.d.documents.run(ctx, c, len(all), func(i int) []any {
		x := all[i]
		ws := searched(x.text)
		slices.Sort(ws)
		return []any{x.kind, x.ref, x.incident, strings.Join(slices.Compact(ws), " ")}
	})
	return err
}

// documentBatch writes documents; words is how the dialect takes their words.
func documentBatch(words string) *batch {
	return &batch{head: "insert into document (kind, ref, incident, words) values ", row: []string{"?", "?", "?", words},
		tail: ` on conflict (kind, ref) do update set words = excluded.words where document.words <> excluded.words`}
}

// indexAll gives the words of what there is already to a new index.
func indexAll(ctx context.Context, c conn) error {
	type part struct {
		sql  string
		read scan[indexed]
	}
	plain := func(rows *sql.Rows) (d indexed, err error) {
		err = rows.Scan(&d.kind, &d.ref, &d.incident, &d.text)
		return d, err
	}
	facts := func(rows *sql.Rows) (indexed, error) {
		i := &incident.Incident{}
		err := rows.Scan(&i.ID, &i.Title, &jsonColumn{&i.Facts}, &i.Ended)
		return factsDocument(i), err
	}
	for _, p := range []part{
		{`select 'entry', id, incident, content || ' ' || why from entry where content <> '' or kind <> '' order by id`, plain},
		{`select 'notice', min(id), incident, content from notice group by incident, lang, content order by 2`, plain},
		{`select 'customer', k.id, '', k.name || ' ' || k.business_id || ' ' || coalesce(min(o.name || ' ' || o.email), '')
			from controller k left join contact o on o.controller = k.id group by k.id, k.name, k.business_id order by k.id`, plain},
		{`select id, title, facts, ended from incident where facts <> '{}' or ended <> '' order by id`, facts},
	} {
		all, err := list(ctx, c, p.read, p.sql)
		if err == nil {
			err = putDocuments(ctx, c, all)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
