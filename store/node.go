package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"
)

// node is one running program of several on a PostgreSQL database. It holds a
// lock of its session's as long as it lives: the server gives the lock up when
// the program ends, however it ends. So the others see at once whose messages
// nobody will carry on with, and need not wait for the leases to run out.
type node struct {
	pool   *sql.DB
	number int // what its leases carry, and the lock is on

	mu     sync.Mutex
	held   *sql.Conn   // whose session has the lock; nil: none at the moment
	missed map[int]int // looks in a row at which a holder's lock was free

	stop context.CancelFunc
	done chan struct{}
}

const (
	// nodeLocks tells these locks from those of other programs.
	nodeLocks = 0x48a7a
	// heartbeat is how often a node sees to its lock and to those of others.
	heartbeat = 5 * time.Second
	// missing is at how many looks in a row a lock must be free before its
	// holder counts as dead. A node that only lost its connection has the lock
	// again one heartbeat later, and keeps what it has in hand.
	missing = 4
)

// startNode takes a new node's lock and keeps it until end is called.
func startNode(ctx context.Context, pool *sql.DB) (*node, error) {
	n := &node{pool: pool, number: 1 + rand.IntN(1<<31-1), missed: map[int]int{}, done: make(chan struct{})}
	if err := n.look(ctx); err != nil {
		n.drop()
		return nil, err
	}
	loop, stop := context.WithCancel(context.WithoutCancel(ctx))
	n.stop = stop
	go n.keep(loop)
	return n, nil
}

// keep looks once a heartbeat. What goes wrong is tried again at the next.
func (n *node) keep(ctx context.Context) {
	defer close(n.done)
	each := time.NewTicker(heartbeat)
	defer each.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-each.C:
		}
		if err := n.look(ctx); err != nil && ctx.Err() == nil {
			slog.Warn("see to the lock of this node", "err", err)
		}
	}
}

// end gives the lock up.
func (n *node) end() {
	n.stop()
	<-n.done
	n.drop()
}

// look makes sure of the node's own lock, then gives back what nodes had in
// hand that are gone.
func (n *node) look(ctx context.Context) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, heartbeat)
	defer cancel()
	if err := n.hold(ctx); err != nil {
		return err
	}
	return n.release(ctx, conn{q: n.held, d: postgresDialect})
}

// hold takes the lock unless this session has it.
func (n *node) hold(ctx context.Context) error {
	if n.held != nil {
		var mine int
		found, err := conn{q: n.held, d: postgresDialect}.one(ctx, `
			select 1 from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()
				and cast(classid as bigint) = ?1 and cast(objid as bigint) = ?2`, []any{nodeLocks, n.number}, &mine)
		if err == nil && found {
			return nil
		}
		n.lose()
	}
	held, err := n.pool.Conn(ctx)
	if err != nil {
		return err
	}
	n.held = held
	c, got, setting := conn{q: held, d: postgresDialect}, false, ""
	// A machine that lost its power does not say good-bye: the server asks.
	_, err = c.one(ctx, `select set_config('tcp_keepalives_idle', '15', false) || set_config('tcp_keepalives_interval', '5', false) || set_config('tcp_keepalives_count', '3', false)`, nil, &setting)
	if err == nil {
		_, err = c.one(ctx, `select pg_try_advisory_lock(?1, ?2)`, []any{nodeLocks, n.number}, &got)
	}
	if err == nil && !got {
		err = errors.New("the node's lock is still held by its lost connection")
	}
	if err != nil {
		n.lose()
	}
	return err
}

// release gives back what holders had leased whose locks have been free for
// long enough.
func (n *node) release(ctx context.Context, c conn) error {
	gone, err := list(ctx, c, func(rows *sql.Rows) (h int, err error) {
		err = rows.Scan(&h)
		return h, err
	}, `
		select distinct d.holder from delivery d
		where d.fate = 'leased' and d.holder <> 0 and not exists (
			select 1 from pg_locks l join pg_database b on b.oid = l.database
			where l.locktype = 'advisory' and b.datname = current_database()
				and cast(l.classid as bigint) = ?1 and cast(l.objid as bigint) = d.holder)
		order by d.holder`, nodeLocks)
	if err != nil {
		return err
	}
	was := n.missed
	n.missed = make(map[int]int, len(gone))
	for _, h := range gone {
		if n.missed[h] = was[h] + 1; n.missed[h] < missing {
			continue
		}
		k, err := c.exec(ctx, releaseText+` and holder = ?1`, h)
		if err != nil {
			return err
		}
		slog.Warn("a node is gone; what it had in hand is sent by others", "node", h, "messages", k)
	}
	return nil
}

// lose ends the session, which ends its locks.
func (n *node) lose() {
	_ = n.held.Raw(func(any) error { return driver.ErrBadConn }) // so that the pool does not use it again
	_ = n.held.Close()
	n.held = nil
}

// drop is lose for a node that may have no session.
func (n *node) drop() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.held != nil {
		n.lose()
	}
}
