package incident_test

import (
	"testing"
	"time"

	"hatakello/incident"
)

// twoToSend makes the organisation ask for a second person before it sends.
func (h *house) twoToSend() {
	h.Helper()
	org, err := h.db.Organisation(ctx)
	h.must(err)
	org.TwoToSend = true
	h.must(h.SaveOrganisation(ctx, staff, org))
}

func TestNoticeWaitsForASecondPerson(t *testing.T) {
	h := newHouse(t)
	k := h.customer("Koivuranta", "fi", 24, "vanha@koivuranta.example")
	inc := h.log("Hoivapäivyri")
	h.twoToSend()
	sent := h.notify(inc)
	if sent.Proposal == "" || sent.Notices != 0 || h.incident(inc.ID).Tally.Notified != 0 {
		t.Fatalf("sent = %+v, want a proposal and no notice", sent)
	}
	if again := h.notify(inc); again.Proposal != sent.Proposal {
		t.Errorf("a double click proposed twice: %+v", again)
	}
	h.customer("Myöhäinen", "fi", 0, "m@x.example") // not affected, and not among the receivers
	_, err := h.Affect(ctx, staff, inc.ID, incident.Affect{Words: []string{"Myöhäinen"}})
	h.must(err)
	p, seal, err := h.Review(ctx, second, sent.Proposal)
	h.must(err)
	if seal != p.Seal || len(p.In.Records) != 1 || p.State != incident.ProposalWaits {
		t.Fatalf("proposal = %+v, seal %s", p, seal)
	}
	if _, err := h.ApproveProposal(ctx, staff, p.ID, seal); keyOf(err) != "approval.self" {
		t.Errorf("its maker approves: %v", err)
	}
	if _, err := h.ApproveProposal(ctx, handler, p.ID, seal); incident.KindOf(err) != incident.Forbidden {
		t.Errorf("a handler approves: %v", err)
	}
	h.must(h.Describe(ctx, staff, inc.ID, h.incident(inc.ID).Version, incident.Facts{Nature: incident.Fact{Text: "uutta", Sure: incident.Known}}))
	if _, err := h.ApproveProposal(ctx, second, p.ID, seal); keyOf(err) != "proposal.changed" {
		t.Errorf("approved what nobody has seen: %v", err)
	}
	_, seal, err = h.Review(ctx, second, p.ID)
	h.must(err)
	k.Contacts[0].Email = "uusi@koivuranta.example"
	k.Version = 1
	h.must(h.SaveController(ctx, staff, k))
	got, err := h.ApproveProposal(ctx, second, p.ID, seal)
	h.must(err)
	if got.Notices != 1 || got.Deliveries != 1 {
		t.Errorf("sent = %+v", got)
	}
	if again, err := h.ApproveProposal(ctx, second, p.ID, seal); err != nil || again.Notices != 1 {
		t.Errorf("a double click: %+v, %v", again, err)
	}
	for _, dl := range h.send(accepted) {
		if dl.Notice != "" && dl.Address != "uusi@koivuranta.example" {
			t.Errorf("sent to %s, want the address at approval", dl.Address)
		}
	}
	if err := h.DeclineProposal(ctx, second, p.ID, "Liian myöhään."); keyOf(err) != "proposal.decided" {
		t.Errorf("declined after it was sent: %v", err)
	}
}

func TestProposalIsDeclinedWithAReason(t *testing.T) {
	h := newHouse(t)
	h.customer("Koivuranta", "fi", 24, "a@koivuranta.example")
	inc := h.log("Hoivapäivyri")
	h.twoToSend()
	id := h.notify(inc).Proposal
	if err := h.DeclineProposal(ctx, second, id, " "); keysOf(err) != "reason reason.empty" {
		t.Errorf("without a reason: %v", err)
	}
	h.must(h.DeclineProposal(ctx, second, id, "Väärä palvelu."))
	if _, err := h.ApproveProposal(ctx, second, id, "x"); keyOf(err) != "proposal.decided" {
		t.Errorf("approved after all: %v", err)
	}
	all, err := h.db.Proposals(ctx, inc.ID)
	h.must(err)
	if len(all) != 1 || all[0].State != incident.ProposalDeclined || all[0].Decider != second.Name || all[0].Reason != "Väärä palvelu." {
		t.Errorf("proposals = %+v", all[0])
	}
}

// keyOf gives the key of a single error.
func keyOf(err error) string {
	if e, ok := err.(*incident.Error); ok {
		return e.Key
	}
	return keysOf(err)
}

