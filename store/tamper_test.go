package store

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// tamperer writes past the program: raw SQL, without foreign keys.
type tamperer struct {
	t  *testing.T
	db *sql.DB
	d  *dialect
}

func newTamperer(t *testing.T, db *DB, dsn string) *tamperer {
	t.Helper()
	raw := &tamperer{t: t, d: db.d}
	var err error
	if db.writer != nil {
		raw.db, err = sql.Open("sqlite3", "file:"+dsn+"?_foreign_keys=off&_busy_timeout=5000")
	} else {
		raw.db, err = sql.Open("pgx", dsn)
	}
	if err != nil {
		t.Fatal(err)
	}
	raw.db.SetMaxOpenConns(1)
	t.Cleanup(func() { raw.db.Close() })
	if db.writer == nil {
		raw.exec("set session_replication_role = replica") // no foreign keys
	}
	return raw
}

func (w *tamperer) exec(text string, args ...any) {
	w.t.Helper()
	if _, err := w.db.Exec(w.d.text(text), args...); err != nil {
		w.t.Fatalf("%s: %v", text, err)
	}
}

// row is a whole row of a table, to be put back.
type tableRow struct {
	columns []string
	values  []any
}

// rows reads all rows of a table.
func (w *tamperer) rows(table string) []tableRow {
	w.t.Helper()
	rows, err := w.db.Query("select * from " + table)
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	columns, _ := rows.Columns()
	var all []tableRow
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			w.t.Fatal(err)
		}
		all = append(all, tableRow{columns, values})
	}
	slices.SortFunc(all, func(a, b tableRow) int { return strings.Compare(fmt.Sprint(a.values...), fmt.Sprint(b.values...)) })
	return all
}

// at is the condition that finds a row by its columns.
func (r tableRow) at(columns []string) (string, []any) {
	var where []string
	var args []any
	for _, c := range columns {
		v := r.values[slices.Index(r.columns, c)]
		if v == nil {
			where = append(where, c+" is null")
			continue
		}
		args = append(args, v)
		where = append(where, c+" = ?"+itoa(len(args)))
	}
	return strings.Join(where, " and "), args
}

func (w *tamperer) remove(table string, r tableRow, key []string) {
	w.t.Helper()
	where, args := r.at(key)
	w.exec("delete from "+table+" where "+where, args...)
}

func (w *tamperer) insert(table string, r tableRow) {
	w.t.Helper()
	marks := make([]string, len(r.values))
	for i := range marks {
		marks[i] = "?" + itoa(i+1)
	}
	w.exec("insert into "+table+" ("+strings.Join(r.columns, ", ")+") values ("+strings.Join(marks, ", ")+")", r.values...)
}

// other is a value of the same type that is not v.
func other(v any, truth bool) any {
	switch v := v.(type) {
	case nil:
		return "x"
	case string:
		return v + "x"
	case bool:
		return !v
	case int64:
		if truth {
			return 1 - v
		}
		return v + 1
	case []byte:
		return append([]byte("x"), v...)
	}
	panic(fmt.Sprintf("a value of type %T", v))
}

// TestTamper changes, removes, adds, swaps and cuts rows of every table that
// the chain covers, past the program, and wants each named.
func TestTamper(t *testing.T) {
	for _, kind := range []string{"sqlite", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			dsn := newDatabase(t, kind)
			db := open(t, dsn)
			fillAll(t, db)
			if v := must[*Verified](t)(db.Verify(ctx)); v.Found != 0 || v.Links < 10 || v.Rows < 60 {
				t.Fatalf("untouched: %d links, %d rows, found %+v", v.Links, v.Rows, v.Findings)
			}
			w := newTamperer(t, db, dsn)
			for _, f := range facets {
				w.changeEach(db, f)
			}
			rapid.Check(t, func(rt *rapid.T) { w.some(rt, db) })
			if v := must[*Verified](t)(db.Verify(ctx)); v.Found != 0 {
				t.Fatalf("put back: found %+v", v.Findings)
			}
		})
	}
}

// changeEach changes each column of a facet once, in the last row.
func (w *tamperer) changeEach(db *DB, f *facet) {
	w.t.Helper()
	rows := w.rows(f.table)
	if f.where != "" {
		rows = w.rows("(select * from " + f.table + " t where " + f.where + ") as kept")
	}
	if len(rows) == 0 && slices.Contains(unfilled, f.name) {
		return
	}
	if len(rows) == 0 || len(rows) == 1 && f.name != "setting" {
		w.t.Fatalf("facet %s has %d rows to tamper with", f.name, len(rows))
	}
	r := rows[len(rows)-1]
	for i, c := range f.columns {
		where, args := r.at(f.all())
		was := r.values[slices.Index(r.columns, c)]
		w.exec(fmt.Sprintf("update %s set %s = ?%d where %s", f.table, c, len(args)+1, where), append(args, other(was, f.truth[i]))...)
		changed := tableRow{r.columns, slices.Clone(r.values)}
		changed.values[slices.Index(r.columns, c)] = other(was, f.truth[i])
		w.named(db, f.table, "changing "+f.name+"."+c)
		where, args = changed.at(f.all())
		w.exec(fmt.Sprintf("update %s set %s = ?%d where %s", f.table, c, len(args)+1, where), append(args, was)...)
	}
}

// all are the facet's columns without those that may be long.
func (f *facet) all() []string {
	return slices.DeleteFunc(slices.Clone(f.columns), func(c string) bool { return c == "bytes" })
}

