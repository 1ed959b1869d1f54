package risk

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// worsening is one step down in the partial order of facts: what it changes
// and the state after it. The order is that of the answers table (best to
// worst, an open answer between the two), more people, more hours, one more
// kind of data, one more type of breach.
type worsening struct {
	what  string
	after state
}

func (s state) worsened() []worsening {
	var out []worsening
	add := func(after state, what string, args ...any) {
		out = append(out, worsening{fmt.Sprintf(what, args...), after})
	}
	for q, a := range answers {
		worst := uint8(len(a.values))
		v := s
		for v.answer[q]++; v.answer[q] <= worst && s.answer[q] != unanswered; v.answer[q]++ {
			add(v, "%s: %v to %v", a.path, s.given(q), v.given(q))
		}
		switch s.answer[q] {
		case unanswered:
			v.answer[q] = worst
			add(v, "%s: open to %v", a.path, v.given(q))
		case 1:
			v.answer[q] = unanswered
			add(v, "%s: %v to open", a.path, s.given(q))
		}
	}
	for i, w := range breachTypes {
		if v := s; v.breach != 0 && v.breach&(1<<i) == 0 {
			v.breach |= 1 << i
			add(v, "breach: add %s", w)
		}
	}
	for i, w := range dataKinds {
		if v := s; v.data != 0 && !v.data.has(1<<i) {
			v.data |= 1 << i
			add(v, "data: add %s", w)
		}
	}
	for _, n := range []int64{2, 100, 101, largeScale - 1, largeScale, 1_000_000} {
		if v := s; s.count < n {
			if v.count = n; s.count >= 0 || n == 1_000_000 {
				add(v, "people: %d to %d", s.count, n)
			}
		}
	}
	for _, h := range []float64{0.5, momentHours, 2, 23, briefHours, 500} {
		if v := s; s.hours < h {
			if v.hours = h; s.hours >= 0 || h == 500 {
				add(v, "hours: %v to %v", s.hours, h)
			}
		}
	}
	return out
}

func TestWorseNeverLowers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyState(t)
		base := s.tier()
		for _, w := range s.worsened() {
			tier := w.after.tier()
			if tier < base {
				t.Fatalf("%s lowers %v to %v\n%+v", w.what, base, tier, s)
			}
			if position(tellWords, w.after.tell(tier)) < position(tellWords, s.tell(base)) {
				t.Fatalf("%s: tell %s becomes %s\n%+v", w.what, s.tell(base), w.after.tell(tier), s)
			}
		}
	})
}

// TestWorseCases worsens each encoded case by every step.
func TestWorseCases(t *testing.T) {
	for _, c := range precedentCases() {
		base := c.state.tier()
		for _, w := range c.state.worsened() {
			if tier := w.after.tier(); tier < base {
				t.Errorf("%s: %s lowers %v to %v", c.ID, w.what, base, tier)
			}
		}
	}
}

// anyState draws answers of which some are open, and few kinds of data, so
// that low tiers come up often enough to be tested.
func anyState(t *rapid.T) state {
	s := state{count: -1, hours: -1}
	for q, a := range answers {
		s.answer[q] = uint8(rapid.IntRange(0, len(a.values)).Draw(t, a.path))
	}
	s.breach = uint8(rapid.IntRange(0, 7).Draw(t, "breach"))
	for range rapid.IntRange(0, 4).Draw(t, "kinds") {
		s.data |= 1 << rapid.IntRange(0, len(dataKinds)-1).Draw(t, "kind")
	}
	if rapid.Bool().Draw(t, "count known") {
		s.count = rapid.SampledFrom([]int64{0, 1, 24, 100, 101, 5000, largeScale, 60_000}).Draw(t, "count")
	}
	if rapid.Bool().Draw(t, "hours known") {
		s.hours = rapid.SampledFrom([]float64{0, 0.5, 1, 5, 23.9, 24, 30, 120}).Draw(t, "hours")
	}
	return s
}

// TestOpenIsRisk: with nothing answered, and with any one answer taken from
// a harmless case where that answer is what makes it harmless.
func TestOpenIsRisk(t *testing.T) {
	tests := []struct{ id, open string }{
		{"EDPB-01", "exposure.exfiltration"}, {"EDPB-06", "protection.key"}, {"EDPB-06", "protection.encrypted"},
		{"EDPB-09", "exposure.return_confirmed"}, {"EDPB-09", "exposure.recipients"}, {"EDPB-09", "malicious"},
		{"EDPB-09", "data"}, {"EDPB-09", "people.count"}, {"EDPB-10", "protection.key"}, {"EDPB-13", "exposure.return_confirmed"},
		{"EDPB-10", "availability.effect"}, {"ANNEXB-i", "protection.key"}, {"EDPB-13", "malicious"},
	}
	if p := Assess(Facts{}); p.Tier != Risk || !p.Notify || p.Tell != "consider" {
		t.Errorf("nothing known: %v %v %s, want risk true consider", p.Tier, p.Notify, p.Tell)
	}
	for _, tt := range tests {
		f := encoded(t, tt.id)
		f.Certainty = map[string]Sure{tt.open: {State: "unknown"}}
		if tt.open == "protection.encrypted" {
			f.Data = []string{"name", "password_hash"}
		}
		if tt.id == "EDPB-01" {
			f.Protection = Protection{Encrypted: "no"}
		}
		if p := Assess(f); p.Tier < Risk {
			t.Errorf("%s without %s: %v, want at least risk", tt.id, tt.open, p.Tier)
		}
	}
}

// TestForcedMinimum: each named circumstance alone keeps a breach at risk,
// and unreadable data with nothing lost lifts it.
func TestForcedMinimum(t *testing.T) {
	base := encoded(t, "EDPB-09")
	tests := map[string]func(*Facts){
		"identifier":        func(f *Facts) { f.Data = append(f.Data, "national_id") },
		"credentials":       func(f *Facts) { f.Data = append(f.Data, "credentials") },
		"special_data":      func(f *Facts) { f.Data = append(f.Data, "criminal") },
		"vulnerable":        func(f *Facts) { f.People.Vulnerable = new(true) },
		"many_people":       func(f *Facts) { f.People.Count = new(int64(101)) },
		"unknown_recipient": func(f *Facts) { f.Exposure.Recipients = "unknown" },
		"malicious":         func(f *Facts) { f.Malicious = new(true) },
		"permanent_loss":    func(f *Facts) { f.Availability.Loss = "permanent" },
	}
	for rule, change := range tests {
		f := base
		f.Data = append([]string{}, base.Data...)
		change(&f)
		p := Assess(f)
		if p.Tier < Risk || !hasRule(p, rule) {
			t.Errorf("%s: %v (%s), want risk by this rule", rule, p.Tier, fired(p))
		}
		f.Protection = Protection{Encrypted: "yes", Key: "safe"}
		if p := Assess(f); rule != "permanent_loss" && p.Tier != UnlikelyRisk {
			t.Errorf("%s, unreadable: %v (%s), want unlikely", rule, p.Tier, fired(p))
		}
	}
}

func hasRule(p Proposal, rule string) bool {
	for _, r := range p.Reasons {
		if r.Rule == rule && (r.Forced || r.Effect != "risk") {
			return true
		}
	}
	return false
}
