package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"hatakello/incident"
)

// erasing reports whether an act takes something out of the record.
func erasing(act string) bool { return act == incident.EraseAct || act == incident.ExpireAct }

// An eraser takes a person out of rows, within one transaction.
type eraser struct {
	*write
	c       conn
	s       *sought
	mark    string
	changed map[string]map[string]int  // rows by chain and table
	kept    map[string]map[string]int  // evidence that stayed
	touched map[string]map[string]bool // labels by chain
	anew    map[string]map[string]bool // ids by kind of document
	spared  map[string]bool            // rows of somebody of the same name
}

func newEraser(w *write, c conn, s *sought) *eraser {
	e := &eraser{w, c, s, w.Erasure.Mark, map[string]map[string]int{}, map[string]map[string]int{}, map[string]map[string]bool{}, map[string]map[string]bool{}, map[string]bool{}}
	for _, p := range w.Erasure.Spared {
		e.spared[rowOf(p)] = true
	}
	return e
}

func count(all map[string]map[string]int, chain, table string) {
	if chain == "" {
		chain = registerChain
	}
	if all[chain] == nil {
		all[chain] = map[string]int{}
	}
	all[chain][table]++
}

func note(all map[string]map[string]bool, of, what string) {
	if all[of] == nil {
		all[of] = map[string]bool{}
	}
	all[of][what] = true
}

// total adds up what was counted by chain.
func total(all map[string]map[string]int) map[string]int {
	sum := map[string]int{}
	for _, by := range all {
		for table, n := range by {
			sum[table] += n
		}
	}
	return sum
}

// erase takes out what the change's erasure names, destroys the salts that
// would let anybody guess it, and says so in every chain that it touches.
func (w *write) erase(ctx context.Context, c conn) error {
	x := w.Erasure
	if x == nil {
		return nil
	}
	e := newEraser(w, c, nil)
	var err error
	if len(x.Seek.Terms) > 0 {
		if e.s, err = seek(x.Seek); err != nil {
			return err
		}
		err = e.person(ctx)
	}
	if err == nil {
		err = e.expire(ctx)
	}
	if err == nil {
		err = e.forget(ctx)
	}
	if err == nil {
		err = e.reindex(ctx)
	}
	if err != nil {
		return err
	}
	x.Changed, x.Kept = total(e.changed), total(e.kept)
	if err := e.enter(ctx); err != nil {
		return err
	}
	return e.say()
}

// say writes into the link of each chain what was taken out there.
func (e *eraser) say() error {
	x := e.Erasure
	e.contents = map[string][]byte{}
	for _, chain := range slices.Compact(slices.Sorted(slices.Values(append(slices.Collect(maps.Keys(e.ledger.lists)), registerChain)))) {
		what := map[string]any{"erasure": x.ID, "kind": x.Kind, "mark": x.Mark, "subject": x.Subject, "reason": x.Reason, "basis": x.Basis, "rows": e.changed[chain]}
		if x.Second != "" {
			what["second"] = x.Second
		}
		if len(e.kept[chain]) > 0 {
			what["kept"] = e.kept[chain]
		}
		if chain == registerChain {
			what["all"] = x.Changed
		}
		if !x.Oldest.IsZero() {
			what["oldest"], what["newest"] = x.Oldest, x.Newest
		}
		b, err := json.Marshal(what)
		if err != nil {
			return err
		}
		e.contents[chain] = b
	}
	e.link.Content = e.contents[e.link.Chain]
	return nil
}

// person goes through the rows in which the person was found.
func (e *eraser) person(ctx context.Context) error {
	of := map[string]*trace{}
	for _, t := range traces {
		of[t.table] = t
	}
	var order []*incident.Place
	want := map[string]map[string]bool{} // columns by row
	for _, p := range e.Erasure.Where {
		if p.Proof && !e.Erasure.Proofs {
			count(e.kept, p.Incident, p.Table)
			continue
		}
		at := rowOf(p)
		if want[at] == nil {
			order = append(order, p)
		}
		note(want, at, p.Column)
	}
	for _, p := range order {
		t := of[p.Table]
		if t == nil {
			continue
		}
		if err := e.row(ctx, t, p, want[rowOf(p)]); err != nil {
			return fmt.Errorf("erase in %s: %w", p.Table, err)
		}
	}
	return nil
}

