package store

import (
	"strings"
	"testing"
	"time"

	"hatakello/incident"
)

// TestExpire lets every kind of data expire in closed cases, and in no other:
// an open one, one with a running clock and one on hold keep all they have.
func TestExpire(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		cases := fillAll(t, db)
		free, kept := cases[0], cases[1]
		later := noon.AddDate(10, 0, 0)
		tally := func(kind string) int {
			t.Helper()
			n, _, err := db.ExpiringTally(ctx, kind, later, later)
			noError(t, err)
			return n
		}
		for _, x := range expiries {
			if x.columns != "" && x.kind != "alarms" && tally(x.kind) > 0 {
				t.Errorf("%s of open cases would expire", x.kind)
			}
		}
		closeCase(t, db, free)
		closeCase(t, db, kept)
		c := change(kept)
		c.LegalHold = &incident.LegalHold{Incident: kept, Reason: "riita", Made: noon, By: "Anna"}
		apply(t, db, c)
		for _, stop := range []incident.Route{"", incident.BySlack} {
			c := change("")
			if c.StopRoute = stop; stop == "" {
				c.Deliveries = []*incident.Delivery{{ID: newID(), Route: incident.BySlack, Address: "#x", Fate: incident.Pending, Urgency: noon, Due: noon, Made: noon, Body: []byte("hälytys")}}
			}
			apply(t, db, c)
		}
		noError(t, db.SaveDraft(ctx, "u1", "note", "x", noon))
		for _, kind := range []string{"mails", "contacts", "handovers", "files", "alarms", "drafts"} {
			want := tally(kind)
			all, oldest, newest, err := db.Expiring(ctx, kind, later, later, 1000)
			noError(t, err)
			if len(all) == 0 || len(all) != want || oldest.IsZero() || newest.Before(oldest) {
				t.Fatalf("%s: %d places, tally %d, from %v to %v", kind, len(all), want, oldest, newest)
			}
			if some, _, _, err := db.Expiring(ctx, kind, noon.AddDate(-1, 0, 0), later, 1000); err != nil || len(some) > 0 {
				t.Errorf("%s: %d expire before their time, %v", kind, len(some), err)
			}
			c := change("")
			c.Act = incident.ExpireAct
			c.Erasure = &incident.Erasure{ID: newID(), Kind: kind, Basis: "purpose", Expire: all, Oldest: oldest, Newest: newest}
			apply(t, db, c)
			if n := tally(kind); n != 0 {
				t.Errorf("%s: %d left", kind, n)
			}
			if got := c.Erasure.Changed; len(got) == 0 {
				t.Errorf("%s: nothing is said of it", kind)
			}
		}
		v := must[*Verified](t)(db.Verify(ctx))
		if v.Found != 0 || v.Erasures < 6 {
			t.Fatalf("%d erasures, found %+v", v.Erasures, v.Findings)
		}
		var last string
		for _, e := range v.Erased {
			if e.Chain == free {
				last = string(e.What)
			}
			if e.Chain == kept {
				t.Errorf("the case on hold lost something: %s", e.What)
			}
		}
		if !strings.Contains(last, `"oldest"`) || !strings.Contains(last, `"rows"`) {
			t.Errorf("the case's link says %s", last)
		}
		by := must[map[string]int](t)(db.ErasedIn(ctx, noon.AddDate(-1, 0, 0), noon.AddDate(1, 0, 0)))
		if by["mails"] == 0 || by["files"] == 0 {
			t.Errorf("erased in the year: %v", by)
		}
		if holds := must[[]*incident.LegalHold](t)(db.LegalHolds(ctx)); len(holds) != 1 || holds[0].Number == "" {
			t.Errorf("holds: %+v", holds)
		}
	})
}

// closeCase closes a case of fillAll and ends its clocks and messages.
func closeCase(t *testing.T, db *DB, id string) {
	t.Helper()
	inc := must[*incident.Incident](t)(db.Incident(ctx, id))
	inc.ClosedAt, inc.Ended = noon.Add(time.Hour), "valmis"
	c := change(id)
	c.Incident = inc
	c.Records = must[[]*incident.Record](t)(db.Records(ctx, id, nil))
	for _, r := range c.Records {
		for _, d := range r.Deadlines {
			d.Met = noon
		}
	}
	apply(t, db, c)
}
