package store

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
)

// ends makes outcomes of attempts that a server has accepted.
func ends(ds []*incident.Delivery) []incident.Outcome {
	var all []incident.Outcome
	for _, d := range ds {
		all = append(all, incident.Outcome{Delivery: d, After: time.Second,
			Receipt: incident.Receipt{Delivery: d.ID, Try: 1, OK: true, Code: 250, Reply: "2.0.0 Ok", SHA256: "ab", Began: noon, Ended: noon.Add(time.Second)}})
	}
	return all
}

func fine(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestNotedEnds(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		c, _ := notified(t, db, 3)
		got := claimed(t, db, 3, noon)
		slices.SortFunc(got, func(a, b *incident.Delivery) int { return strings.Compare(a.ID, b.ID) })
		fine(t, db.Ended(ctx, ends(got[:2]), noon))
		fine(t, db.Ended(ctx, ends(got[:2]), noon)) // heard twice
		later := noon.Add(time.Hour)                // all leases have run out
		if again := claimed(t, db, 9, later); !slices.Equal(idsOf(again), idsOf(got[2:])) {
			t.Errorf("claimed again %v, want only what has no noted end, %v", idsOf(again), idsOf(got[2:]))
		}
		outs := must[[]incident.Outcome](t)(db.Noted(ctx, noon, 9))
		if len(outs) != 2 || !outs[0].Noted || !outs[0].Delivery.Lease.Equal(got[0].Lease) || outs[0].Receipt != ends(got)[0].Receipt || outs[0].After != time.Second {
			t.Fatalf("Noted = %+v", outs)
		}
		fine(t, db.PutOff(ctx, outs[0].Delivery.ID, noon.Add(time.Minute)))
		if left := must[[]incident.Outcome](t)(db.Noted(ctx, noon, 9)); len(left) != 1 || left[0].Delivery.ID != outs[1].Delivery.ID {
			t.Errorf("after putting one off: %+v", left)
		}
		up := change(c.About)
		outs[0].Delivery.Fate, outs[0].Delivery.Settled = incident.Taken, noon
		up.Settled, up.Receipts, up.Noted = []*incident.Delivery{outs[0].Delivery}, []incident.Receipt{outs[0].Receipt}, []string{outs[0].Delivery.ID}
		apply(t, db, up)
		up.Key, up.Settled = newID(), nil
		if err := db.Apply(ctx, up); !errors.Is(err, incident.ErrStale) {
			t.Errorf("settling the same end again: %v, want ErrStale", err)
		}
		fine(t, db.Ended(ctx, ends(got[:1]), noon)) // a late repeat of what is settled
		if left := must[[]incident.Outcome](t)(db.Noted(ctx, later, 9)); len(left) != 1 || left[0].Delivery.ID != outs[1].Delivery.ID {
			t.Errorf("a settled end was noted again: %+v", left)
		}
	})
}

func TestUnwritten(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		c := newCase("Levy katosi", 2)
		apply(t, db, c)
		up := change(c.NewIncident.ID)
		for _, r := range c.NewRecords {
			n := newNotice(r, 1)
			dl := newMail(r, n)
			dl.Body, dl.Unwritten = nil, &incident.Unwritten{Number: "HK-1", Secret: "s" + dl.ID, Contact: incident.Contact{Email: dl.Address}}
			up.Notices, up.Deliveries = append(up.Notices, n), append(up.Deliveries, dl)
		}
		apply(t, db, up)
		ids := idsOf(up.Deliveries)
		slices.Sort(ids)
		all := must[[]*incident.Unwritten](t)(db.Unwritten(ctx, ids))
		if len(all) != 2 || all[0].Delivery != ids[0] || all[0].Secret != "s"+ids[0] || all[0].Notice == nil || all[0].Notice.Text == "" {
			t.Fatalf("Unwritten = %+v", all)
		}
		dl := must[*incident.Delivery](t)(db.Delivery(ctx, ids[0]))
		if len(dl.Body) != 0 {
			t.Errorf("bytes before they were written: %q", dl.Body)
		}
		dl.Body = []byte("Subject: x\r\n\r\nx")
		written := change(c.NewIncident.ID)
		written.Written = []*incident.Delivery{dl}
		apply(t, db, written)
		if got := must[*incident.Delivery](t)(db.Delivery(ctx, ids[0])); string(got.Body) != string(dl.Body) {
			t.Errorf("bytes %q, want %q", got.Body, dl.Body)
		}
		written.Key, dl.Body = newID(), []byte("others")
		if err := db.Apply(ctx, written); !errors.Is(err, incident.ErrStale) {
			t.Errorf("writing again: %v, want ErrStale", err)
		}
		gone := change(c.NewIncident.ID)
		gone.Cancelled = ids[1:]
		apply(t, db, gone)
		if left := must[[]*incident.Unwritten](t)(db.Unwritten(ctx, ids)); len(left) != 0 {
			t.Errorf("left after writing and cancelling: %+v", left)
		}
	})
}
