package store

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"hash/maphash"
	"slices"

	"hatakello/incident"
)

// Finding is one place where the database contradicts itself.
type Finding struct {
	Chain string // incident id or "register"; "" for the log of heads
	Seq   int64  // of the link that says how it was; 0: no link does
	Table string
	Row   string // the row's key
	What  string // one of Flaws
}

// Flaws are what a Finding can be, in words for a message key.
var Flaws = []string{
	"gap",     // links are missing before this one
	"prev",    // the link does not follow from the one before
	"link",    // the link's fields are not those that were hashed
	"content", // what was done, or by whom, was rewritten
	"rows",    // the list of rows in the link was rewritten
	"end",     // the chain does not end where it is said to end
	"changed", // a row is not as the act wrote it
	"missing", // a row is there no more
	"added",   // a row was written by no act
	"orphan",  // a row belongs to nothing
	"log",     // the log of heads contradicts the chain
	"node",    // the tree over the log was rewritten
	"root",    // a checkpoint contradicts the log
	"kept",    // a root that somebody kept was never reached, or was another
	"salt",    // what hides a row was destroyed, and no later link says so
}

// Verified is what a verification saw.
type Verified struct {
	Chains, Links, Rows int64
	Log                 uint64 // entries in the log of heads
	Root                incident.Digest
	Checkpoints         int64
	Erased              []*Erased // what was lawfully taken out, by chain; the first ones
	Erasures            int64     // all links that took something out
	Blank               int64     // commitments whose salts were destroyed
	Findings            []Finding // the first ones
	Found               int       // all
}

// Erased is a link that says what was taken out, when, by whom and why.
type Erased struct {
	Chain string
	Seq   int64
	At    string
	By    string
	Act   string
	What  []byte // JSON
}

// findingsMax is how many findings, and how many erasures, are kept.
const findingsMax = 100

// rowsAtOnce is how many commitments are held in memory at most. A chain with
// more is gone through several times.
const rowsAtOnce = 200_000

// linksAtOnce is how many links are read with one query.
const linksAtOnce = 2000

