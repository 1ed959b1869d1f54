package incident_test

import (
	"testing"
	"time"

	"hatakello/incident"
)

// pair logs a case of two customers that have both been told, and returns
// their records by name.
func (h *house) pair() (*incident.Incident, func() map[string]*incident.Record) {
	h.customer("A", "fi", 0, "a@a.example")
	h.customer("B", "fi", 0, "b@b.example")
	inc := h.log("Hoivapäivyri")
	h.notify(inc)
	h.send(accepted)
	return inc, func() map[string]*incident.Record {
		by := map[string]*incident.Record{}
		for _, r := range h.records(inc) {
			by[r.Name] = r
		}
		return by
	}
}

func TestLeadReportsForAll(t *testing.T) {
	h := newHouse(t)
	inc, by := h.pair()
	rs := by()
	both := []string{rs["A"].ID, rs["B"].ID}
	h.must(h.SetJoint(ctx, staff, inc.ID, incident.Joining{Records: both}))
	if j := by()["B"].Joint; !j.Unarranged() || len(j.With) != 1 || j.With[0] != rs["A"].ID {
		t.Errorf("Joint = %+v, want B with A and no arrangement", j)
	}
	filing := incident.Filing{Kind: "complete", At: h.now, Channel: "Turvalomake"}
	h.must(h.Report(ctx, staff, rs["A"].ID, filing))
	if d := by()["B"].Deadline("gdpr.33.1"); !d.Running() {
		t.Error("without an arrangement A's report ended B's clock")
	}
	h.must(h.SetJoint(ctx, staff, inc.ID, incident.Joining{Records: both, Lead: rs["A"].ID, Arranged: true}))
	if d := by()["B"].Deadline("gdpr.33.1"); d.Running() || !d.Met.Equal(h.now) {
		t.Errorf("B's clock = %+v, want it met by the lead's report", d)
	}
	h.must(h.EndJoint(ctx, staff, inc.ID, rs["B"].ID))
	after := by()
	if !after["B"].Deadline("gdpr.33.1").Running() || after["A"].Deadline("gdpr.33.1").Running() {
		t.Error("apart, B's clock should run again and A's should not")
	}
	if after["A"].Joint.Any() || after["B"].Joint.Any() {
		t.Error("the group is still there")
	}
}

func TestLeadReportsLater(t *testing.T) {
	h := newHouse(t)
	inc, by := h.pair()
	rs := by()
	h.must(h.SetJoint(ctx, staff, inc.ID, incident.Joining{Records: []string{rs["A"].ID, rs["B"].ID}, Lead: rs["B"].ID, Arranged: true}))
	h.must(h.Report(ctx, staff, rs["B"].ID, incident.Filing{Kind: "preliminary", At: h.now, Channel: "Turvalomake"}))
	k, _ := by()["A"].At(incident.Reported)
	if !k.At.Equal(h.now) || k.Why != "joint_lead" {
		t.Errorf("A was reported %+v, want by its lead", k)
	}
}

