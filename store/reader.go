package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// OpenReader opens the database for reading alone, beside the program that
// writes it, for those who watch that program. Nothing is made, migrated or
// locked, and every write fails.
func OpenReader(ctx context.Context, dsn string) (*DB, error) {
	if strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") {
		return readPostgres(ctx, dsn)
	}
	path, _ := strings.CutPrefix(dsn, "sqlite:")
	if err := checkPath(path); err != nil {
		return nil, err
	}
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	db := &DB{d: sqliteDialect, path: path, read: sql.OpenDB(&connector{dsn: fileURI(path, readerSettings)})}
	db.read.SetMaxOpenConns(1)
	return checked(ctx, db, path)
}

func readPostgres(ctx context.Context, dsn string) (*DB, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("the database address cannot be read: %w; write it as postgres://user:password@host:5432/name", err)
	}
	config.RuntimeParams["application_name"] = "hatakello bell"
	config.RuntimeParams["default_transaction_read_only"] = "on"
	config.RuntimeParams["statement_timeout"] = "30000"
	db := &DB{d: postgresDialect, read: stdlib.OpenDB(*config)}
	db.read.SetMaxOpenConns(1)
	return checked(ctx, db, config.Database)
}

// checked closes db again unless it answers and its schema is the program's.
func checked(ctx context.Context, db *DB, name string) (*DB, error) {
	err := db.read.PingContext(ctx)
	if err == nil {
		_, err = migrate(ctx, db.read, db.d, false)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s for reading: %w", name, err), db.read.Close())
	}
	return db, nil
}
