package incident_test

import (
	"strings"
	"testing"
	"time"

	"hatakello/incident"
)

// telling is one that lacks nothing.
func telling(at time.Time) incident.Telling {
	return incident.Telling{At: at, Channel: "letter", Safe: "yes", People: "Yksikön asukkaat", Told: incident.Amount{Low: 40, Sure: "exact"}, Text: "Hyvä asukas"}
}

// Each of what rule 54 asks for is demanded at its field.
func TestTellingIsWhole(t *testing.T) {
	h := newHouse(t)
	own := h.records(h.log("Oma asiakasrekisteri"))[0]
	for _, tt := range []struct {
		name string
		set  func(*incident.Telling)
		want string
	}{
		{"no time", func(x *incident.Telling) { x.At = time.Time{} }, "at time.empty"},
		{"tomorrow", func(x *incident.Telling) { x.At = start.Add(24 * time.Hour) }, "at time.future"},
		{"no channel", func(x *incident.Telling) { x.Channel = "pigeon" }, "channel telling.channel_empty"},
		{"is the channel safe?", func(x *incident.Telling) { x.Safe = "" }, "safe telling.safe_empty"},
		{"the channel is part of the breach", func(x *incident.Telling) { x.Safe = "no" }, "despite telling.despite_empty"},
		{"perhaps it is", func(x *incident.Telling) { x.Safe = "unknown" }, "despite telling.despite_empty"},
		{"who?", func(x *incident.Telling) { x.People = " " }, "people telling.people_empty"},
		{"some were not told", func(x *incident.Telling) { x.Untold = incident.Amount{Low: 2, Sure: "exact"} }, "why telling.why_empty"},
		{"no words", func(x *incident.Telling) { x.Text = "" }, "text telling.text_empty"},
		{"an unfinished draft", func(x *incident.Telling) { x.Text = "Mitä tapahtui: " + incident.Gap }, "text telling.gap"},
		{"an identity code", func(x *incident.Telling) { x.Text = "Hyvä 010190-999W" }, "text answer.personal"},
		{"a book", func(x *incident.Telling) { x.Text = strings.Repeat("x", 20_001) }, "text notice.text_long"},
	} {
		x := telling(start)
		tt.set(&x)
		if got := keyOf(h.TellPeople(ctx, staff, own.ID, x)); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	auditor := incident.Actor{ID: "a", Roles: []incident.Role{incident.Auditor}, Via: "web"}
	if err := h.TellPeople(ctx, auditor, own.ID, telling(start)); incident.KindOf(err) != incident.Forbidden {
		t.Errorf("an auditor tells: %v", err)
	}
}

// The duty of Art. 34(1) ends when nobody more will be told; while telling is on
// hold it is refused.
func TestTellingEndsTheDuty(t *testing.T) {
	h := newHouse(t)
	inc := h.log("Oma asiakasrekisteri")
	own := h.records(inc)[0]
	h.must(h.Assess(ctx, staff, own.ID, incident.Assessment{Tier: incident.High, Reason: "Tunnukset vuotivat.", Approver: "Olli Koe"}))
	duty := func() *incident.Deadline { return h.records(inc)[0].Deadline("gdpr.34.1.own") }
	h.must(h.Hold(ctx, staff, own.ID, incident.Decision{Kind: "hold", Authority: "KRP", Reason: "Esitutkinta", From: start, Until: start.Add(10 * time.Hour)}))
	h.now = start.Add(time.Hour)
	if got := keyOf(h.TellPeople(ctx, staff, own.ID, telling(h.now))); got != "at telling.held" {
		t.Errorf("while it is forbidden: %q, want refused", got)
	}
	h.now = start.Add(11 * time.Hour)
	h.must(h.TellPeople(ctx, staff, own.ID, telling(h.now)))
	if d := duty(); !d.Running() {
		t.Errorf("the first part ended the duty: %+v", d)
	}
	last := telling(h.now)
	last.Finished, last.Untold, last.Why = true, incident.Amount{Low: 1, Sure: "exact"}, "Kuollut"
	h.must(h.TellPeople(ctx, staff, own.ID, last))
	if d := duty(); d.Running() || d.How != "subjects_told" || !d.Met.Equal(h.now) {
		t.Errorf("after the last: %+v", d)
	}
	all, err := h.db.Tellings(ctx, own.ID)
	h.must(err)
	if len(all) != 2 || h.keys(inc)["record.people_told"] != 2 {
		t.Errorf("%d tellings, want two that stay", len(all))
	}
}

// An order under Art. 34(4) opens the duty whatever was assessed, with the limit
// that it sets.
func TestOrderOpensTheDuty(t *testing.T) {
	h := newHouse(t)
	inc := h.log("Oma asiakasrekisteri")
	own := h.records(inc)[0]
	h.must(h.Assess(ctx, staff, own.ID, incident.Assessment{Tier: incident.Likely, Reason: "Riski."}))
	duty := func() *incident.Deadline { return h.records(inc)[0].Deadline("gdpr.34.1.own") }
	if duty() != nil {
		t.Fatal("a duty without a high risk")
	}
	h.now = start.Add(50 * time.Hour)
	by := start.Add(100 * time.Hour)
	for want, dec := range map[string]incident.Decision{
		"authority order.authority_empty": {Reason: "Kerrottava", From: h.now},
		"reason order.reason_empty":       {Authority: "Tietosuojavaltuutettu", From: h.now},
		"from time.empty":                 {Authority: "Tietosuojavaltuutettu", Reason: "Kerrottava"},
		"until order.until_early":         {Authority: "Tietosuojavaltuutettu", Reason: "Kerrottava", From: h.now, Until: start},
	} {
		if got := keyOf(h.Order(ctx, staff, own.ID, dec)); got != want {
			t.Errorf("%+v: %q, want %q", dec, got, want)
		}
	}
	h.must(h.Order(ctx, staff, own.ID, incident.Decision{Authority: "Tietosuojavaltuutettu", Reason: "Kerrottava rekisteröidyille", From: h.now, Until: by}))
	if d := duty(); d == nil || !d.Running() || !d.Due.Equal(by) {
		t.Fatalf("after the order: %+v, want until %v", d, by)
	}
	h.now = by.Add(time.Hour)
	last := telling(h.now)
	last.Finished = true
	h.must(h.TellPeople(ctx, staff, own.ID, last))
	if d := duty(); d.Running() || !d.Late(h.now) {
		t.Errorf("told after the limit: %+v, want it late", d)
	}
}
