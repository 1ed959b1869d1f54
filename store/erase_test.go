package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"hatakello/incident"
)

// person is a name that stands nowhere else, with letters that every encoding
// writes in its own way.
const person = "Zyxwäri Qvötönen"

// forms are the ways in which a word may stand in a file.
func forms(word string) [][]byte {
	var all [][]byte
	for _, w := range []string{word, strings.ToLower(word), strings.ToUpper(word), fold(word), letters.Replace(fold(word))} {
		percent, quoted := "", ""
		for _, c := range []byte(w) {
			percent += fmt.Sprintf("%%%02X", c)
			quoted += fmt.Sprintf("=%02X", c)
		}
		var soft string
		for _, r := range w {
			if r < 0x80 {
				soft += string(r)
				continue
			}
			for _, c := range []byte(string(r)) {
				soft += fmt.Sprintf("=%02X", c)
			}
		}
		all = append(all, []byte(w), []byte(url.QueryEscape(w)), []byte(percent), []byte(quoted), []byte(soft))
		var little, big []byte
		for _, u := range utf16.Encode([]rune(w)) {
			little, big = append(little, byte(u), byte(u>>8)), append(big, byte(u>>8), byte(u))
		}
		all = append(all, little, big)
		for shift := range 3 { // what of the base64 does not hang on its neighbours
			b := base64.StdEncoding.EncodeToString(append(bytes.Repeat([]byte{0}, shift), w...))
			from, to := []int{0, 2, 3}[shift], len(b)/4*4-4
			all = append(all, []byte(b[from:to]))
		}
	}
	return all
}

// absent wants none of the words in a file.
func absent(t *testing.T, what string, data []byte, words ...string) {
	t.Helper()
	for _, w := range words {
		for _, f := range forms(w) {
			if i := bytes.Index(data, f); len(f) > 4 && i >= 0 {
				t.Errorf("%s holds %q at %d: %q", what, f, i, data[max(0, i-60):min(len(data), i+60)])
				return
			}
		}
	}
}

// plant writes the person into every column that may hold a name, into rows
// past the program, and makes the record hold again.
func plant(t *testing.T, db *DB, dsn string) {
	t.Helper()
	w := newTamperer(t, db, dsn)
	for _, tr := range traces {
		if tr.table == "erasure" {
			continue
		}
		w.fillEmpty(tr.table)
		for _, c := range columnsOf(tr.text) {
			w.plantIn(tr.table, c, "' Soitti "+person+". '")
		}
		for _, c := range columnsOf(tr.json) {
			w.plantIn(tr.table, c, `'{"Nature":{"Text":"Kertoi `+person+`n puolesta"}}'`)
		}
		if tr.proof != "" {
			w.exec("update "+tr.table+" set "+tr.proof+" = ?1", []byte("From: =?utf-8?q?Zyxw=C3=A4ri_Qv=C3=B6t=C3=B6nen?=\r\n\r\nHei"))
		}
	}
	w.rehash()
	err := db.write(newTask(ctx, func(ctx context.Context, c conn) error {
		if err := indexAll(ctx, c); err != nil {
			return err
		}
		ids, err := list(ctx, c, text, `select id from incident`)
		for _, id := range ids {
			if err == nil {
				err = addWords(ctx, c, [][2]string{{id, spaced(person)}})
			}
		}
		return err
	}))
	noError(t, err)
	old(t, db)
	noError(t, db.adopt(ctx, true))
	by := incident.Actor{ID: "u1", Name: person, Roles: incident.Roles, Via: "web"}
	for _, id := range append(must[[]string](t)(list(ctx, db.conn(), text, `select id from incident order by id`)), "") {
		c := change(id)
		c.By, c.Content = by, []byte(`{"to":"`+person+`"}`)
		if id != "" {
			c.Entries = []*incident.Entry{{ID: newID(), Incident: id, At: noon, By: person, Text: "Puhuttu: " + person}}
		}
		apply(t, db, c)
	}
}

