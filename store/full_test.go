package store

import (
	"testing"
	"time"

	"hatakello/incident"
)

// fillAll puts at least two rows into every table that the chain covers, in two
// cases and in several acts, so that there is something to tamper with.
func fillAll(t testing.TB, db *DB) []string {
	t.Helper()
	fillRegister(t, db)
	var cases []string
	for range 2 {
		c := newCase("Levy katosi", 2)
		apply(t, db, c)
		cases = append(cases, c.NewIncident.ID)
		fillCase(t, db, c)
	}
	return cases
}

func fillRegister(t testing.TB, db *DB) {
	t.Helper()
	c := change("")
	c.Setting = &incident.Organisation{Name: "Koe Oy", Zone: "Europe/Helsinki"}
	c.Register.Services = []*incident.Service{{ID: "s1", Name: "Palvelu"}, {ID: "s2", Name: "Toinen"}}
	for _, id := range []string{"k0", "k1"} {
		c.Register.Controllers = append(c.Register.Controllers, &incident.Controller{ID: id, Name: "Asiakas " + id, Lang: "fi", BusinessID: "1234567-1",
			Contacts: []incident.Contact{{Name: "Testi Ensimmäinen", Email: "a@" + id + ".example"}, {Name: "Testi Toinen", Phone: "1"}},
			Uses:     []incident.Use{{Service: "s1", Tenant: "t"}, {Service: "s1", Tenant: "u"}}})
	}
	for i, k := range c.Register.Controllers {
		k.Contacts[i].Lang, k.Contacts[i].Awaits, k.Contacts[i].Ends = "sv", true, noon
	}
	for _, id := range []string{"k0", "k1"} {
		c.ContactLinks = append(c.ContactLinks, &incident.ContactLink{Hash: "h" + id, Kind: incident.ToConfirm, Controller: id, Address: "a@k.example", Made: noon, Until: noon})
		c.ContactChanges = append(c.ContactChanges, &incident.ContactChange{ID: "c" + id, Controller: id, At: noon, By: "a@k.example",
			Was: []incident.Contact{{Email: "a@k.example"}}, Now: []incident.Contact{{Email: "b@k.example", Awaits: true}}})
	}
	for _, id := range []string{"u1", "u2"} {
		c.Users = append(c.Users, &incident.User{ID: id, Login: id + "@koe.example", Name: "Anna " + id, Roles: []incident.Role{incident.Privacy}, Lang: "fi", Made: noon})
		c.Tokens = append(c.Tokens, &incident.Token{ID: id, Name: "ohjelma", Role: incident.Privacy, Hash: "h" + id, Made: noon})
		c.Webhooks = append(c.Webhooks, &incident.Webhook{ID: id, URL: "https://hook.example/" + id, Secret: "s", Made: noon, By: "Anna"})
		c.SignKeys = append(c.SignKeys, incident.SignKey{ID: id, Public: []byte("avain " + id), Since: noon})
		c.Phrases = append(c.Phrases, &incident.Phrase{Key: "lause " + id, Version: 1, Title: "Otsikko", Texts: map[string]string{"fi": "Sanat"}, By: "Anna", ByID: "u1", At: noon})
	}
	for _, id := range []string{"g1", "g2"} {
		c.JointGroups = append(c.JointGroups, &incident.JointGroup{ID: id, Name: "Yhdessä " + id, Members: []string{"k0", "k1"}})
	}
	c.Draw = &incident.Draw{Quarter: "2026-Q3", Of: 2, Drawn: 1, At: noon}
	apply(t, db, c)
	c = change("")
	c.Register.Controllers = must[[]*incident.Controller](t)(db.Controllers(ctx, []string{"k0"}))
	c.Register.Controllers[0].Contacts = c.Register.Controllers[0].Contacts[:1] // one contact is gone
	c.Draw = &incident.Draw{Quarter: "2026-Q4", Of: 2, Drawn: 1, At: noon}
	apply(t, db, c)
}

