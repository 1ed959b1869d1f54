package store

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
)

// A task is one caller's share of a transaction. Its run may be called more
// than once; only the last call counts.
type task struct {
	ctx context.Context
	run func(ctx context.Context, c conn) error
	// proof tells, after a commit whose outcome is unknown, whether what run
	// wrote is there. Nil means that it may be done again without harm.
	proof func(ctx context.Context, c conn) (bool, error)

	bare bool          // run in no transaction, with nobody else
	turn chan struct{} // closed when the task has its result or its caller must lead
	lead bool          // the caller must run the next batch
	err  error
}

func newTask(ctx context.Context, run func(context.Context, conn) error) *task {
	return &task{ctx: ctx, run: run, turn: make(chan struct{})}
}

// errUncertain says that a commit failed and the database cannot be asked
// whether it happened all the same.
var errUncertain = errors.New("the commit failed and its outcome is not known")

// errLost says that a commit failed and, as was then seen, wrote nothing.
var errLost = errors.New("the commit failed; nothing was written")

// attempt runs t on c. The statements do not see the caller's context, so that
// somebody who gives up cannot stop a transaction that others share. A panic
// becomes an error: the caller whose goroutine this is may not be the culprit.
func (t *task) attempt(c conn) (err error) {
	if err := t.ctx.Err(); err != nil {
		return err
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in a transaction: %v\n%s", p, debug.Stack())
		}
	}()
	return t.run(context.Background(), c)
}

// judge gives t its result after a commit failed with cause.
func (t *task) judge(ctx context.Context, c conn, cause error) {
	if t.proof == nil {
		t.err = fmt.Errorf("%w: %w", errLost, cause)
		return
	}
	switch there, err := t.proof(ctx, c); {
	case err != nil:
		t.err = fmt.Errorf("%w: %w", errUncertain, errors.Join(cause, err))
	case !there:
		t.err = fmt.Errorf("%w: %w", errLost, cause)
	default:
		t.err = nil
	}
}
