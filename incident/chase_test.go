package incident_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
)

// mails sends all mail of notices and returns the addresses and views.
func (h *house) mails() (to []string, views []incident.View) {
	h.Helper()
	for _, dl := range h.send(accepted) {
		if dl.Notice != "" {
			var v incident.View
			h.must(json.Unmarshal(dl.Body, &v))
			to, views = append(to, dl.Address), append(views, v)
		}
	}
	return to, views
}

// at moves the clock to a time of day in Helsinki on Sunday 22.11.2026, or
// days after it.
func (h *house) at(days, hour, minute int) {
	h.now = time.Date(2026, 11, 22+days, hour-2, minute, 0, 0, time.UTC)
}

func TestUnansweredGoesOnAndThenToThePhone(t *testing.T) {
	h := newHouse(t)
	h.customer("Koivuranta", "fi", 24, "eka@koivuranta.example", "toka@koivuranta.example")
	inc := h.log("Hoivapäivyri")
	h.notify(inc)
	_, first := h.mails() // accepted at 3.12: the four hours are counted from 7.00
	h.at(0, 10, 59)
	h.tick()
	if to, _ := h.mails(); len(to) != 0 {
		t.Fatalf("chased early: %v", to)
	}
	h.at(0, 11, 0)
	h.tick()
	h.tick()
	to, second := h.mails()
	if join(to) != "toka@koivuranta.example" {
		t.Fatalf("chased at %v, want the second contact once", to)
	}
	if second[0].Code != first[0].Code || second[0].N != 1 || second[0].Secret == first[0].Secret || second[0].Said != first[0].Said {
		t.Errorf("the second got %+v, want the same notice with a link of its own", second[0])
	}
	h.at(0, 15, 0)
	h.tick()
	if n, err := h.db.ToCall(ctx, inc.ID); err != nil || n != 1 {
		t.Fatalf("%d to call (%v), want one", n, err)
	}
	if last := h.alarms[len(h.alarms)-1]; last.Key != "unanswered" || last.Records != 1 {
		t.Errorf("last alarm = %+v", last)
	}
	lines, err := h.db.Calls(ctx, inc.ID)
	h.must(err)
	if len(lines) != 1 || lines[0].Code != first[0].Code || len(lines[0].Contacts) != 2 || lines[0].Stage != incident.Accepted {
		t.Errorf("call sheet = %+v", lines)
	}
	h.must(h.Phone(ctx, staff, lines[0].Record, incident.Call{At: h.now, Who: "Hoitaja Koe", Said: "Kerrottu."}))
	if n, _ := h.db.ToCall(ctx, inc.ID); n != 0 {
		t.Error("still on the call sheet after the call")
	}
	h.at(1, 20, 0)
	h.tick()
	if to, _ := h.mails(); len(to) != 0 {
		t.Errorf("chased after the call: %v", to)
	}
}

func TestAcknowledgingEndsTheChase(t *testing.T) {
	h := newHouse(t)
	h.customer("Koivuranta", "fi", 24, "eka@koivuranta.example", "toka@koivuranta.example")
	inc := h.log("Hoivapäivyri")
	h.notify(inc)
	_, first := h.mails()
	h.at(0, 11, 0)
	h.tick() // the second contact's mail waits in the outbox
	_, err := h.Acknowledge(ctx, first[0].Secret, "Liisa Koe")
	h.must(err)
	if to, _ := h.mails(); len(to) != 0 {
		t.Errorf("sent after the acknowledgement: %v", to)
	}
	ds, _, err := h.db.Deliveries(ctx, inc.ID, h.records(inc)[0].ID, incident.Cut{Limit: 10})
	h.must(err)
	if len(ds) != 2 || ds[0].Fate != incident.Cancelled {
		t.Errorf("deliveries = %+v, want the chase cancelled", ds[0])
	}
	h.at(2, 12, 0)
	h.tick()
	if n, _ := h.db.ToCall(ctx, inc.ID); n != 0 {
		t.Error("an answered controller is on the call sheet")
	}
}