func TestWhatAJointGroupMayNotBe(t *testing.T) {
	h := newHouse(t)
	inc, by := h.pair()
	rs := by()
	tests := []struct {
		name string
		in   incident.Joining
		want string
	}{
		{"one alone", incident.Joining{Records: []string{rs["A"].ID}}, "records joint.alone"},
		{"a lead from outside", incident.Joining{Records: []string{rs["A"].ID, rs["B"].ID}, Lead: "x", Arranged: true}, "lead joint.lead_outside"},
		{"a lead without an arrangement", incident.Joining{Records: []string{rs["A"].ID, rs["B"].ID}, Lead: rs["A"].ID}, "arranged joint.lead_unarranged"},
		{"somebody of no case", incident.Joining{Records: []string{rs["A"].ID, "x"}}, "record.unknown"},
	}
	for _, tt := range tests {
		if got := keyOf(h.SetJoint(ctx, staff, inc.ID, tt.in)); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestSourceStacksTheContracts(t *testing.T) {
	h := newHouse(t)
	inc := h.log()
	s := incident.Source{Name: "Konesali Oy", Country: "Viro", TheirAware: start.Add(-30 * time.Hour), TheyTold: start.Add(-time.Hour), Hours: 24}
	h.must(h.SetSource(ctx, staff, inc.ID, s))
	got, err := h.db.Incident(ctx, inc.ID)
	h.must(err)
	if got.Source != s {
		t.Errorf("Source = %+v, want %+v", got.Source, s)
	}
	if !s.Limit().Equal(start.Add(-6*time.Hour)) || !s.Late(start) {
		t.Errorf("Limit = %v, late %v; want six hours ago, late", s.Limit(), s.Late(start))
	}
	if want := start.Add(18 * time.Hour); !s.Stacked(24).Equal(want) || !s.Stacked(0).IsZero() {
		t.Errorf("Stacked = %v, %v; want %v and none", s.Stacked(24), s.Stacked(0), want)
	}
	s.TheyTold = s.TheirAware.Add(-time.Minute)
	if got := keyOf(h.SetSource(ctx, staff, inc.ID, s)); got != "they_told source.order" {
		t.Errorf("told before aware: %q", got)
	}
	if got := keyOf(h.SetSource(ctx, staff, inc.ID, incident.Source{Hours: 4})); got != "name name.empty" {
		t.Errorf("nameless: %q", got)
	}
}

func TestGapsInTheRota(t *testing.T) {
	hour := func(n int) time.Time { return start.Add(time.Duration(n) * time.Hour) }
	o := incident.Organisation{Plan: []incident.Step{{Who: []string{incident.OnCall}}},
		Rota: []incident.Shift{{From: hour(10), Until: hour(20)}, {From: hour(-5), Until: hour(5)}, {From: hour(3), Until: hour(8)}}}
	got := o.Gaps(start, hour(24))
	if len(got) != 2 || got[0] != (incident.Span{From: hour(8), Until: hour(10)}) || got[1] != (incident.Span{From: hour(20), Until: hour(24)}) {
		t.Errorf("Gaps = %v, want 8–10 and 20–24", got)
	}
	o.Plan = nil
	if got := o.Gaps(start, hour(24)); got != nil {
		t.Errorf("nobody is called by the rota, and yet: %v", got)
	}
}

func TestAlarmSettingsAreChecked(t *testing.T) {
	h := newHouse(t)
	tests := []struct {
		o    incident.Organisation
		want string
	}{
		{incident.Organisation{Plan: []incident.Step{{Wait: time.Hour}}}, "who_0 plan.nobody"},
		{incident.Organisation{Plan: []incident.Step{{Who: []string{"x"}, Wait: time.Hour}}}, "who_0 email.bad"},
		{incident.Organisation{Plan: []incident.Step{{Who: []string{incident.OnCall}}}}, "wait_0 plan.wait"},
		{incident.Organisation{Rota: []incident.Shift{{Login: "a@a.example", From: start, Until: start}}}, "until_0 rota.order"},
		{incident.Organisation{Quiet: incident.Quiet{From: 1440}}, "quiet_from quiet.range"},
		{incident.Organisation{Regimes: []string{"omnibus"}}, "regimes regime.unknown"},
		{incident.Organisation{Regimes: []string{"nis2"}, Quiet: incident.Quiet{From: 1320, Until: 420}}, ""},
	}
	for _, tt := range tests {
		tt.o.Name = "Hoivapilvi Oy"
		if got := keyOf(h.SaveOrganisation(ctx, staff, tt.o)); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.o, got, tt.want)
		}
	}
}

