package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/mattn/go-sqlite3"
)

// A failed commit may still have committed: when the disk reports an error on
// the sync, the rows may be in the log file all the same, and appear when it is
// next opened. So after such an error nothing more is written until the
// connection was opened again, a new commit has gone through, which overwrites
// whatever the failed one left behind, and the log was carried over into the
// file. Only then is each task's outcome looked up.

// afterFailure finds out what became of tasks whose commit failed with cause.
func (w *writer) afterFailure(all []*task, cause error) {
	w.rollback()
	w.broken = fmt.Errorf("writing has stopped after a failed commit: %w", cause)
	var open []*task
	for _, t := range all {
		if t.err == nil { // the others had failed before
			t.err = fmt.Errorf("%w: %w", errUncertain, cause)
			open = append(open, t)
		}
	}
	if err := w.ready(); err != nil {
		return
	}
	ctx, c := context.Background(), w.conn()
	if _, err := c.exec(ctx, "begin immediate"); err != nil {
		return
	}
	for _, t := range open {
		t.judge(ctx, c, cause)
	}
	w.rollback() // asking leaves nothing behind
}

// ready opens the writing connection if there is none to be trusted.
func (w *writer) ready() error {
	if w.held != nil && w.broken == nil {
		return nil
	}
	ctx := context.Background()
	w.drop()
	held, err := w.pool.Conn(ctx)
	if err != nil {
		return w.stopped(err)
	}
	w.held, w.fast = held, &quick{held: held, stmts: map[string]*sqlite3.SQLiteStmt{}}
	if w.broken == nil {
		return nil
	}
	if err := w.prove(ctx); err != nil {
		return w.stopped(err)
	}
	w.broken = nil
	return nil
}

func (w *writer) stopped(err error) error {
	if w.broken == nil {
		return err
	}
	return fmt.Errorf("%w; and opening it again: %w", w.broken, err)
}

// prove makes one commit and carries the log over into the file.
func (w *writer) prove(ctx context.Context) error {
	c := w.conn()
	const touch = `insert into sequence (name, n) values ('reopened', 1) on conflict (name) do update set n = sequence.n + 1`
	if _, err := c.exec(ctx, touch); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return w.checkpoint(ctx)
}

// checkpoint carries the log over into the file. Readers may keep the log from
// being shortened; that is no error.
func (w *writer) checkpoint(ctx context.Context) error {
	var busy, pages, moved int
	if _, err := w.conn().one(ctx, "pragma wal_checkpoint(truncate)", nil, &busy, &pages, &moved); err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	return nil
}

// drop closes the writing connection for good; the pool then opens another.
func (w *writer) drop() {
	if w.held == nil {
		return
	}
	w.fast.close()
	_ = w.held.Raw(func(any) error { return driver.ErrBadConn })
	w.held.Close()
	w.held, w.fast = nil, nil
}

// close waits for the batch under way, carries the log over and lets go.
func (w *writer) close() error {
	w.mu.Lock()
	closed := w.closed
	w.closed = true
	w.mu.Unlock()
	if closed {
		return nil
	}
	// The last in the queue runs when all others are done.
	w.mu.Lock()
	err := w.enter(newTask(context.Background(), func(context.Context, conn) error { return nil }))
	if w.held != nil && w.broken == nil {
		err = errors.Join(err, w.checkpoint(context.Background()))
	}
	if w.held != nil {
		w.fast.close()
		w.held.Close()
	}
	return errors.Join(err, w.pool.Close())
}

// autocommit reports whether no transaction is open.
func (w *writer) autocommit() bool {
	idle := false
	err := w.held.Raw(func(c any) error {
		s, ok := c.(*sqlite3.SQLiteConn)
		idle = ok && s.AutoCommit()
		return nil
	})
	return err == nil && idle
}