func TestForecast(t *testing.T) {
	h := newHouse(t)
	h.Pace = 30
	for i, hours := range []int{1, 1, 72, 72, 0} {
		h.customer("Asiakas "+string(rune('A'+i)), "fi", hours, string(rune('a'+i))+"@x.example")
	}
	h.customer("Osoitteeton", "fi", 1)
	inc := h.log("Hoivapäivyri")
	h.send(accepted)                                   // the alarm
	h.now = start.Add(59*time.Minute + 59*time.Second) // the second of the tight ones goes out two seconds later
	f, err := h.Forecast(ctx, staff, inc.ID, incident.Notify{})
	h.must(err)
	if f.Mails != 5 || f.Rate != 30 || f.Measured || !f.Finish.Equal(h.now.Add(8*time.Second)) {
		t.Errorf("forecast = %+v, want five mails in eight seconds", f)
	}
	if len(f.Late) != 1 || f.Late[0].Name != "Asiakas B" || !f.Late[0].At.Equal(h.now.Add(2*time.Second)) {
		t.Errorf("late = %+v, want the second of the tightest", f.Late)
	}
	h.notify(inc)
	if f, err = h.Forecast(ctx, staff, inc.ID, incident.Notify{}); err != nil || f.Ahead != 5 || !f.Finish.Equal(h.now.Add(18*time.Second)) {
		t.Errorf("forecast behind five = %+v, %v", f, err)
	}
}

// The time shown is right within two per cent, at thirty messages a minute: the
// forecast is compared with a relay that takes one every two seconds.
func TestForecastAgainstARelay(t *testing.T) {
	h := newHouse(t)
	h.Pace = 30
	const n = 300
	var rows []byte
	for i := range n {
		rows = append(rows, "Asiakas "+itoa(i)+";;fi;Hoivapäivyri;;a"+itoa(i)+"@x.example;;"+itoa(24+i%48)+";\n"...)
	}
	h.take(string(rows))
	inc := h.log("Hoivapäivyri")
	h.send(accepted) // the alarm
	f, err := h.Forecast(ctx, staff, inc.ID, incident.Notify{})
	h.must(err)
	began := h.now
	h.notify(inc)
	for left := n; left > 0; left-- {
		due, err := h.Claim(ctx, []incident.Route{incident.ByMail}, 1, time.Minute)
		h.must(err)
		h.must(h.Settle(ctx, []incident.Outcome{{Delivery: due[0], Receipt: incident.Receipt{OK: true, Began: h.now, Ended: h.now}}}))
		if left > 1 {
			h.now = h.now.Add(2 * time.Second)
		}
		if left == n/2 {
			again, err := h.Forecast(ctx, staff, inc.ID, incident.Notify{})
			h.must(err)
			if again.Rate < 29.9 || again.Rate > 30.1 {
				t.Errorf("measured %.2f mails a minute, want 30", again.Rate)
			}
		}
	}
	took, said := h.now.Sub(began), f.Finish.Sub(began)
	if off := (said - took).Abs(); off*50 > took {
		t.Errorf("said %v, took %v: more than 2 %% off", said, took)
	}
	t.Logf("said %v, took %v", said, took)
}

// Mails go out with the tightest contract first, then the highest risk.
func TestOrderOfSending(t *testing.T) {
	h := newHouse(t)
	h.customer("Ilman", "fi", 0, "ilman@x.example")
	k := h.customer("Vaara", "fi", 0, "vaara@x.example")
	k.Mandate, k.Version = incident.Mandate{Document: "Sopimus 12/2026", Date: start}, 1
	h.must(h.SaveController(ctx, staff, k))
	h.customer("Väljä", "fi", 48, "valja@x.example")
	h.customer("Tiukka", "fi", 4, "tiukka@x.example")
	inc := h.log("Hoivapäivyri")
	for _, r := range h.records(inc) {
		if r.Name == "Vaara" {
			h.must(h.Assess(ctx, staff, r.ID, incident.Assessment{Tier: incident.High, Reason: "Terveystiedot."}))
		}
	}
	h.notify(inc)
	var got []string
	for _, dl := range h.send(accepted) {
		if dl.Notice != "" {
			got = append(got, dl.Address)
		}
	}
	if want := "tiukka@x.example valja@x.example vaara@x.example ilman@x.example"; join(got) != want {
		t.Errorf("order %s, want %s", join(got), want)
	}
}
