package incident_test

import (
	"testing"
	"time"

	"hatakello/incident"
)

// Where a controller has mandated us, the notification is ours to make: staff
// are alarmed about it, and a late one needs its reasons. Her own clock is
// watched beside.
func TestMandatedNotificationIsOurs(t *testing.T) {
	h := newHouse(t)
	k := h.customer("A", "fi", 0, "a@a.example")
	k.Mandate = incident.Mandate{Document: "Sopimus 12/2026", Date: start.AddDate(-1, 0, 0)}
	h.must(h.SaveController(ctx, staff, k))
	inc := h.log("Hoivapäivyri")
	h.notify(inc)
	h.send(accepted)
	r := h.records(inc)[0]
	ours, hers := r.Deadline("gdpr.33.1.mandate"), r.Deadline("gdpr.33.1")
	if ours == nil || !ours.Ours || hers == nil || hers.Ours || !ours.Due.Equal(hers.Due) {
		t.Fatalf("clocks ours %+v, hers %+v; want both with one limit", ours, hers)
	}
	before := len(h.alarms)
	h.now = start.Add(61 * time.Hour)
	_, err := h.Tick(ctx)
	h.must(err)
	if len(h.alarms) == before || h.alarms[before].Duty != "gdpr.33.1.mandate" || h.alarms[before].Left != 11*time.Hour {
		t.Errorf("said %+v, want eleven hours left of the mandated notification", h.alarms[before:])
	}
	if err := h.Close(ctx, staff, inc.ID, incident.Closing{Reason: "Valmis.", NoDebrief: "Pieni tapaus."}); err == nil {
		t.Error("the case is closed while the mandated notification is owed")
	}
	h.now = start.Add(80 * time.Hour)
	f := incident.Filing{Kind: "preliminary", At: h.now, Channel: "Turvalomake"}
	if err := h.Report(ctx, staff, r.ID, f); incident.KindOf(err) != incident.Invalid {
		t.Fatalf("late without a reason: %v", err)
	}
	f.LateReason = "Ruuhka"
	h.must(h.Report(ctx, staff, r.ID, f))
	r = h.records(inc)[0]
	if d := r.Deadline("gdpr.33.1.mandate"); d.Running() || d.Reason != "Ruuhka" || r.Deadline("gdpr.33.1").Running() {
		t.Errorf("reported: %+v", d)
	}
	if d := r.Deadline("gdpr.33.4.own"); d == nil || !d.Running() {
		t.Errorf("the promised supplement is %+v, want it ours, too", d)
	}
}

// What was in time when it was filed stays so, whatever is corrected or sent
// later; both limits are known.
func TestLatenessIsFrozenAtTheFirstFiling(t *testing.T) {
	h := newHouse(t)
	inc := h.log("Oma asiakasrekisteri")
	own := h.records(inc)[0]
	h.now = start.Add(70 * time.Hour)
	h.must(h.Report(ctx, staff, own.ID, incident.Filing{Kind: "preliminary", At: h.now, Channel: "Turvalomake"}))
	h.must(h.MarkIncident(ctx, staff, inc.ID, incident.Mark{Moment: incident.ProcessorAware, At: start.Add(-10 * time.Hour), Sure: incident.Known, Why: "Lokista"}))
	own = h.records(inc)[0]
	f := own.Filings[0]
	if f.Late() || !f.Due.Equal(start.Add(72*time.Hour)) {
		t.Errorf("filing late %v against %v, want in time against the limit as it stood", f.Late(), f.Due)
	}
	if d := own.Deadline("gdpr.33.1.own"); !d.Due.Equal(start.Add(62*time.Hour)) || !d.Late(h.now) {
		t.Errorf("clock %+v, want the corrected limit beside", d)
	}
	h.now = start.Add(10 * 24 * time.Hour)
	h.must(h.Report(ctx, staff, own.ID, incident.Filing{Kind: "supplementary", At: h.now, Channel: "Turvalomake"}))
	answered := h.now
	h.now = start.Add(30 * 24 * time.Hour)
	h.must(h.Report(ctx, staff, own.ID, incident.Filing{Kind: "supplementary", At: h.now, Channel: "Turvalomake"}))
	own = h.records(inc)[0]
	if d := own.Deadline("gdpr.33.4.own"); d.Late(h.now) || !d.Met.Equal(answered) {
		t.Errorf("a further supplement moved the answer to %v", d.Met)
	}
	if f := own.Filings[2]; !f.Due.IsZero() || f.Late() {
		t.Errorf("the further supplement answers %v, want no limit", f.Due)
	}
}

