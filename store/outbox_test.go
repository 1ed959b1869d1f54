package store

import (
	"bytes"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"hatakello/incident"
)

var mail = []incident.Route{incident.ByMail}

// notified logs a case of n records and puts a mail for each into the outbox.
func notified(t testing.TB, db *DB, n int) (*incident.Change, []*incident.Delivery) {
	t.Helper()
	c := newCase("Levy katosi", n)
	apply(t, db, c)
	up := change(c.NewIncident.ID)
	for i, r := range c.NewRecords {
		note := newNotice(r, 1)
		dl := newMail(r, note)
		dl.Urgency = noon.Add(time.Duration(n-i) * time.Minute) // the last is the most urgent
		up.Notices, up.Deliveries = append(up.Notices, note), append(up.Deliveries, dl)
	}
	apply(t, db, up)
	return up, up.Deliveries
}

func claimed(t testing.TB, db *DB, n int, now time.Time) []*incident.Delivery {
	t.Helper()
	return must[[]*incident.Delivery](t)(db.Claim(ctx, mail, n, now, now.Add(time.Minute)))
}

func idsOf(ds []*incident.Delivery) []string {
	var all []string
	for _, d := range ds {
		all = append(all, d.ID)
	}
	return all
}

func TestClaimOrder(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		_, ds := notified(t, db, 5)
		slices.Reverse(ds)
		first := claimed(t, db, 2, noon)
		if got, want := idsOf(first), idsOf(ds[:2]); !slices.Equal(got, want) {
			t.Errorf("Claim(2) = %v, want the two most urgent %v", got, want)
		}
		want := *ds[0]
		want.Fate, want.Lease = incident.Leased, noon.Add(time.Minute)
		if !reflect.DeepEqual(first[0], &want) {
			t.Errorf("claimed %+v\nwant %+v", first[0], &want)
		}
		if got, want := idsOf(claimed(t, db, 9, noon)), idsOf(ds[2:]); !slices.Equal(got, want) {
			t.Errorf("Claim(9) = %v, want the rest %v", got, want)
		}
		if got := claimed(t, db, 9, noon); got != nil {
			t.Errorf("Claim of an empty queue = %v", idsOf(got))
		}
		if got := must[[]*incident.Delivery](t)(db.Claim(ctx, nil, 9, noon.Add(time.Hour), noon)); got != nil {
			t.Errorf("Claim by no route = %v", idsOf(got))
		}
	})
}

func TestClaimByRoute(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		c := change("")
		for i, route := range []incident.Route{incident.BySlack, incident.ByMail, incident.ByWebhook, incident.BySlack} {
			c.Deliveries = append(c.Deliveries, &incident.Delivery{ID: newID(), Route: route, Address: "a", Fate: incident.Pending,
				Urgency: noon.Add(time.Duration(i)), Due: noon, Made: noon, Body: []byte{byte(i)}})
		}
		apply(t, db, c)
		all := idsOf(c.Deliveries)
		got := idsOf(must[[]*incident.Delivery](t)(db.Claim(ctx, []incident.Route{incident.BySlack, incident.ByWebhook}, 2, noon, noon.Add(1))))
		if want := []string{all[0], all[2]}; !slices.Equal(got, want) {
			t.Errorf("Claim(slack, webhook) = %v, want %v", got, want)
		}
		if got := idsOf(claimed(t, db, 9, noon)); !slices.Equal(got, all[1:2]) {
			t.Errorf("Claim(mail) = %v, want %v", got, all[1:2])
		}
	})
}

func TestLeaseRunsOut(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		_, ds := notified(t, db, 2)
		first := claimed(t, db, 2, noon)
		if got := claimed(t, db, 2, noon.Add(time.Minute-time.Millisecond)); got != nil {
			t.Fatalf("claimed under a lease: %v", idsOf(got))
		}
		again := claimed(t, db, 2, noon.Add(time.Minute))
		if len(again) != 2 {
			t.Fatalf("after the lease: %d claimed, want 2", len(again))
		}
		// The first courier comes late: its row is another's now.
		settle(t, db, first[0], incident.Taken)
		if got := must[*incident.Delivery](t)(db.Delivery(ctx, first[0].ID)); got.Fate != incident.Leased || !got.Lease.Equal(again[0].Lease) {
			t.Errorf("settled by the late one: %v until %v, want leased until %v", got.Fate, got.Lease, again[0].Lease)
		}
		settle(t, db, again[0], incident.Taken)
		got := must[*incident.Delivery](t)(db.Delivery(ctx, again[0].ID))
		if got.Fate != incident.Taken || !got.Lease.IsZero() || got.Tries != 1 || len(got.Receipts) != 2 {
			t.Errorf("settled by the owner: %+v", got)
		}
		if !bytes.Equal(got.Body, ds[0].Body) {
			t.Errorf("body = %q, want %q", got.Body, ds[0].Body)
		}
		// A bounce may come long after.
		got.Tries = 1
		settle(t, db, got, incident.Bounced)
		if got := must[*incident.Delivery](t)(db.Delivery(ctx, got.ID)); got.Fate != incident.Bounced {
			t.Errorf("after a late bounce: %v", got.Fate)
		}
	})
}

