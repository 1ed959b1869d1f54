package store

import (
	"context"
	"slices"
	"testing"
	"time"

	"hatakello/incident"
)

// contactCase is a customer in no case, with two contacts, and the switch on.
type contactCase struct {
	*askedCase
	t  *testing.T
	db *DB
	k  string // its id
}

const sundsvik = "Sundsviks vård Ab"

func newContactCase(t *testing.T, db *DB) *contactCase {
	t.Helper()
	ctx := context.Background()
	x := &contactCase{askedCase: askCase(t, db), t: t, db: db}
	k := &incident.Controller{Name: sundsvik, Lang: "sv", Contacts: []incident.Contact{
		{Name: "Anna", Email: "Anna@sund.example"}, {Name: "Bo", Email: "bo@sund.example", Lang: "fi"}}}
	noError(t, x.d.SaveController(ctx, clerk, k))
	x.k = k.ID
	x.now = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC) // a Monday, ten in Helsinki
	x.send(nil)
	return x
}

// on turns the switch.
func (x *contactCase) on(yes bool) {
	x.t.Helper()
	noError(x.t, x.d.SaveOrganisation(context.Background(), clerk, incident.Organisation{Name: "Talo Oy", Alarm: []string{"a@talo.example"}, AskContacts: yes}))
}

// send sends what waits; refused are addresses that turn the mail away.
func (x *contactCase) send(refused []string) {
	x.t.Helper()
	due, err := x.d.Claim(context.Background(), []incident.Route{incident.ByMail}, 1000, time.Minute)
	noError(x.t, err)
	var outs []incident.Outcome
	for _, dl := range due {
		bad := slices.Contains(refused, dl.Address)
		outs = append(outs, incident.Outcome{Delivery: dl, Refused: bad, Receipt: incident.Receipt{OK: !bad, Began: x.now, Ended: x.now}})
	}
	noError(x.t, x.d.Settle(context.Background(), outs))
}

func (x *contactCase) tick() {
	x.t.Helper()
	if _, err := x.d.Tick(context.Background()); err != nil {
		x.t.Fatal(err)
	}
}

// secretFor is that of the newest mail of a kind to an address.
func (x *contactCase) secretFor(kind, address string) string {
	x.t.Helper()
	for _, m := range slices.Backward(x.memos) {
		if m.Kind == kind && m.Contact.Email == address {
			return m.Secret
		}
	}
	x.t.Fatalf("no mail %q to %s", kind, address)
	return ""
}

func (x *contactCase) customer() *incident.Controller {
	x.t.Helper()
	ks, err := x.db.Controllers(context.Background(), []string{x.k})
	if err != nil || len(ks) != 1 {
		x.t.Fatalf("customers %v, %v", ks, err)
	}
	return ks[0]
}

func (x *contactCase) reach() *incident.Reach {
	x.t.Helper()
	links, err := x.db.ContactLinks(context.Background(), []string{x.k})
	noError(x.t, err)
	return incident.Reaches([]*incident.Controller{x.customer()}, links, x.now)[0]
}

// states are what is known of each contact's mailbox.
func (x *contactCase) states() []incident.Liveness {
	var all []incident.Liveness
	for _, c := range x.reach().Contacts {
		all = append(all, c.State)
	}
	return all
}

