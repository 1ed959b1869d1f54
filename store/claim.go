package store

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"hatakello/incident"
)

// Claim leases up to n deliveries by one of the routes to a courier until then:
// pending ones that are due at now, and leased ones whose lease has run out,
// most urgent first. The lease is durable when Claim returns, and no delivery
// is leased twice at a time: the statement that leases a row also checks it.
func (db *DB) Claim(ctx context.Context, routes []incident.Route, n int, now, until time.Time) ([]*incident.Delivery, error) {
	if len(routes) == 0 || n <= 0 {
		return nil, nil
	}
	// Most rounds find nothing, and then nothing is written.
	due, err := db.anyDue(ctx, routes, now)
	if err != nil || !due {
		return nil, err
	}
	var ds []*incident.Delivery
	err = db.write(newTask(ctx, func(ctx context.Context, c conn) error {
		ds, err = claim(ctx, c, routes, lease{n, now, until, db.holder()})
		return err
	}))
	if err != nil {
		return nil, err
	}
	return ds, fillBodies(ctx, db.conn(), ds)
}

const (
	// isReady, isLater and isLost are the three ways in which a delivery can be
	// waiting for a courier at ?1. One whose end is noted waits for nobody.
	isReady = `fate = 'pending' and ready`
	isLater = `fate = 'pending' and not ready and due <= ?1`
	isLost  = `fate = 'leased' and lease <= ?1 and not exists (select 1 from noted n where n.delivery = delivery.id)`
)

// anyDue reports whether a claim would find anything.
func (db *DB) anyDue(ctx context.Context, routes []incident.Route, now time.Time) (bool, error) {
	in, args := routeList(routes, 2)
	var n int
	return db.conn().one(ctx, `
		select 1 from delivery where `+isReady+` and route in (`+in+`)
		union all select 1 from delivery where `+isLater+` and route in (`+in+`)
		union all select 1 from delivery where `+isLost+` and route in (`+in+`)
		limit 1`, append([]any{instant(now)}, args...), &n)
}

// routeList writes placeholders from ?first on, and their values.
func routeList(routes []incident.Route, first int) (string, []any) {
	in, args := make([]string, len(routes)), make([]any, len(routes))
	for i, r := range routes {
		in[i], args[i] = "?"+strconv.Itoa(first+i), string(r)
	}
	return strings.Join(in, ", "), args
}

// lease is what a courier takes: so many messages until then, under its node's
// number.
type lease struct {
	n      int
	now    time.Time
	until  time.Time
	holder int
}

func claim(ctx context.Context, c conn, routes []incident.Route, l lease) ([]*incident.Delivery, error) {
	if _, err := c.exec(ctx, `update delivery set ready = true where `+isLater, instant(l.now)); err != nil {
		return nil, err
	}
	_, args := routeList(routes, 5)
	ds, err := list(ctx, c, readDelivery, claimText(len(routes), c.d.skip), append([]any{instant(l.now), instant(l.until), l.n, l.holder}, args...)...)
	slices.SortFunc(ds, func(a, b *incident.Delivery) int {
		return cmp.Or(cmp.Compare(orNever(a.Urgency), orNever(b.Urgency)), a.Due.Compare(b.Due), cmp.Compare(a.ID, b.ID))
	})
	return ds, err
}

// releaseText gives back what a courier that no longer lives had in hand, so
// that after a crash nothing waits for its lease to run out. What was sent and
// noted is settled, not sent again.
const releaseText = `update delivery set fate = 'pending', ready = true, lease = null
	where fate = 'leased' and not exists (select 1 from noted n where n.delivery = delivery.id)`

// claimText leases the first ?3 rows of each route's queue and of the lost
// ones, taken together. Each part reads no more of its index than it gives.
func claimText(routes int, skip string) string {
	var parts []string
	for i := range routes {
		route := ` and route = ?` + strconv.Itoa(5+i)
		parts = append(parts,
			`select * from (select id, urgency, due from delivery where `+isReady+route+` order by urgency, due, id limit ?3 `+skip+`) as r`+strconv.Itoa(i),
			`select * from (select id, urgency, due from delivery where `+isLost+route+` order by lease, id limit ?3 `+skip+`) as l`+strconv.Itoa(i))
	}
	return `
		with picked as materialized (
			select id from (` + strings.Join(parts, " union all ") + `) as waiting
			order by urgency, due, id
			limit ?3)
		update delivery set fate = 'leased', lease = ?2, holder = ?4, ready = false
		where id in (select id from picked) and (` + isReady + ` or ` + isLost + `)
		returning ` + deliveryColumns
}