// settle ends an attempt, as the courier saw the delivery.
func settle(t testing.TB, db *DB, d *incident.Delivery, fate incident.Fate) {
	t.Helper()
	was := *d
	was.Fate, was.Tries, was.Settled = fate, d.Tries+1, noon.Add(time.Second)
	c := change(d.Incident)
	c.Settled = []*incident.Delivery{&was}
	c.Receipts = []incident.Receipt{{Delivery: d.ID, Try: was.Tries, OK: fate == incident.Taken, Code: 250, Reply: "ok", Queue: "q", Server: "mx",
		TLS: "TLS 1.3", SHA256: "ab", Began: d.Lease.Add(-time.Second), Ended: d.Lease}}
	apply(t, db, c)
}

func TestPutOffAndCancelled(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		_, ds := notified(t, db, 3)
		got := claimed(t, db, 3, noon)
		c := change(ds[0].Incident)
		for _, d := range got[:2] {
			was := *d
			was.Fate, was.Due, was.Tries = incident.Pending, noon.Add(5*time.Minute), 1
			c.Settled = append(c.Settled, &was)
		}
		apply(t, db, c)
		if early := claimed(t, db, 9, noon.Add(30*time.Second)); early != nil {
			t.Errorf("claimed before its due: %v", idsOf(early))
		}
		drop := change(ds[0].Incident)
		drop.Cancelled = []string{got[0].ID, got[2].ID, "unknown"} // the last two are not pending
		apply(t, db, drop)
		after := claimed(t, db, 9, noon.Add(5*time.Minute))
		want := []string{got[1].ID, got[2].ID} // put off, and its lease over
		if ids := idsOf(after); !slices.Equal(ids, want) {
			t.Errorf("claimed when due = %v, want %v", ids, want)
		}
		if d := must[*incident.Delivery](t)(db.Delivery(ctx, got[0].ID)); d.Fate != incident.Cancelled {
			t.Errorf("cancelled one is %v", d.Fate)
		}
	})
}

// TestCouriersShareNothing has four couriers empty one queue.
func TestCouriersShareNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		_, ds := notified(t, db, 200)
		var mu sync.Mutex
		times := map[string]int{}
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for {
					got, err := db.Claim(ctx, mail, 7, noon, noon.Add(time.Minute))
					if err != nil {
						t.Error(err)
						return
					}
					if len(got) == 0 {
						return
					}
					mu.Lock()
					for _, d := range got {
						times[d.ID]++
					}
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		for _, d := range ds {
			if times[d.ID] != 1 {
				t.Errorf("%s was claimed %d times, want once", d.ID, times[d.ID])
			}
		}
	})
}

func TestDeliveriesNewestFirst(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		up, ds := notified(t, db, 25)
		notified(t, db, 3)
		slices.Reverse(ds)
		var got []string
		cut := incident.Cut{Limit: 10}
		for n := 0; ; n++ {
			page, next, err := db.Deliveries(ctx, up.About, "", cut)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, idsOf(page)...)
			if cut.After = next; next == "" || n > 5 {
				break
			}
		}
		if !slices.Equal(got, idsOf(ds)) {
			t.Errorf("Deliveries = %v\nwant %v", got, idsOf(ds))
		}
		for of, want := range map[[2]string]int{{"", ""}: 28, {up.About, ds[0].Record}: 1, {"", ds[0].Record}: 1, {"none", ""}: 0} {
			page, _, err := db.Deliveries(ctx, of[0], of[1], incident.Cut{Limit: 100})
			if err != nil || len(page) != want {
				t.Errorf("Deliveries%q = %d, %v; want %d", of, len(page), err, want)
			}
		}
		if page, _, _ := db.Deliveries(ctx, "", "", incident.Cut{Limit: 1}); page[0].Body != nil {
			t.Error("a list holds bodies")
		}
		if _, _, err := db.Deliveries(ctx, "", "", incident.Cut{After: "?", Limit: 1}); incident.KindOf(err) != incident.Invalid {
			t.Errorf("a made-up cursor: %v, want invalid", err)
		}
	})
}