// rehash gives files the hash of what was planted in them.
func (w *tamperer) rehash() {
	w.t.Helper()
	for _, r := range w.rows("handover") {
		b := r.values[slices.Index(r.columns, "bytes")].([]byte)
		w.exec("update handover set sha256 = ?1 where id = ?2", digest(b), r.values[slices.Index(r.columns, "id")])
	}
	for _, r := range w.rows("files") {
		was := r.values[slices.Index(r.columns, "sha256")].(string)
		b := append(r.values[slices.Index(r.columns, "bytes")].([]byte), was...)
		w.exec("update files set bytes = ?1, sha256 = ?2 where sha256 = ?3", b, digest(b), was)
		w.exec("update evidence set sha256 = ?1 where sha256 = ?2", digest(b), was)
	}
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// plantIn writes a value into one column of all rows, keeping what must be unique.
func (w *tamperer) plantIn(table, column, value string) {
	w.t.Helper()
	where := ""
	switch table + "." + column {
	case "session.data":
		w.exec("update session set data = ?1", []byte("gob "+person))
		return
	case "assessment.facts", "audit.content", "handover.facts":
		if w.d != sqliteDialect || column == "content" || column == "facts" {
			value = "?1"
		}
	case "entry.args":
		value = `'{"to":"` + person + `"}'`
	case "setting.value":
		where = " where name = 'organisation'"
	case "staff.login", "staff.slack":
		value += " || id"
	case "usage.tenant", "draft.form", "failure.key", "done.key":
		value += " || " + column
	case "draft.owner":
		return
	}
	if value == "?1" {
		column := table + "." + column
		json := []byte(`{"Nature":{"Text":"Kertoi ` + person + `"}}`)
		if column == "handover.facts" {
			w.exec("update handover set facts = ?1", string(json))
			return
		}
		w.exec("update "+table+" set "+strings.TrimPrefix(column, table+".")+" = ?1", json)
		return
	}
	w.exec("update " + table + " set " + column + " = " + value + where)
}

// fillEmpty puts one row of anything into a table that has none.
func (w *tamperer) fillEmpty(table string) {
	w.t.Helper()
	if len(w.rows(table)) > 0 {
		return
	}
	rows, err := w.db.Query("select * from " + table)
	if err != nil {
		w.t.Fatal(err)
	}
	types, _ := rows.ColumnTypes()
	rows.Close()
	r := tableRow{}
	for _, c := range types {
		var v any = "x"
		switch name := strings.ToLower(c.DatabaseTypeName()); {
		case c.Name() == "incident" || c.Name() == "record":
			id := must[[]string](w.t)(w.column("select id from " + c.Name() + " order by id"))
			v = id[0]
		case c.Name() == "until" || c.Name() == "at" || c.Name() == "expires" || c.Name() == "made" || c.Name() == "received" || c.Name() == "due":
			v = orNever(noon)
		case c.Name() == "data" || c.Name() == "bytes":
			v = []byte("x")
		case name == "integer", name == "int8":
			v = int64(1)
		case name == "bool":
			v = false
		}
		r.columns, r.values = append(r.columns, c.Name()), append(r.values, v)
	}
	w.insert(table, r)
}

func (w *tamperer) column(text string) (all []string, err error) {
	rows, err := w.db.Query(text)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var s sql.NullString
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		all = append(all, s.String)
	}
	return all, rows.Err()
}

// erasePerson erases and returns the erasure as it was kept.
func erasePerson(t *testing.T, db *DB, proofs bool, terms ...string) *incident.Erasure {
	t.Helper()
	c := change("")
	c.Act = incident.EraseAct
	c.Erasure = &incident.Erasure{ID: newID(), Kind: "person", Mark: "[×A7K2]", Subject: "subject", Reason: "pyyntö", Basis: "request", Proofs: proofs, Seek: incident.Seek{Terms: terms}}
	c.Erasure.Where = must[[]*incident.Place](t)(db.Places(ctx, c.Erasure.Seek))
	apply(t, db, c)
	return c.Erasure
}

// TestErase takes a person, who stands in every column that may hold a name,
// out of the whole database: no byte is left in its files, the record holds,
// and it says what was taken out, when, by whom and why.
func TestErase(t *testing.T) {
	for _, kind := range []string{"sqlite", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			dsn := newDatabase(t, kind)
			db := open(t, dsn)
			fillAll(t, db)
			plant(t, db, dsn)
			if v := must[*Verified](t)(db.Verify(ctx)); v.Found != 0 {
				t.Fatalf("planted: found %+v", v.Findings)
			}
			everywhere(t, must[[]*incident.Place](t)(db.Places(ctx, incident.Seek{Terms: []string{person}})))
			x := erasePerson(t, db, true, person)
			if left := must[[]*incident.Place](t)(db.Places(ctx, incident.Seek{Terms: []string{person}})); len(left) > 0 {
				t.Fatalf("left in %d places, the first %+v", len(left), left[0])
			}
			v := must[*Verified](t)(db.Verify(ctx))
			if v.Found != 0 || v.Erasures < 3 || v.Blank == 0 {
				t.Fatalf("erased: %d erasures, %d blank, found %+v", v.Erasures, v.Blank, v.Findings)
			}
			last := v.Erased[len(v.Erased)-1]
			if last.Chain != registerChain || last.By != anna.Name || !bytes.Contains(last.What, []byte(`"basis":"request"`)) || !bytes.Contains(last.What, []byte(x.ID)) {
				t.Errorf("the register says %+v: %s", last, last.What)
			}
			if !must[bool](t)(db.Scrub(ctx, 1<<30)) {
				t.Fatal("not scrubbed")
			}
			noTrace(t, db, dsn)
			lawful(t, db, dsn)
		})
	}
}

