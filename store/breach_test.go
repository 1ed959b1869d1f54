package store

import (
	"fmt"
	"testing"
	"time"

	"hatakello/incident"
)

// TestBreaches lists the register through filters and page by page, and holds
// that the facet follows the case.
func TestBreaches(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		for i := range 12 {
			c := newCase(fmt.Sprintf("Tapaus %d", i), i%3)
			inc := c.NewIncident
			inc.Marks[0].At = noon.Add(time.Duration(i) * time.Hour)
			if i%2 == 0 {
				own := newRecord(inc.ID, incident.Own, "Oma Oy")
				own.Part, own.Stage, own.Deadlines = incident.AsController, incident.Ourselves, nil
				if i%4 == 0 {
					own.Filings = []incident.Filing{{Kind: "complete", At: noon, By: "Anna Koe", Made: noon}}
				}
				c.NewRecords = append(c.NewRecords, own)
			}
			apply(t, db, c)
		}
		seen := map[string]bool{}
		var last time.Time
		for cut := (incident.Cut{Limit: 5}); ; {
			rows, next, err := db.Breaches(ctx, incident.BreachFilter{}, cut)
			if err != nil {
				t.Fatal(err)
			}
			for _, b := range rows {
				if seen[b.ID] || !last.IsZero() && b.Dated.After(last) {
					t.Errorf("%s comes twice or out of order", b.Title)
				}
				seen[b.ID], last = true, b.Dated
			}
			if cut.After = next; next == "" {
				break
			}
		}
		if len(seen) != 12 {
			t.Errorf("%d cases, want 12", len(seen))
		}
		for name, tt := range map[string]struct {
			f    incident.BreachFilter
			want int
		}{"reported": {incident.BreachFilter{Summary: incident.Summary{Decision: "reported"}}, 3}, "undecided": {incident.BreachFilter{Summary: incident.Summary{Decision: "undecided"}}, 3},
			"both": {incident.BreachFilter{Summary: incident.Summary{Part: "both"}}, 4}, "from": {incident.BreachFilter{From: noon.Add(9 * time.Hour)}, 3},
			"until": {incident.BreachFilter{Until: noon.Add(2 * time.Hour), Summary: incident.Summary{Part: "processor"}}, 1}} {
			if rows, _, err := db.Breaches(ctx, tt.f, incident.Cut{Limit: 50}); err != nil || len(rows) != tt.want {
				t.Errorf("%s: %d, %v; want %d", name, len(rows), err, tt.want)
			}
		}
		rows, _, _ := db.Breaches(ctx, incident.BreachFilter{Summary: incident.Summary{Decision: "undecided"}}, incident.Cut{Limit: 1})
		inc := must[*incident.Incident](t)(db.Incident(ctx, rows[0].ID))
		up := change(inc.ID)
		inc.ClosedAt, inc.Ended, up.Incident = noon, "valmis", inc
		apply(t, db, up)
		if rows, _, err := db.Breaches(ctx, incident.BreachFilter{Summary: incident.Summary{State: "closed"}}, incident.Cut{Limit: 5}); err != nil || len(rows) != 1 || rows[0].ID != inc.ID {
			t.Errorf("closed: %v, %v", rows, err)
		}
		old := &incident.Incident{ID: newID(), Number: "V-7", Title: "Vanha", LoggedAt: noon.AddDate(-3, 0, 0), LoggedBy: "Anna Koe", ClosedAt: noon, Ended: "tuotu",
			Older: &incident.Older{Kind: "breach", Decision: "reported", Part: "controller", Reason: "syy", At: noon}}
		im := change("")
		im.Imports = []*incident.Incident{old}
		apply(t, db, im)
		got, _, err := db.Breaches(ctx, incident.BreachFilter{Summary: incident.Summary{State: "imported"}}, incident.Cut{Limit: 5})
		if err != nil || len(got) != 1 || got[0].Number != "V-7" || got[0].Summary.Decision != "reported" {
			t.Errorf("imported: %+v, %v", got, err)
		}
		if n := must[[]string](t)(db.Numbers(ctx, []string{"V-7", "V-8"})); len(n) != 1 || n[0] != "V-7" {
			t.Errorf("Numbers = %v", n)
		}
		if found, _, err := db.Rows(ctx, incident.Filter{Search: "vanh"}, incident.Cut{Limit: 5}); err != nil || len(found) != 1 {
			t.Errorf("search: %d, %v", len(found), err)
		}
	})
}
