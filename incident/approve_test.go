package incident_test

import (
	"testing"
	"time"

	"hatakello/incident"
)

// report33 is our own clock towards the authority.
func report33(r *incident.Record) *incident.Deadline { return r.Deadline("gdpr.33.1.own") }

func TestFourEyesWait(t *testing.T) {
	h := newHouse(t)
	h.fourEyes()
	r := h.own()
	h.must(h.Answer(ctx, staff, r.ID, "", facts(t, oneLetter)))
	a := unlikely()
	a.Approver = ""
	h.must(h.Assess(ctx, staff, r.ID, a))
	r = h.record(r.ID)
	if r.Standing() != incident.Waiting || r.Tier == incident.Unlikely || !report33(r).Running() {
		t.Fatalf("waiting: %s, tier %q, clock %+v; want that nothing is lowered", r.Standing(), r.Tier, report33(r))
	}
	refusals := []struct {
		name string
		by   incident.Actor
		n    int
		v    incident.Consent
		kind incident.Kind
		want string
	}{
		{"oneself", staff, 1, incident.Approved, incident.Refused, "approval.self"},
		{"oneself under another id", incident.Actor{ID: "u9", Name: "AINO KOE", Roles: second.Roles, Via: "web"}, 1, incident.Approved, incident.Refused, "approval.self"},
		{"a role that may not", handler, 1, incident.Approved, incident.Forbidden, "act.forbidden"},
		{"no verdict", second, 1, "", incident.Invalid, "verdict=verdict.empty"},
		{"a refusal without a reason", second, 1, incident.Declined, incident.Invalid, "reason=reason.empty"},
		{"a version that is not there", second, 2, incident.Approved, incident.NotFound, "approval.unknown"},
	}
	for _, tt := range refusals {
		if err := h.ApproveAssessment(ctx, tt.by, r.ID, tt.n, tt.v, ""); incident.KindOf(err) != tt.kind || fields(err) != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, fields(err), tt.want)
		}
	}
	h.now = h.now.Add(time.Hour)
	h.must(h.ApproveAssessment(ctx, second, r.ID, 1, incident.Approved, ""))
	r = h.record(r.ID)
	if d := report33(r); r.Tier != incident.Unlikely || r.Standing() != incident.Settled || d.Running() || d.How != "assessed" {
		t.Errorf("approved: %s, tier %q, clock %+v", r.Standing(), r.Tier, d)
	}
	if err := h.ApproveAssessment(ctx, second, r.ID, 1, incident.Approved, ""); fields(err) != "approval.none" {
		t.Errorf("approved twice: %v", err)
	}
}

func TestDeclinedLeavesWhatWas(t *testing.T) {
	h := newHouse(t)
	r := h.own()
	h.must(h.Answer(ctx, staff, r.ID, "", facts(t, stolen)))
	h.must(h.Assess(ctx, staff, r.ID, incident.Assessment{Tier: incident.High, Reason: "Varastettu."}))
	h.fourEyes()
	h.must(h.Assess(ctx, staff, r.ID, incident.Assessment{Tier: incident.Likely, Reason: "Ei sittenkään."}))
	if got := h.record(r.ID).Tier; got != incident.High {
		t.Errorf("while the lower one waits: %q, want %q", got, incident.High)
	}
	h.must(h.ApproveAssessment(ctx, second, r.ID, 2, incident.Declined, "Tiedot ovat yhä varkaalla."))
	r = h.record(r.ID)
	if r.Tier != incident.High || r.Standing() != incident.Settled || len(r.Assessed) != 2 {
		t.Errorf("declined: %q, %s, %d versions", r.Tier, r.Standing(), len(r.Assessed))
	}
}

func TestWhatWaitsMayRaise(t *testing.T) {
	h := newHouse(t)
	h.fourEyes()
	r := h.own()
	h.must(h.Answer(ctx, staff, r.ID, "", facts(t, stolen)))
	h.must(h.Assess(ctx, staff, r.ID, incident.Assessment{Tier: incident.High, Reason: "Varastettu."}))
	r = h.record(r.ID)
	if d := r.Deadline("gdpr.34.1.own"); r.Tier != incident.High || d == nil || !d.Running() {
		t.Errorf("tier %q, clock of the people %+v; want that a high risk does not wait for approval", r.Tier, d)
	}
}

func TestDecisionsNeedFourEyesToo(t *testing.T) {
	h := newHouse(t)
	h.fourEyes()
	r := h.own()
	h.must(h.Decide(ctx, staff, r.ID, incident.Decision{Kind: "not_notifiable", Reason: "Salattu."}))
	if r = h.record(r.ID); !report33(r).Running() {
		t.Fatalf("the clock stopped before anybody approved: %+v", report33(r))
	}
	if err := h.ApproveDecision(ctx, staff, r.ID, 1, incident.Approved, ""); fields(err) != "approval.self" {
		t.Errorf("oneself: %v", err)
	}
	h.must(h.ApproveDecision(ctx, second, r.ID, 1, incident.Approved, ""))
	if d := report33(h.record(r.ID)); d.Running() || d.How != "not_notifiable" {
		t.Errorf("approved: %+v", d)
	}
}

func TestApprovalIsOfTheNewestAndNotOvertaken(t *testing.T) {
	h := newHouse(t)
	h.fourEyes()
	r := h.own()
	h.must(h.Answer(ctx, staff, r.ID, "", facts(t, oneLetter)))
	h.must(h.Assess(ctx, staff, r.ID, unlikely()))
	h.must(h.Answer(ctx, staff, r.ID, "", facts(t, stolen)))
	if err := h.ApproveAssessment(ctx, second, r.ID, 1, incident.Approved, ""); fields(err) != "approval.overtaken" {
		t.Errorf("after new facts: %v", err)
	}
	h.must(h.Assess(ctx, staff, r.ID, incident.Assessment{Tier: incident.High, Reason: "Varas."}))
	if err := h.ApproveAssessment(ctx, second, r.ID, 1, incident.Approved, ""); fields(err) != "approval.newer" {
		t.Errorf("an older version: %v", err)
	}
}
