package incident_test

import (
	"slices"
	"testing"
	"time"

	"hatakello/incident"
)

// lenient decides n own records as unlikely and returns them.
func (h *house) lenient(n int) []*incident.Record {
	h.Helper()
	var rs []*incident.Record
	for range n {
		h.now = h.now.Add(time.Minute)
		r := h.own()
		h.must(h.Answer(ctx, staff, r.ID, "", facts(h.T, oneLetter)))
		h.must(h.Assess(ctx, staff, r.ID, incident.Assessment{Tier: incident.Unlikely, Reason: "Takaisin.", Approver: "Dag Koe"}))
		rs = append(rs, r)
	}
	return rs
}

func (h *house) samples(quarter string) []*incident.Sample {
	h.Helper()
	all, err := h.db.Samples(ctx, quarter)
	h.must(err)
	return all
}

func (h *house) tick() {
	h.Helper()
	_, err := h.Tick(ctx)
	h.must(err)
}

func TestEachQuarterIsDrawnFromOnce(t *testing.T) {
	h := newHouse(t)
	h.lenient(5)
	decided := h.own()
	h.must(h.Decide(ctx, staff, decided.ID, incident.Decision{Kind: "no_breach", Reason: "Harjoitus.", Approver: "Dag Koe"}))
	unclear, err := h.Log(ctx, staff, incident.Log{Title: "Epäily", Aware: h.now, Unclear: true})
	h.must(err)
	h.must(h.EndInquiry(ctx, staff, unclear.ID, "no_breach", "Väärä hälytys.", h.now))
	h.tick()
	if got := h.samples("2026-Q4"); len(got) != 0 {
		t.Fatalf("drawn before the quarter has ended: %d", len(got))
	}
	h.now = time.Date(2026, 12, 31, 22, 30, 0, 0, time.UTC) // 0.30 on New Year's Day in Helsinki
	h.tick()
	first := h.samples("2026-Q4")
	draw, err := h.db.Draw(ctx, "2026-Q4")
	h.must(err)
	if len(first) != 3 || draw == nil || draw.Of != 7 || draw.Drawn != 3 {
		t.Fatalf("%d samples, draw %+v; want 3 of 7", len(first), draw)
	}
	h.now = h.now.Add(30 * 24 * time.Hour)
	h.tick()
	if again := h.samples("2026-Q4"); len(again) != 3 || again[0].ID != first[0].ID || !again[0].Drawn.Equal(first[0].Drawn) {
		t.Errorf("drawn again: %+v", again)
	}
}

func TestSecondLook(t *testing.T) {
	h := newHouse(t)
	rs := h.lenient(3)
	h.now = time.Date(2027, 1, 2, 9, 0, 0, 0, time.UTC)
	h.tick()
	all := h.samples("2026-Q4")
	if len(all) != 3 {
		t.Fatalf("%d samples, want all three", len(all))
	}
	approver := incident.Actor{ID: "u7", Name: "Dag Koe", Roles: []incident.Role{incident.Approver}, Via: "web"}
	for _, tt := range []struct {
		name   string
		by     incident.Actor
		v      incident.Look
		reason string
		want   string
	}{
		{"who decided", staff, incident.Agree, "x", "review.self"},
		{"who was the second person then", approver, incident.Agree, "x", "review.self"},
		{"a role that may not", handler, incident.Agree, "x", "act.forbidden"},
		{"without words", second, incident.Agree, " ", "reason=reason.empty"},
		{"without a verdict", second, "maybe", "x", "verdict=verdict.empty"},
	} {
		if got := fields(h.SecondLook(ctx, tt.by, all[0].ID, tt.v, tt.reason)); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
	h.must(h.SecondLook(ctx, second, all[0].ID, incident.Agree, "Samoin."))
	if got := fields(h.SecondLook(ctx, second, all[0].ID, incident.Disagree, "Ei.")); got != "review.done" {
		t.Errorf("a second verdict: %s", got)
	}
	h.must(h.SecondLook(ctx, second, all[1].ID, incident.Disagree, "Lokeja ei katsottu."))
	for _, r := range rs {
		want := incident.Settled
		if r.ID == all[1].Record {
			want = incident.Reopened
		}
		if got := h.record(r.ID); got.Standing() != want || report33(got).Running() != (want == incident.Reopened) {
			t.Errorf("%s: %s, clock %+v; want %s", r.ID, got.Standing(), report33(got), want)
		}
	}
	if n, err := h.db.Unlooked(ctx); err != nil || n != 1 {
		t.Errorf("Unlooked = %d, %v, want 1", n, err)
	}
}

func TestDisagreeingWithWhatHasBeenReplacedReopensNothing(t *testing.T) {
	h := newHouse(t)
	r := h.lenient(1)[0]
	h.now = time.Date(2027, 1, 2, 9, 0, 0, 0, time.UTC)
	h.tick()
	h.must(h.Answer(ctx, staff, r.ID, "", facts(t, stolen)))
	h.must(h.Assess(ctx, staff, r.ID, incident.Assessment{Tier: incident.High, Reason: "Varas."}))
	h.must(h.SecondLook(ctx, second, h.samples("2026-Q4")[0].ID, incident.Disagree, "Ei ollut vähäinen."))
	if r = h.record(r.ID); r.Standing() != incident.Settled || r.Tier != incident.High {
		t.Errorf("%s, tier %q, want the newer decision untouched", r.Standing(), r.Tier)
	}
}

func TestLogWithWhatIsKnown(t *testing.T) {
	h := newHouse(t)
	h.customer("Koivuranta", "fi", 24, "a@koivuranta.example")
	in := incident.Log{Title: "Viesti väärälle", Aware: h.now, Services: []string{"Oma asiakasrekisteri"}, Certainty: incident.Confirmed,
		Facts: incident.Facts{Nature: known("Kirje väärään osoitteeseen."), People: incident.Amount{Low: 1, High: 1, Sure: "exact"}}, Answers: []byte(oneLetter)}
	inc, err := h.Log(ctx, staff, in)
	h.must(err)
	r := h.records(inc)[0]
	if r.Certainty != incident.Confirmed || r.Facts.People.Low != 1 || inc.Facts.Nature.Text == "" || inc.Answers == "" {
		t.Errorf("record %+v of %+v", r, inc)
	}
	in.Services, in.Controllers = nil, []string{"koivuranta"}
	inc, err = h.Log(ctx, staff, in)
	h.must(err)
	if rs := h.records(inc); len(rs) != 1 || rs[0].Name != "Koivuranta" || rs[0].Part != incident.AsProcessor {
		t.Errorf("records = %+v, want the customer's alone", rs)
	}
	in.Controllers = []string{"Koivuranta", "Tuntematon"}
	if _, err := h.Log(ctx, staff, in); fields(err) != "controllers=controller.unclear" {
		t.Errorf("an unknown customer: %v", err)
	}
	in.Controllers, in.Answers = nil, []byte(`{"malicious":"maybe"}`)
	if _, err := h.Log(ctx, staff, in); fields(err) != "malicious=answer.bad" {
		t.Errorf("bad answers: %v", err)
	}
	board, _, err := h.db.Rows(ctx, incident.Filter{}, incident.Cut{Limit: 10})
	h.must(err)
	if !slices.ContainsFunc(board, func(r *incident.Row) bool { return r.ID == inc.ID }) || len(board) != 2 {
		t.Errorf("%d cases, want the two that were understood", len(board))
	}
}
