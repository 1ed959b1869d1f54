package store

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
	"testing"

	"hatakello/incident"
)

// checkChain reads a chain and checks every link and how they hang together.
func checkChain(t *testing.T, db *DB, id string, want int) []*incident.Audit {
	t.Helper()
	links := must[[]*incident.Audit](t)(db.Chain(ctx, id, 0, 1<<20))
	if len(links) != want {
		t.Fatalf("chain %q has %d links, want %d", id, len(links), want)
	}
	var prev []byte
	for i, a := range links {
		if !a.Holds() || a.Seq != int64(i+1) || !bytes.Equal(a.Prev, prev) {
			t.Fatalf("link %d of %q does not hold: %+v", i+1, id, a)
		}
		prev = a.Hash
	}
	var head []byte
	if len(id) == 0 {
		id = registerChain
	}
	if _, err := db.conn().one(ctx, `select head from chain where id = ?1`, []any{id}, &head); err != nil || !bytes.Equal(head, prev) {
		t.Errorf("head of %q = %x, %v; want %x", id, head, err, prev)
	}
	return links
}

// TestThirtyTwoAtOnce has 32 callers act on one case, some of them in vain.
func TestThirtyTwoAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		const callers, acts = 32, 8
		c := newCase("Levy katosi", callers)
		apply(t, db, c)
		id := c.NewIncident.ID
		var wg sync.WaitGroup
		for i := range callers {
			wg.Go(func() {
				r := c.NewRecords[i]
				for n := range acts {
					up := change(id)
					up.Content = fmt.Appendf(nil, `{"caller":%d,"act":%d}`, i, n)
					r.Notices++
					up.Records, up.Tally.Notified = []*incident.Record{r}, 1
					up.Entries = []*incident.Entry{{ID: newID(), Incident: id, At: noon, Text: fmt.Sprint(i)}}
					if err := db.Apply(ctx, up); err != nil {
						t.Errorf("caller %d, act %d: %v", i, n, err)
					}
					old := *r
					old.Version--
					vain := change(id)
					vain.Records = []*incident.Record{&old}
					if err := db.Apply(ctx, vain); !errors.Is(err, incident.ErrStale) {
						t.Errorf("caller %d, vain act %d: %v, want ErrStale", i, n, err)
					}
				}
			})
		}
		wg.Wait()
		seen := map[string]int{}
		for _, a := range checkChain(t, db, id, 1+callers*acts)[1:] {
			seen[string(a.Content)]++
		}
		if len(seen) != callers*acts {
			t.Errorf("%d different acts in the chain, want %d", len(seen), callers*acts)
		}
		inc := must[*incident.Incident](t)(db.Incident(ctx, id))
		if want := (incident.Tally{Records: callers, Notified: callers * acts}); inc.Tally != want {
			t.Errorf("Tally = %+v, want %+v", inc.Tally, want)
		}
	})
}

// TestManyCasesAtOnce logs cases from 32 callers, each twice with one key.
func TestManyCasesAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		const callers = 32
		numbers := make([]string, 2*callers)
		var wg sync.WaitGroup
		for i := range 2 * callers {
			wg.Go(func() {
				c := newCase("Levy katosi", 2)
				c.Key = fmt.Sprint(i % callers)
				if err := db.Apply(ctx, c); err != nil && !errors.Is(err, incident.ErrRepeated) {
					t.Error(err)
				}
				numbers[i] = c.NewIncident.Number
			})
		}
		wg.Wait()
		seen := map[string]bool{}
		for i := range callers {
			a, b := numbers[i], numbers[i+callers]
			if (a == "") == (b == "") || seen[a+b] {
				t.Errorf("key %d gave the numbers %q and %q", i, a, b)
			}
			seen[a+b] = true
		}
		if !seen["2026-032"] || seen["2026-033"] {
			t.Errorf("numbers = %v, want 2026-001 to 2026-032", seen)
		}
		oneLinkEach(t, db, callers)
	})
}

func oneLinkEach(t *testing.T, db *DB, cases int) {
	t.Helper()
	rows := board(t, db, incident.Filter{})
	if len(rows) != cases {
		t.Fatalf("%d cases, want %d", len(rows), cases)
	}
	for _, r := range rows {
		checkChain(t, db, r.ID, 1)
	}
}

func TestRegisterChain(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() { apply(t, db, change("")) })
		}
		wg.Wait()
		links := checkChain(t, db, "", 16)
		some := must[[]*incident.Audit](t)(db.Chain(ctx, "", 3, 2))
		if len(some) != 2 || some[0].Seq != 4 || !bytes.Equal(some[1].Hash, links[4].Hash) {
			t.Errorf("Chain after 3 = %v", some)
		}
	})
}
