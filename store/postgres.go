package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

var postgresDialect = &dialect{
	goose:     goose.DialectPostgres,
	name:      "postgres",
	documents: documentBatch("array_to_tsvector(string_to_array(cast(? as text), ' '))"),
	find:      findPostgres,
	match:     matchPostgres,
	types:     postgresTypes,
	text:      toDollars,
	skip:      "for update skip locked",
	snapshot:  sql.LevelRepeatableRead,
	duplicate: func(err error) bool { return sqlState(err) == "23505" },
	again: func(err error) bool {
		switch sqlState(err) {
		case "40001", "40P01", "55P03": // serialization, deadlock, lock timeout
			return true
		}
		return false
	},
}

func sqlState(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// connections is how many a node keeps to PostgreSQL at most.
const connections = 20

func openPostgres(ctx context.Context, dsn string, o Options) (*DB, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("the database address cannot be read: %w; write it as postgres://user:password@host:5432/name", err)
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "hatakello"
	}
	pool := stdlib.OpenDB(*config, stdlib.OptionAfterConnect(assertServer))
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	if err := pool.PingContext(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("open database %s on %s: %w", config.Database, config.Host, err)
	}
	upgraded, err := migrate(ctx, pool, postgresDialect, true)
	db := &DB{d: postgresDialect, read: pool}
	if err == nil {
		err = db.adopt(ctx, upgraded)
	}
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("open database %s on %s: %w", config.Database, config.Host, err)
	}
	if o.Guest {
		return db, nil
	}
	if db.node, err = startNode(ctx, pool); err != nil {
		pool.Close()
		return nil, fmt.Errorf("take a node's lock in database %s on %s: %w", config.Database, config.Host, err)
	}
	return db, nil
}

// assertServer refuses, on every new connection, a server that could lose what
// it acknowledged.
func assertServer(ctx context.Context, c *pgx.Conn) error {
	var durable, encoding string
	const ask = `select current_setting('synchronous_commit'), current_setting('server_encoding')`
	if err := c.QueryRow(ctx, ask).Scan(&durable, &encoding); err != nil {
		return err
	}
	if durable == "off" {
		return errors.New("PostgreSQL has synchronous_commit = off, so a crash could lose what was acknowledged; set it to on for this database")
	}
	if encoding != "UTF8" {
		return fmt.Errorf("the database is encoded in %s and must be in UTF8; make it with: createdb -E UTF8 -T template0 NAME", encoding)
	}
	return nil
}

// retries is how often a transaction is run again that PostgreSQL gave up to
// let another one through.
const retries = 6

// transact runs t in a transaction of its own.
func (db *DB) transact(t *task) error {
	for i := 0; ; i++ {
		err := db.transactOnce(t)
		if err == nil || !db.d.again(err) || i == retries {
			return err
		}
		select {
		case <-time.After(time.Duration(1+rand.IntN(10<<i)) * time.Millisecond):
		case <-t.ctx.Done():
			return t.ctx.Err()
		}
	}
}

func (db *DB) transactOnce(t *task) error {
	tx, err := db.read.BeginTx(context.WithoutCancel(t.ctx), &sql.TxOptions{Isolation: sql.LevelReadCommitted})
	if err != nil {
		return err
	}
	if err := t.attempt(conn{q: tx, d: db.d}); err != nil {
		return errors.Join(err, undone(tx.Rollback()))
	}
	err = tx.Commit()
	if err == nil || sqlState(err) != "" { // the server itself says that it did not commit
		return err
	}
	return db.afterFailure(t, err)
}

// undone drops the error of a rollback that had happened already.
func undone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}

// afterFailure asks on another connection what became of t, whose commit got
// no answer.
func (db *DB) afterFailure(t *task, cause error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.ctx), 10*time.Second)
	defer cancel()
	tx, err := db.read.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("%w: %w", errUncertain, errors.Join(cause, err))
	}
	defer tx.Rollback()
	t.judge(ctx, conn{q: tx, d: db.d}, cause)
	return t.err
}
