package risk

import "fmt"

// Tier is how serious the breach is for people, in the three steps of the
// GDPR: Art. 33(1) draws the line below Risk, Art. 34(1) that below HighRisk.
type Tier uint8

const (
	UnlikelyRisk Tier = iota // document only, Art. 33(5)
	Risk                     // notify the authority
	HighRisk                 // tell the people as well
)

// tellWords answer Art. 34(1), from least to most.
var tellWords = []string{"no", "consider", "yes"}

var tierNames = []string{"unlikely_risk", "risk", "high_risk"}

// String is the tier's name in JSON.
func (t Tier) String() string {
	if int(t) < len(tierNames) {
		return tierNames[t]
	}
	return fmt.Sprintf("Tier(%d)", t)
}

// MarshalText writes the tier's name.
func (t Tier) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads a tier's name.
func (t *Tier) UnmarshalText(b []byte) error {
	i := position(tierNames, string(b))
	if i == 0 {
		return fmt.Errorf("tier %q: want one of %v", b, tierNames)
	}
	*t = Tier(i - 1)
	return nil
}

func (e effect) tier() Tier {
	switch e {
	case toHigh:
		return HighRisk
	case toRisk:
		return Risk
	}
	return UnlikelyRisk
}

// String is the effect's name in a reason.
func (e effect) String() string {
	return [...]string{"ground", "consider", "risk", "high_risk"}[e]
}
