package store

import (
	"context"
	"database/sql"

	"hatakello/incident"
)

// phrases adds versions of approved sentences, or notes that one was approved.
func (w *write) phrases(ctx context.Context, c conn) error {
	for _, p := range w.Phrases {
		texts, err := asJSON(p.Texts)
		if err != nil {
			return err
		}
		stale, err := asJSON(p.Stale)
		if err != nil {
			return err
		}
		n, err := c.exec(ctx, `
			insert into phrase (key, version, title, texts, stale, retired, made_by, maker, at, approved_by, approved_at)
			values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
			on conflict (key, version) do update set approved_by = excluded.approved_by, approved_at = excluded.approved_at
			where phrase.approved_at is null and phrase.texts = excluded.texts`,
			p.Key, p.Version, p.Title, texts, stale, p.Retired, p.By, p.ByID, instant(p.At), p.ApprovedBy, instant(p.ApprovedAt))
		if err != nil {
			return err
		}
		if n != 1 {
			return incident.ErrStale
		}
		if err := c.bindRow(ctx, "phrase", p.Key, p.Version); err != nil {
			return err
		}
	}
	return nil
}

// Phrases returns every version of every approved sentence, ordered by key and
// version.
func (db *DB) Phrases(ctx context.Context) ([]*incident.Phrase, error) {
	return list(ctx, db.conn(), func(rows *sql.Rows) (*incident.Phrase, error) {
		p := &incident.Phrase{}
		return p, rows.Scan(&p.Key, &p.Version, &p.Title, document(&p.Texts), document(&p.Stale), &p.Retired, &p.By, &p.ByID, when(&p.At),
			&p.ApprovedBy, when(&p.ApprovedAt))
	}, `
		select key, version, title, texts, stale, retired, made_by, maker, at, approved_by, approved_at
		from phrase order by key, version`)
}
