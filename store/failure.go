package store

import (
	"context"
	"time"
)

// remembered is how long failed log-ins are kept.
const remembered = 48 * time.Hour

// Failures counts failed log-ins under a key since then.
func (db *DB) Failures(ctx context.Context, key string, since time.Time) (n int, err error) {
	_, err = db.conn().one(ctx, `select cast(coalesce(sum(n), 0) as bigint) from failure where key = ?1 and at >= ?2`, []any{key, instant(since)}, &n)
	return n, err
}

// Fail adds a failed log-in under a key, and forgets those of long ago.
func (db *DB) Fail(ctx context.Context, key string, at time.Time) error {
	return db.write(newTask(ctx, func(ctx context.Context, c conn) error {
		if _, err := c.exec(ctx, `delete from failure where at < ?1`, instant(at.Add(-remembered))); err != nil {
			return err
		}
		_, err := c.exec(ctx, `
			insert into failure (key, at, n) values (?1, ?2, 1)
			on conflict (key, at) do update set n = failure.n + 1`, key, instant(at))
		return err
	}))
}

// Forgive removes the failed log-ins under a key.
func (db *DB) Forgive(ctx context.Context, key string) error {
	return db.write(newTask(ctx, func(ctx context.Context, c conn) error {
		_, err := c.exec(ctx, `delete from failure where key = ?1`, key)
		return err
	}))
}
