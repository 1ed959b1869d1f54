package store

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
)

var logKey = ed25519.NewKeyFromSeed([]byte(strings.Repeat("k", 32)))

func signed(k *incident.Checkpoint) string {
	return incident.SignCheckpoint("koe.example/log", k, logKey)
}

// logged makes a database with cases and a checkpoint after each few acts.
func loggedCases(t *testing.T, db *DB) []*incident.Checkpoint {
	t.Helper()
	c := change("")
	public := logKey.Public().(ed25519.PublicKey)
	c.SignKeys = []incident.SignKey{{ID: incident.KeyID(public), Public: public, Since: noon}}
	apply(t, db, c)
	var all []*incident.Checkpoint
	for i := range 7 {
		one := newCase(fmt.Sprint("Tapaus ", i), 1)
		apply(t, db, one)
		for range i % 3 {
			apply(t, db, change(one.NewIncident.ID))
			all = append(all, must[*incident.Checkpoint](t)(db.Checkpoint(ctx, noon.Add(time.Duration(i)*time.Hour), signed)))
		}
	}
	if k := must[*incident.Checkpoint](t)(db.Checkpoint(ctx, noon, signed)); k == nil || k.Size < 8 {
		t.Fatalf("last checkpoint = %+v", k)
	}
	if k := must[*incident.Checkpoint](t)(db.Checkpoint(ctx, noon, signed)); k != nil {
		t.Errorf("a checkpoint although nothing has happened: %+v", k)
	}
	return all
}

func TestCheckpoints(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		all := loggedCases(t, db)
		newest := must[*incident.Checkpoint](t)(db.NewestCheckpoint(ctx))
		for _, k := range all {
			proof := must[[]incident.Digest](t)(db.LogConsistency(ctx, k.Size, newest.Size))
			if !incident.Consistent(k.Size, newest.Size, k.Root, newest.Root, proof) {
				t.Errorf("checkpoint %s is not consistent with %s", k.Short(), newest.Short())
			}
			said, err := incident.ParseCheckpoint(k.Note)
			if err != nil || said.Size != k.Size || said.Root != k.Root || !said.At.Equal(k.At.Truncate(time.Second)) {
				t.Errorf("note %q = %+v, %v", k.Note, said, err)
			}
		}
		v := must[*Verified](t)(db.Verify(ctx, KeptRoot{all[0].Size, all[0].Root[:12]}, KeptRoot{0, all[1].Root[:]}))
		if v.Found != 0 || v.Log != newest.Size || v.Root != newest.Root || v.Checkpoints != int64(len(all)+1) {
			t.Errorf("verified: log %d, %d checkpoints, found %+v", v.Log, v.Checkpoints, v.Findings)
		}
		v = must[*Verified](t)(db.Verify(ctx, KeptRoot{all[0].Size, make([]byte, 12)}))
		if v.Found != 1 || v.Findings[0].What != "kept" {
			t.Errorf("a root that never was: found %+v", v.Findings)
		}
	})
}

// TestTamperLog changes, removes and adds rows of the log, past the program.
func TestTamperLog(t *testing.T) {
	for _, kind := range []string{"sqlite", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			dsn := newDatabase(t, kind)
			db := open(t, dsn)
			loggedCases(t, db)
			w := newTamperer(t, db, dsn)
			for table, key := range map[string]string{"head_log": "n", "head_node": "i", "checkpoint": "size"} {
				rows := w.rows(table)
				for i, r := range rows {
					for _, c := range r.columns {
						if c == "stamp" { // judged by itself
							continue
						}
						where, args := r.at([]string{key})
						was := r.values[slices.Index(r.columns, c)]
						if v, ok := was.(int64); ok && c == key {
							w.exec(fmt.Sprintf("update %s set %s = ?2 where %s", table, c, where), append(args, v+1000)...)
							where, args = key+" = ?1", []any{v + 1000}
						} else {
							w.exec(fmt.Sprintf("update %s set %s = ?2 where %s", table, c, where), append(args, other(was, false))...)
						}
						if v := must[*Verified](t)(db.Verify(ctx)); v.Found == 0 {
							t.Fatalf("changing %s.%s of row %d is not found", table, c, i)
						}
						w.exec(fmt.Sprintf("update %s set %s = ?2 where %s", table, c, where), append(args, was)...)
					}
					w.remove(table, r, []string{key})
					if v := must[*Verified](t)(db.Verify(ctx)); v.Found == 0 && table != "checkpoint" {
						t.Fatalf("removing row %d of %s is not found", i, table)
					}
					w.insert(table, r)
				}
			}
			if v := must[*Verified](t)(db.Verify(ctx)); v.Found != 0 {
				t.Fatalf("put back: found %+v", v.Findings)
			}
		})
	}
}

