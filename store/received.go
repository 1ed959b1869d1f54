package store

import (
	"context"
	"database/sql"

	"hatakello/incident"
)

const receivedColumns = `id, incident, reading, sha256, size, made_by, at, came, version`

// received adds notices of others with their bytes, or notes what came of them.
func (w *write) received(ctx context.Context, c conn) error {
	for _, x := range w.Received {
		reading, err := asJSON(x.Reading)
		if err != nil {
			return err
		}
		n, err := c.exec(ctx, `
			insert into received (`+receivedColumns+`) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
			on conflict (id) do update set incident = excluded.incident, came = excluded.came, version = excluded.version
			where received.version = excluded.version - 1`,
			x.ID, optional(x.Incident), reading, x.SHA256, x.Size, x.By, orNever(x.At), instant(x.Came), x.Version+1)
		if err == nil && n != 1 {
			err = incident.ErrStale
		}
		if err == nil && x.Version == 0 {
			_, err = c.exec(ctx, `insert into received_body (received, bytes) values (?1, ?2)`, x.ID, nonNil(x.Bytes))
			if err == nil {
				err = c.bindRow(ctx, "received_body", x.ID)
			}
		}
		if err == nil {
			err = c.bindRow(ctx, "received", x.ID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func readReceived(rows *sql.Rows) (*incident.Received, error) {
	x := &incident.Received{}
	return x, rows.Scan(&x.ID, reference(&x.Incident), document(&x.Reading), &x.SHA256, &x.Size, &x.By, when(&x.At), when(&x.Came), &x.Version)
}

// Received loads one without its bytes.
func (db *DB) Received(ctx context.Context, id string) (*incident.Received, error) {
	return only(ctx, db.conn(), "received.unknown", readReceived, `select `+receivedColumns+` from received where id = ?1`, id)
}

// ReceivedBytes returns a notice as it came.
func (db *DB) ReceivedBytes(ctx context.Context, id string) ([]byte, error) {
	var bytes []byte
	found, err := db.conn().one(ctx, `select bytes from received_body where received = ?1`, []any{id}, &bytes)
	if err == nil && !found {
		err = &incident.Error{Kind: incident.NotFound, Key: "received.unknown"}
	}
	return bytes, err
}

// ReceivedBy finds a notice by the hash of its bytes.
func (db *DB) ReceivedBy(ctx context.Context, sha256 string) (*incident.Received, error) {
	return only(ctx, db.conn(), "received.unknown", readReceived, `select `+receivedColumns+` from received where sha256 = ?1`, sha256)
}

// ReceivedOf lists up to n notices of a case, oldest first, or with "" those
// that wait for somebody to confirm them, newest first.
func (db *DB) ReceivedOf(ctx context.Context, inc string, n int) ([]*incident.Received, error) {
	if inc == "" {
		return list(ctx, db.conn(), readReceived, `
			select `+receivedColumns+` from received where incident is null order by id desc limit ?1`, n)
	}
	return list(ctx, db.conn(), readReceived, `
		select `+receivedColumns+` from received where incident = ?1 order by id limit ?2`, inc, n)
}
