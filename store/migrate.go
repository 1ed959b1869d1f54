package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrations embed.FS

// errNewer says that a later version of the program has written the database.
var errNewer = errors.New("its schema is newer than this program; start the newer program, or give it the backup that was made before the upgrade")

// errOlder says that a guest may not migrate.
var errOlder = errors.New("its schema is older than this program; stop the other process, so that it can be brought up to date")

// migrate brings the schema up to date, each step in a transaction, or with
// allowed false only checks that it is. Several nodes may call it at once.
// It reports whether a database that was there before is another now.
func migrate(ctx context.Context, db *sql.DB, d *dialect, allowed bool) (upgraded bool, err error) {
	steps, err := readMigrations(d)
	if err != nil {
		return false, err
	}
	options := []goose.ProviderOption{goose.WithGoMigrations(steps...), goose.WithDisableGlobalRegistry(true), goose.WithTableName("schema_version")}
	if d.goose == goose.DialectPostgres {
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return false, err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	p, err := goose.NewProvider(d.goose, db, nil, options...)
	if err != nil {
		return false, fmt.Errorf("read migrations: %w", err)
	}
	have, want, err := p.GetVersions(ctx)
	switch {
	case err != nil:
		return false, fmt.Errorf("read schema version: %w", err)
	case have > want:
		return false, fmt.Errorf("%w (it has %d, this program knows %d)", errNewer, have, want)
	case have == want:
		return false, nil
	case !allowed:
		return false, errOlder
	}
	if _, err := p.Up(ctx); err != nil {
		return false, fmt.Errorf("bring schema up to date: %w", err)
	}
	return have > 0, nil
}

// fills are what migrations need the program for, by number.
var fills = map[int64]func(ctx context.Context, c conn) error{132: indexAll}

// readMigrations makes the steps of one dialect from the shared files and from
// those that name it before their ending.
func readMigrations(d *dialect) ([]*goose.Migration, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	var steps []*goose.Migration
	for _, name := range names {
		if only := strings.Split(name, "."); len(only) == 3 && only[1] != d.name {
			continue
		}
		number, _, _ := strings.Cut(strings.TrimPrefix(name, "migrations/"), "_")
		version, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("migration %s: %w", name, err)
		}
		shared, err := migrations.ReadFile(name)
		if err != nil {
			return nil, err
		}
		steps = append(steps, goose.NewGoMigration(version, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, d.ddl(string(shared)))
			if fill := fills[version]; fill != nil && err == nil {
				err = fill(ctx, conn{q: tx, d: d})
			}
			return err
		}}, nil))
	}
	return steps, nil
}
