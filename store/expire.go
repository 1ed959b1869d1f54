package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"hatakello/incident"
)

// free is the condition that a case i may lose what was kept for its time: it
// is closed, no clock of ours runs in it, none of a controller's is yet to come,
// and nobody has put it on hold. ?2 is now.
const free = `i.closed_at is not null
	and not exists (select 1 from deadline x where x.incident = i.id and x.met is null and (x.ours or x.due > ?2))
	and not exists (select 1 from legal_hold x where x.incident = i.id and x.ended is null)`

// An expiry finds the rows of a kind of data whose time began before ?1.
type expiry struct {
	kind, table string
	columns     string // that are emptied; none: the row goes
	from, where string // of the table t; at is when the time began
	at          string
}

var expiries = []expiry{
	{"mails", "body", "bytes", "body t join delivery d on d.id = t.delivery join incident i on i.id = d.incident", "d.notice is not null and length(t.bytes) > 0 and " + free, "i.closed_at"},
	{"contacts", "delivery", "address, name", "delivery t join incident i on i.id = t.incident", "(t.address <> '' or t.name <> '') and t.fate not in ('pending', 'leased') and " + free, "i.closed_at"},
	{"contacts", "question", "address, name", "question t join incident i on i.id = t.incident", "(t.address <> '' or t.name <> '') and " + free, "i.closed_at"},
	{"handovers", "handover", "bytes", "handover t join incident i on i.id = t.incident", "length(t.bytes) > 0 and " + free, "i.closed_at"},
	{"received", "received_body", "bytes", "received_body t join received x on x.id = t.received join incident i on i.id = x.incident", "length(t.bytes) > 0 and " + free, "i.closed_at"},
	{"files", "files", "bytes", "files t join evidence v on v.sha256 = t.sha256 join incident i on i.id = v.incident", `length(t.bytes) > 0 and ` + free + `
		and not exists (select 1 from evidence w join incident o on o.id = w.incident where w.sha256 = t.sha256 and o.id <> i.id)
		and not exists (select 1 from filing f where f.files like '%' || t.sha256 || '%')`, "i.closed_at"},
	{"alarms", "body", "bytes", "body t join delivery d on d.id = t.delivery left join incident i on i.id = d.incident", "d.notice is null and d.settled is not null and length(t.bytes) > 0 and ?2 <> '' and (d.incident is null or " + free + ")", "d.settled"},
	{"answers", "done", "", "done t", "?2 <> ''", "t.at"},
	{"drafts", "draft", "", "draft t", "?2 <> ''", "t.at"},
}

// text selects the keys, the beginnings and the cases of an expiry's rows.
func (x expiry) text(t *trace, limit bool) string {
	what := "cast(t." + strings.Join(columnsOf(t.key), " as text), cast(t.") + " as text), " + x.at + " as began"
	text := "select distinct " + what + " from " + x.from + " where " + x.at + " < ?1 and " + x.where
	if limit {
		text += " order by began limit ?3"
	}
	return text
}

func traceOf(table string) *trace {
	i := slices.IndexFunc(traces, func(t *trace) bool { return t.table == table })
	return traces[i]
}

// Expiring returns up to n places of a kind whose time began before then.
func (db *DB) Expiring(ctx context.Context, kind string, before, now time.Time, n int) (all []*incident.Place, oldest, newest time.Time, err error) {
	for _, x := range expiries {
		if x.kind != kind || len(all) >= n {
			continue
		}
		t := traceOf(x.table)
		keys := len(columnsOf(t.key))
		rows, err := list(ctx, db.conn(), func(rows *sql.Rows) (*incident.Place, error) {
			p := &incident.Place{Table: x.table, Column: x.columns, Key: make([]string, keys)}
			var at time.Time
			into := make([]any, keys, keys+1)
			for i := range into {
				into[i] = &p.Key[i]
			}
			err := rows.Scan(append(into, when(&at))...)
			if oldest.IsZero() || at.Before(oldest) {
				oldest = at
			}
			if at.After(newest) {
				newest = at
			}
			return p, err
		}, x.text(t, true), orNever(before), orNever(now), n-len(all))
		if err != nil {
			return nil, oldest, newest, fmt.Errorf("look for %s in %s: %w", kind, x.table, err)
		}
		all = append(all, rows...)
	}
	return all, oldest, newest, nil
}

