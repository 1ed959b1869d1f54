package incident_test

import (
	"testing"
	"time"

	"hatakello/incident"
)

// TestFourClocksOfOneCase is the worked example of the clock vectors: one incident, the
// own register and three controllers, each with its own 72 hours.
func TestFourClocksOfOneCase(t *testing.T) {
	h := newHouse(t)
	zone, err := time.LoadLocation("Europe/Helsinki")
	h.must(err)
	local := func(d, hour, min int) time.Time { return time.Date(2026, 11, d, hour, min, 0, 0, zone) }
	h.now = local(23, 8, 5)
	h.customer("A", "fi", 0, "a@a.example")
	h.customer("B", "fi", 0, "b@b.example")
	h.customer("C", "fi", 0, "c@c.example")
	inc := h.log("Hoivapäivyri", "Oma asiakasrekisteri")
	h.now = local(23, 11, 40)
	h.notify(inc)
	h.send(refusedFor("b@b.example"))
	by := map[string]*incident.Record{}
	for _, r := range h.records(inc) {
		by[r.Name] = r
	}
	h.now = local(24, 9, 10)
	h.must(h.Phone(ctx, staff, by["B"].ID, incident.Call{At: h.now, Who: "B:n päivystäjä", Said: "Kerrottu."}))
	h.must(h.MarkRecord(ctx, staff, by["C"].ID, incident.Mark{Moment: incident.ControllerAware, At: local(22, 20, 0), Sure: incident.Known, Why: "Kuuli asiakkaalta."}))
	want := map[string]time.Time{"Hoivapilvi Oy": local(26, 8, 5), "A": local(26, 11, 40), "B": local(27, 9, 10), "C": local(25, 20, 0)}
	for _, r := range h.records(inc) {
		duty := "gdpr.33.1"
		if r.Part == incident.AsController {
			duty = "gdpr.33.1.own"
		}
		if d := r.Deadline(duty); d == nil || !d.Due.Equal(want[r.Name]) {
			t.Errorf("%s: limit %+v, want %v", r.Name, d, want[r.Name])
		}
	}
}

func TestOneLateWarningAfterDowntime(t *testing.T) {
	h := newHouse(t)
	h.customer("Koivuranta", "fi", 24, "eka@koivuranta.example")
	h.log("Hoivapäivyri")
	before := len(h.alarms)
	h.now = start.Add(50 * time.Hour) // 4, 12, 22, 24 and 48 hours were missed
	if _, err := h.Tick(ctx); err != nil {
		t.Fatal(err)
	}
	var mails []incident.Alarm
	for _, a := range h.alarms[before:] {
		if a.Route == incident.ByMail {
			mails = append(mails, a)
		}
	}
	if len(mails) != 1 || mails[0].Duty != "contract.notice" || mails[0].Others != 1 || mails[0].Left != -26*time.Hour {
		t.Errorf("said %+v, want one warning about the contract, 26 hours late, and one more duty", mails)
	}
	before = len(h.alarms)
	if _, err := h.Tick(ctx); err != nil || len(h.alarms) != before {
		t.Errorf("the next minute said %d more (%v)", len(h.alarms)-before, err)
	}
}

func TestUnansweredAlarmClimbsAndAnAnswerHolds(t *testing.T) {
	h := newHouse(t)
	h.must(h.SaveOrganisation(ctx, staff, incident.Organisation{Name: "Hoivapilvi Oy", Alarm: []string{"kaikki@h.example"},
		Plan: []incident.Step{{Who: []string{incident.OnCall}, Wait: 15 * time.Minute}, {Who: []string{"pomo@h.example"}, Wait: 15 * time.Minute}},
		Rota: []incident.Shift{{Login: "aino@h.example", From: start.Add(-time.Hour), Until: start.Add(time.Hour)}}}))
	h.customer("Koivuranta", "fi", 24, "eka@koivuranta.example")
	inc := h.log("Hoivapäivyri")
	told := func() string {
		for i := len(h.alarms) - 1; i >= 0; i-- {
			if h.alarms[i].Route == incident.ByMail {
				return h.alarms[i].Address
			}
		}
		return ""
	}
	if got := told(); got != "aino@h.example" {
		t.Fatalf("first told %s, want whoever is on call", got)
	}
	h.now = start.Add(16 * time.Minute)
	_, err := h.Tick(ctx)
	h.must(err)
	if got := told(); got != "pomo@h.example" {
		t.Fatalf("then told %s, want the next step", got)
	}
	rings, err := h.db.OpenRings(ctx, inc.ID)
	h.must(err)
	if len(rings) != 1 {
		t.Fatalf("%d open rings", len(rings))
	}
	h.must(h.AnswerRing(ctx, staff, rings[0].ID))
	h.now = start.Add(90 * time.Minute)
	n := len(h.alarms)
	_, err = h.Tick(ctx)
	h.must(err)
	if len(h.alarms) != n {
		t.Errorf("rang after an answer: %+v", h.alarms[n:])
	}
}