// Verify checks the whole database: that each link follows from its
// predecessor and its fields, that each chain ends where it should, that every
// row is as the newest link about it says and none is missing or added, and
// that the log of heads contains all that it ever promised. It reads while
// others write; what it holds in memory does not grow with the database.
func (db *DB) Verify(ctx context.Context, kept ...KeptRoot) (*Verified, error) {
	v := &verifier{db: db, most: rowsAtOnce, Verified: &Verified{}, seed: maphash.MakeSeed()}
	for lo, done := "", false; !done; {
		err := db.look(ctx, func(c conn) error {
			var err error
			lo, done, err = v.stretch(ctx, c, lo)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("verify: %w", err)
		}
	}
	if err := db.view(ctx, func(c conn) error { return v.orphans(ctx, c) }); err != nil {
		return nil, fmt.Errorf("verify: %w", err)
	}
	if err := v.log(ctx, kept); err != nil {
		return nil, fmt.Errorf("verify the log: %w", err)
	}
	return v.Verified, nil
}

type verifier struct {
	*Verified
	db   *DB
	most int
	seed maphash.Seed
	row  []byte // scratch
}

func (v *verifier) find(f Finding) {
	if v.Found++; len(v.Findings) < findingsMax {
		v.Findings = append(v.Findings, f)
	}
}

// stretch verifies chains from lo on, as many as fit in memory, and returns
// the first that it has not verified.
func (v *verifier) stretch(ctx context.Context, c conn, lo string) (next string, done bool, err error) {
	w := &walk{verifier: v, lo: lo, kept: map[string]*expected{}, ends: map[string]end{}}
	if done, err = w.links(ctx, c); err != nil {
		return "", false, err
	}
	w.done = done
	if err := w.checkEnds(ctx, c); err != nil {
		return "", false, err
	}
	if err := w.check(ctx, c, ""); err != nil {
		return "", false, err
	}
	if w.large != "" {
		err = w.checkLarge(ctx, c)
	}
	return w.hi, done, err
}

// end is where the links of a chain end.
type end struct {
	seq  int64
	hash []byte
}

// expected is what the newest link about a row says of it.
type expected struct {
	chain  string
	seq    int64
	salt   [saltSize]byte
	commit incident.Digest
	erased bool // the link took something out
	seen   bool
}

// walk is one stretch of chains, from lo on and before hi.
type walk struct {
	*verifier
	lo, hi string
	done   bool // nothing comes after
	kept   map[string]*expected
	chain  string // the one being read
	last   end
	count  int // commitments in it
	ends   map[string]end
	agains []again
	blank  int64  // the first link with a destroyed salt of which no later link spoke
	large  string // the last chain, if it is too large to be held
	passes uint64
	pass   part // of a large chain
}

// again is a link of which a part was said anew: its content, or the leaves of
// rows whose very labels were erased.
type again struct {
	chain  string
	seq    int64
	commit []byte // to the content
	leaves []byte // instead
}

func (a again) label() string {
	if a.leaves != nil {
		return hiddenOf(a.seq)
	}
	return againLabel(a.seq)
}

// holds reports whether a later link says the same.
func (a again) holds(e *expected) bool {
	if e == nil {
		return false
	}
	if a.leaves != nil {
		return bytes.Equal(e.commit[:], incident.RowCommit(e.salt[:], a.leaves))
	}
	return bytes.Equal(e.commit[:], a.commit)
}

const linkColumns = `chain, at, made_by, act, content, salt, seal, prev, hash, again, root, bound, seq, leaves`

// links reads links until enough is held, and reports whether there are no more.
func (w *walk) links(ctx context.Context, c conn) (bool, error) {
	chain, seq, a := w.lo, int64(0), &incident.Audit{}
	for {
		n, full := 0, false
		err := c.each(ctx, func(v []any) error {
			if err := auditOf(v, a); err != nil || full {
				return err
			}
			n++
			if a.Chain != w.chain {
				if w.finish(); w.large != "" || len(w.kept) > w.most/2 {
					w.hi, full = a.Chain, true
					return nil
				}
				w.begin(a.Chain)
			}
			chain, seq = a.Chain, a.Seq
			w.link(a)
			return nil
		}, `select `+linkColumns+` from audit where (chain, seq) > (?1, ?2) order by chain, seq limit ?3`, chain, seq, linksAtOnce)
		switch {
		case err != nil || full:
			return false, err
		case n < linksAtOnce:
			w.finish()
			return true, nil
		}
	}
}

// auditOf reads a row of linkColumns into a.
func auditOf(v []any, a *incident.Audit) error {
	*a = incident.Audit{}
	texts, blobs := [...]*string{&a.Chain, &a.Stamp, &a.By, &a.Act}, [...]*[]byte{&a.Content, &a.Salt, &a.Commit, &a.Prev, &a.Hash, &a.Again, &a.Root, &a.Bound}
	ok := true
	for i, to := range texts {
		s, is := v[i].(string)
		*to, ok = s, ok && is
	}
	for i, to := range blobs {
		b, is := v[len(texts)+i].([]byte)
		*to, ok = b, ok && (is || v[len(texts)+i] == nil)
	}
	var seq, leaves bool
	a.Seq, seq = v[len(v)-2].(int64)
	a.Leaves, leaves = v[len(v)-1].(int64)
	if !ok || !seq || !leaves {
		return fmt.Errorf("a link that is none: %v", v[:len(texts)])
	}
	return nil
}

func (w *walk) begin(chain string) {
	w.chain, w.last, w.count, w.blank = chain, end{}, 0, 0
}

// finish notes where the chain that was read ends.
func (w *walk) finish() {
	if w.chain == "" {
		return
	}
	if w.blank > 0 {
		w.find(Finding{Chain: w.chain, Seq: w.blank, Table: "audit", Row: itoa(int(w.blank)), What: "salt"})
	}
	w.Chains++
	w.ends[w.chain] = w.last
	if w.count > w.most {
		w.large, w.passes = w.chain, uint64(w.count/w.most+1)
	}
	w.chain = ""
}

// link verifies one link against the one before it and keeps what it says.
func (w *walk) link(a *incident.Audit) {
	w.Links++
	flaw := a.Flaw()
	switch {
	case a.Seq != w.last.seq+1:
		w.find(Finding{Chain: a.Chain, Seq: a.Seq, Table: "audit", Row: itoa(int(a.Seq)), What: "gap"})
	case flaw != "":
		w.find(Finding{Chain: a.Chain, Seq: a.Seq, Table: "audit", Row: itoa(int(a.Seq)), What: flaw})
	case !bytes.Equal(a.Prev, w.last.hash):
		w.find(Finding{Chain: a.Chain, Seq: a.Seq, Table: "audit", Row: itoa(int(a.Seq)), What: "prev"})
	}
	w.last = end{a.Seq, a.Hash}
	w.keep(a, func(string) bool { return w.count <= w.most })
	if erasing(a.Act) {
		w.blank = 0
		if w.Erasures++; len(w.Erased) < findingsMax {
			w.Erased = append(w.Erased, &Erased{a.Chain, a.Seq, a.Stamp, a.By, a.Act, bytes.Clone(a.Content)})
		}
	}
	w.agains = append(w.agains, againsOf(a)...)
}

// againsOf are the parts of a link that were said anew.
func againsOf(a *incident.Audit) []again {
	var all []again
	if a.Again != nil {
		all = append(all, again{a.Chain, a.Seq, a.Again, nil})
	}
	if leaves := hiddenLeaves(a.Bound); leaves != nil {
		all = append(all, again{a.Chain, a.Seq, nil, leaves})
	}
	return all
}

// keep remembers what a link says of rows, those that want asks for.
func (w *walk) keep(a *incident.Audit, want func(label string) bool) {
	for list := a.Bound; len(list) > 0; {
		b, rest, err := incident.NextBound(list)
		if err != nil {
			return // the link's flaw has been told
		}
		list = rest
		if b.Hidden != nil {
			continue
		}
		if b.Blank() && w.chain != "" {
			if w.Blank++; w.blank == 0 {
				w.blank = a.Seq
			}
		}
		if w.count++; w.count == w.most+1 && w.chain != "" {
			w.forget(a.Chain)
		}
		if !want(b.Label) {
			continue
		}
		e := &expected{chain: a.Chain, seq: a.Seq, erased: erasing(a.Act)}
		copy(e.salt[:], b.Salt)
		copy(e.commit[:], b.Commit)
		w.kept[a.Chain+" "+b.Label] = e
	}
}

// forget drops what is held of a chain that turned out to be too large.
func (w *walk) forget(chain string) {
	for k, e := range w.kept {
		if e.chain == chain {
			delete(w.kept, k)
		}
	}
}

// checkEnds compares where the links end with where the chains say they do.
func (w *walk) checkEnds(ctx context.Context, c conn) error {
	where, args := w.within("id")
	said, err := list(ctx, c, func(rows *sql.Rows) (h incident.Head, err error) {
		err = rows.Scan(&h.Chain, &h.Seq, &h.Hash)
		return h, err
	}, `select id, seq, head from chain where `+where+` order by id`, args...)
	if err != nil {
		return err
	}
	have := map[string]bool{}
	for _, h := range said {
		have[h.Chain] = true
		e := w.ends[h.Chain]
		if h.Seq != e.seq || !bytes.Equal(h.Hash, e.hash) {
			w.find(Finding{Chain: h.Chain, Seq: cmp.Or(max(h.Seq, e.seq), 1), Table: "chain", Row: h.Chain, What: "end"})
		}
	}
	for id, e := range w.ends {
		if !have[id] {
			w.find(Finding{Chain: id, Seq: e.seq, Table: "chain", Row: id, What: "end"})
		}
	}
	return nil
}

// within is the condition that a column is a chain of this stretch.
func (w *walk) within(column string) (string, []any) {
	if w.done {
		return column + " >= ?1", []any{w.lo}
	}
	return column + " >= ?1 and " + column + " < ?2", []any{w.lo, w.hi}
}

// holds reports whether a chain is of this stretch.
func (w *walk) holds(chain string) bool { return chain >= w.lo && (w.done || chain < w.hi) }

// check compares the rows of the stretch with what the links say of them. A
// chain that is too large to be held is left out, or is the only one.
func (w *walk) check(ctx context.Context, c conn, only string) error {
	for _, a := range w.agains {
		e := w.kept[a.chain+" "+a.label()]
		if a.chain != w.large && !a.holds(e) {
			w.find(Finding{Chain: a.chain, Seq: a.seq, Table: "audit", Row: itoa(int(a.seq)), What: "content"})
		}
		if e != nil {
			e.seen = true
		}
	}
	for _, f := range facets {
		if err := w.facet(ctx, c, f, only); err != nil {
			return err
		}
	}
	for _, k := range sortedMissing(w.kept) {
		table, row := splitLabel(k.label)
		w.find(Finding{Chain: k.chain, Seq: k.seq, Table: table, Row: row, What: "missing"})
	}
	return nil
}

// againLabel names what a link said anew.
func againLabel(seq int64) string { return "audit/" + itoa(int(seq)) }

// hiddenOf names the leaves of a link of which nothing else is left.
func hiddenOf(seq int64) string { return "hidden/" + itoa(int(seq)) }

// splitLabel parts a label into table and key.
func splitLabel(label string) (table, row string) {
	i := slices.Index([]byte(label), '/')
	if i < 0 {
		return label, ""
	}
	table, row = label[:i], label[i+1:]
	if f := facetOf[table]; f != nil {
		table = f.table
	}
	return table, row
}
