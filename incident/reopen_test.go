package incident_test

import (
	"slices"
	"testing"
	"time"

	"hatakello/incident"
	"hatakello/incident/risk"
)

func known(s string) incident.Fact { return incident.Fact{Text: s, Sure: incident.Known} }

func TestNewFactsReopenWhatWasDecided(t *testing.T) {
	tests := []struct {
		name    string
		news    func(h *house, r *incident.Record) error
		changed string // one of the keys that must be named; "": nothing reopens
	}{
		{"an answer", func(h *house, r *incident.Record) error {
			return h.Answer(ctx, staff, r.ID, "", facts(h.T, stolen))
		}, "malicious"},
		{"a shared answer", func(h *house, r *incident.Record) error {
			return h.AnswerShared(ctx, staff, r.Incident, "", facts(h.T, stolen))
		}, "malicious"},
		{"shared facts", func(h *house, r *incident.Record) error {
			return h.Describe(ctx, staff, r.Incident, h.incident(r.Incident).Version, incident.Facts{Nature: known("Kirjeitä olikin kaksi.")})
		}, "facts.nature"},
		{"own facts", func(h *house, r *incident.Record) error {
			return h.DescribeRecord(ctx, staff, r.ID, r.Version, incident.Facts{People: incident.Amount{Low: 40, Sure: "about"}})
		}, "facts.people"},
		{"the same answers", func(h *house, r *incident.Record) error {
			return h.Answer(ctx, staff, r.ID, "", facts(h.T, oneLetter))
		}, ""},
		{"where an answer comes from", func(h *house, r *incident.Record) error {
			f := facts(h.T, oneLetter)
			f.Certainty = map[string]risk.Sure{"malicious": {State: "known", Source: "puhelu"}}
			return h.Answer(ctx, staff, r.ID, "", f)
		}, ""},
		{"what was done about it", func(h *house, r *incident.Record) error {
			return h.Describe(ctx, staff, r.Incident, h.incident(r.Incident).Version, incident.Facts{Measures: known("Ohje."), Consequences: known("Ei.")})
		}, ""},
	}
	h := newHouse(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h.T = t
			h.now = h.now.Add(time.Hour)
			r := h.own()
			h.must(h.Answer(ctx, staff, r.ID, "", facts(t, oneLetter)))
			h.must(h.Assess(ctx, staff, r.ID, unlikely()))
			if r = h.record(r.ID); report33(r).Running() {
				t.Fatalf("decided: the clock runs: %+v", report33(r))
			}
			h.must(tt.news(h, r))
			r = h.record(r.ID)
			if tt.changed == "" {
				if r.Standing() != incident.Settled || r.Tier != incident.Unlikely || report33(r).Running() {
					t.Errorf("%s, tier %q; want that nothing reopened", r.Standing(), r.Tier)
				}
				return
			}
			if r.Standing() != incident.Reopened || r.Tier != incident.Likely || !report33(r).Running() {
				t.Errorf("%s, tier %q, clock %+v; want reopened, a risk, and running", r.Standing(), r.Tier, report33(r))
			}
			if o := r.Reopenings; len(o) != 1 || !slices.Contains(o[0].Changed, tt.changed) || o[0].By != staff.Name {
				t.Errorf("reopenings = %+v, want one that names %s", o, tt.changed)
			}
			h.must(h.Assess(ctx, staff, r.ID, unlikely()))
			if r = h.record(r.ID); r.Standing() != incident.Settled || report33(r).Running() || len(r.Assessed) != 2 {
				t.Errorf("decided again: %s, %d versions, clock %+v", r.Standing(), len(r.Assessed), report33(r))
			}
		})
	}
}

func TestReopenedHighStaysHigh(t *testing.T) {
	h := newHouse(t)
	r := h.own()
	h.must(h.Answer(ctx, staff, r.ID, "", facts(t, stolen)))
	h.must(h.Assess(ctx, staff, r.ID, incident.Assessment{Tier: incident.High, Reason: "Varas."}))
	h.must(h.Answer(ctx, staff, r.ID, "", facts(t, oneLetter)))
	r = h.record(r.ID)
	if d := r.Deadline("gdpr.34.1.own"); r.Tier != incident.High || r.Standing() != incident.Reopened || !d.Running() {
		t.Errorf("tier %q, %s, people %+v: good news must not lower anything by itself", r.Tier, r.Standing(), d)
	}
}

func TestNewFactsReopenADecisionNotToReport(t *testing.T) {
	h := newHouse(t)
	r := h.own()
	h.must(h.Decide(ctx, staff, r.ID, incident.Decision{Kind: "no_breach", Reason: "Harjoitus.", Approver: "Bo Koe"}))
	if report33(h.record(r.ID)).Running() {
		t.Fatal("decided: the clock runs")
	}
	h.must(h.Describe(ctx, staff, r.Incident, h.incident(r.Incident).Version, incident.Facts{Nature: known("Ei ollutkaan harjoitus.")}))
	if d := report33(h.record(r.ID)); !d.Running() || !d.Start.Equal(h.now) {
		t.Errorf("clock = %+v, want it to run from when we were aware", d)
	}
	h.must(h.Decide(ctx, staff, r.ID, incident.Decision{Kind: "no_breach", Reason: "Oli sittenkin.", Approver: "Bo Koe"}))
	if report33(h.record(r.ID)).Running() {
		t.Error("decided again: the clock runs")
	}
}

func TestNewFactsBeforeAnyDecisionReopenNothing(t *testing.T) {
	h := newHouse(t)
	r := h.own()
	h.must(h.Answer(ctx, staff, r.ID, "", facts(t, oneLetter)))
	h.must(h.Answer(ctx, staff, r.ID, "", facts(t, stolen)))
	if r = h.record(r.ID); len(r.Reopenings) != 0 || r.Standing() != incident.Undecided {
		t.Errorf("%s, %+v", r.Standing(), r.Reopenings)
	}
}

func TestAnExemptionEndsTheTellingOfPeopleAsLongAsItHolds(t *testing.T) {
	h := newHouse(t)
	r := h.own()
	h.must(h.Answer(ctx, staff, r.ID, "", facts(t, stolen)))
	h.must(h.Assess(ctx, staff, r.ID, incident.Assessment{Tier: incident.High, Reason: "Varas."}))
	tell := func() *incident.Deadline { return h.record(r.ID).Deadline("gdpr.34.1.own") }
	if !tell().Running() {
		t.Fatalf("high: %+v, want a clock that runs", tell())
	}
	h.must(h.Assess(ctx, staff, r.ID, incident.Assessment{Tier: incident.High, Reason: "Varas.",
		Exempt: incident.Exemption{Ground: "c", Facts: "Osoitteita ei ole; julkinen tiedote sivuilla 22.11."}}))
	if d := tell(); d.Running() || d.How != "exempt_c" {
		t.Errorf("exempted: %+v", d)
	}
	if r := h.record(r.ID); report33(r) == nil || !report33(r).Running() {
		t.Errorf("the authority's clock = %+v, want it to run on", report33(r))
	}
	h.must(h.Answer(ctx, staff, r.ID, "", facts(t, `{"data":["health","contact"],"malicious":true}`)))
	if d := tell(); !d.Running() {
		t.Errorf("after new facts: %+v, want it to run again", d)
	}
}
