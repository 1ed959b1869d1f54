package incident_test

import (
	"testing"
	"time"

	"hatakello/incident"
)

// A warning that has come is spoken of even if somebody acts on the record
// before the program does.
func TestAnActDoesNotSwallowAWarning(t *testing.T) {
	h := newHouse(t)
	h.customer("Koivuranta", "fi", 48, "eka@koivuranta.example")
	inc := h.log("Hoivapäivyri")
	h.now = start.Add(24*time.Hour + 20*time.Second)
	for _, r := range h.records(inc) {
		h.must(h.SetCertainty(ctx, staff, r.ID, incident.Confirmed, "Lokista"))
	}
	before := len(h.alarms)
	_, err := h.Tick(ctx)
	h.must(err)
	if len(h.alarms) == before {
		t.Error("the warning of 24 hours was lost")
	}
}

// So it is with one that quiet hours put off.
func TestAnActDoesNotSwallowTheMorningsWarning(t *testing.T) {
	h := newHouse(t)
	org, err := h.db.Organisation(ctx)
	h.must(err)
	org.Quiet = incident.Quiet{From: 22 * 60, Until: 7 * 60}
	h.must(h.SaveOrganisation(ctx, staff, org))
	h.customer("Koivuranta", "fi", 72, "eka@koivuranta.example")
	h.now = time.Date(2026, 11, 22, 22, 30, 0, 0, time.UTC) // ma 23.11. klo 0.30
	inc := h.log("Hoivapäivyri")
	h.now = h.now.Add(4*time.Hour + time.Minute) // klo 4.31
	_, err = h.Tick(ctx)
	h.must(err)
	r := h.records(inc)[0]
	morning := time.Date(2026, 11, 23, 5, 0, 0, 0, time.UTC) // klo 7
	if d := r.Deadline("contract.notice"); !d.Warn.Equal(morning) {
		t.Fatalf("put off until %v, want %v", d.Warn, morning)
	}
	h.must(h.SetCertainty(ctx, staff, r.ID, incident.Confirmed, "Lokista"))
	if d := h.records(inc)[0].Deadline("contract.notice"); !d.Warn.Equal(morning) {
		t.Errorf("after an act at night the warning is at %v, want still %v", d.Warn, morning)
	}
}

// A correction by which a limit has passed already is spoken of at once.
func TestACorrectionThatMakesLateRings(t *testing.T) {
	h := newHouse(t)
	h.customer("Koivuranta", "fi", 24, "eka@koivuranta.example")
	inc := h.log("Hoivapäivyri")
	h.now = start.Add(time.Hour)
	h.must(h.MarkIncident(ctx, staff, inc.ID, incident.Mark{Moment: incident.ProcessorAware, At: start.Add(-25 * time.Hour), Sure: incident.Known, Why: "Lokista"}))
	before := len(h.alarms)
	_, err := h.Tick(ctx)
	h.must(err)
	if len(h.alarms) == before || h.alarms[before].Duty != "contract.notice" || h.alarms[before].Left != -2*time.Hour {
		t.Errorf("said %+v, want that the contract's limit passed two hours ago", h.alarms[before:])
	}
}

// The end of a hold on telling people is itself a warning: from then on they
// must be told (rule 55).
func TestTheEndOfAHoldRings(t *testing.T) {
	h := newHouse(t)
	inc := h.log("Oma asiakasrekisteri")
	own := h.records(inc)[0]
	h.must(h.Assess(ctx, staff, own.ID, incident.Assessment{Tier: incident.High, Reason: "Tunnukset vuotivat.", Approver: "Olli Koe"}))
	until := start.Add(100 * time.Hour)
	h.must(h.Hold(ctx, staff, own.ID, incident.Decision{Kind: "hold", Authority: "Poliisi", Reason: "Esitutkinta", From: start, Until: until}))
	if d := h.records(inc)[0].Deadline("gdpr.34.1.own"); d == nil || !d.Running() || !d.Warn.Equal(until) {
		t.Errorf("during the hold: %+v, want a warning at its end", d)
	}
	if d := h.records(inc)[0].Deadline("gdpr.33.1.own"); !d.Warn.Equal(start.Add(4 * time.Hour)) {
		t.Errorf("the authority's clock warns at %v, want as before", d.Warn)
	}
	h.now = start.Add(50 * time.Hour)
	h.must(h.Hold(ctx, staff, own.ID, incident.Decision{Kind: "hold_ended", Authority: "Poliisi", Reason: "Lupa"}))
	if d := h.records(inc)[0].Deadline("gdpr.34.1.own"); !d.Warn.Equal(start.Add(66 * time.Hour)) {
		t.Errorf("after the hold: %v, want the next step", d.Warn)
	}
}

// The hours that were agreed when a clock started stay its hours, whatever is
// agreed later: for the next case (rule 18).
func TestARunningClockKeepsItsContract(t *testing.T) {
	h := newHouse(t)
	k := h.customer("Koivuranta", "fi", 24, "eka@koivuranta.example")
	inc := h.log("Hoivapäivyri")
	k.Hours = 48
	h.must(h.SaveController(ctx, staff, k))
	h.now = start.Add(time.Hour)
	h.must(h.MarkIncident(ctx, staff, inc.ID, incident.Mark{Moment: incident.ProcessorAware, At: start.Add(-time.Hour), Sure: incident.Known, Why: "Lokista"}))
	if d := h.records(inc)[0].Deadline("contract.notice"); d.Within.Hours != 24 || !d.Due.Equal(start.Add(23*time.Hour)) {
		t.Errorf("a running clock: %+v, want 24 hours from the corrected start", d)
	}
	next := h.log("Hoivapäivyri")
	if d := h.records(next)[0].Deadline("contract.notice"); d.Within.Hours != 48 || !d.Due.Equal(h.now.Add(48*time.Hour)) {
		t.Errorf("the next case's clock: %+v, want 48 hours", d)
	}
}
