package store

import (
	"context"
	"time"
)

// A draft is a form that somebody has begun and not yet sent. It belongs to
// nobody else and is no part of the record.

// SaveDraft keeps what stands in a form.
func (db *DB) SaveDraft(ctx context.Context, owner, form, content string, at time.Time) error {
	return db.write(newTask(ctx, func(ctx context.Context, c conn) error {
		_, err := c.exec(ctx, `
			insert into draft (owner, form, content, at) values (?1, ?2, ?3, ?4)
			on conflict (owner, form) do update set content = excluded.content, at = excluded.at`,
			owner, form, content, orNever(at))
		return err
	}))
}

// LoadDraft returns what was kept, or "".
func (db *DB) LoadDraft(ctx context.Context, owner, form string) (content string, err error) {
	_, err = db.conn().one(ctx, `select content from draft where owner = ?1 and form = ?2`, []any{owner, form}, &content)
	return content, err
}

// DropDraft forgets a draft whose form has been sent.
func (db *DB) DropDraft(ctx context.Context, owner, form string) error {
	return db.write(newTask(ctx, func(ctx context.Context, c conn) error {
		_, err := c.exec(ctx, `delete from draft where owner = ?1 and form = ?2`, owner, form)
		return err
	}))
}