// fillCase acts on a logged case as people, couriers and controllers would.
func fillCase(t testing.TB, db *DB, logged *incident.Change) {
	t.Helper()
	id := logged.NewIncident.ID
	tell := change(id)
	for _, r := range logged.NewRecords {
		r.Marks = append(r.Marks, incident.Mark{Moment: incident.ControllerInformed, At: noon, Sure: incident.Assumed, Made: noon})
		r.Assessed = []*incident.Assessment{{Tier: incident.High, Reason: "terveystiedot \"x\"\n", Facts: []byte(`{"a":1}`), By: "Anna", At: noon, Waits: true}}
		r.Filings = []incident.Filing{{Kind: "preliminary", At: noon, Channel: "web", By: "Anna", Made: noon}}
		r.Decisions = []incident.Decision{{Kind: "no_breach", Reason: "harjoitus", By: "Anna", At: noon}}
		r.Approvals = []incident.Approval{{On: "assessment", Verdict: "approved", By: "Bo", At: noon}}
		r.Reopenings = []incident.Reopening{{Assessed: 1, Why: "facts", By: "Anna", At: noon}}
		n := newNotice(r, 1)
		tell.Records, tell.Notices = append(tell.Records, r), append(tell.Notices, n)
		tell.Deliveries = append(tell.Deliveries, newMail(r, n), newMail(r, n))
		tell.Deliveries[len(tell.Deliveries)-1].Token = ""
		tell.Answers = append(tell.Answers, incident.FormAnswer{Record: r.ID, Key: "q/1", Value: "kyllä", By: "Bo", At: noon})
		tell.Handovers = append(tell.Handovers, &incident.Handover{ID: newID(), Incident: id, Record: r.ID, N: 1, Kind: "preliminary", Facts: []byte("{}"), SHA256: incident.NewContent([]byte("pdf"), noon).SHA256, Bytes: []byte("pdf"), By: "Bo", At: noon})
		tell.Tellings = append(tell.Tellings, &incident.Telling{ID: newID(), Incident: id, Record: r.ID, At: noon, Channel: "letter", Safe: "yes", People: "Asukkaat",
			Told: incident.Amount{Low: 3, Sure: "exact"}, Why: "ei osoitetta", Text: "Hyvä asukas", By: "Bo", Made: noon})
		tell.Samples = append(tell.Samples, &incident.Sample{ID: newID(), Quarter: "2026-Q4", Kind: "no_breach", Incident: id, Record: r.ID, Made: noon, By: "Anna", Drawn: noon})
		tell.EndedLinks = append(tell.EndedLinks, &incident.Link{Hash: "linkki " + r.ID, Record: r.ID})
		tell.Rings = append(tell.Rings, &incident.Ring{ID: newID(), Incident: id, Duty: "logged", Made: noon, Next: noon})
		tell.Proposals = append(tell.Proposals, &incident.Proposal{ID: newID(), Incident: id, State: "waiting", By: "Anna", At: noon})
		tell.Questions = append(tell.Questions, &incident.Question{ID: newID(), Incident: id, Record: r.ID, Controller: r.Name, Text: "Miksi?", By: "Bo", At: noon, Ring: noon})
		answer := &incident.Reply{ID: newID(), Incident: id, State: "sent", By: "Anna", At: noon}
		tell.Replies = append(tell.Replies, answer)
		tell.Copies = append(tell.Copies, &incident.ReplyCopy{Reply: answer.ID, Incident: id, Record: r.ID, Controller: r.Name, Lang: "fi", Text: "Siksi.", At: noon})
		file := incident.NewContent([]byte("päätös "+r.ID), noon)
		tell.Files = append(tell.Files, file)
		tell.Evidence = append(tell.Evidence, &incident.Evidence{ID: newID(), Incident: id, Record: r.ID, SHA256: file.SHA256, Name: "loki.txt", By: "Anna", At: noon})
		tell.Entries = append(tell.Entries, &incident.Entry{ID: newID(), Incident: id, Record: r.ID, At: noon, By: "Anna", Text: "Soitettu"})
	}
	tell.Debrief = &incident.Debrief{Incident: id, Opened: noon, OpenedBy: "Anna"}
	for range 2 {
		tell.Passages = append(tell.Passages, &incident.Passage{Incident: id, ID: newID(), Question: "what", Reader: "internal", Text: "Opittiin", By: "Anna", Made: noon})
		tell.Actions = append(tell.Actions, &incident.Action{ID: newID(), Incident: id, Text: "Korjataan", Owner: "u1", Name: "Anna", Due: noon, Made: noon, By: "Anna", Remind: noon})
	}
	tell.Deliveries = append(tell.Deliveries, &incident.Delivery{ID: newID(), Route: incident.BySlack, Address: "#x", Fate: incident.Pending, Urgency: noon, Due: noon, Made: noon})
	apply(t, db, tell)
	settle := change(id)
	for i, d := range tell.Deliveries[:4] {
		d.Fate, d.Settled = incident.Taken, noon.Add(time.Minute)
		if i == 3 {
			d.Fate, d.Settled, d.Due = incident.Pending, time.Time{}, noon.Add(time.Minute)
			settle.Cancelled = []string{d.ID}
		}
		settle.Settled = append(settle.Settled, d)
		settle.Receipts = append(settle.Receipts, incident.Receipt{Delivery: d.ID, Try: 1, OK: true, Code: 250, Reply: "2.0.0 ok", Began: noon, Ended: noon})
	}
	for _, n := range tell.Notices {
		n.AckedAt, n.AckedBy = noon, "Testi Ensimmäinen"
		settle.Acked = append(settle.Acked, n)
	}
	apply(t, db, settle)
	stop := change("") // an act of the register that touches the case
	stop.StopRoute = incident.BySlack
	apply(t, db, stop)
}