// TestRewrittenChain rewrites history as a thief of the whole database could,
// signing key and all: the chain, the log and the checkpoints agree with each
// other, and only a root that somebody kept outside tells.
func TestRewrittenChain(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		all := loggedCases(t, db)
		kept := all[2]
		rewrite(t, db)
		if v := must[*Verified](t)(db.Verify(ctx)); v.Found != 0 {
			t.Fatalf("the rewriting is not whole: found %+v", v.Findings)
		}
		v := must[*Verified](t)(db.Verify(ctx, KeptRoot{kept.Size, kept.Root[:12]}))
		if v.Found != 1 || v.Findings[0].What != "kept" {
			t.Errorf("with a kept root: found %+v", v.Findings)
		}
	})
}

// rewrite changes who did what in the first link of a case and makes all that
// follows fit.
func rewrite(t *testing.T, db *DB) {
	t.Helper()
	var points []*incident.Checkpoint
	err := db.write(newTask(ctx, func(ctx context.Context, c conn) error {
		for _, id := range must[[]string](t)(list(ctx, c, text, `select id from chain order by id`)) {
			var prev []byte
			for _, a := range wholeChain(t, c, id) {
				if a.Seq == 1 && a.Act == "log" {
					a.By = "Joku muu"
				}
				a.Prev = prev
				a.Seal()
				prev = a.Hash
				if _, err := c.exec(ctx, `update audit set made_by = ?3, seal = ?4, prev = ?5, hash = ?6 where chain = ?1 and seq = ?2`, id, a.Seq, a.By, a.Commit, a.Prev, a.Hash); err != nil {
					return err
				}
				if _, err := c.exec(ctx, `update head_log set head = ?3 where chain = ?1 and seq = ?2`, id, a.Seq, a.Hash); err != nil {
					return err
				}
			}
			if _, err := c.exec(ctx, `update chain set head = ?2 where id = ?1`, id, prev); err != nil {
				return err
			}
		}
		points = must[[]*incident.Checkpoint](t)(list(ctx, c, readCheckpoint, `select `+checkpointColumns+` from checkpoint order by size`))
		_, err := c.exec(ctx, `delete from head_node`)
		return err
	}))
	if err != nil {
		t.Fatal(err)
	}
	rebuild(t, db, points)
}

// rebuild makes tree and checkpoints anew from the log.
func rebuild(t *testing.T, db *DB, points []*incident.Checkpoint) {
	t.Helper()
	err := db.write(newTask(ctx, func(ctx context.Context, c conn) error {
		heads := must[[]incident.Head](t)(list(ctx, c, readHead, `select chain, seq, head from head_log order by n`))
		var tree incident.Tree
		i := int64(0)
		for _, h := range heads {
			tree.Add(incident.HeadLeaf(h.Chain, h.Seq, h.Hash), func(d incident.Digest) {
				if _, err := c.exec(ctx, `insert into head_node (i, hash) values (?1, ?2)`, i, d[:]); err != nil {
					t.Error(err)
				}
				i++
			})
			for _, k := range points {
				if k.Size == tree.Size {
					k.Root = tree.Root()
					if _, err := c.exec(ctx, `update checkpoint set root = ?2, note = ?3 where size = ?1`, int64(k.Size), k.Root[:], signed(k)); err != nil {
						return err
					}
				}
			}
		}
		return nil
	}))
	if err != nil {
		t.Fatal(err)
	}
}

// wholeChain reads the links of a chain with the rows that they bind.
func wholeChain(t *testing.T, c conn, id string) (all []*incident.Audit) {
	t.Helper()
	err := c.each(ctx, func(v []any) error {
		a := &incident.Audit{}
		all = append(all, a)
		return auditOf(v, a)
	}, `select `+linkColumns+` from audit where chain = ?1 order by seq`, id)
	if err != nil {
		t.Fatal(err)
	}
	return all
}
