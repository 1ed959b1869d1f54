package store

import (
	"context"
	"database/sql"
	"regexp"
	"strings"
	"sync"

	"github.com/pressly/goose/v3"
)

// A dialect is everything in which the two databases differ, but for opening
// them: names of types, placeholders, the claim's locking clause, and how
// errors are recognised.
type dialect struct {
	goose     goose.Dialect
	types     *strings.Replacer // of migrations
	text      func(sql string) string
	skip      string                                                             // locking clause of a claim
	snapshot  sql.IsolationLevel                                                 // of reads that belong together
	duplicate func(err error) bool                                               // a unique index refused the row
	again     func(err error) bool                                               // nothing was written and trying again may help
	near      bool                                                               // the database is in this process
	name      string                                                             // in the names of migrations for it alone
	documents *batch                                                             // writes texts to be found by their words
	find      string                                                             // finds them; see search.go
	match     func(kind, inc string, all []string) (query string, rest []string) // of a search
}

// calm is the context of a read. One in this process takes microseconds, less
// than the goroutines that would wait for somebody to give up.
func (d *dialect) calm(ctx context.Context) context.Context {
	if d.near && ctx.Err() == nil {
		return context.WithoutCancel(ctx)
	}
	return ctx
}

// ddl turns the shared words of a migration into the dialect's own.
func (d *dialect) ddl(migration string) string { return d.types.Replace(migration) }

// sqliteTypes makes tables strict. A strict table knows five types, and only
// by their own names.
var sqliteTypes = strings.NewReplacer(" bigint", " integer", " boolean", " integer", " bytea", " blob")

// postgresTypes gives text the order of its bytes, as SQLite has it, whatever
// the server's locale.
var postgresTypes = strings.NewReplacer(" text", ` text collate "C"`, " strict, without rowid", "", " strict", "")

var placeholder = regexp.MustCompile(`\?([0-9]+)`)

// dollars remembers statements with their placeholders rewritten.
var dollars sync.Map

// toDollars rewrites the placeholders ?1, ?2 … as PostgreSQL names them. No
// statement of this package holds a question mark for anything else.
func toDollars(sql string) string {
	if s, ok := dollars.Load(sql); ok {
		return s.(string)
	}
	s := placeholder.ReplaceAllString(sql, "$$$1")
	dollars.Store(sql, s)
	return s
}

func asWritten(sql string) string { return sql }