func (x *contactCase) want(what string, want ...incident.Liveness) {
	x.t.Helper()
	if got := x.states(); !slices.Equal(got, want) {
		x.t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// memosOf counts the mails of a kind.
func (x *contactCase) memosOf(kind string) (n int) {
	for _, m := range x.memos {
		if m.Kind == kind {
			n++
		}
	}
	return n
}

// Asking: only while the switch is on, in working hours, not those in an open
// case, once in half a year, in the contact's language; who does not answer
// turns amber, and whose mail comes back at once.
func TestContactsAreAsked(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		x, ctx := newContactCase(t, db), context.Background()
		x.tick()
		if err := x.d.AskContacts(ctx, clerk, x.k); incident.KindOf(err) != incident.Refused || len(x.memos) != 0 {
			t.Errorf("asked with the switch off: %v, %d mails", err, len(x.memos))
		}
		x.on(true)
		for _, at := range []time.Time{x.now.Add(-24 * time.Hour), x.now.Add(12 * time.Hour)} { // a Sunday, a night
			now := x.now
			x.now = at
			x.tick()
			x.now = now
		}
		if n := x.memosOf("contacts"); n != 0 {
			t.Errorf("%d mails at night or on a Sunday", n)
		}
		x.tick()
		x.tick()
		if n := x.memosOf("contacts"); n != 2 || x.memos[0].Lang != "sv" || x.memos[1].Lang != "fi" {
			t.Fatalf("%d mails to a customer in no case and with two contacts, and two customers in a case: %+v", n, x.memos)
		}
		x.want("after the question", incident.Asked, incident.Asked)
		if err := x.d.AskContacts(ctx, clerk, x.k); incident.KindOf(err) != incident.Refused {
			t.Errorf("asked again within a day: %v", err)
		}
		r, err := db.Record(ctx, x.record)
		noError(t, err)
		if err := x.d.AskContacts(ctx, clerk, r.Controller); incident.KindOf(err) != incident.Refused {
			t.Errorf("asked in an open case: %v", err)
		}
		x.send([]string{"bo@sund.example"})
		x.want("after a refusal", incident.Asked, incident.Returned)
		x.now = x.now.Add(15 * 24 * time.Hour)
		x.want("after a fortnight", incident.Silent, incident.Returned)
		ks, _, err := db.ContactTroubles(ctx, incident.SilentBefore(x.now), incident.Cut{Limit: 10})
		if err != nil || !slices.ContainsFunc(ks, func(k *incident.Controller) bool { return k.ID == x.k }) {
			t.Errorf("troubles: %v, %v", ks, err)
		}
		_, err = x.d.ConfirmContacts(ctx, x.secretFor("contacts", "Anna@sund.example"), incident.Confirming{Version: x.customer().Version, Contacts: x.customer().Contacts})
		noError(t, err)
		x.want("after an answer", incident.Alive, incident.Returned)
		x.now = x.now.Add(160 * 24 * time.Hour)
		x.tick()
		if n := x.memosOf("contacts"); n != 2 {
			t.Errorf("asked before half a year: %d", n)
		}
		x.now = x.now.Add(8 * 24 * time.Hour)
		x.tick()
		if n := x.memosOf("contacts"); n != 4 {
			t.Errorf("not asked after half a year: %d", n)
		}
	})
}

// A correction: both addresses until the old one's time is over and the new one
// has answered; the old ones are told and one of them undoes it.
func TestContactsAreCorrected(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		x, ctx := newContactCase(t, db), context.Background()
		alarms := 0
		x.d.Alarm = func(a incident.Alarm) (incident.Letter, error) {
			if a.Key == "contacts" {
				alarms++
			}
			return incident.Letter{}, nil
		}
		x.on(true)
		x.tick()
		secret := x.secretFor("contacts", "Anna@sund.example")
		in := incident.Confirming{Version: x.customer().Version, Contacts: []incident.Contact{
			{Name: "Cilla", Email: "cilla@sund.example", Lang: "sv"}, {Name: "Bo", Email: "bo@sund.example", Lang: "fi"}}}
		changed, err := x.d.ConfirmContacts(ctx, secret, in)
		if err != nil || !changed {
			t.Fatalf("corrected: %v, %v", changed, err)
		}
		if _, err := x.d.ConfirmContacts(ctx, secret, in); incident.KindOf(err) != incident.Conflict {
			t.Errorf("a page of before the correction: %v", err)
		}
		x.want("corrected", incident.Awaited, incident.Asked, incident.Leaves)
		if n := x.memosOf("contacts_change"); n != 2 {
			t.Errorf("%d of the two old addresses were told", n)
		}
		if to := x.told(); !slices.Equal(to, []string{"Anna@sund.example", "bo@sund.example"}) {
			t.Errorf("a notice tonight goes to %v", to)
		}
		x.now = x.now.Add(15 * 24 * time.Hour)
		x.tick()
		if n := len(x.customer().Contacts); n != 3 {
			t.Errorf("the old address was dropped before the new one answered: %d contacts", n)
		}
		noError(t, x.d.AnswerContact(ctx, x.secretFor("contacts_new", "cilla@sund.example")))
		x.tick()
		x.want("answered and over", incident.Alive, incident.Silent)
		if err := x.d.AnswerContact(ctx, secret); incident.KindOf(err) != incident.NotFound {
			t.Errorf("a link of another kind: %v", err)
		}
		if alarms != 0 {
			t.Errorf("%d alarms before an objection", alarms)
		}
		object := x.secretFor("contacts_change", "Anna@sund.example")
		noError(t, x.d.ObjectContacts(ctx, object))
		noError(t, x.d.ObjectContacts(ctx, object))
		if got := x.customer().Contacts; alarms != 1 || len(got) != 2 || got[0].Email != "Anna@sund.example" || got[0].Leaving() {
			t.Errorf("after the objection: %d alarms, %+v", alarms, got)
		}
		v, err := db.Verify(ctx)
		if err != nil || v.Found > 0 {
			t.Errorf("the record: %+v, %v", v.Findings, err)
		}
	})
}

