package store

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"hatakello/incident"
)

// TestFind looks for words in every kind of text, on both databases.
func TestFind(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		c := newCase("Levy katosi", 1)
		c.NewIncident.Facts.Nature = incident.Fact{Text: "Varmuuskopiolevy hävisi Järvenpäässä", Sure: incident.Known}
		c.Register.Controllers = []*incident.Controller{{ID: "k9", Name: "Koivurannan Hoiva Oy", Lang: "fi", Contacts: []incident.Contact{{Name: "Kati Koe", Email: "kati@koivu.example"}}}}
		apply(t, db, c)
		id := c.NewIncident.ID
		note := &incident.Entry{ID: newID(), Incident: id, At: noon, By: "Anna Koe", Kind: incident.NoteEntry, Text: "Poliisille ilmoitettiin levystä, señor’s café"}
		up := change(id)
		up.Entries = []*incident.Entry{note}
		n := newNotice(c.NewRecords[0], 1)
		n.Said = "Hyvä asiakas, varmuuskopio on kadonnut"
		up.Notices = []*incident.Notice{n}
		apply(t, db, up)
		other := newCase("Toinen", 0)
		other.Entries = append(other.Entries, &incident.Entry{ID: newID(), Incident: other.NewIncident.ID, At: noon, By: "x", Kind: incident.NoteEntry, Text: "poliisi ei vastannut"})
		apply(t, db, other)
		for _, tt := range []struct {
			kind, inc, q string
			want         int
		}{
			{"entry", "", "poliisi", 2}, {"entry", id, "poliisi", 1}, {"entry", "", "poliisille", 2}, {"entry", "", "POLIISI levy", 1}, {"entry", "", "cafe SENOR", 1},
			{"entry", "", "oliisi", 0}, {"facts", "", "järvenpää", 1}, {"facts", "", "jarvenpaa", 0}, {"facts", "", "varmuuskopiolla", 1}, {"notice", "", "varmuuskopio", 1},
			{"customer", "", "koivuranta", 1}, {"customer", "", "kati@koivu.example", 1}, {"entry", "", "", 0}, {"entry", "", `"`, 0}, {"entry", "", `poliisi" OR "x`, 0},
			{"entry", "", "poliisi*", 2}, {"entry", "", "NEAR(poliisi levy)", 0}, {"entry", "", "kind:entry", 0}, {"entry", "", "'); drop table entry; --", 0},
		} {
			got, _, err := db.Find(ctx, tt.kind, tt.inc, tt.q, incident.Cut{Limit: 10})
			if err != nil || len(got) != tt.want {
				t.Errorf("Find(%s, %q, %q) = %d, %v; want %d", tt.kind, tt.inc, tt.q, len(got), err, tt.want)
			}
		}
		if got, _, err := db.Timeline(ctx, id, incident.EntryFilter{Search: "poliisille"}, incident.Cut{Limit: 5}); err != nil || len(got) != 1 || got[0].ID != note.ID {
			t.Errorf("Timeline with a search = %v, %v", got, err)
		}
		inc := must[*incident.Incident](t)(db.Incident(ctx, id))
		inc.Facts.Nature.Text = "Kaikki löytyi"
		again := change(id)
		again.Incident = inc
		apply(t, db, again)
		if got, _, _ := db.Find(ctx, "facts", "", "järvenpää", incident.Cut{Limit: 5}); len(got) != 0 {
			t.Errorf("words that are gone are found: %v", got)
		}
		if got, _, _ := db.Find(ctx, "facts", "", "löytyi", incident.Cut{Limit: 5}); len(got) != 1 {
			t.Errorf("new words are not found: %v", got)
		}
	})
}

// TestFindByPages walks through many finds, each once, the newest first.
func TestFindByPages(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		c := newCase("Levy katosi", 0)
		for i := range 23 {
			c.Entries = append(c.Entries, &incident.Entry{ID: newID(), Incident: c.NewIncident.ID, At: noon, By: "x", Kind: incident.NoteEntry, Text: fmt.Sprintf("sama sana %d", i)})
		}
		apply(t, db, c)
		seen, last := map[string]bool{}, int64(1<<62)
		for cut := (incident.Cut{Limit: 10}); ; {
			hits, next, err := db.Find(ctx, "entry", "", "sana", cut)
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range hits {
				if seen[h.Ref] || h.N >= last {
					t.Errorf("%s comes twice or out of order", h.Ref)
				}
				seen[h.Ref], last = true, h.N
			}
			if cut.After = next; next == "" {
				break
			}
		}
		if len(seen) != 23 {
			t.Errorf("%d finds, want 23", len(seen))
		}
		if _, _, err := db.Find(ctx, "entry", "", "sana", incident.Cut{After: "WyJ4Il0", Limit: 1}); incident.KindOf(err) != incident.Invalid {
			t.Errorf("a cursor of nonsense: %v", err)
		}
	})
}

// FuzzFind holds that no text is a query of its own: each gives an answer and
// never an error, and a text is found by itself.
func FuzzFind(f *testing.F) {
	db := open(f, newDatabase(f, "sqlite"))
	c := newCase("Levy katosi", 0)
	apply(f, db, c)
	for _, s := range []string{"levy", `a" OR b`, "kind : x", "-a", "a*b", "^a", "(", ")", "{a b}: c", "NOT a", "a AND", "\x00", "\xff", "ÅÄÖ", "'", "a+b", "İ", "ﬁ", strings.Repeat("ä", 200)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if _, _, err := db.Find(ctx, "entry", "", s, incident.Cut{Limit: 1}); err != nil {
			t.Fatalf("Find(%q): %v", s, err)
		}
		ws := searched(s)
		if len(ws) == 0 || !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
			return
		}
		e := &incident.Entry{ID: newID(), Incident: c.NewIncident.ID, At: noon, By: "x", Kind: incident.NoteEntry, Text: s}
		up := change(c.NewIncident.ID)
		up.Entries = []*incident.Entry{e}
		apply(t, db, up)
		got, _, err := db.Find(ctx, "entry", "", ws[0], incident.Cut{Limit: 1})
		if err != nil || len(got) != 1 || got[0].Ref != e.ID {
			t.Fatalf("%q is not found by %q: %v, %v", s, ws[0], got, err)
		}
	})
}