func TestClosedOrFreedIsNotChased(t *testing.T) {
	h := newHouse(t)
	h.customer("Koivuranta", "fi", 24, "eka@koivuranta.example", "toka@koivuranta.example")
	inc := h.log("Hoivapäivyri")
	h.notify(inc)
	h.mails()
	h.must(h.SetCertainty(ctx, staff, h.records(inc)[0].ID, incident.NotAffected, "Ei käytä osaa."))
	h.at(1, 12, 0)
	h.tick()
	if to, _ := h.mails(); len(to) != 0 {
		t.Errorf("chased although not affected: %v", to)
	}
}

func TestNoAddressIsOnTheCallSheetAtOnce(t *testing.T) {
	h := newHouse(t)
	h.customer("Puhelin", "fi", 0)
	h.customer("Koivuranta", "fi", 4, "eka@koivuranta.example")
	inc := h.log("Hoivapäivyri")
	h.notify(inc)
	h.send(refusedFor("eka@koivuranta.example"))
	lines, err := h.db.Calls(ctx, inc.ID)
	h.must(err)
	var names []string
	for _, l := range lines {
		names = append(names, l.Name)
	}
	if join(names) != "Koivuranta Puhelin" {
		t.Errorf("call sheet = %v, want the tightest first", names)
	}
}

func TestChaseHours(t *testing.T) {
	at := func(s string) time.Time {
		v, err := time.ParseInLocation("2.1. 15:04", s, helsinki(t))
		if err != nil {
			t.Fatal(err)
		}
		return v.AddDate(2026, 0, 0)
	}
	tests := []struct {
		name       string
		org        incident.Organisation
		from, want string
	}{
		{"in the night", incident.Organisation{}, "22.11. 03:12", "22.11. 11:00"},
		{"in the day", incident.Organisation{}, "22.11. 10:30", "22.11. 14:30"},
		{"into the next day", incident.Organisation{}, "22.11. 19:30", "23.11. 09:30"},
		{"late", incident.Organisation{}, "22.11. 23:59", "23.11. 11:00"},
		{"own hours", incident.Organisation{ChaseAfter: 10 * time.Hour, Day: incident.Quiet{From: 8 * 60, Until: 16 * 60}}, "22.11. 09:00", "23.11. 11:00"},
		{"when clocks change", incident.Organisation{ChaseAfter: 20 * time.Hour, Day: incident.Quiet{From: 0, Until: 24 * 60}}, "24.10. 12:00", "25.10. 07:00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			tt.org.Name = "Hoivapilvi Oy"
			h.must(h.SaveOrganisation(ctx, staff, tt.org))
			h.customer("Koivuranta", "fi", 0, "a@x.example", "b@x.example")
			h.now = at(tt.from).UTC()
			h.notify(h.log("Hoivapäivyri"))
			h.mails()
			h.now = at(tt.want).UTC().Add(-time.Second)
			h.tick()
			if to, _ := h.mails(); len(to) != 0 {
				t.Fatalf("chased before %s", tt.want)
			}
			h.now = at(tt.want).UTC()
			h.tick()
			if to, _ := h.mails(); join(to) != "b@x.example" {
				t.Errorf("not chased at %s: %v", tt.want, to)
			}
		})
	}
}

func helsinki(t *testing.T) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// chat answers all messages to the chat.
func (h *house) chat(answer func(*incident.Delivery) incident.Outcome) []*incident.Delivery {
	h.Helper()
	due, err := h.Claim(ctx, []incident.Route{incident.BySlack}, 100, time.Minute)
	h.must(err)
	var outs []incident.Outcome
	for _, dl := range due {
		o := answer(dl)
		o.Delivery, o.Receipt.Began, o.Receipt.Ended = dl, h.now, h.now
		outs = append(outs, o)
	}
	h.must(h.Settle(ctx, outs))
	return due
}