// told logs a case about the customer and returns to whom the notice goes first.
func (x *contactCase) told() []string {
	x.t.Helper()
	ctx := context.Background()
	inc, err := x.d.Log(ctx, clerk, incident.Log{Title: "Uusi", Aware: x.now, Controllers: []string{sundsvik}, Key: "told"})
	noError(x.t, err)
	_, err = x.d.Notify(ctx, clerk, inc.ID, incident.Notify{Texts: map[string]string{"": "Hej"}})
	noError(x.t, err)
	all, _, err := x.db.Deliveries(ctx, inc.ID, "", incident.Cut{Limit: 10})
	noError(x.t, err)
	var to []string
	for _, dl := range all {
		if dl.Notice != "" {
			to = append(to, dl.Address)
		}
	}
	slices.Sort(to)
	return to
}

// Staff may settle a correction by telephone; what they do themselves is not
// undone by an objection.
func TestContactsAreSettledByStaff(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		x, ctx := newContactCase(t, db), context.Background()
		x.on(true)
		x.tick()
		correct := func(email string) {
			t.Helper()
			_, err := x.d.ConfirmContacts(ctx, x.secretFor("contacts", "bo@sund.example"), incident.Confirming{Version: x.customer().Version,
				Contacts: []incident.Contact{{Name: "Dan", Email: email}, {Name: "Bo", Email: "bo@sund.example", Lang: "fi"}}})
			noError(t, err)
		}
		correct("dan@sund.example")
		noError(t, x.d.AcceptContacts(ctx, clerk, x.k))
		x.want("accepted", incident.Asked, incident.Alive)
		noError(t, x.d.ObjectContacts(ctx, x.secretFor("contacts_change", "Anna@sund.example")))
		if k := x.customer(); k.Contacts[0].Email != "dan@sund.example" {
			t.Errorf("undone what staff have accepted: %+v", k.Contacts)
		}
		x.now = x.now.Add(time.Hour)
		correct("eva@sund.example")
		k := x.customer()
		k.Contacts = []incident.Contact{{Name: "Fia", Email: "fia@sund.example"}}
		noError(t, x.d.SaveController(ctx, clerk, k))
		noError(t, x.d.ObjectContacts(ctx, x.secretFor("contacts_change", "dan@sund.example")))
		if k := x.customer(); len(k.Contacts) != 1 || k.Contacts[0].Email != "fia@sund.example" || !x.reach().Wanting {
			t.Errorf("undone what staff have written: %+v", k.Contacts)
		}
		if err := x.d.AnswerContact(ctx, x.secretFor("contacts_new", "eva@sund.example")); incident.KindOf(err) != incident.Refused {
			t.Errorf("answered for an address that is none any more: %v", err)
		}
		x.on(false)
		if _, err := x.d.ConfirmContacts(ctx, x.secretFor("contacts", "bo@sund.example"), incident.Confirming{Version: x.customer().Version,
			Contacts: []incident.Contact{{Name: "Gun", Email: "gun@sund.example"}}}); incident.KindOf(err) != incident.Refused {
			t.Errorf("corrected with the switch off: %v", err)
		}
	})
}
