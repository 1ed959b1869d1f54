package store

import (
	"context"
	"fmt"

	"hatakello/incident"
)

// Apply writes c in one durable transaction, all of it or nothing, with its
// link of the audit chain. It returns incident.ErrRepeated if c's key was used
// before and incident.ErrStale if a row was changed since it was read. When it
// returns nil, the Number of a new incident and the Versions of all that was
// written are as they are in the database.
//
// Settled deliveries are written where the row still has the Lease that they
// hold, which is the lease as it was read (or none); a row that another courier
// has leased since is left to that one.
func (db *DB) Apply(ctx context.Context, c *incident.Change) error {
	w := &write{Change: c}
	w.prepare()
	t := newTask(ctx, w.run)
	t.proof = w.proof
	err := db.write(t)
	if forgetting(c) { // also after an error: a commit may have come through all the same
		db.recall.forget()
	}
	if err != nil {
		return w.explain(db.d, err)
	}
	w.bump()
	return nil
}

// Outcome returns what the act with this key made, or "" if it was never done.
func (db *DB) Outcome(ctx context.Context, by, act, key string) (string, error) {
	var result string
	_, err := db.conn().one(ctx, `select result from done where actor = ?1 and act = ?2 and key = ?3`, []any{by, act, key}, &result)
	return result, err
}

// write is one run of Apply.
type write struct {
	*incident.Change
	link   incident.Audit
	ledger *ledger // of the rows that were written
	counts counts
	words  string // of the new case's title

	contents map[string][]byte // what an erasure says in each chain
}

// prepare does, before others have to wait for it, what needs no database.
func (w *write) prepare() {
	if w.NewIncident != nil {
		w.words = spaced(w.NewIncident.Title)
	}
}

// steps are the parts of a change in the order in which they are written:
// first what refuses it cheaply, then the place in the chain, whose row orders
// the acts on one case, then what others refer to, and last the link, which
// binds all rows that were written.
var steps = []struct {
	name string
	do   func(w *write, ctx context.Context, c conn) error
}{
	{"key", (*write).key},
	{"setting", (*write).setting},
	{"number", (*write).number},
	{"incident", (*write).incident},
	{"chain", (*write).chain},
	{"services", (*write).services},
	{"controllers", (*write).controllers},
	{"joint groups", (*write).jointGroups},
	{"new records", (*write).newRecords},
	{"records", (*write).records},
	{"deadlines", (*write).deadlines},
	{"summary", (*write).summary},
	{"imported cases", (*write).imports},
	{"warnings", (*write).warned},
	{"counters", (*write).counters},
	{"route", (*write).stopRoute},
	{"notices", (*write).notices},
	{"chases", (*write).chased},
	{"proposals", (*write).proposals},
	{"phrases", (*write).phrases},
	{"ways", (*write).ways},
	{"cards", (*write).cards},
	{"acknowledgements", (*write).acked},
	{"deliveries", (*write).deliveries},
	{"written deliveries", (*write).written},
	{"noted ends", (*write).forget},
	{"settled deliveries", (*write).settled},
	{"cancelled deliveries", (*write).cancelled},
	{"receipts", (*write).receipts},
	{"entries", (*write).entries},
	{"documents", (*write).documents},
	{"rings", (*write).rings},
	{"users", (*write).users},
	{"tokens", (*write).tokens},
	{"webhooks", (*write).webhooks},
	{"answers", (*write).formAnswers},
	{"handovers", (*write).handovers},
	{"tellings", (*write).tellings},
	{"files", (*write).files},
	{"evidence", (*write).evidence},
	{"codes", (*write).codes},
	{"sessions of links", (*write).linkSessions},
	{"ended links", (*write).endedLinks},
	{"signing keys", (*write).signKeys},
	{"questions", (*write).questions},
	{"replies", (*write).replies},
	{"copies", (*write).copies},
	{"links to contacts", (*write).contactLinks},
	{"corrections of contacts", (*write).contactChanges},
	{"requests", (*write).requests},
	{"received", (*write).received},
	{"own assessments", (*write).own},
	{"shares", (*write).shares},
	{"offered facts", (*write).offered},
	{"draw", (*write).draw},
	{"samples", (*write).samples},
	{"debrief", (*write).debrief},
	{"actions", (*write).actions},
	{"legal hold", (*write).legalHold},
	{"erasure", (*write).erase},
	{"link", (*write).seal},
}

func (w *write) run(ctx context.Context, c conn) error {
	w.begin()
	c.ledger = w.ledger
	for _, s := range steps {
		if err := s.do(w, ctx, c); err != nil {
			return fmt.Errorf("write %s: %w", s.name, err)
		}
	}
	return nil
}

// begin forgets what an earlier run has gathered.
func (w *write) begin() {
	w.counts = nil
	if w.link.Chain = w.About; w.About == "" {
		w.link.Chain = registerChain
	}
	w.ledger = newLedger(w.link.Chain)
}

// explain turns an error of the database into the contract's.
func (w *write) explain(d *dialect, err error) error {
	if w.NewIncident != nil {
		w.NewIncident.Number = ""
	}
	if d.duplicate(err) {
		return fmt.Errorf("%w: %w", incident.ErrStale, err)
	}
	return err
}

