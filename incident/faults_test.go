package incident_test

import (
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"hatakello/incident"
	"hatakello/store"
)

// TestFault1RepeatAfterTheReplyWasLost: the program dies after a case was
// committed and before anybody heard of it. The next one, asked the same again,
// tells of that case and opens no second.
func TestFault1RepeatAfterTheReplyWasLost(t *testing.T) {
	h := newHouse(t)
	path := filepath.Join(t.TempDir(), "copy.db")
	ask := incident.Log{Title: "Varmuuskopio avoimena", Aware: h.now, Services: []string{"Hoivapäivyri"}, Key: "lomake-1"}
	first, err := h.Log(ctx, staff, ask)
	h.must(err)
	h.must(h.db.Backup(ctx, path)) // the file as the dead program leaves it
	db, err := store.Open(ctx, path, store.Options{})
	h.must(err)
	t.Cleanup(func() { db.Close() })
	h.Desk.Store = db
	again, err := h.Log(ctx, staff, ask)
	h.must(err)
	if again.ID != first.ID || again.Number != first.Number {
		t.Errorf("the repeat opened %s, want %s", again.Number, first.Number)
	}
	rows, _, err := db.Rows(ctx, incident.Filter{State: "open"}, incident.Cut{Limit: 9})
	h.must(err)
	if len(rows) != 1 {
		t.Errorf("%d cases, want 1", len(rows))
	}
}

// TestFault42ContactEditedWhileNotified: the address is the one that was
// approved, whatever becomes of the contact while mails go out, and it stands in
// the record.
func TestFault42ContactEditedWhileNotified(t *testing.T) {
	h := newHouse(t)
	var all []*incident.Controller
	want := map[string]string{}
	for _, name := range []string{"Alfala Oy", "Beetala Oy", "Gammala Oy", "Deltala Oy"} {
		k := h.customer(name, "fi", 0, "vanha@"+name[:4]+".example")
		all, want[k.ID] = append(all, k), k.Contacts[0].Email
	}
	inc := h.log("Hoivapäivyri")
	h.notify(inc)
	var edits sync.WaitGroup
	edits.Go(func() {
		for _, k := range all {
			k.Contacts[0].Email = "uusi@" + k.Name[:4] + ".example"
			if err := h.SaveController(ctx, staff, k); err != nil {
				t.Error(err)
			}
		}
	})
	var sent []*incident.Delivery
	for len(sent) < len(all) { // group by group, while the edits go on
		got, err := h.Claim(ctx, []incident.Route{incident.ByMail}, 2, time.Minute)
		h.must(err)
		var outs []incident.Outcome
		for _, d := range got {
			o := accepted(d)
			o.Delivery, o.Receipt.Began, o.Receipt.Ended = d, h.now, h.now
			outs = append(outs, o)
			if d.Notice != "" {
				sent = append(sent, d)
			}
		}
		h.must(h.Settle(ctx, outs))
	}
	edits.Wait()
	for _, d := range sent {
		r, err := h.db.Record(ctx, d.Record)
		h.must(err)
		kept, err := h.db.Delivery(ctx, d.ID)
		h.must(err)
		if d.Address != want[r.Controller] || kept.Address != want[r.Controller] {
			t.Errorf("%s was written to at %s, kept as %s; approved was %s", r.Name, d.Address, kept.Address, want[r.Controller])
		}
	}
}

// TestFault48ClockJumps: three days forward, everything that became due is said
// once; three days back, nothing is said again, because what has been done is a
// state and no time.
func TestFault48ClockJumps(t *testing.T) {
	h := newHouse(t)
	h.customer("Kuntala Oy", "fi", 24, "a@kuntala.example")
	h.log("Hoivapäivyri")
	tick := func() int {
		t.Helper()
		before := len(h.alarms)
		if _, err := h.Tick(ctx); err != nil && !errors.Is(err, incident.ErrStale) {
			t.Fatal(err)
		}
		return len(h.alarms) - before
	}
	tick()
	h.now = h.now.Add(72 * time.Hour)
	if said := tick(); said == 0 {
		t.Fatal("nothing was said of what became due")
	}
	if said := tick(); said != 0 {
		t.Errorf("%d messages for the same due things", said)
	}
	h.now = h.now.Add(-72 * time.Hour)
	for range 3 {
		if said := tick(); said != 0 {
			t.Errorf("%d messages again after the clock went back", said)
		}
		h.now = h.now.Add(time.Minute)
	}
}