func posted(dl *incident.Delivery) incident.Outcome {
	return incident.Outcome{Receipt: incident.Receipt{OK: true, Code: 200, Queue: "1763.0001"}}
}

func TestCardIsChangedInPlace(t *testing.T) {
	h := newHouse(t)
	var cards []incident.CardView
	h.Card = func(v incident.CardView) (incident.Letter, error) {
		cards = append(cards, v)
		raw, err := json.Marshal(v)
		return incident.Letter{Raw: raw}, err
	}
	h.customer("Koivuranta", "fi", 24, "eka@koivuranta.example")
	inc := h.log("Hoivapäivyri")
	rounds := &incident.Cards{Desk: h.Desk}
	round := func() {
		h.Helper()
		h.must(rounds.Round(ctx))
	}
	round()
	round()
	if len(cards) != 1 || cards[0].Stamp != "" || cards[0].Tally.Records != 1 || cards[0].Ring == "" {
		t.Fatalf("cards = %+v, want one while it is on its way", cards)
	}
	h.notify(inc)
	h.chat(posted)
	round()
	if len(cards) != 2 || cards[1].Stamp != "1763.0001" || cards[1].Tally.Notified != 1 {
		t.Fatalf("cards = %+v, want the same message changed", cards)
	}
	h.chat(posted)
	round()
	if len(cards) != 2 {
		t.Errorf("a card with nothing new was sent: %+v", cards[2:])
	}
	for _, v := range cards {
		raw, _ := json.Marshal(v)
		if strings.Contains(string(raw), "Koivuranta") || strings.Contains(string(raw), "Varmuuskopio") {
			t.Errorf("the chat is told %s", raw)
		}
	}
	h.notify2(inc)
	round()
	h.chat(func(*incident.Delivery) incident.Outcome {
		return incident.Outcome{Refused: true, Receipt: incident.Receipt{Reply: "message_not_found"}}
	})
	n := len(cards)
	round()
	if len(cards) != n {
		t.Error("tried again at once after a refusal")
	}
	h.now = h.now.Add(2 * time.Hour)
	round()
	if len(cards) != n+1 || cards[n].Stamp != "" {
		t.Errorf("after the pause: %+v, want a new message", cards[n:])
	}
}

// notify2 sends a supplement and lets it arrive.
func (h *house) notify2(inc *incident.Incident) {
	h.Helper()
	h.now = h.now.Add(time.Minute)
	h.notify(inc)
	h.send(accepted)
}

func TestCompromisedChatIsLeftAtOnce(t *testing.T) {
	h := newHouse(t)
	inc := h.log()
	h.send(accepted)
	org, err := h.db.Organisation(ctx)
	h.must(err)
	held, err := h.Claim(ctx, []incident.Route{incident.BySlack}, 0, time.Minute)
	h.must(err)
	org.ChatOff = true
	before := len(h.alarms)
	h.must(h.SaveOrganisation(ctx, staff, org))
	if got := h.chat(posted); len(got)+len(held) != 0 {
		t.Errorf("%d messages still go to the chat", len(got))
	}
	if len(h.alarms) != before+1 || h.alarms[before].Route != incident.ByMail || h.alarms[before].Number != inc.Number {
		t.Errorf("alarms = %+v, want the open one by mail", h.alarms[before:])
	}
	if got := h.send(accepted); len(got) != 1 || got[0].Address != "paivystys@hoivapilvi.example" {
		t.Errorf("mail = %+v", got)
	}
	before = len(h.alarms)
	h.log("Hoivapäivyri")
	for _, a := range h.alarms[before:] {
		if a.Route == incident.BySlack {
			t.Error("a new alarm goes to the chat")
		}
	}
	h.must(h.SaveOrganisation(ctx, staff, org)) // again: nothing is repeated
	if got := h.send(accepted); len(got) != 1 {
		t.Errorf("%d mails, want only that of the new case", len(got))
	}
}
