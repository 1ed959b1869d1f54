package incident

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestNothingLowersByItself draws histories of a record and holds the tier in
// force to what the law makes safest: only a decision that needs nobody's
// approval any more, and that nothing has overtaken, may lower it.
func TestNothingLowersByItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := &Record{Part: AsController}
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			before, step := r.tierInForce(), rapid.IntRange(0, 3).Draw(t, "step")
			n := len(r.Assessed) - 1
			lower := false
			switch {
			case step == 0 || n < 0:
				a := &Assessment{Tier: rapid.SampledFrom(tiers).Draw(t, "tier"), Waits: rapid.Bool().Draw(t, "waits")}
				r.Assessed = append(r.Assessed, a)
				lower = !a.Waits
			case step == 1 && r.waits(AnAssessment, n) && !r.overtaken(AnAssessment, n):
				v := rapid.SampledFrom([]Consent{Approved, Declined}).Draw(t, "verdict")
				r.Approvals = append(r.Approvals, Approval{On: AnAssessment, N: n, Verdict: v})
				lower = true // either verdict ends the wait; what holds then is a decision
			case step == 2:
				r.Reopenings = append(r.Reopenings, Reopening{Assessed: len(r.Assessed)})
			}
			after := r.tierInForce()
			if !lower && slices.Index(tiers, after) < slices.Index(tiers, before) {
				t.Fatalf("%q became %q without a decision: %+v", before, after, r)
			}
			if held := r.InForce(); after == Unlikely && (held == nil || held.Tier != Unlikely) {
				t.Fatalf("unlikely, but %+v is in force: %+v", held, r)
			}
		}
	})
}
