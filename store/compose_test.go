package store

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"hatakello/incident"
)

// told applies a notice to the i-th record of a case, with its mail.
func told(t *testing.T, db *DB, r *incident.Record, n *incident.Notice) *incident.Delivery {
	t.Helper()
	c := change(r.Incident)
	r.Notices = n.N
	dl := newMail(r, n)
	c.Records, c.Notices, c.Deliveries = []*incident.Record{r}, []*incident.Notice{n}, []*incident.Delivery{dl}
	apply(t, db, c)
	return dl
}

func TestNoticeKeepsWhatItSaid(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		c := newCase("Levy katosi", 2)
		apply(t, db, c)
		r := c.NewRecords[0]
		n := newNotice(r, 1)
		n.Facts = &incident.Stated{Facts: incident.Facts{Nature: incident.Fact{Text: "ä", Sure: incident.Known}}, Aware: incident.Told{At: noon, Sure: incident.Known}}
		n.Was = &incident.Stated{Facts: incident.Facts{People: incident.Amount{Low: 3, Sure: "exact"}}}
		n.Phrases = []incident.PhraseUse{{Key: "calm", Version: 2}}
		told(t, db, r, n)
		if got := must[*incident.Notice](t)(db.Notice(ctx, n.ID)); !reflect.DeepEqual(got, n) {
			t.Errorf("Notice = %+v\nwant %+v", got, n)
		}
		last := must[map[string]*incident.Stated](t)(db.LastFacts(ctx, []string{r.ID, c.NewRecords[1].ID}))
		if len(last) != 1 || !reflect.DeepEqual(last[r.ID], n.Facts) {
			t.Errorf("LastFacts = %+v", last)
		}
		more := newNotice(r, 2)
		told(t, db, r, more)
		if last := must[map[string]*incident.Stated](t)(db.LastFacts(ctx, []string{r.ID})); len(last) != 0 {
			t.Errorf("LastFacts of a notice without them = %+v", last)
		}
	})
}

func TestChases(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		c := newCase("Levy katosi", 1)
		apply(t, db, c)
		r := c.NewRecords[0]
		one, two := newNotice(r, 1), newNotice(r, 2)
		told(t, db, r, one)
		set := func(k ...incident.Chase) {
			c := change(r.Incident)
			c.Chased = k
			apply(t, db, c)
		}
		due := func(at time.Time) (ids []string) {
			for _, n := range must[[]*incident.Notice](t)(db.Chases(ctx, at, 10)) {
				ids = append(ids, n.ID)
			}
			return ids
		}
		later := noon.Add(4 * time.Hour)
		set(incident.Chase{Record: r.ID, Notice: one.ID, At: later})
		if got := due(later.Add(-time.Millisecond)); got != nil {
			t.Errorf("chased early: %v", got)
		}
		if got := due(later); !reflect.DeepEqual(got, []string{one.ID}) {
			t.Errorf("due = %v, want the notice", got)
		}
		dl := told(t, db, r, two)
		if got := due(later); got != nil {
			t.Errorf("chased although a newer notice was made: %v", got)
		}
		set(incident.Chase{Record: r.ID, Notice: one.ID, At: later}) // accepted late
		if got := due(later); got != nil {
			t.Errorf("an older notice is chased: %v", got)
		}
		set(incident.Chase{Record: r.ID, Notice: two.ID, At: later})
		pending := must[[]*incident.Delivery](t)(db.PendingOf(ctx, r.ID))
		if len(pending) != 2 || pending[1].ID != dl.ID {
			t.Errorf("PendingOf = %+v", pending)
		}
		set(incident.Chase{Record: r.ID})
		if got := due(later); got != nil {
			t.Errorf("chased after all: %v", got)
		}
		two.AckedAt, two.AckedBy = noon, "Koe"
		ack := change(r.Incident)
		ack.Acked = []*incident.Notice{two}
		apply(t, db, ack)
		set(incident.Chase{Record: r.ID, Notice: two.ID, At: later})
		if got := due(later); got != nil {
			t.Errorf("an answered notice is chased: %v", got)
		}
	})
}