func TestInvestigationHoldsTheClocksUntilItEnds(t *testing.T) {
	h := newHouse(t)
	h.customer("Koivuranta", "fi", 24, "eka@koivuranta.example")
	inc, err := h.Log(ctx, staff, incident.Log{Title: "Outo kirjautuminen", Aware: start, Services: []string{"Hoivapäivyri"}, Unclear: true})
	h.must(err)
	if n := len(h.records(inc)[0].Deadlines); n != 0 {
		t.Fatalf("%d clocks run during the investigation", n)
	}
	if err := h.Close(ctx, staff, inc.ID, incident.Closing{Reason: "x", NoDebrief: "Pieni tapaus."}); incident.KindOf(err) != incident.Refused {
		t.Errorf("closed during the investigation: %v", err)
	}
	h.now = start.Add(25 * time.Hour)
	before := len(h.alarms)
	_, err = h.Tick(ctx)
	h.must(err)
	if len(h.alarms) == before || h.alarms[before].Duty != "inquiry" {
		t.Errorf("no reminder of the investigation: %+v", h.alarms[before:])
	}
	h.must(h.EndInquiry(ctx, staff, inc.ID, "breach", "Lokit vahvistavat.", h.now))
	if d := h.records(inc)[0].Deadline("contract.notice"); d == nil || !d.Due.Equal(h.now.Add(24*time.Hour)) {
		t.Errorf("contract clock = %+v, want it from the decision", d)
	}
}

func TestAnotherLawGivesTheCompanyItsClocks(t *testing.T) {
	h := newHouse(t)
	h.customer("Koivuranta", "fi", 24, "eka@koivuranta.example")
	inc := h.log("Hoivapäivyri")
	h.must(h.SetRegimes(ctx, staff, inc.ID, []string{"nis2"}))
	h.must(h.MarkIncident(ctx, staff, inc.ID, incident.Mark{Moment: incident.Detected, At: start.Add(-time.Hour), Sure: incident.Known}))
	own, err := h.db.RecordOf(ctx, inc.ID, incident.Own)
	h.must(err)
	if d := own.Deadline("nis2.first"); d == nil || !d.Due.Equal(start.Add(23*time.Hour)) {
		t.Errorf("first notification = %+v", d)
	}
	if d := own.Deadline("gdpr.33.1.own"); d != nil {
		t.Errorf("a GDPR clock runs without own data: %+v", d)
	}
	h.must(h.MarkRecord(ctx, staff, own.ID, incident.Mark{Moment: incident.Done("nis2.followup"), At: start, Sure: incident.Known}))
	own, err = h.db.RecordOf(ctx, inc.ID, incident.Own)
	h.must(err)
	if d := own.Deadline("nis2.final"); d == nil || !d.Due.Equal(start.AddDate(0, 1, 0)) {
		t.Errorf("final report = %+v", d)
	}
	if got := incident.Under(own, incident.Omnibus, start); len(got) != 0 {
		t.Errorf("under the proposal: %+v, want nothing without own data", got)
	}
}

func TestPreliminaryReportPromisesAndLateOnesExplain(t *testing.T) {
	h := newHouse(t)
	inc := h.log("Oma asiakasrekisteri")
	own := h.records(inc)[0]
	h.now = start.Add(80 * time.Hour)
	f := incident.Filing{Kind: "preliminary", At: h.now, Channel: "Turvalomake", Reference: "1/2026"}
	if err := h.Report(ctx, staff, own.ID, f); incident.KindOf(err) != incident.Invalid {
		t.Fatalf("late without a reason: %v", err)
	}
	f.LateReason = "Sunnuntaina ei ollut päivystystä."
	h.must(h.Report(ctx, staff, own.ID, f))
	own = h.records(inc)[0]
	d := own.Deadline("gdpr.33.1.own")
	if !d.Late(h.now) || d.Reason == "" || !d.Met.Equal(h.now) {
		t.Errorf("first report = %+v", d)
	}
	if d := own.Deadline("gdpr.33.4.own"); d == nil || !d.Due.Equal(h.now.Add(14*24*time.Hour)) {
		t.Errorf("promised supplement = %+v", d)
	}
	h.now = h.now.Add(24 * time.Hour)
	h.must(h.Report(ctx, staff, own.ID, incident.Filing{Kind: "complete", At: h.now, Channel: "Turvalomake"}))
	own = h.records(inc)[0]
	if d := own.Deadline("gdpr.33.4.own"); d.Running() || d.How != "supplemented" {
		t.Errorf("after the rest: %+v", d)
	}
	if d := own.Deadline("gdpr.33.1.own"); !d.Met.Equal(start.Add(80 * time.Hour)) {
		t.Errorf("lateness moved to %v", d.Met)
	}
}
