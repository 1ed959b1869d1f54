package store

import (
	"fmt"
	"sync"
	"testing"

	"hatakello/incident"
)

func TestSearch(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		for _, title := range []string{"Väärä vastaanottaja", "Vaara (vastassa)", "100 % varmuus", "Levy_katosi"} {
			apply(t, db, newCase(title, 0))
		}
		old := []struct{ search, want string }{
			{"VÄÄRÄ", "Väärä vastaanottaja"},
			{"vaara", "Vaara (vastassa)"},
			{"vast", "Vaara (vastassa) Väärä vastaanottaja"},
			{"väär vast", "Väärä vastaanottaja"},
			{"väär vastas", ""},
			{"2026-002", "Vaara (vastassa)"},
			{"100%", "100 % varmuus"},
			{"katosi", "Levy_katosi"},
			{"ottaja", ""}, // not the start of a word
			{`\`, "Levy_katosi 100 % varmuus Vaara (vastassa) Väärä vastaanottaja"},
			{"  ", "Levy_katosi 100 % varmuus Vaara (vastassa) Väärä vastaanottaja"},
		}
		for _, tt := range old {
			if got := titles(board(t, db, incident.Filter{Search: tt.search})); got != tt.want {
				t.Errorf("search %q = %q, want %q", tt.search, got, tt.want)
			}
		}
	})
}

// TestSearchFarBack searches for what is beyond the newest cases, for what is
// among them, and for a title that was changed.
func TestSearchFarBack(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		first := newCase("Ensimmäinen tapaus", 0)
		apply(t, db, first)
		var wg sync.WaitGroup
		for i := range 1100 {
			wg.Go(func() { apply(t, db, newCase(fmt.Sprintf("Tapaus x%04d", i), 0)) })
			if i == 1000 {
				wg.Wait()
				if n, err := db.Reword(ctx); err != nil || n != 1002 {
					t.Fatalf("the words of %d cases were brought in, %v; want all 1002", n, err)
				}
			}
		}
		wg.Wait()
		n := 0
		if _, err := db.conn().one(ctx, `select count(distinct incident) from word`, nil, &n); err != nil || n != 1002 {
			t.Errorf("%d cases have their words in the table, %v; want 1002", n, err)
		}
		for _, search := range []string{"ensimm", "x0001", "x1099", "tapaus x0500"} {
			if rows := board(t, db, incident.Filter{Search: search}); len(rows) != 1 {
				t.Errorf("search %q finds %d, want 1", search, len(rows))
			}
		}
		if rows := board(t, db, incident.Filter{Search: "tap"}); len(rows) != 50 {
			t.Errorf("a common word finds %d, want a full page", len(rows))
		}
		first.NewIncident.Title = "Uusi nimi"
		c := change(first.NewIncident.ID)
		c.Incident = first.NewIncident
		apply(t, db, c)
		for search, want := range map[string]int{"uusi": 1, "ensimm": 0} {
			if rows := board(t, db, incident.Filter{Search: search}); len(rows) != want {
				t.Errorf("after renaming, search %q finds %d, want %d", search, len(rows), want)
			}
		}
	})
}