func TestCalls(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		reg := change("")
		reg.Register.Controllers = []*incident.Controller{{ID: "k1", Name: "Asiakas", Lang: "sv",
			Contacts: []incident.Contact{{Name: "A", Phone: "1"}, {Name: "B", Email: "b@example.fi", Phone: "2"}}}}
		apply(t, db, reg)
		c := newCase("Levy katosi", 3)
		apply(t, db, c)
		for _, i := range []int{1, 2} {
			r := c.NewRecords[i]
			r.Call, r.Stage = noon, incident.Failed
			if i == 2 { // the tighter limit comes first
				r.Deadlines[1].Due = noon.Add(time.Hour)
			}
			n := newNotice(r, 1)
			n.Code = "KOIVU-1"
			told(t, db, r, n)
		}
		id := c.NewIncident.ID
		if n := must[int](t)(db.ToCall(ctx, id)); n != 2 {
			t.Errorf("ToCall = %d, want 2", n)
		}
		all := must[[]*incident.CallLine](t)(db.Calls(ctx, id))
		want := &incident.CallLine{Record: c.NewRecords[1].ID, Controller: "k1", Name: "Asiakas 00001 Oy", Lang: "fi", Stage: incident.Failed, Since: noon,
			Due: noon.Add(24 * time.Hour), Notices: 1, Code: "KOIVU-1", Said: "Hyvä", Contacts: reg.Register.Controllers[0].Contacts}
		if len(all) != 2 || all[0].Controller != "k2" || !reflect.DeepEqual(all[1], want) {
			t.Errorf("Calls = %+v\nwant the second %+v", all, want)
		}
		if got := must[*incident.Record](t)(db.Record(ctx, c.NewRecords[1].ID)); !got.Call.Equal(noon) {
			t.Errorf("Call = %v", got.Call)
		}
	})
}

func TestStopRouteAndEnds(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		c := newCase("Levy katosi", 0)
		for i, route := range []incident.Route{incident.BySlack, incident.BySlack, incident.ByMail, incident.ByMail} {
			c.Deliveries = append(c.Deliveries, &incident.Delivery{ID: newID(), Incident: c.NewIncident.ID, Route: route, Address: "x",
				Fate: incident.Pending, Urgency: noon, Due: noon.Add(time.Duration(i/3) * time.Hour), Made: noon, Body: []byte("x")})
		}
		apply(t, db, c)
		held := must[[]*incident.Delivery](t)(db.Claim(ctx, []incident.Route{incident.BySlack}, 1, noon, noon.Add(time.Minute)))
		if n := len(must[[]*incident.Delivery](t)(db.PendingBy(ctx, incident.BySlack))); n != 1 {
			t.Errorf("PendingBy = %d, want 1", n)
		}
		if n := len(must[[]*incident.Delivery](t)(db.Waiting(ctx, incident.BySlack))); n != 2 {
			t.Errorf("Waiting = %d, want the leased one too", n)
		}
		stop := change("")
		stop.StopRoute = incident.BySlack
		apply(t, db, stop)
		for _, d := range c.Deliveries {
			got := must[*incident.Delivery](t)(db.Delivery(ctx, d.ID))
			if (got.Fate == incident.Cancelled) != (d.Route == incident.BySlack) {
				t.Errorf("%s by %s is %s", d.ID, d.Route, got.Fate)
			}
		}
		late := change(c.NewIncident.ID)
		held[0].Fate, held[0].Settled = incident.Taken, noon
		late.Settled = held
		apply(t, db, late)
		if got := must[*incident.Delivery](t)(db.Delivery(ctx, held[0].ID)); got.Fate != incident.Cancelled {
			t.Errorf("after a late answer: %s", got.Fate)
		}
		rc := change(c.NewIncident.ID)
		for i, d := range c.Deliveries {
			rc.Receipts = append(rc.Receipts, incident.Receipt{Delivery: d.ID, Try: 1, OK: i != 3, Began: noon, Ended: noon.Add(time.Duration(i) * time.Second)})
		}
		apply(t, db, rc)
		if got := must[[]time.Time](t)(db.Ends(ctx, noon, 10)); len(got) != 1 || !got[0].Equal(noon.Add(2*time.Second)) {
			t.Errorf("Ends = %v, want the one accepted mail", got)
		}
	})
}

