package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// Sessions keeps log-in sessions for alexedwards/scs, as its CtxStore. A token
// is kept as its SHA-256, so that the database opens no session.
type Sessions struct {
	DB  *DB
	Now func() time.Time
}

// FindCtx returns the data of a session that has not expired.
func (s *Sessions) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	found, err = s.DB.conn().one(ctx, `select data from session where hash = ?1 and expires > ?2`,
		[]any{hashed(token), instant(s.Now())}, &data)
	return data, found, err
}

// CommitCtx keeps a session's data until expiry.
func (s *Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	return s.DB.write(newTask(ctx, func(ctx context.Context, c conn) error {
		_, err := c.exec(ctx, `
			insert into session (hash, data, expires) values (?1, ?2, ?3)
			on conflict (hash) do update set data = excluded.data, expires = excluded.expires`,
			hashed(token), nonNil(data), orNever(expiry))
		return err
	}))
}

// DeleteCtx ends a session. One that is not there is no error.
func (s *Sessions) DeleteCtx(ctx context.Context, token string) error {
	return s.DB.write(newTask(ctx, func(ctx context.Context, c conn) error {
		_, err := c.exec(ctx, `delete from session where hash = ?1`, hashed(token))
		return err
	}))
}

// Sweep removes sessions that have expired.
func (s *Sessions) Sweep(ctx context.Context) error {
	return s.DB.write(newTask(ctx, func(ctx context.Context, c conn) error {
		_, err := c.exec(ctx, `delete from session where expires <= ?1`, instant(s.Now()))
		return err
	}))
}

// Find is FindCtx for scs.Store, whose methods take no context.
func (s *Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx for scs.Store.
func (s *Sessions) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx for scs.Store.
func (s *Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

func hashed(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
