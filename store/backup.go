package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Backup writes a copy of a SQLite database to path, which must not exist,
// while work goes on. The copy is one state of the database, is checked whole
// and is on the disk when Backup returns. For PostgreSQL there is pg_dump.
func (db *DB) Backup(ctx context.Context, path string) error {
	if db.writer == nil {
		return errors.New("back up PostgreSQL with pg_dump; this program copies SQLite files only")
	}
	if _, err := os.Stat(path); err == nil {
		return fmt.Errorf("back up to %s: there is such a file already; nothing was overwritten", path)
	}
	part := path + ".part"
	if err := removeOld(part); err != nil {
		return fmt.Errorf("back up to %s: %w", path, err)
	}
	defer os.Remove(part)
	if err := makePrivate(part); err != nil {
		return fmt.Errorf("back up to %s: %w", path, err)
	}
	if err := copyTo(ctx, db.path, part); err != nil {
		return fmt.Errorf("back up to %s: %w", path, err)
	}
	if err := checkCopy(ctx, part); err != nil {
		return fmt.Errorf("back up to %s: %w", path, err)
	}
	if err := syncFile(part); err != nil {
		return fmt.Errorf("back up to %s: %w", path, err)
	}
	if err := os.Link(part, path); err != nil { // unlike Rename, it never overwrites
		return fmt.Errorf("back up to %s: %w", path, err)
	}
	return syncFile(filepath.Dir(path))
}

func removeOld(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// Check reads the whole database and says whether it is sound.
func (db *DB) Check(ctx context.Context) error {
	if db.writer == nil {
		return db.read.PingContext(ctx)
	}
	return checkIntegrity(ctx, db.conn())
}

func checkIntegrity(ctx context.Context, c conn) error {
	for _, ask := range []struct{ sql, sound string }{{"pragma integrity_check(3)", "ok"}, {"pragma foreign_key_check", ""}} {
		rows, err := list(ctx, c, firstColumn, ask.sql)
		if err != nil {
			return err
		}
		if verdict := strings.Join(rows, "; "); verdict != ask.sound {
			return fmt.Errorf("the database is damaged: %s: %s", ask.sql, verdict)
		}
	}
	return nil
}

// syncFile asks the disk to keep a file or folder as it is now.
func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