// everywhere wants a place in each column of each trace.
func everywhere(t *testing.T, all []*incident.Place) {
	t.Helper()
	have := map[string]bool{}
	for _, p := range all {
		have[p.Table+"."+p.Column] = true
	}
	for _, tr := range traces {
		for _, c := range slices.Concat(columnsOf(tr.text), columnsOf(tr.json), columnsOf(tr.proof)) {
			if !have[tr.table+"."+c] && tr.table != "erasure" && tr.table+"."+c != "draft.owner" {
				t.Errorf("not found in %s.%s", tr.table, c)
			}
		}
	}
}

// noTrace looks for the person in the bytes of the database.
func noTrace(t *testing.T, db *DB, dsn string) {
	t.Helper()
	words := strings.Fields(person)
	if db.writer != nil {
		files, _ := filepath.Glob(dsn + "*")
		if len(files) < 2 {
			t.Fatalf("only %v", files)
		}
		for _, f := range files {
			absent(t, filepath.Base(f), must[[]byte](t)(os.ReadFile(f)), words...)
		}
		return
	}
	var dir, base string
	if _, err := db.conn().one(ctx, `select current_setting('data_directory'), cast(oid as text) from pg_database where datname = current_database()`, nil, &dir, &base); err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "base", base, "*"))
	if len(files) < 50 {
		t.Fatalf("only %d files in %s", len(files), dir)
	}
	for _, f := range files {
		absent(t, f, must[[]byte](t)(os.ReadFile(f)), words...)
	}
}

// lawful wants a change past the program named after an erasure as before, and
// a gap that no link explains, too.
func lawful(t *testing.T, db *DB, dsn string) {
	t.Helper()
	w := newTamperer(t, db, dsn)
	for what, text := range map[string]string{
		"entry":   "update entry set content = 'toista' where id = (select min(id) from entry)",
		"erasure": "update erasure set reason = 'muu'",
		"contact": "update delivery set name = '' where id = (select min(id) from delivery)",
	} {
		tables := map[string]string{"contact": "delivery"}
		table := what
		if tables[what] != "" {
			table = tables[what]
		}
		before := w.rows(table)
		w.exec(text)
		w.named(db, table, "tampering after an erasure with "+what)
		for _, r := range w.rows(table) {
			w.remove(table, r, keyOf(table))
		}
		for _, r := range before {
			w.insert(table, r)
		}
	}
	c := change("")
	c.Register.Services = []*incident.Service{{ID: "s9", Name: "Yksi"}}
	apply(t, db, c)
	c = change("")
	c.Register.Services = []*incident.Service{{ID: "s9", Name: "Kaksi"}}
	apply(t, db, c)
	var seq int64
	var list []byte
	if _, err := db.conn().one(ctx, `select seq, bound from audit where chain = ?1 order by seq desc limit 1 offset 1`, []any{registerChain}, &seq, &list); err != nil {
		t.Fatal(err)
	}
	b, _, err := incident.NextBound(list)
	noError(t, err)
	w.exec(`update audit set bound = ?1 where chain = 'register' and seq = ?2`, incident.AppendBound(nil, b.Label, make([]byte, saltSize), b.Commit), seq)
	v := must[*Verified](t)(db.Verify(ctx))
	if v.Found != 1 || v.Findings[0].What != "salt" || v.Findings[0].Seq != seq {
		t.Errorf("a destroyed salt without an erasure: found %+v", v.Findings)
	}
	w.exec(`update audit set bound = ?1 where chain = 'register' and seq = ?2`, incident.AppendHidden(nil, b.Leaf()), seq)
	if v := must[*Verified](t)(db.Verify(ctx)); v.Found != 1 || v.Findings[0].What != "content" || v.Findings[0].Seq != seq {
		t.Errorf("a hidden label without an erasure: found %+v", v.Findings)
	}
	w.exec(`update audit set bound = ?1 where chain = 'register' and seq = ?2`, list, seq)
}

// TestTracesAreWhole knows of every column of text whether it may hold a name.
func TestTracesAreWhole(t *testing.T) {
	db := open(t, newDatabase(t, "sqlite"))
	known := map[string]bool{}
	for _, n := range nameless {
		known[n] = true
	}
	for _, tr := range traces {
		for _, c := range tr.columns() {
			known[tr.table+"."+c] = true
		}
	}
	tables := must[[]string](t)(list(ctx, db.conn(), text, `select name from sqlite_master where type = 'table' and name not like 'sqlite%' and name not like 'search%' order by name`))
	for _, table := range tables {
		columns := must[[]string](t)(list(ctx, db.conn(), text, `select name from pragma_table_info('`+table+`') where upper(type) in ('TEXT', 'BLOB') order by cid`))
		for _, c := range columns {
			if c != "id" && !known[table+"."+c] {
				t.Errorf("%s.%s: say in traces how a name is taken out, or in nameless that it holds none", table, c)
			}
			delete(known, table+"."+c)
		}
	}
}
