package store

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"testing"

	"hatakello/incident"
)

// TestAdopt opens a database whose rows were written by a program that bound
// none of them: they are bound from then on, and only then.
func TestAdopt(t *testing.T) {
	for _, kind := range []string{"sqlite", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			dsn := newDatabase(t, kind)
			db := open(t, dsn)
			fillAll(t, db)
			old(t, db)
			if v := must[*Verified](t)(db.Verify(ctx)); v.Found == 0 {
				t.Fatal("rows that no link binds are not found")
			}
			if err := db.adopt(ctx, false); err != nil {
				t.Fatal(err)
			}
			if v := must[*Verified](t)(db.Verify(ctx)); v.Found == 0 {
				t.Fatal("a program that was not upgraded has bound what it found")
			}
			old(t, db)
			if err := db.adopt(ctx, true); err != nil {
				t.Fatal(err)
			}
			v := must[*Verified](t)(db.Verify(ctx))
			if v.Found != 0 || v.Rows < 60 {
				t.Fatalf("after adopting: %d rows, found %+v", v.Rows, v.Findings)
			}
			if err := db.adopt(ctx, true); err != nil {
				t.Fatal(err)
			}
			if again := must[*Verified](t)(db.Verify(ctx)); again.Links != v.Links {
				t.Errorf("adopting again added %d links", again.Links-v.Links)
			}
		})
	}
}

// old writes all links anew as the program did that bound no rows.
func old(t *testing.T, db *DB) {
	t.Helper()
	err := db.write(newTask(ctx, func(ctx context.Context, c conn) error {
		links, err := list(ctx, c, readAudit, `select chain, seq, at, made_by, act, content, salt, seal, prev, hash, again, leaves, root from audit order by chain, seq`)
		if err != nil {
			return err
		}
		prev, chain := []byte(nil), ""
		for _, a := range links {
			if a.Chain != chain {
				chain, prev = a.Chain, nil
			}
			a.Prev = prev
			sealV1(a)
			prev = a.Hash
			if _, err := c.exec(ctx, `update audit set prev = ?3, hash = ?4, seal = ?5, root = null, bound = null, leaves = 0 where chain = ?1 and seq = ?2`,
				a.Chain, a.Seq, a.Prev, a.Hash, a.Commit); err != nil {
				return err
			}
			if _, err := c.exec(ctx, `update chain set head = ?2 where id = ?1`, a.Chain, a.Hash); err != nil {
				return err
			}
		}
		_, err = c.exec(ctx, `delete from setting where name = 'bound'`)
		return err
	}))
	if err != nil {
		t.Fatal(err)
	}
}

// sealV1 seals a link as the first program did.
func sealV1(a *incident.Audit) {
	commit := sha256.Sum256(append(a.Salt[:len(a.Salt):len(a.Salt)], a.Content...))
	a.Commit = commit[:]
	h := sha256.New()
	number := func(n int) { h.Write(binary.BigEndian.AppendUint64(nil, uint64(n))) }
	part := func(b []byte) { number(len(b)); h.Write(b) }
	part([]byte("hatakello audit v1"))
	part(a.Prev)
	part([]byte(a.Chain))
	number(int(a.Seq))
	part([]byte(a.At.Format(layout)))
	part([]byte(a.By))
	part([]byte(a.Act))
	part(a.Commit)
	a.Hash = h.Sum(nil)
}