// rowOf names the row of a place.
func rowOf(p *incident.Place) string { return p.Table + "/" + strings.Join(p.Key, "/") }

// at is the condition for the row of a place, on the table's alias t.
func (t *trace) at(p *incident.Place) (string, []any) {
	var where []string
	var args []any
	for i, k := range columnsOf(t.key) {
		where = append(where, "cast(t."+k+" as text) = ?"+itoa(i+1))
		args = append(args, p.Key[i])
	}
	return strings.Join(where, " and "), args
}

// stored is a row as it is in the database, by column.
func (t *trace) stored(ctx context.Context, c conn, p *incident.Place) (row map[string]any, home string, err error) {
	where, args := t.at(p)
	err = c.each(ctx, func(values []any) error {
		row = map[string]any{}
		for i, name := range t.columns() {
			row[name] = values[i]
			if b, ok := values[i].([]byte); ok {
				row[name] = slices.Clone(b)
			}
		}
		home, _ = values[len(values)-1].(string)
		return nil
	}, t.query()+" where "+where, args...)
	return row, cmp.Or(home, registerChain), err
}

// row takes the person out of one row.
func (e *eraser) row(ctx context.Context, t *trace, p *incident.Place, want map[string]bool) error {
	if t.table == "audit" {
		return e.audit(ctx, p, want)
	}
	row, home, err := t.stored(ctx, e.c, p)
	if err != nil || row == nil {
		return err
	}
	if t.drop {
		return e.drop(ctx, t, p, home)
	}
	set := e.rewritten(t, row, want)
	if len(set) == 0 {
		return nil
	}
	count(e.changed, home, t.table)
	if err := e.silence(ctx, t, p, home); err != nil {
		return err
	}
	return e.update(ctx, t, p, home, set)
}

// rewritten are the columns that become others.
func (e *eraser) rewritten(t *trace, row map[string]any, want map[string]bool) map[string]any {
	set := map[string]any{}
	for name := range want {
		text, isText := row[name].(string)
		raw, _ := row[name].([]byte)
		switch {
		case name == t.proof:
			if len(raw) > 0 {
				set[name] = []byte{}
			}
		case slices.Contains(columnsOf(t.json), name):
			now, did := e.s.replaceJSON(cmp.Or(text, string(raw)), e.mark)
			if did && isText {
				set[name] = now
			} else if did {
				set[name] = []byte(now)
			}
		case isText:
			if now, did := e.s.replace(text, e.mark); did {
				set[name] = now
			}
		}
	}
	if _, ok := set["login"]; ok {
		set["login"] = e.mark + row["id"].(string) // of which there is one
	}
	return set
}

// versioned are the tables whose rows carry a version: whoever has read one
// before must not write the name back.
var versioned = strings.Fields("incident record controller joint_group own_assessment received question subject_request debrief action")

// update writes columns and binds the row as it is then.
func (e *eraser) update(ctx context.Context, t *trace, p *incident.Place, home string, set map[string]any) error {
	if name, ok := set["name"].(string); ok && slices.Contains([]string{"controller", "record", "service", "joint_group"}, t.table) {
		set["folded"] = fold(name)
	}
	where, args := t.at(p)
	parts := []string{}
	for _, name := range slices.Sorted(maps.Keys(set)) {
		args = append(args, set[name])
		parts = append(parts, name+" = ?"+itoa(len(args)))
	}
	if slices.Contains(versioned, t.table) {
		parts = append(parts, "version = version + 1")
	}
	if _, err := e.c.exec(ctx, "update "+t.table+" as t set "+strings.Join(parts, ", ")+" where "+where, args...); err != nil {
		return err
	}
	e.stir(t, p)
	return e.bind(ctx, t, p, home)
}

