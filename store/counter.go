package store

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"strings"

	"hatakello/incident"
)

// The kinds of counters of a case.
const (
	byDue   = "due"   // records with a running limit of ours, by instant
	byLimit = "limit" // the same, by instant and duty
	byLang  = "lang"  // records that are told by us, by language
)

// kept is what the counters know of one record.
type kept struct {
	lang   string          // "" if we do not tell it
	limits map[string]bool // limits of ours that still run: instant, space, duty
}

// keptOf is what the counters should know of r.
func keptOf(r *incident.Record) kept {
	k := kept{limits: openLimits(r.Deadlines)}
	if r.Part == incident.AsProcessor && r.Open() {
		k.lang = r.Lang
	}
	return k
}

// openLimits are the limits of ours among deadlines that still run.
func openLimits(all []*incident.Deadline) map[string]bool {
	limits := map[string]bool{}
	for _, d := range all {
		if d.Ours && d.Running() && !d.Due.IsZero() {
			limits[orNever(d.Due)+" "+d.Duty] = true
		}
	}
	return limits
}

// loadKept reads what the counters know of records before they are updated.
func loadKept(ctx context.Context, c conn, rs []*incident.Record) (map[string]kept, error) {
	ids := make([]string, len(rs))
	for i, r := range rs {
		ids[i] = r.ID
	}
	all := make(map[string]kept, len(rs))
	_, err := listIn(ctx, c, func(rows *sql.Rows) (struct{}, error) {
		var id, lang, part, certainty, due, duty string
		err := rows.Scan(&id, &lang, &part, &certainty, reference(&due), reference(&duty))
		k, seen := all[id]
		if !seen {
			k.limits = map[string]bool{}
			if part == string(incident.AsProcessor) && certainty != string(incident.NotAffected) {
				k.lang = lang
			}
			all[id] = k
		}
		if due != "" {
			k.limits[due+" "+duty] = true
		}
		return struct{}{}, err
	}, `
		select r.id, r.lang, r.part, r.certainty, d.due, d.duty
		from record r left join deadline d on d.incident = r.incident and d.record = r.id and d.met is null and d.ours
		where r.id in ({ids})
		order by r.id`, ids)
	return all, err
}

type counterKey struct{ incident, kind, value string }

// counts are what an act adds to counters.
type counts map[counterKey]int

// count adds a record n times (−1 takes it away).
func (w *write) count(inc string, k kept, n int) {
	if w.counts == nil {
		w.counts = counts{}
	}
	if k.lang != "" {
		w.counts[counterKey{inc, byLang, k.lang}] += n
	}
	dues := map[string]bool{}
	for limit := range k.limits {
		w.counts[counterKey{inc, byLimit, limit}] += n
		dues[limit[:len(layout)]] = true
	}
	for due := range dues {
		w.counts[counterKey{inc, byDue, due}] += n
	}
}

var addCounter = insert("counter", "incident, kind, value, n",
	"on conflict (incident, kind, value) do update set n = counter.n + excluded.n")

// counters writes what the act adds, and the tightest limit of each case where
// limits came or went.
func (w *write) counters(ctx context.Context, c conn) error {
	maps.DeleteFunc(w.counts, func(_ counterKey, n int) bool { return n == 0 })
	if len(w.counts) == 0 {
		return nil
	}
	keys := slices.SortedFunc(maps.Keys(w.counts), counterKey.compare)
	_, err := addCounter.run(ctx, c, len(keys), func(i int) []any {
		k := keys[i]
		return []any{k.incident, k.kind, k.value, w.counts[k]}
	})
	if err != nil {
		return err
	}
	done := ""
	for _, k := range keys {
		if k.kind != byDue || k.incident == done {
			continue
		}
		done = k.incident
		_, err := c.exec(ctx, `
			update incident set tight = coalesce(
				(select min(value) from counter where incident = ?1 and kind = 'due' and n > 0), ?2)
			where id = ?1`, k.incident, never)
		if err != nil {
			return err
		}
	}
	return nil
}

func (k counterKey) compare(l counterKey) int {
	return slices.Compare([]string{k.incident, k.kind, k.value}, []string{l.incident, l.kind, l.value})
}

// Langs counts the open processor records of a case by language.
func (db *DB) Langs(ctx context.Context, inc string) (map[string]int, error) {
	by := map[string]int{}
	_, err := list(ctx, db.conn(), func(rows *sql.Rows) (struct{}, error) {
		var lang string
		var n int
		err := rows.Scan(&lang, &n)
		by[lang] = n
		return struct{}{}, err
	}, `select value, n from counter where incident = ?1 and kind = 'lang' and n > 0 order by value`, inc)
	return by, err
}

// Limits returns the running limits of ours in open cases, soonest first, at
// most n, those of one case, duty and instant as one.
func (db *DB) Limits(ctx context.Context, n int) ([]*incident.Limit, error) {
	return list(ctx, db.conn(), func(rows *sql.Rows) (*incident.Limit, error) {
		l := &incident.Limit{}
		var value string
		if err := rows.Scan(&l.Incident, &l.Number, &value, &l.Records); err != nil {
			return nil, err
		}
		due, duty, _ := strings.Cut(value, " ")
		l.Duty = duty
		return l, when(&l.Due).Scan(due)
	}, `
		select c.incident, i.number, c.value, c.n
		from counter c join incident i on i.id = c.incident
		where c.kind = 'limit' and c.n > 0 and i.closed_at is null
		order by c.value, c.incident
		limit ?1`, n)
}