func TestPhrasesProposalsCards(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		c := newCase("Levy katosi", 1)
		p := &incident.Phrase{Key: "calm", Version: 1, Title: "Rauhoittava", Texts: map[string]string{"fi": "ä", "sv": "ö"}, Stale: []string{"sv"},
			By: "Anna", ByID: "anna", At: noon}
		d := &incident.Proposal{ID: newID(), Incident: c.NewIncident.ID, In: incident.Notify{Texts: map[string]string{"": "x"}, Records: []string{"r"}, NextUpdate: noon},
			Seal: "s", By: "Anna", ByID: "anna", At: noon, State: incident.ProposalWaits}
		k := &incident.Card{Incident: c.NewIncident.ID, Channel: "#k", Delivery: "d1", Sum: "1", At: noon}
		c.Phrases, c.Proposals, c.Cards = []*incident.Phrase{p}, []*incident.Proposal{d}, []*incident.Card{k}
		apply(t, db, c)
		k.Version = 1 // the store counts
		if got := must[[]*incident.Phrase](t)(db.Phrases(ctx)); !reflect.DeepEqual(got, []*incident.Phrase{p}) {
			t.Errorf("Phrases = %+v", got[0])
		}
		if got := must[*incident.Proposal](t)(db.Proposal(ctx, d.ID)); !reflect.DeepEqual(got, d) {
			t.Errorf("Proposal = %+v, want %+v", got, d)
		}
		if got := must[*incident.Card](t)(db.Card(ctx, k.Incident)); !reflect.DeepEqual(got, k) {
			t.Errorf("Card = %+v", got)
		}
		if got := must[*incident.Card](t)(db.Card(ctx, "nobody")); got != nil {
			t.Errorf("Card of nobody = %+v", got)
		}
		yes := change(d.Incident)
		p.ApprovedBy, p.ApprovedAt, d.State, d.Decider, d.DecidedAt = "Bo", noon, incident.ProposalSent, "Bo", noon
		yes.Phrases, yes.Proposals = []*incident.Phrase{p}, []*incident.Proposal{d}
		apply(t, db, yes)
		if got := must[[]*incident.Proposal](t)(db.Proposals(ctx, d.Incident)); len(got) != 1 || !reflect.DeepEqual(got[0], d) {
			t.Errorf("Proposals = %+v", got)
		}
		again := change(d.Incident)
		again.Proposals = []*incident.Proposal{d}
		if err := db.Apply(ctx, again); !errors.Is(err, incident.ErrStale) {
			t.Errorf("a second decision: %v, want ErrStale", err)
		}
		twice := change("")
		twice.Phrases = []*incident.Phrase{p}
		if err := db.Apply(ctx, twice); !errors.Is(err, incident.ErrStale) {
			t.Errorf("a second approval: %v, want ErrStale", err)
		}
		if got := must[[]incident.Stirred](t)(db.CardsDue(ctx)); !reflect.DeepEqual(got, []incident.Stirred{{Incident: d.Incident, Seq: 2}}) {
			t.Errorf("CardsDue = %v, want the case after two acts", got)
		}
		late := change(d.Incident)
		k.Version = 0
		late.Cards = []*incident.Card{k}
		if err := db.Apply(ctx, late); !errors.Is(err, incident.ErrStale) {
			t.Errorf("a card that was changed in between: %v, want ErrStale", err)
		}
		if yes := must[bool](t)(db.HasTier(ctx, d.Incident, incident.High)); yes {
			t.Error("HasTier(high) of an unassessed case")
		}
	})
}
