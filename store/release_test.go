package store

import (
	"path/filepath"
	"testing"
	"time"

	"hatakello/incident"
)

// TestLeasesEndWithTheProcess opens a file again whose courier was killed with
// a message in hand: it is due at once, not when the lease would run out.
func TestLeasesEndWithTheProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h.db")
	db := must[*DB](t)(Open(ctx, path, Options{}))
	c := newCase("Levy katosi", 1)
	c.Deliveries = []*incident.Delivery{{ID: "m1", Incident: c.NewIncident.ID, Route: incident.ByMail, Address: "a@a.example",
		Fate: incident.Pending, Urgency: noon, Due: noon, Made: noon, Body: []byte("x")}}
	apply(t, db, c)
	routes := []incident.Route{incident.ByMail}
	if got := must[[]*incident.Delivery](t)(db.Claim(ctx, routes, 10, noon, noon.Add(time.Hour))); len(got) != 1 {
		t.Fatalf("claimed %d, want 1", len(got))
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = must[*DB](t)(Open(ctx, path, Options{}))
	defer db.Close()
	if got := must[[]*incident.Delivery](t)(db.Claim(ctx, routes, 10, noon.Add(time.Second), noon.Add(time.Hour))); len(got) != 1 {
		t.Errorf("claimed %d after a restart, want the one that was in hand", len(got))
	}
}