func TestCompleteEndsOneClock(t *testing.T) {
	h := newHouse(t)
	inc := h.log()
	h.must(h.SetRegimes(ctx, staff, inc.ID, []string{"nis2"}))
	h.must(h.MarkIncident(ctx, staff, inc.ID, incident.Mark{Moment: incident.Detected, At: start.Add(-30 * time.Hour), Sure: incident.Known}))
	r, err := h.db.RecordOf(ctx, inc.ID, incident.Own)
	h.must(err)
	done := incident.Completion{Mark: incident.Mark{At: start, Sure: incident.Known, Why: "Lomakkeella"}}
	if got := keyOf(h.Complete(ctx, staff, r.ID, "nis2.first", done)); got != "late_reason filing.late_reason_empty" {
		t.Fatalf("six hours late: %q, want a reason demanded", got)
	}
	done.LateReason = "Havainto tulkittiin ensin väärin."
	h.must(h.Complete(ctx, staff, r.ID, "nis2.first", done))
	r, err = h.db.Record(ctx, r.ID)
	h.must(err)
	if d := r.Deadline("nis2.first"); d.Running() || d.Reason == "" || !d.Late(start) {
		t.Errorf("first = %+v, want met late with the reason", d)
	}
	if !r.Deadline("nis2.followup").Running() {
		t.Error("one duty stopped another")
	}
	for duty, want := range map[string]string{"gdpr.33.2": "duty duty.unknown", "x": "duty duty.unknown", "dora.final": "complete.none"} {
		if got := keyOf(h.Complete(ctx, staff, r.ID, duty, done)); got != want {
			t.Errorf("%s: %q, want %q", duty, got, want)
		}
	}
}

func TestNoBreachCanBeClosed(t *testing.T) {
	h := newHouse(t)
	h.customer("A", "fi", 0, "a@a.example")
	inc, err := h.Log(ctx, staff, incident.Log{Title: "Outo kirjautuminen", Aware: start, Services: []string{"Hoivapäivyri"}, Unclear: true})
	h.must(err)
	h.must(h.EndInquiry(ctx, staff, inc.ID, "no_breach", "Testiajo.", time.Time{}))
	h.must(h.Close(ctx, staff, inc.ID, incident.Closing{Reason: "Väärä hälytys.", NoDebrief: "Pieni tapaus."}))
}

func TestOngoingEnd(t *testing.T) {
	h := newHouse(t)
	inc := h.log()
	h.must(h.MarkIncident(ctx, staff, inc.ID, incident.Mark{Moment: incident.OccurredTo, Sure: incident.Ongoing}))
	if got := keyOf(h.MarkIncident(ctx, staff, inc.ID, incident.Mark{Moment: incident.Contained, Sure: incident.Ongoing})); got != "at time.empty" {
		t.Errorf("an ongoing containment: %q", got)
	}
	if got := keyOf(h.MarkIncident(ctx, staff, inc.ID, incident.Mark{Moment: incident.OccurredTo, At: start, Sure: incident.Ongoing})); got != "sure moment.ongoing" {
		t.Errorf("ended and ongoing: %q", got)
	}
}

func TestFeedIsItsOwnersAlone(t *testing.T) {
	h := newHouse(t)
	secret, err := h.AddFeed(ctx, staff)
	h.must(err)
	tok, err := h.db.TokenByHash(ctx, incident.HashSecret(secret))
	h.must(err)
	other := incident.Actor{ID: "u2", Name: staff.Name, Roles: staff.Roles, Via: "web"}
	if got := keyOf(h.RevokeFeed(ctx, other, tok)); got != "token.unknown" {
		t.Errorf("a namesake revoked it: %q", got)
	}
	h.must(h.RevokeFeed(ctx, staff, tok))
	tok, err = h.db.TokenByHash(ctx, incident.HashSecret(secret))
	h.must(err)
	if tok.Owner != staff.ID || tok.Revoked.IsZero() {
		t.Errorf("token = %+v, want it revoked and the owner's", tok)
	}
}

// The lead's report is the report of all, also where she records it herself
// behind her link.
func TestLeadFilesBehindHerLink(t *testing.T) {
	h := newHouse(t)
	inc, by := h.pair()
	a := by()["A"]
	h.must(h.SetJoint(ctx, staff, inc.ID, incident.Joining{Records: []string{a.ID, by()["B"].ID}, Lead: a.ID, Arranged: true}))
	guest := incident.Actor{Via: incident.Outsider.Via, Name: "Kati", Record: a.ID}
	h.must(h.ReportTheirs(ctx, guest, a.ID, incident.Filing{Kind: "complete", At: h.now, Channel: "Turvalomake"}))
	if d := by()["B"].Deadline("gdpr.33.1"); d.Running() {
		t.Errorf("the other's clock runs on: %+v", d)
	}
}
