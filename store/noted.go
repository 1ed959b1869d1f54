package store

import (
	"context"
	"database/sql"
	"time"

	"hatakello/incident"
)

// ending is how an attempt ended, as it is noted.
type ending struct {
	Receipt incident.Receipt `json:"receipt"`
	Refused bool             `json:"refused,omitempty"`
	After   time.Duration    `json:"after,omitempty"` // nanoseconds
}

// insertNoted notes ends of messages that are still in hand: one that was
// settled already, of which that was not heard, is not settled twice.
var insertNoted = &batch{
	head: `insert into noted (delivery, due, holder, ending) select v.column1, v.column2, v.column3, v.column4 from (values `,
	row:  []string{asText, asText, asNumber, asText},
	tail: `) as v join delivery d on d.id = v.column1 where d.fate = 'leased' on conflict (delivery) do nothing`,
}

// Ended makes the ends of attempts durable, and nothing more. Until they are
// settled nobody else gets these messages, even if their leases run out.
func (db *DB) Ended(ctx context.Context, outs []incident.Outcome, now time.Time) error {
	ends := make([]string, len(outs))
	for i, o := range outs {
		var err error
		if ends[i], err = asJSON(ending{o.Receipt, o.Refused, o.After}); err != nil {
			return err
		}
	}
	return db.write(newTask(ctx, func(ctx context.Context, c conn) error {
		return insertNoted.put(ctx, c, len(outs), func(i int) []any {
			return []any{outs[i].Delivery.ID, orNever(now), db.holder(), ends[i]}
		})
	}))
}

// orphaned is how long a noted end waits for the program that noted it before
// any other takes it over.
const orphaned = 30 * time.Second

// Noted returns up to n noted ends that are to be settled at now, oldest first,
// with their deliveries as they were leased.
func (db *DB) Noted(ctx context.Context, now time.Time, n int) ([]incident.Outcome, error) {
	return list(ctx, db.conn(), func(rows *sql.Rows) (o incident.Outcome, err error) {
		d, e := &incident.Delivery{}, ending{}
		err = rows.Scan(&d.ID, reference(&d.Incident), reference(&d.Record), reference(&d.Notice), &d.Route, &d.Address, &d.Name,
			&d.Rank, &d.Fate, when(&d.Urgency), when(&d.Due), when(&d.Lease), &d.Tries, &d.Token, when(&d.Made), when(&d.Settled), document(&e))
		return incident.Outcome{Delivery: d, Receipt: e.Receipt, Refused: e.Refused, After: e.After, Noted: true}, err
	}, `
		select d.id, d.incident, d.record, d.notice, d.route, d.address, d.name, d.rank, d.fate, d.urgency, d.due, d.lease, d.tries,
			d.token, d.made, d.settled, n.ending
		from noted n join delivery d on d.id = n.delivery
		where n.due <= ?1 and (n.holder = ?2 or n.due <= ?3)
		order by n.due, n.delivery
		limit ?4`, orNever(now), db.holder(), orNever(now.Add(-orphaned)), n)
}

// PutOff lets a noted end that cannot be settled wait, so that it holds up no
// other.
func (db *DB) PutOff(ctx context.Context, delivery string, until time.Time) error {
	return db.write(newTask(ctx, func(ctx context.Context, c conn) error {
		_, err := c.exec(ctx, `update noted set due = ?2 where delivery = ?1`, delivery, orNever(until))
		return err
	}))
}

// forget takes away the notes of what this act settles. If one is gone, others
// have settled it.
func (w *write) forget(ctx context.Context, c conn) error {
	if len(w.Noted) == 0 {
		return nil
	}
	n, err := c.execIn(ctx, `delete from noted where delivery in ({ids})`, w.Noted)
	if err == nil && n != int64(len(w.Noted)) {
		err = incident.ErrStale
	}
	return err
}
