package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"

	"hatakello/incident"
)

const deliveryColumns = `id, incident, record, notice, route, address, name, rank, fate, urgency, due, lease, tries,
	token, made, settled`

var (
	insertDelivery = insert("delivery", deliveryColumns+", ready", "").bindAs("delivery").gathers()
	insertBody     = insert("body", "delivery, bytes", "").gathers()
)

// deliveries puts messages into the outbox. One that is due when it is made is
// ready at once.
func (w *write) deliveries(ctx context.Context, c conn) error {
	err := insertDelivery.put(ctx, c, len(w.Deliveries), func(i int) []any {
		d := w.Deliveries[i]
		return []any{d.ID, optional(d.Incident), optional(d.Record), optional(d.Notice), string(d.Route), d.Address, d.Name, d.Rank,
			string(d.Fate), orNever(d.Urgency), instant(d.Due), instant(d.Lease), d.Tries, d.Token, orNever(d.Made),
			instant(d.Settled), !d.Due.After(w.At)}
	})
	if err != nil {
		return err
	}
	var later, now []*incident.Delivery
	for _, d := range w.Deliveries {
		if d.Unwritten != nil {
			later = append(later, d)
		} else {
			now = append(now, d)
		}
	}
	if err := w.unwritten(ctx, c, later); err != nil {
		return err
	}
	return putBodies(ctx, c, now)
}

// putBodies writes the bytes of deliveries.
func putBodies(ctx context.Context, c conn, all []*incident.Delivery) error {
	err := insertBody.put(ctx, c, len(all), func(i int) []any {
		return []any{all[i].ID, nonNil(all[i].Body)}
	})
	for _, d := range all {
		if err == nil {
			err = c.ledger.bindIn(cmp.Or(d.Incident, registerChain), facetOf["body"], d.ID, nonNil(d.Body))
		}
	}
	return err
}

func nonNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// updateDelivery settles deliveries whose lease is as it was read. What is put
// off is not ready, so that a claim does not see it before its due.
var updateDelivery = &batch{
	head: `update delivery set fate = v.column3, due = v.column4, tries = v.column5, settled = v.column6, lease = null, ready = false
		from (values `,
	row:  []string{asText, asText, asText, asText, asNumber, asText},
	tail: `) as v where id = v.column1 and coalesce(lease, '') = v.column2`,
}

