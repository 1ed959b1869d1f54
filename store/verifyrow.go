package store

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"hash/maphash"
	"slices"
	"strings"

	"hatakello/incident"
)

// facet compares the rows of one facet with what the links say.
func (w *walk) facet(ctx context.Context, c conn, f *facet, only string) error {
	var where string
	var args []any
	switch {
	case f.home == inRegister:
		if !w.holds(registerChain) {
			return nil
		}
		where = "true"
	default:
		column := f.homeColumn()
		if where, args = w.within(column); w.holds(registerChain) {
			where = "(" + where + " or " + column + " is null)"
		}
	}
	return c.each(ctx, func(v []any) error {
		last := len(v) - 1
		home, _ := v[last].(string)
		if home == "" {
			home = registerChain
		}
		if only == "" && home == w.large || only != "" && home != only {
			return nil
		}
		return w.compare(f, home, v[:last])
	}, f.query(where), args...)
}

// compare checks one stored row.
func (w *walk) compare(f *facet, home string, values []any) error {
	label := f.label(values)
	if w.pass.of > 0 && !w.pass.has(w.seed, label) {
		return nil
	}
	w.Rows++
	e := w.kept[home+" "+label]
	table, key := splitLabel(label)
	if e == nil {
		w.find(Finding{Chain: home, Table: table, Row: key, What: "added"})
		return nil
	}
	row, err := f.json(w.row[:0], values)
	if err != nil {
		return err
	}
	w.row = row
	e.seen = true
	switch {
	case e.commit == incident.Digest{}:
		w.find(Finding{Chain: home, Seq: e.seq, Table: table, Row: key, What: "added"})
	case !bytes.Equal(e.commit[:], incident.RowCommit(e.salt[:], row)), !f.intact(values) && !(e.erased && f.emptied(values)):
		w.find(Finding{Chain: home, Seq: e.seq, Table: table, Row: key, What: "changed"})
	}
	return nil
}

// intact reports whether the row's bytes are still those of the hash beside
// them. A file that was changed before its row was bound shows only here.
func (f *facet) intact(values []any) bool {
	if f.digest == "" {
		return true
	}
	data, _ := values[slices.Index(f.hashed, true)].([]byte)
	sum := sha256.Sum256(data)
	return values[slices.Index(f.columns, f.digest)] == hex.EncodeToString(sum[:])
}

// emptied reports whether the row's bytes were taken out.
func (f *facet) emptied(values []any) bool {
	data, _ := values[slices.Index(f.hashed, true)].([]byte)
	return len(data) == 0
}

// part is which of several shares of a large chain's rows is being looked at.
type part struct{ i, of uint64 }

func (p part) has(seed maphash.Seed, label string) bool {
	return maphash.String(seed, label)%p.of == p.i
}

// checkLarge goes through one large chain several times, each time holding a
// share of what it says.
func (w *walk) checkLarge(ctx context.Context, c conn) error {
	for i := range w.passes {
		p := &walk{verifier: w.verifier, lo: w.large, hi: w.large + "\x00", kept: map[string]*expected{}, pass: part{i, w.passes}}
		for seq := int64(0); ; {
			n, a := 0, &incident.Audit{}
			err := c.each(ctx, func(v []any) error {
				if err := auditOf(v, a); err != nil {
					return err
				}
				n++
				p.keep(a, func(label string) bool { return p.pass.has(w.seed, label) })
				seq = a.Seq
				for _, x := range againsOf(a) {
					if p.pass.has(w.seed, x.label()) {
						p.agains = append(p.agains, x)
					}
				}
				return nil
			}, `select `+linkColumns+` from audit where chain = ?1 and seq > ?2 order by seq limit ?3`, w.large, seq, linksAtOnce)
			if err != nil {
				return err
			}
			if n < linksAtOnce {
				break
			}
		}
		if err := p.check(ctx, c, w.large); err != nil {
			return err
		}
	}
	return nil
}

// missingRow is a row that a link speaks of and that is not there.
type missingRow struct {
	chain, label string
	seq          int64
}

// sortedMissing are those, in the order in which they were written.
func sortedMissing(kept map[string]*expected) []missingRow {
	var all []missingRow
	for k, e := range kept {
		if !e.seen && e.commit != (incident.Digest{}) {
			all = append(all, missingRow{e.chain, strings.TrimPrefix(k, e.chain+" "), e.seq})
		}
	}
	slices.SortFunc(all, func(a, b missingRow) int {
		return cmp.Or(cmp.Compare(a.chain, b.chain), cmp.Compare(a.seq, b.seq), cmp.Compare(a.label, b.label))
	})
	return all
}

// orphans finds rows whose record or delivery is not there, which the database
// would not let anybody write.
func (v *verifier) orphans(ctx context.Context, c conn) error {
	for _, f := range facets {
		of := map[home]string{byRecord: "record", byDelivery: "delivery"}[f.home]
		if of == "" {
			continue
		}
		n := 0
		_, err := c.one(ctx, `select count(*) from `+f.table+` t where not exists (select 1 from `+of+` o where o.id = t.`+of+`)`, nil, &n)
		if err != nil {
			return err
		}
		if n > 0 {
			v.find(Finding{Table: f.table, Row: itoa(n), What: "orphan"})
		}
	}
	return nil
}