// bump brings the caller's versions in line with what was written.
func (w *write) bump() {
	if w.NewIncident != nil {
		w.NewIncident.Version = 1
	}
	if w.Incident != nil {
		w.Incident.Version++
	}
	for _, r := range w.NewRecords {
		r.Version = 1
	}
	for _, r := range w.Records {
		r.Version++
	}
	for _, k := range w.Register.Controllers {
		k.Version++
	}
	if w.Debrief != nil {
		w.Debrief.Version++
	}
	for _, a := range w.Actions {
		a.Version++
	}
	for _, g := range w.JointGroups {
		g.Version++
	}
}

var (
	insertDone  = insert("done", "actor, act, key, result, at", "").gathers()
	insertChain = insert("chain", "id, seq, head", "").gathers()
	insertAudit = insert("audit", "chain, seq, at, made_by, act, content, salt, seal, prev, hash, leaves, root, bound", "").gathers()
)

// key notes the idempotency key.
func (w *write) key(ctx context.Context, c conn) error {
	if w.Key == "" {
		return nil
	}
	row := []any{w.By.ID, w.Act, w.Key, w.Result, instant(w.At)}
	if c.later != nil { // one that is there already breaks the shared transaction off, and each act is run for itself
		return insertDone.put(ctx, c, 1, func(int) []any { return row })
	}
	n, err := c.exec(ctx, `
		insert into done (actor, act, key, result, at) values (?1, ?2, ?3, ?4, ?5)
		on conflict (actor, act, key) do nothing`, row...)
	if err == nil && n == 0 {
		return incident.ErrRepeated
	}
	return err
}

// registerChain is the chain of what concerns no case.
const registerChain = "register"

// chain gives the act its place in the hash chain of the case. Whoever has the
// chain's row is alone with the case until the transaction ends. A new case
// begins a chain of its own.
func (w *write) chain(ctx context.Context, c conn) error {
	w.link = incident.Audit{Chain: w.link.Chain, At: w.At, By: w.By.Name, Act: w.Act, Content: w.Content, Salt: w.Salt}
	if w.NewIncident != nil && w.NewIncident.ID == w.link.Chain {
		w.link.Seq = 1
		return nil
	}
	return reserve(ctx, c, &w.link)
}

// reserve takes the next place in a chain.
func reserve(ctx context.Context, c conn, a *incident.Audit) error {
	n, err := c.exec(ctx, `update chain set seq = seq + 1 where id = ?1`, a.Chain)
	if err == nil && n == 0 {
		_, err = c.exec(ctx, `insert into chain (id, seq) values (?1, 1) on conflict (id) do update set seq = chain.seq + 1`, a.Chain)
	}
	if err != nil {
		return err
	}
	_, err = c.one(ctx, `select seq, head from chain where id = ?1`, []any{a.Chain}, &a.Seq, &a.Prev)
	return err
}

// seal ends the act's link with the commitments to all rows that were written.
// Rows of another chain, which only bulk acts on the register touch, are bound
// by a link of the same act there.
func (w *write) seal(ctx context.Context, c conn) error {
	w.link.Bound = w.ledger.lists[w.link.Chain]
	if err := w.put(ctx, c, &w.link); err != nil {
		return err
	}
	for _, id := range w.ledger.others() {
		a := &incident.Audit{Chain: id, At: w.At, By: w.By.Name, Act: w.Act, Content: []byte(`{}`), Salt: w.ledger.salt(), Bound: w.ledger.lists[id]}
		if said := w.contents[id]; said != nil {
			a.Content = said
		}
		if err := reserve(ctx, c, a); err != nil {
			return err
		}
		if err := w.put(ctx, c, a); err != nil {
			return err
		}
	}
	return nil
}

// put seals a link and writes it at the end of its chain.
func (w *write) put(ctx context.Context, c conn, a *incident.Audit) error {
	a.Seal()
	if w.NewIncident != nil && w.NewIncident.ID == a.Chain {
		if err := insertChain.put(ctx, c, 1, func(int) []any { return []any{a.Chain, 1, a.Hash} }); err != nil {
			return err
		}
	} else if _, err := c.exec(ctx, `update chain set head = ?2 where id = ?1`, a.Chain, a.Hash); err != nil {
		return err
	}
	return insertAudit.put(ctx, c, 1, func(int) []any {
		return []any{a.Chain, a.Seq, instant(a.At), a.By, a.Act, a.Content, a.Salt, a.Commit, a.Prev, a.Hash, a.Leaves, a.Root, nonNil(a.Bound)}
	})
}

// proof reports whether the change is in the database, by its audit link. The
// insertion, which is undone, waits for a transaction that is still ending.
func (w *write) proof(ctx context.Context, c conn) (bool, error) {
	if _, err := c.exec(ctx, `insert into chain (id, seq) values (?1, 0) on conflict (id) do update set seq = chain.seq`, w.link.Chain); err != nil {
		return false, err
	}
	var n int
	found, err := c.one(ctx, `select 1 from audit where chain = ?1 and seq = ?2 and hash = ?3`, []any{w.link.Chain, w.link.Seq, w.link.Hash}, &n)
	return found, err
}