func (w *write) settled(ctx context.Context, c conn) error {
	all := slices.SortedFunc(slices.Values(w.Settled), func(a, b *incident.Delivery) int {
		return slices.Compare([]string{a.ID}, []string{b.ID})
	})
	n, err := updateDelivery.run(ctx, c, len(all), func(i int) []any {
		d := all[i]
		lease := instant(d.Lease)
		if lease == nil {
			lease = ""
		}
		return []any{d.ID, lease, string(d.Fate), instant(d.Due), d.Tries, instant(d.Settled)}
	})
	if err != nil {
		return err
	}
	for _, d := range all {
		switch {
		case n != int64(len(all)): // some were left to another courier
			err = c.bindRow(ctx, "delivery_end", d.ID)
		case d.Fate != incident.Pending && d.Fate != incident.Leased:
			err = c.ledger.bind(facetOf["delivery_end"], optional(d.Incident), d.ID, string(d.Fate), instant(d.Settled))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *write) cancelled(ctx context.Context, c conn) error {
	ids := unique(w.Cancelled)
	if _, err := c.execIn(ctx, `delete from unwritten where delivery in ({ids})`, ids); err != nil {
		return err
	}
	n, err := c.execIn(ctx, `
		update delivery set fate = 'cancelled', settled = ?1, ready = false
		where fate = 'pending' and id in ({ids})`, ids, instant(w.At))
	if err != nil || n == 0 {
		return err
	}
	return c.bindStoredIn(ctx, facetOf["delivery_end"], "t.id in ({ids})", ids)
}

var insertReceipt = insert("receipt", "delivery, try, began, ended, ok, code, reply, queue, server, tls, sha256, report",
	"on conflict (delivery, try, began) do nothing").bindAs("receipt")

func (w *write) receipts(ctx context.Context, c conn) error {
	err := insertReceipt.put(ctx, c, len(w.Receipts), func(i int) []any {
		r := w.Receipts[i]
		return []any{r.Delivery, r.Try, orNever(r.Began), orNever(r.Ended), r.OK, r.Code, r.Reply, r.Queue, r.Server, r.TLS, r.SHA256, string(r.Report)}
	})
	return err
}

func readDelivery(rows *sql.Rows) (*incident.Delivery, error) {
	d := &incident.Delivery{}
	return d, rows.Scan(&d.ID, reference(&d.Incident), reference(&d.Record), reference(&d.Notice), &d.Route, &d.Address, &d.Name,
		&d.Rank, &d.Fate, when(&d.Urgency), when(&d.Due), when(&d.Lease), &d.Tries, &d.Token, when(&d.Made), when(&d.Settled))
}

// Delivery loads one delivery with its bytes and receipts.
func (db *DB) Delivery(ctx context.Context, id string) (d *incident.Delivery, err error) {
	err = db.view(ctx, func(c conn) error {
		d, err = only(ctx, c, "delivery.unknown", readDelivery, `select `+deliveryColumns+` from delivery where id = ?1`, id)
		if err != nil {
			return err
		}
		if err := fillBodies(ctx, c, []*incident.Delivery{d}); err != nil {
			return err
		}
		return fillReceipts(ctx, c, []*incident.Delivery{d})
	})
	return d, err
}

// Deliveries come newest first, with receipts and without bytes; inc "" is all
// cases, record "" all records.
func (db *DB) Deliveries(ctx context.Context, inc, record string, cut incident.Cut) (ds []*incident.Delivery, next string, err error) {
	after, err := readCursor(cut.After, 1)
	if err != nil {
		return nil, "", err
	}
	where, of := "true", ""
	switch {
	case record != "":
		where, of = "record = ?3", record
	case inc != "":
		where, of = "incident = ?3", inc
	}
	args := []any{after.before(0), cut.Limit + 1}
	if of != "" {
		args = append(args, of)
	}
	err = db.view(ctx, func(c conn) error {
		ds, err = list(ctx, c, readDelivery, `
			select `+deliveryColumns+` from delivery
			where `+where+` and id < ?1
			order by id desc
			limit ?2`, args...)
		if err != nil {
			return err
		}
		ds, next = page(ds, cut, func(d *incident.Delivery) []string { return []string{d.ID} })
		return fillReceipts(ctx, c, ds)
	})
	return ds, next, err
}

// fillBodies loads the bytes of deliveries.
func fillBodies(ctx context.Context, c conn, ds []*incident.Delivery) error {
	by, ids := byID(ds)
	_, err := listIn(ctx, c, func(rows *sql.Rows) (struct{}, error) {
		var id string
		var bytes []byte
		err := rows.Scan(&id, &bytes)
		if err == nil {
			by[id].Body = bytes
		}
		return struct{}{}, err
	}, `select delivery, bytes from body where delivery in ({ids}) order by delivery`, ids)
	return err
}

// fillReceipts loads the receipts of deliveries, oldest first.
func fillReceipts(ctx context.Context, c conn, ds []*incident.Delivery) error {
	by, ids := byID(ds)
	all, err := listIn(ctx, c, func(rows *sql.Rows) (r incident.Receipt, err error) {
		err = rows.Scan(&r.Delivery, &r.Try, when(&r.Began), when(&r.Ended), &r.OK, &r.Code, &r.Reply, &r.Queue, &r.Server, &r.TLS, &r.SHA256, &r.Report)
		return r, err
	}, `
		select delivery, try, began, ended, ok, code, reply, queue, server, tls, sha256, report
		from receipt
		where delivery in ({ids})
		order by delivery, try, began`, ids)
	for _, r := range all {
		by[r.Delivery].Receipts = append(by[r.Delivery].Receipts, r)
	}
	return err
}

func byID(ds []*incident.Delivery) (map[string]*incident.Delivery, []string) {
	by, ids := make(map[string]*incident.Delivery, len(ds)), make([]string, len(ds))
	for i, d := range ds {
		by[d.ID], ids[i] = d, d.ID
	}
	return by, ids
}

// unique sorts ids and drops repeats.
func unique(ids []string) []string { return slices.Compact(slices.Sorted(slices.Values(ids))) }