// named wants a finding about the table, or about a chain, that names a row.
func (w *tamperer) named(db *DB, table, what string) {
	w.t.Helper()
	v := must[*Verified](w.t)(db.Verify(ctx))
	if !slices.ContainsFunc(v.Findings, func(f Finding) bool {
		return f.Row != "" && (f.Table == table || table == "audit" && f.Table == "chain")
	}) {
		w.t.Fatalf("%s: found %+v", what, v.Findings)
	}
}

// some does one random wrong thing and puts it right.
func (w *tamperer) some(rt *rapid.T, db *DB) {
	tables := []string{"audit", "chain"}
	for _, f := range facets {
		if f.where == "" {
			tables = append(tables, f.table)
		}
	}
	table := rapid.SampledFrom(tables).Draw(rt, "table")
	rows := w.rows(table)
	if len(rows) == 0 {
		return
	}
	i := rapid.IntRange(0, len(rows)-1).Draw(rt, "row")
	r, key := rows[i], keyOf(table)
	switch how := rapid.SampledFrom([]string{"remove", "add", "swap", "cut"}).Draw(rt, "how"); how {
	case "remove":
		w.remove(table, r, key)
		w.named(db, table, how)
		w.insert(table, r)
	case "add":
		added := tableRow{r.columns, slices.Clone(r.values)}
		for _, c := range append(key, "token", "login", "hash", "controller", "n", "number") {
			if k := slices.Index(r.columns, c); k >= 0 && (c != "hash" || table == "token" || table == "contact_link") {
				added.values[k] = other(r.values[k], false)
			}
		}
		w.insert(table, added)
		w.named(db, table, how)
		w.remove(table, added, key)
	case "swap":
		w.swap(rt, db, table, rows, i)
	case "cut":
		for _, r := range rows[i:] {
			w.remove(table, r, key)
		}
		w.named(db, table, how)
		for _, r := range rows[i:] {
			w.insert(table, r)
		}
	}
}

// swap gives two rows each other's content.
func (w *tamperer) swap(rt *rapid.T, db *DB, table string, rows []tableRow, i int) {
	j := rapid.IntRange(0, len(rows)-1).Draw(rt, "other")
	key := keyOf(table)
	a, b := rows[i], rows[j]
	if i == j || fmt.Sprint(content(table, a)...) == fmt.Sprint(content(table, b)...) {
		return
	}
	x, y := tableRow{a.columns, slices.Clone(b.values)}, tableRow{a.columns, slices.Clone(a.values)}
	for _, c := range key {
		k := slices.Index(a.columns, c)
		x.values[k], y.values[k] = a.values[k], b.values[k]
	}
	w.remove(table, a, key)
	w.remove(table, b, key)
	w.insert(table, x)
	w.insert(table, y)
	w.named(db, table, "swap")
	w.remove(table, x, key)
	w.remove(table, y, key)
	w.insert(table, a)
	w.insert(table, b)
}

// content is what is bound of a row beside its key.
func content(table string, r tableRow) []any {
	columns := r.columns
	if f := facetOf[table]; f != nil {
		columns = f.columns
	}
	var all []any
	for _, c := range columns {
		if !slices.Contains(keyOf(table), c) {
			all = append(all, r.values[slices.Index(r.columns, c)])
		}
	}
	return all
}

// keyOf are the columns of a table's key.
func keyOf(table string) []string {
	switch table {
	case "audit":
		return []string{"chain", "seq"}
	case "chain":
		return []string{"id"}
	}
	f := facetOf[table]
	key := columnsOf(f.key)
	if f.home == byIncident && table == "mark" || table == "deadline" {
		key = append(key, "incident")
	}
	return key
}

// TestFacetsAreWhole knows of every table whether the chain covers it, and of
// those that it covers, which columns it leaves out.
func TestFacetsAreWhole(t *testing.T) {
	db := open(t, newDatabase(t, "sqlite"))
	tables := must[[]string](t)(list(ctx, db.conn(), text, `select name from sqlite_master where type = 'table' and name not like 'sqlite%' order by name`))
	if len(tables) < 40 {
		t.Fatalf("only %d tables", len(tables))
	}
	for _, table := range tables {
		covered := map[string]bool{}
		for _, f := range facets {
			for _, c := range f.columns {
				covered[f.table+"."+c] = true
			}
		}
		if _, ok := unbound[table]; ok {
			continue
		}
		columns := must[[]string](t)(list(ctx, db.conn(), text, `select name from pragma_table_info('`+table+`') order by cid`))
		for _, c := range columns {
			if !covered[table+"."+c] && !slices.Contains(leftOut, table+"."+c) {
				t.Errorf("%s.%s is neither bound to the chain nor left out for a reason", table, c)
			}
		}
	}
}

// leftOut are columns that say nothing about a case: what is worked out from
// others, how a queue stands, secrets, and versions.
var leftOut = strings.Fields(`
	incident.folded incident.tight incident.records incident.notified incident.accepted incident.acked incident.failed incident.version incident.dated incident.facet
	joint_group.folded joint_group.version own_assessment.version received.version deadline.made subject_request.ring_at subject_request.version
	record.folded record.tight record.version deadline.warn question.ring_at question.version notice.chase_at
	debrief.version action.remind action.version delivery.ready delivery.holder delivery.urgency delivery.due delivery.lease delivery.tries ring.step ring.next_at
	service.folded service.users controller.folded controller.version staff.password token.hash webhook.secret erasure.scrubbed`)

// unfilled are facets of which fillAll writes no row yet.
var unfilled = strings.Fields(`own_assessment own_share offered_facts incident_was deadline_was subject_request received received_body erasure legal_hold`)
