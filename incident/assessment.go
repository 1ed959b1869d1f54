package incident

import (
	"slices"
	"time"
)

// Tier is the risk to the people concerned.
type Tier string

// The three tiers; an unassessed record counts as Likely (rule 31).
const (
	Unassessed Tier = ""
	Unlikely   Tier = "unlikely_risk"
	Likely     Tier = "risk"
	High       Tier = "high_risk"
)

// tiers are the values that a person may decide, from the least to the most.
var tiers = []Tier{Unlikely, Likely, High}

// worse returns the higher of two tiers.
func worse(a, b Tier) Tier {
	if slices.Index(tiers, a) < slices.Index(tiers, b) {
		return b
	}
	return a
}

// Assessment is one version of the judgement of the risk for people: what the
// program proposed, on which answers, and what a named person decided.
type Assessment struct {
	Tier   Tier
	Reason string
	Facts  []byte // the answers, as JSON of package risk; nil when there were none

	Proposed   Tier     // what the program proposed; "" if it was not asked
	Borderline bool     // the proposal asked for a second person
	Rules      string   // edition of the rules behind the proposal
	Grounds    []string // keys of the rules that fired, strongest first

	DPO      string // the data protection officer's view, or ""
	Exempt   Exemption
	By       string
	ByID     string // of the user
	Approver string // second person as named by By, or ""
	Waits    bool   // holds only once another user has approved it (four eyes)
	At       time.Time
}

// Exemption is a ground of Art. 34(3) for not telling the people although the
// risk is high, with the facts that bear it (rule 53).
type Exemption struct {
	Ground string `json:"ground,omitempty"` // "a", "b", "c", or "" for none
	Facts  string `json:"facts,omitempty"`
}

// exemptGrounds are the letters of Art. 34(3).
var exemptGrounds = []string{"a", "b", "c"}

// Judgement is what an approval is about.
type Judgement string

// The judgements that may wait for a second person.
const (
	AnAssessment Judgement = "assessment"
	ADecision    Judgement = "decision"
)

// Consent is what a second person says of a judgement.
type Consent string

// The verdicts on a judgement that waits.
const (
	Approved Consent = "approved"
	Declined Consent = "declined"
)

// Approval is a second person's verdict on the N-th judgement of its kind,
// counted from nought.
type Approval struct {
	On      Judgement
	N       int
	Verdict Consent
	Reason  string // demanded of a refusal
	By      string
	ByID    string
	At      time.Time
}

// Reopening is what became known after a record was decided. Every judgement
// made before it no longer holds; how many those were stands in Assessed and
// Decided.
type Reopening struct {
	Assessed int
	Decided  int
	Changed  []string // keys of the answers and facts that changed
	Why      string   // "answers", "facts" or "second_look"
	By       string
	At       time.Time
}

// Standing is how far the assessment of a record has come.
type Standing string

// The standings of an assessment.
const (
	NotAsked  Standing = "not_asked" // the controller's own task (rule 3)
	Undecided Standing = "undecided"
	Waiting   Standing = "pending" // waits for a second person
	Settled   Standing = "settled"
	Reopened  Standing = "reopened" // something new is known since
)

// Ours reports whether the risk of the record is ours to assess: our own data,
// or a mandate (rule 3).
func (r *Record) Ours() bool {
	return r.Part == AsController || r.Part != AsEntity && r.Mandate.Given()
}

// Standing returns how far the assessment has come.
func (r *Record) Standing() Standing {
	n := len(r.Assessed)
	switch {
	case !r.Ours():
		return NotAsked
	case n == 0:
		return Undecided
	case r.overtaken(AnAssessment, n-1):
		return Reopened
	case r.waits(AnAssessment, n-1):
		return Waiting
	case r.InForce() == nil:
		return Undecided // what there was has been declined
	}
	return Settled
}

// InForce returns the newest assessment that holds, or nil.
func (r *Record) InForce() *Assessment {
	if i := r.inForce(); i >= 0 && !r.overtaken(AnAssessment, i) {
		return r.Assessed[i]
	}
	return nil
}

// inForce returns the position of the newest assessment that needs nobody's
// approval any more, or -1; new facts may have overtaken it.
func (r *Record) inForce() int {
	for i := len(r.Assessed) - 1; i >= 0; i-- {
		if !r.Assessed[i].Waits || r.Consent(AnAssessment, i) == Approved {
			return i
		}
	}
	return -1
}

// Consent returns what a second person said of the n-th judgement, or "".
func (r *Record) Consent(on Judgement, n int) Consent {
	for _, a := range r.Approvals {
		if a.On == on && a.N == n {
			return a.Verdict
		}
	}
	return ""
}

// waits reports whether the n-th judgement still waits for a second person.
func (r *Record) waits(on Judgement, n int) bool {
	asked := on == AnAssessment && r.Assessed[n].Waits || on == ADecision && r.Decisions[n].Waits
	return asked && r.Consent(on, n) == ""
}

// overtaken reports whether something became known after the n-th judgement.
func (r *Record) overtaken(on Judgement, n int) bool {
	return slices.ContainsFunc(r.Reopenings, func(o Reopening) bool {
		return on == AnAssessment && o.Assessed > n || on == ADecision && o.Decided > n
	})
}

// tierInForce is the tier by which the duties are counted. What waits for
// approval may raise it and never lowers it, and a decision overtaken by new
// facts counts as a risk at least: a high one stays high (rules 31 and 38).
func (r *Record) tierInForce() Tier {
	held := r.inForce()
	tier := Unassessed
	if held >= 0 {
		tier = r.Assessed[held].Tier
	}
	open := held < 0 || r.overtaken(AnAssessment, held)
	for i := held + 1; i < len(r.Assessed); i++ {
		if r.waits(AnAssessment, i) {
			tier = worse(tier, r.Assessed[i].Tier)
		}
	}
	if open && tier != Unassessed {
		tier = worse(tier, Likely)
	}
	return tier
}

// Exempted returns the exemption by which the people need not be told, or nil.
// It holds as long as the assessment does.
func (r *Record) Exempted() *Exemption {
	a := r.InForce()
	if a == nil || a.Exempt.Ground == "" || r.Tier != High {
		return nil
	}
	if n := len(r.Assessed) - 1; r.waits(AnAssessment, n) && r.Assessed[n].Exempt.Ground == "" {
		return nil // somebody has withdrawn it and waits to be approved
	}
	return &a.Exempt
}

// settled reports whether there is a judgement that new facts would overtake.
func (r *Record) settled() bool {
	for i := range r.Assessed {
		if r.Consent(AnAssessment, i) != Declined && !r.overtaken(AnAssessment, i) {
			return true
		}
	}
	for i := range r.Decisions {
		if slices.Contains(decisionKinds, r.Decisions[i].Kind) && r.Consent(ADecision, i) != Declined && !r.overtaken(ADecision, i) {
			return true
		}
	}
	return false
}
