package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// batchMax is how many tasks share one commit at most.
const batchMax = 256

// writer is the one writing connection of a SQLite file. Tasks that arrive
// while a commit is under way wait and share the next one (group commit): the
// disk is asked once for all of them, and each is durable before its caller
// hears so. There is no goroutine: the first caller who finds the writer idle
// leads, runs what has gathered, and hands over to the next who waits.
type writer struct {
	pool *sql.DB
	d    *dialect

	mu     sync.Mutex
	queue  []*task
	busy   bool
	closed bool

	// The leader's alone:
	held   *sql.Conn // the pool's only connection
	fast   *quick    // its statements
	broken error     // why nothing may be written until the file is opened again
	commit func(ctx context.Context, c conn) error
}

var errClosed = errors.New("the database is closed")

// do runs t in a transaction of its own or of several and returns when it is
// durable, or has left no trace.
func (w *writer) do(t *task) error {
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return errClosed
	}
	return w.enter(t)
}

// enter puts t into the queue and returns when it has its result. The caller
// holds the lock, which enter gives up.
func (w *writer) enter(t *task) error {
	w.queue = append(w.queue, t)
	if w.busy {
		w.mu.Unlock()
		if !w.wait(t) {
			return t.err
		}
	} else {
		w.busy = true
		w.mu.Unlock()
	}
	w.leadOnce()
	return t.err
}

// wait blocks until t is done or must lead, and reports whether it must lead.
func (w *writer) wait(t *task) bool {
	select {
	case <-t.turn:
		return t.lead
	case <-t.ctx.Done():
	}
	w.mu.Lock()
	if i := slices.Index(w.queue, t); i >= 0 && !t.lead {
		w.queue = slices.Delete(w.queue, i, i+1)
		t.err = t.ctx.Err()
		w.mu.Unlock()
		return false
	}
	w.mu.Unlock()
	<-t.turn // it is being run, or leads
	return t.lead
}

// leadOnce runs one batch, then lets the next in the queue lead. The leader's
// own task is the first of the batch.
func (w *writer) leadOnce() {
	w.mu.Lock()
	n := min(len(w.queue), batchMax)
	all := slices.Clone(w.queue[:n])
	w.queue = slices.Delete(w.queue, 0, n)
	w.mu.Unlock()

	w.runAll(all)

	w.mu.Lock()
	if len(w.queue) > 0 {
		w.queue[0].lead = true
		close(w.queue[0].turn)
	} else {
		w.busy = false
	}
	w.mu.Unlock()
	for _, t := range all[1:] {
		close(t.turn)
	}
}

// runAll gives every task its result.
func (w *writer) runAll(all []*task) {
	if err := w.ready(); err != nil {
		for _, t := range all {
			t.err = err
		}
		return
	}
	if len(all) > 1 && !slices.ContainsFunc(all, func(t *task) bool { return t.bare }) && w.together(all) {
		return
	}
	for _, t := range all {
		w.alone(t)
	}
}

// conn is the connection as the tasks see it.
func (w *writer) conn() conn { return conn{q: w.held, d: w.d, fast: w.fast} }

// alone runs one task in its own transaction.
func (w *writer) alone(t *task) {
	ctx, c := context.Background(), w.conn()
	if w.broken != nil {
		t.err = w.broken
		return
	}
	if t.bare {
		t.err = t.attempt(c)
		return
	}
	if _, t.err = c.exec(ctx, "begin immediate"); t.err != nil {
		return
	}
	if t.err = t.attempt(c); t.err != nil {
		w.rollback()
		return
	}
	if err := w.commit(ctx, c); err != nil {
		w.afterFailure([]*task{t}, err)
	}
}

// together runs the tasks in one transaction and reports false, with nothing
// written, if it broke off, as on a full disk. At first it hopes that all of
// them succeed. If one fails, all are run again, each under a savepoint, so
// that one's failure leaves the others alone.
func (w *writer) together(all []*task) bool {
	return w.shared(all, &gathering{}, (*writer).hopeful) || w.shared(all, nil, (*writer).savepoint)
}

// shared runs the tasks one by one in one transaction. Rows that they insert
// are gathered by later, unless it is nil.
func (w *writer) shared(all []*task, later *gathering, run func(w *writer, t *task, c conn) bool) bool {
	ctx, c := context.Background(), w.conn()
	if _, err := c.exec(ctx, "begin immediate"); err != nil {
		return false
	}
	c.later = later
	for _, t := range all {
		if !run(w, t, c) {
			w.rollback()
			return false
		}
	}
	if err := c.settle(ctx); err != nil {
		w.rollback()
		return false
	}
	c.later = nil
	if err := w.commit(ctx, c); err != nil {
		w.afterFailure(all, err)
	}
	return true
}

// hopeful runs one task that cannot be undone alone.
func (w *writer) hopeful(t *task, c conn) bool {
	t.err = t.attempt(c)
	return t.err == nil
}

// savepoint runs one task so that it can be undone alone, and reports whether
// the transaction still stands.
func (w *writer) savepoint(t *task, c conn) bool {
	ctx := context.Background()
	if _, err := c.exec(ctx, "savepoint one"); err != nil {
		return false
	}
	if t.err = t.attempt(c); t.err != nil {
		if _, err := c.exec(ctx, "rollback to one"); err != nil {
			return false
		}
	}
	_, err := c.exec(ctx, "release one")
	return err == nil
}

// rollback ends the transaction without a trace. If even that fails, the
// connection cannot be trusted.
func (w *writer) rollback() {
	if _, err := w.conn().exec(context.Background(), "rollback"); err != nil && !w.autocommit() {
		w.broken = fmt.Errorf("roll back: %w", err)
	}
}

// commitSQL is how a transaction is ended; tests put something else in place.
func commitSQL(ctx context.Context, c conn) error {
	_, err := c.exec(ctx, "commit")
	return err
}