// A mandate that comes while her clock runs gives us a clock of our own from
// that moment, with her limit. Withdrawn, it ends; given after she has reported
// herself, it is none.
func TestMandateDuringACase(t *testing.T) {
	h := newHouse(t)
	k := h.customer("A", "fi", 0, "a@a.example")
	other := h.customer("B", "fi", 0, "b@b.example")
	closed := h.log("Hoivapäivyri")
	h.notify(closed)
	h.send(accepted)
	fact := incident.Fact{Text: "Väärä tiedosto.", Sure: incident.Known}
	h.must(h.Describe(ctx, staff, closed.ID, h.incident(closed.ID).Version, incident.Facts{Nature: fact, Consequences: fact, Measures: fact}))
	h.must(h.Close(ctx, staff, closed.ID, incident.Closing{Reason: "Valmis.", NoDebrief: "Pieni tapaus."}))
	inc := h.log("Hoivapäivyri", "Kotikäynti") // the same customers in a second case
	h.now = start.Add(60 * time.Hour)
	h.notify(inc)
	h.send(accepted)
	of := func(inc *incident.Incident, k *incident.Controller) *incident.Record {
		r, err := h.db.RecordOf(ctx, inc.ID, k.ID)
		h.must(err)
		return r
	}
	if d := of(inc, k).Deadline("gdpr.33.1.mandate"); d != nil {
		t.Fatalf("a clock without a mandate: %+v", d)
	}
	h.now = start.Add(130 * time.Hour)
	mandate := incident.Mandate{Document: "Sopimus 12/2026", Date: start}
	k.Mandate = mandate
	h.must(h.SaveController(ctx, staff, k))
	r := of(inc, k)
	ours, hers := r.Deadline("gdpr.33.1.mandate"), r.Deadline("gdpr.33.1")
	if ours == nil || !ours.Ours || !ours.Running() || !ours.Due.Equal(hers.Due) || !ours.Due.Equal(start.Add(132*time.Hour)) {
		t.Fatalf("our clock %+v, want hers: %+v", ours, hers)
	}
	if !ours.Warn.Equal(ours.Due) {
		t.Errorf("the next warning is at %v, want at the limit %v", ours.Warn, ours.Due)
	}
	if of(inc, other).Deadline("gdpr.33.1.mandate") != nil || of(closed, k).Deadline("gdpr.33.1.mandate") != nil {
		t.Error("another customer's record, or a closed case, got a clock")
	}
	entries := h.keys(inc)
	k.Hours = 48 // saved again without a change of the mandate
	h.must(h.SaveController(ctx, staff, k))
	if got := h.keys(inc); entries["record.mandated"] != 1 || got["record.mandated"] != 1 {
		t.Errorf("lines about the mandate: %v, then %v; want one", entries, got)
	}
	h.must(h.ReportTheirs(ctx, incident.Actor{Via: incident.Outsider.Via, Name: "Kati", Record: of(inc, other).ID}, of(inc, other).ID,
		incident.Filing{Kind: "complete", At: h.now, Channel: "Turvalomake"}))
	other.Mandate = mandate
	h.must(h.SaveController(ctx, staff, other))
	if d := of(inc, other).Deadline("gdpr.33.1.mandate"); d != nil {
		t.Errorf("what she had reported herself is our duty: %+v", d)
	}
	k.Mandate = incident.Mandate{}
	h.must(h.SaveController(ctx, staff, k))
	if d := of(inc, k).Deadline("gdpr.33.1.mandate"); d.Running() || d.How != "withdrawn" || h.keys(inc)["record.mandate_ended"] != 1 {
		t.Errorf("withdrawn: %+v", d)
	}
	if v, err := h.db.Verify(ctx); err != nil || v.Found != 0 {
		t.Errorf("the record does not hold: %+v, %v", v, err)
	}
}

// The first warning of a mandate that comes too late is at once.
func TestMandateAfterTheLimitIsToldAtOnce(t *testing.T) {
	h := newHouse(t)
	k := h.customer("A", "fi", 0, "a@a.example")
	inc := h.log("Hoivapäivyri")
	h.notify(inc)
	h.send(accepted)
	h.now = start.Add(80 * time.Hour)
	k.Mandate = incident.Mandate{Document: "Sopimus 12/2026", Date: start}
	h.must(h.SaveController(ctx, staff, k))
	before := len(h.alarms)
	_, err := h.Tick(ctx)
	h.must(err)
	if len(h.alarms) == before || h.alarms[before].Duty != "gdpr.33.1.mandate" || h.alarms[before].Left != -8*time.Hour {
		t.Errorf("said %+v, want that it is eight hours late", h.alarms[before:])
	}
}
