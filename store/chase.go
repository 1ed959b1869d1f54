package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"hatakello/incident"
)

// planChase sets when notices are chased: only the newest of its record, and
// only while it is unanswered.
var planChase = &batch{
	head: `update notice set chase_at = v.column2 from (values `,
	row:  []string{asText, asText},
	tail: `) as v where id = v.column1 and acked_at is null and n = (select r.notices from record r where r.id = notice.record)`,
}

// chased sets or ends the chasing of notices.
func (w *write) chased(ctx context.Context, c conn) error {
	var plans []incident.Chase
	var records, notices []string
	for _, k := range w.Chased {
		switch {
		case k.Notice == "":
			records = append(records, k.Record)
		case k.At.IsZero():
			notices = append(notices, k.Notice)
		default:
			plans = append(plans, k)
		}
	}
	if _, err := c.execIn(ctx, `update notice set chase_at = null where chase_at is not null and record in ({ids})`, unique(records)); err != nil {
		return err
	}
	if _, err := c.execIn(ctx, `update notice set chase_at = null where chase_at is not null and id in ({ids})`, unique(notices)); err != nil {
		return err
	}
	slices.SortFunc(plans, func(a, b incident.Chase) int { return strings.Compare(a.Notice, b.Notice) })
	_, err := planChase.run(ctx, c, len(plans), func(i int) []any { return []any{plans[i].Notice, instant(plans[i].At)} })
	return err
}

// Chases returns up to n notices whose time to be chased has come, oldest first.
func (db *DB) Chases(ctx context.Context, now time.Time, n int) ([]*incident.Notice, error) {
	return list(ctx, db.conn(), readNotice, `
		select `+noticeColumns+` from notice n
		where n.chase_at is not null and n.chase_at <= ?1
		order by n.chase_at, n.id
		limit ?2`, instant(now), n)
}

// PendingOf returns the deliveries to a record that no courier holds, without
// bytes, oldest first.
func (db *DB) PendingOf(ctx context.Context, record string) ([]*incident.Delivery, error) {
	return list(ctx, db.conn(), readDelivery, `
		select `+deliveryColumns+` from delivery where record = ?1 and fate = 'pending' order by id`, record)
}

// PendingBy returns the pending deliveries by a route, without bytes, most
// urgent first.
func (db *DB) PendingBy(ctx context.Context, route incident.Route) ([]*incident.Delivery, error) {
	return list(ctx, db.conn(), readDelivery, `
		select `+deliveryColumns+` from delivery where route = ?1 and fate = 'pending' order by urgency, due, id`, string(route))
}

// Waiting returns the deliveries by a route that have not gone out, those that
// a courier holds too, without bytes, most urgent first. Each part of the
// question has an index that holds nothing else.
func (db *DB) Waiting(ctx context.Context, route incident.Route) ([]*incident.Delivery, error) {
	var parts []string
	for _, which := range []string{"fate = 'pending' and ready", "fate = 'pending' and not ready", "fate = 'leased'"} {
		parts = append(parts, `select `+deliveryColumns+` from delivery where route = ?1 and `+which)
	}
	return list(ctx, db.conn(), readDelivery, `select * from (`+strings.Join(parts, " union all ")+`) as w order by urgency, due, id`, string(route))
}

// stopRoute cancels whatever waits for a route. What a courier holds is taken
// from it: the answer it may still report finds no lease.
func (w *write) stopRoute(ctx context.Context, c conn) error {
	if w.StopRoute == "" {
		return nil
	}
	ids, err := list(ctx, c, text, `select id from delivery where route = ?1 and fate in ('pending', 'leased') order by id`, string(w.StopRoute))
	if err != nil || len(ids) == 0 {
		return err
	}
	_, err = c.execIn(ctx, `
		update delivery set fate = 'cancelled', settled = ?1, lease = null, ready = false
		where fate in ('pending', 'leased') and id in ({ids})`, ids, instant(w.At))
	if err != nil {
		return err
	}
	return c.bindStoredIn(ctx, facetOf["delivery_end"], "t.id in ({ids})", ids)
}

// Ends returns when the last n mails were accepted since then, newest first.
func (db *DB) Ends(ctx context.Context, since time.Time, n int) ([]time.Time, error) {
	return list(ctx, db.conn(), func(rows *sql.Rows) (t time.Time, err error) {
		err = rows.Scan(when(&t))
		return t, err
	}, `
		select r.ended from receipt r join delivery d on d.id = r.delivery
		where r.ok and r.ended >= ?1 and d.route = 'mail'
		order by r.ended desc
		limit ?2`, instant(since), n)
}

// ToCall counts the records of an incident that wait for a call.
func (db *DB) ToCall(ctx context.Context, inc string) (int, error) {
	n := 0
	_, err := db.conn().one(ctx, `select count(*) from record where incident = ?1 and call_at is not null`, []any{inc}, &n)
	return n, err
}

// Calls returns the records of an incident that wait for a call, tightest
// limit first, with their controllers' contacts.
func (db *DB) Calls(ctx context.Context, inc string) ([]*incident.CallLine, error) {
	return db.calls(ctx, inc, `r.call_at is not null`)
}

// Unreached returns the same for all controllers to whom no notice has been
// delivered, whether or not mail is still being tried.
func (db *DB) Unreached(ctx context.Context, inc string) ([]*incident.CallLine, error) {
	return db.calls(ctx, inc, `(r.call_at is not null or r.stage in ('untold', 'queued', 'failed') and r.certainty <> 'not_affected')`)
}

func (db *DB) calls(ctx context.Context, inc, who string) (all []*incident.CallLine, err error) {
	err = db.view(ctx, func(c conn) error {
		all, err = list(ctx, c, readCall, `
			select r.id, r.controller, r.name, r.lang, r.stage, r.call_at, r.tight, r.notices,
				coalesce(n.code, ''), coalesce(n.said, '')
			from record r left join notice n on n.record = r.id and n.n = r.notices
			where r.incident = ?1 and `+who+`
			order by r.tight, r.folded, r.id`, inc)
		if err != nil {
			return err
		}
		by, ids := map[string][]*incident.CallLine{}, make([]string, len(all))
		for i, l := range all {
			ids[i] = l.Controller
			by[l.Controller] = append(by[l.Controller], l)
		}
		_, err = listIn(ctx, c, func(rows *sql.Rows) (struct{}, error) {
			var id string
			var o incident.Contact
			err := rows.Scan(&id, &o.Name, &o.Email, &o.Phone, &o.Awaits)
			for _, l := range by[id] {
				l.Contacts = append(l.Contacts, o)
			}
			return struct{}{}, err
		}, `select controller, name, email, phone, awaits from contact where controller in ({ids}) order by controller, n`, unique(ids))
		return err
	})
	return all, err
}

func readCall(rows *sql.Rows) (*incident.CallLine, error) {
	l, tight := &incident.CallLine{}, ""
	err := rows.Scan(&l.Record, &l.Controller, &l.Name, &l.Lang, &l.Stage, when(&l.Since), &tight, &l.Notices, &l.Code, &l.Said)
	if err == nil && tight != never {
		err = when(&l.Due).Scan(tight)
	}
	return l, err
}

// HasTier reports whether a record of the incident has the tier.
func (db *DB) HasTier(ctx context.Context, inc string, tier incident.Tier) (bool, error) {
	n := 0
	return db.conn().one(ctx, `
		select 1 from record where incident = ?1 and tier = ?2 and certainty <> 'not_affected' limit 1`, []any{inc, string(tier)}, &n)
}
