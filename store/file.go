package store

import (
	"context"
	"database/sql"

	"hatakello/incident"
)

// files writes contents that are not kept yet.
func (w *write) files(ctx context.Context, c conn) error {
	for _, f := range w.Files {
		n, err := c.exec(ctx, `
			insert into files (sha256, size, mime, made, bytes) values (?1, ?2, ?3, ?4, ?5)
			on conflict (sha256) do nothing`, f.SHA256, len(f.Bytes), f.MIME, orNever(f.Made), nonNil(f.Bytes))
		if err == nil && n == 1 {
			err = c.ledger.bind(facetOf["files"], f.SHA256, len(f.Bytes), f.MIME, orNever(f.Made), nonNil(f.Bytes))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Content loads what a file holds, by its hash.
func (db *DB) Content(ctx context.Context, hash string) (*incident.Content, error) {
	return only(ctx, db.conn(), "file.unknown", func(rows *sql.Rows) (*incident.Content, error) {
		f := &incident.Content{}
		return f, rows.Scan(&f.SHA256, &f.MIME, when(&f.Made), &f.Bytes)
	}, `select sha256, mime, made, bytes from files where sha256 = ?1`, hash)
}
