package store

import (
	"context"
	"database/sql"

	"hatakello/incident"
)

var insertUnwritten = insert("unwritten", "delivery, source", "")

// unwritten keeps what mails are written from later.
func (w *write) unwritten(ctx context.Context, c conn, all []*incident.Delivery) error {
	var failed error
	err := insertUnwritten.put(ctx, c, len(all), func(i int) []any {
		source, err := asJSON(all[i].Unwritten)
		if err != nil {
			failed = err
		}
		return []any{all[i].ID, source}
	})
	if failed != nil {
		return failed
	}
	return err
}

// written freezes the bytes of mails that had none. What they were written from
// is not needed any more.
func (w *write) written(ctx context.Context, c conn) error {
	if len(w.Written) == 0 {
		return nil
	}
	ids := make([]string, len(w.Written))
	for i, d := range w.Written {
		ids[i] = d.ID
	}
	n, err := c.execIn(ctx, `delete from unwritten where delivery in ({ids})`, ids)
	if err != nil {
		return err
	}
	if n != int64(len(ids)) {
		return incident.ErrStale
	}
	return putBodies(ctx, c, w.Written)
}

// Unwritten returns what those of the deliveries that have no bytes yet are
// written from, with their notices, ordered by id.
func (db *DB) Unwritten(ctx context.Context, deliveries []string) ([]*incident.Unwritten, error) {
	return listIn(ctx, db.conn(), func(rows *sql.Rows) (*incident.Unwritten, error) {
		u, n := &incident.Unwritten{}, &incident.Notice{}
		err := rows.Scan(&u.Delivery, document(&u), &n.ID, &n.Incident, &n.Record, &n.N, &n.Lang, &n.Subject, &n.Text, &n.Said, when(&n.NextUpdate), &n.Code,
			when(&n.At), &n.By, when(&n.AckedAt), &n.AckedBy, &n.Phoned, document(&n.Facts), document(&n.Was), document(&n.Phrases), when(&n.Chase))
		u.Notice = n
		return u, err
	}, `
		select u.delivery, u.source, `+noticeColumns+`
		from unwritten u join delivery d on d.id = u.delivery join notice n on n.id = d.notice
		where u.delivery in ({ids})
		order by u.delivery`, deliveries)
}