// ExpiringTally counts them and says when the oldest one's time began.
func (db *DB) ExpiringTally(ctx context.Context, kind string, before, now time.Time) (n int, oldest time.Time, err error) {
	for _, x := range expiries {
		if x.kind != kind {
			continue
		}
		var some int
		var first time.Time
		_, err := db.conn().one(ctx, "select count(*), min(began) from ("+x.text(traceOf(x.table), false)+") as e", []any{orNever(before), orNever(now)}, &some, when(&first))
		if err != nil {
			return 0, oldest, fmt.Errorf("count %s in %s: %w", kind, x.table, err)
		}
		if n += some; some > 0 && (oldest.IsZero() || first.Before(oldest)) {
			oldest = first
		}
	}
	return n, oldest, nil
}

// expire empties the columns of what was kept for its time, or takes the rows.
func (e *eraser) expire(ctx context.Context) error {
	for _, p := range e.Erasure.Expire {
		t := traceOf(p.Table)
		row, home, err := t.stored(ctx, e.c, p)
		if err != nil {
			return err
		}
		if row == nil {
			continue
		}
		if p.Column == "" {
			if err := e.drop(ctx, t, p, home); err != nil {
				return err
			}
			continue
		}
		set := map[string]any{}
		for _, name := range columnsOf(p.Column) {
			if _, isText := row[name].(string); isText {
				set[name] = ""
			} else {
				set[name] = []byte{}
			}
		}
		count(e.changed, home, t.table)
		if err := e.update(ctx, t, p, home, set); err != nil {
			return err
		}
	}
	return nil
}

// legalHold keeps or ends a hold.
func (w *write) legalHold(ctx context.Context, c conn) error {
	l := w.LegalHold
	if l == nil {
		return nil
	}
	_, err := c.exec(ctx, `
		insert into legal_hold (incident, reason, made, made_by, ended, ended_by) values (?1, ?2, ?3, ?4, ?5, ?6)
		on conflict (incident) do update set reason = excluded.reason, made = excluded.made, made_by = excluded.made_by,
			ended = excluded.ended, ended_by = excluded.ended_by`,
		l.Incident, l.Reason, orNever(l.Made), l.By, instant(l.Ended), l.EndedBy)
	if err != nil {
		return err
	}
	return c.bindRow(ctx, "legal_hold", l.Incident)
}

const holdText = `select h.incident, i.number, h.reason, h.made, h.made_by, h.ended, h.ended_by from legal_hold h join incident i on i.id = h.incident where `

func readHold(rows *sql.Rows) (*incident.LegalHold, error) {
	l := &incident.LegalHold{}
	return l, rows.Scan(&l.Incident, &l.Number, &l.Reason, when(&l.Made), &l.By, when(&l.Ended), &l.EndedBy)
}

// LegalHold loads a case's hold, or nil.
func (db *DB) LegalHold(ctx context.Context, id string) (*incident.LegalHold, error) {
	all, err := list(ctx, db.conn(), readHold, holdText+`h.incident = ?1`, id)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return all[0], nil
}

// LegalHolds loads the holds in force, the newest first.
func (db *DB) LegalHolds(ctx context.Context) ([]*incident.LegalHold, error) {
	return list(ctx, db.conn(), readHold, holdText+`h.ended is null order by h.made desc, h.incident limit 500`)
}

// ErasedIn counts the rows that were erased in a time, by kind.
func (db *DB) ErasedIn(ctx context.Context, from, until time.Time) (map[string]int, error) {
	all, err := list(ctx, db.conn(), readErasure, erasureText+` where at >= ?1 and at < ?2 order by id`, orNever(from), orNever(until))
	by := map[string]int{}
	for _, x := range all {
		for _, n := range x.Changed {
			by[x.Kind] += n
		}
	}
	return by, err
}