// bind commits to a row as it is now.
func (e *eraser) bind(ctx context.Context, t *trace, p *incident.Place, home string) error {
	return e.eachFacet(ctx, t, p, func(f *facet, r *storedRow) error {
		note(e.touched, home, f.label(r.values))
		return e.ledger.bindIn(home, f, r.values...)
	})
}

// eachFacet does something with each facet of the row in which the person stands.
func (e *eraser) eachFacet(ctx context.Context, t *trace, p *incident.Place, do func(*facet, *storedRow) error) error {
	where, args := t.at(p)
	for _, f := range t.facets() {
		rows, err := list(ctx, e.c, f.read, f.query(where), args...)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := do(f, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// drop takes away a row that is about the person as a whole.
func (e *eraser) drop(ctx context.Context, t *trace, p *incident.Place, home string) error {
	err := e.eachFacet(ctx, t, p, func(f *facet, r *storedRow) error {
		label := f.label(r.values)
		note(e.touched, home, label)
		if !e.s.in(label) {
			e.ledger.gone(f, r.values...)
		}
		return nil
	})
	if err != nil {
		return err
	}
	where, args := t.at(p)
	count(e.changed, home, t.table)
	e.stir(t, p)
	if _, err := e.c.exec(ctx, "delete from "+t.table+" as t where "+where, args...); err != nil {
		return err
	}
	if len(t.facets()) == 0 {
		return nil
	}
	_, err = e.c.exec(ctx, `update controller set version = version + 1 where id = ?1`, p.Key[0])
	return err
}

// silence stops a message to staff or programs in which the person stands: it
// must not leave any more. Notices to controllers were refused before.
func (e *eraser) silence(ctx context.Context, t *trace, p *incident.Place, home string) error {
	if t.table != "delivery" && t.table != "body" {
		return nil
	}
	n, err := e.c.exec(ctx, `update delivery set fate = 'cancelled', settled = ?2, ready = false, lease = null where id = ?1 and fate in ('pending', 'leased') and notice is null`,
		p.Key[0], orNever(e.At))
	if err != nil || n == 0 {
		return err
	}
	for _, t := range traces {
		if t.table == "delivery" {
			return e.bind(ctx, t, p, home)
		}
	}
	return nil
}

// enter keeps what was done, for those who ask.
func (e *eraser) enter(ctx context.Context) error {
	x := e.Erasure
	changed, err := json.Marshal(x.Changed)
	if err != nil {
		return err
	}
	kept, err := json.Marshal(x.Kept)
	if err != nil {
		return err
	}
	_, err = e.c.exec(ctx, `
		insert into erasure (id, kind, mark, at, made_by, subject, reason, basis, second, changed, kept, oldest, newest)
		values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)`,
		x.ID, x.Kind, x.Mark, orNever(e.At), e.By.Name, x.Subject, x.Reason, x.Basis, x.Second, string(changed), string(kept), instant(x.Oldest), instant(x.Newest))
	if err != nil {
		return err
	}
	return e.c.bindRow(ctx, "erasure", x.ID)
}

// Scrubbed notes that erasures until then have left no byte in the files.
func (db *DB) Scrubbed(ctx context.Context, at time.Time) error {
	return db.write(newTask(ctx, func(ctx context.Context, c conn) error {
		_, err := c.exec(ctx, `update erasure set scrubbed = ?1 where scrubbed is null and at <= ?1`, orNever(at))
		return err
	}))
}

// Unscrubbed reports whether bytes of a person that was erased may still be in
// the files, or of what expired before that instant: a day's worth of it is
// driven out at once.
func (db *DB) Unscrubbed(ctx context.Context, expired time.Time) (bool, error) {
	n := 0
	return db.conn().one(ctx, `select 1 from erasure where scrubbed is null and (kind = 'person' or at <= ?1) limit 1`, []any{orNever(expired)}, &n)
}
