package store

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"io"
	"os"
	"runtime"
	"slices"
	"testing"
	"time"

	"hatakello/incident"
	"hatakello/templates"
	"hatakello/web/bundle"
)

// TestSnapshot packs a case with something in every table, on both databases:
// it proves itself, whole and for one controller; a row that was changed past
// the program is named; and both databases give the same rows.
func TestSnapshot(t *testing.T) {
	words := must[*templates.Words](t)(templates.LoadWords())
	pages := must[*templates.Pages](t)(templates.LoadPages(words))
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte("k"), 32))
	for _, kind := range []string{"sqlite", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			db := open(t, newDatabase(t, kind))
			cases := fillAll(t, db)
			c := change("")
			c.SignKeys = []incident.SignKey{{ID: incident.KeyID(key.Public().(ed25519.PublicKey)), Public: key.Public().(ed25519.PublicKey), Since: noon}}
			apply(t, db, c)
			must[*incident.Checkpoint](t)(db.Checkpoint(ctx, noon, func(k *incident.Checkpoint) string { return incident.SignCheckpoint("koe/hatakello", k, key) }))
			records := must[[]*incident.Record](t)(db.Records(ctx, cases[0], nil))
			for _, record := range []string{"", records[0].ID} {
				o := bundle.Order{Case: cases[0], Number: "2026-001", Record: record, Lang: "fi", At: noon, Key: key, Words: words, Pages: pages}
				got := packed(t, db, o)
				if step, f := got.First(); f != nil {
					t.Errorf("record %q: %+v in %+v", record, f, step)
				}
			}
			err := db.write(newTask(ctx, func(ctx context.Context, c conn) error {
				_, err := c.exec(ctx, `update entry set content = 'Ei soitettu' where incident = ?1`, cases[0])
				return err
			}))
			if err != nil {
				t.Fatal(err)
			}
			got := packed(t, db, bundle.Order{Case: cases[0], Number: "2026-001", Lang: "fi", At: noon, Key: key, Words: words, Pages: pages})
			if step, f := got.First(); f == nil || step.Name != "rows" || f.What != "row" {
				t.Errorf("a row that was changed in the database: %+v in %+v", f, step)
			}
		})
	}
}

func packed(t *testing.T, db *DB, o bundle.Order) *bundle.Checked {
	t.Helper()
	data := archive(t, db, o)
	return must[*bundle.Checked](t)(bundle.Check(bytes.NewReader(data), int64(len(data)), bundle.Options{}))
}

// archive is a bundle as it is handed over.
func archive(t *testing.T, db *DB, o bundle.Order) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := db.Snapshot(ctx, o.Case, func(s incident.Snapshot) error { return bundle.Write(&out, s, o) }); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestSnapshotMemory packs a case with forty times as much evidence as another:
// the most memory that it holds does not grow with it.
func TestSnapshotMemory(t *testing.T) {
	words := must[*templates.Words](t)(templates.LoadWords())
	pages := must[*templates.Pages](t)(templates.LoadPages(words))
	db := open(t, newDatabase(t, "sqlite"))
	most := func(files int) uint64 {
		c := newCase("Paljon todisteita", 1)
		apply(t, db, c)
		id := c.NewIncident.ID
		for i := range files {
			add := change(id)
			f := incident.NewContent(append(bytes.Repeat([]byte{byte(i)}, 2<<20), id...), noon)
			add.Files = []*incident.Content{f}
			add.Evidence = []*incident.Evidence{{ID: newID(), Incident: id, SHA256: f.SHA256, Size: len(f.Bytes), Name: "levy.bin", By: "Anna", At: noon}}
			apply(t, db, add)
		}
		w := &peak{}
		o := bundle.Order{Case: id, Number: "2026-001", Lang: "fi", At: noon, Words: words, Pages: pages}
		if err := db.Snapshot(ctx, id, func(s incident.Snapshot) error { return bundle.Write(w, s, o) }); err != nil {
			t.Fatal(err)
		}
		return w.most
	}
	small, large := most(1), most(40)
	t.Logf("heap at most: %d KiB with 2 MiB of evidence, %d KiB with 80 MiB", small>>10, large>>10)
	if large > small+24<<20 {
		t.Errorf("packing 80 MiB held %d MiB, 2 MiB held %d: it grows with the evidence", large>>20, small>>20)
	}
}

// peak looks at the heap, after collection, now and then while it is written to.
type peak struct {
	most uint64
	last time.Time
}

func (p *peak) Write(b []byte) (int, error) {
	if time.Since(p.last) > 20*time.Millisecond {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		p.most, p.last = max(p.most, m.HeapAlloc), time.Now()
	}
	return io.Discard.Write(b)
}

// TestCaseSchema holds docs/bundle-case.schema.json to the tables and columns
// that a bundle has.
func TestCaseSchema(t *testing.T) {
	data, err := os.ReadFile("../docs/bundle-case.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Properties struct {
			Tables struct {
				Properties map[string]struct {
					Items struct{ Required []string }
				}
			}
		}
	}
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	tables := schema.Properties.Tables.Properties
	for _, name := range (&snapshot{}).Facets() {
		got, want := tables[name].Items.Required, facetOf[name].columns
		if !slices.Equal(got, want) {
			t.Errorf("%s has the columns %v, described are %v", name, want, got)
		}
		delete(tables, name)
	}
	for name := range tables {
		t.Errorf("%s is described and in no bundle", name)
	}
}
