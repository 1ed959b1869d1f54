package risk

// RulesVersion names the edition of the rules; it changes when their effect does.
const RulesVersion = "2026-11"

// Proposal is what the facts suggest, with the reasons. It decides nothing.
type Proposal struct {
	Tier       Tier            `json:"tier"`
	Notify     bool            `json:"notify_authority"` // Art. 33(1)
	Tell       string          `json:"tell_people"`      // Art. 34(1): yes, no, consider
	Enisa      Enisa           `json:"enisa"`
	Reasons    []Reason        `json:"reasons"` // strongest first
	Flips      []Flip          `json:"flips"`
	Precedents []Precedent     `json:"precedents"`
	Unknown    []string        `json:"unknown"`  // questions without an answer
	Evidence   []Claim         `json:"evidence"` // lowering claims still without their evidence
	Groups     []GroupProposal `json:"groups,omitempty"`

	// Borderline asks for a second person: the answer to an open question,
	// or to one merely assumed, could change the tier.
	Borderline bool   `json:"borderline"`
	Rules      string `json:"rules_version"`

	facts Facts
}

// Reason is a rule that fired.
type Reason struct {
	Rule   string   `json:"rule"`
	Source string   `json:"source"`
	Words  string   `json:"words"`
	Effect string   `json:"effect"` // ground, consider, risk, high_risk
	Forced bool     `json:"forced"` // a minimum that no score undercuts
	Kinds  []string `json:"kinds,omitempty"`
	Count  int64    `json:"count,omitempty"`
}

// GroupProposal is the tier of one group of people.
type GroupProposal struct {
	Name    string   `json:"name"`
	Tier    Tier     `json:"tier"`
	Tell    string   `json:"tell_people"`
	Reasons []Reason `json:"reasons"`
}

// Assess proposes a tier. Where groups of people differ, the proposal is
// that of the group with the highest.
func Assess(f Facts) Proposal {
	s, gs := f.decisive()
	p := Proposal{Tier: s.tier(), Rules: RulesVersion, Groups: gs, facts: f}
	p.Reasons = s.reasons(p.Tier)
	if p.Tier == UnlikelyRisk && f.total() > manyPeople && touchedAny(&f) {
		p.Tier = Risk
		p.Reasons = append([]Reason{manyTogether(f.total())}, p.Reasons...)
	}
	p.Notify = p.Tier >= Risk
	p.Tell = s.tell(p.Tier)
	p.Enisa = s.enisa()
	p.Flips, p.Borderline = s.flips(p.Tier)
	p.Borderline = p.Borderline || f.leansOnAssumption()
	p.Precedents = s.precedents()
	p.Unknown = s.unknown()
	p.Evidence = f.claims(&s)
	p.say("en")
	return p
}

// tier is the effect of the first raising rule that fires: the table holds
// the strongest first.
func (s *state) tier() Tier {
	s.settle()
	if !touched(s) {
		return UnlikelyRisk
	}
	for i := range rules {
		if rules[i].effect < toRisk {
			break
		}
		if rules[i].fires(s) {
			return rules[i].effect.tier()
		}
	}
	return UnlikelyRisk
}

// tell answers Art. 34(1) for a tier.
func (s *state) tell(t Tier) string {
	switch t {
	case HighRisk:
		return "yes"
	case UnlikelyRisk:
		return "no"
	}
	for i := range rules {
		if rules[i].effect == consider && rules[i].fires(s) {
			return "consider"
		}
	}
	return "no"
}

// reasons lists the rules that fire; those that explain a low tier only
// where the tier is low, those that ask to consider only where it is "risk".
func (s *state) reasons(t Tier) []Reason {
	out := make([]Reason, 0, 12)
	for i := range rules {
		r := &rules[i]
		if r.effect == ground && t != UnlikelyRisk || r.effect == consider && t != Risk || !r.fires(s) {
			continue
		}
		named := s.data & r.names
		out = append(out, Reason{Rule: r.key, Source: r.source, Effect: r.effect.String(),
			Forced: r.forced, Kinds: named.words(), Count: max(s.count, 0)})
	}
	return out
}

// unknown lists the questions nobody has answered.
func (s *state) unknown() []string {
	out := make([]string, 0, 4)
	if s.breach == 0 {
		out = append(out, "breach")
	}
	if s.data == 0 {
		out = append(out, "data")
	}
	if s.count < 0 {
		out = append(out, "people.count")
	}
	for q := range answers {
		if s.answer[q] == unanswered && !answers[q].extra {
			out = append(out, answers[q].path)
		}
		if q == qLoss && s.hours < 0 && s.answer[qLoss] != lostNot {
			out = append(out, "availability.hours")
		}
	}
	return out
}
