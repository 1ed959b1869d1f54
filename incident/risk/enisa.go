package risk

// Method names the version of the severity method behind Enisa.
const Method = "ENISA 2013 v1.0"

// Enisa is a severity score: SE = DPC x EI + CB, computed in quarters. It is
// an aid that may raise a proposal and never lowers one.
type Enisa struct {
	DPC  int     `json:"dpc"` // 1 … 4, the highest of the categories
	EI   float64 `json:"ei"`  // 0.25 … 1
	CB   float64 `json:"cb"`  // the sum of the four below
	SE   float64 `json:"se"`
	Band string  `json:"band"` // low, medium, high, very_high

	Confidentiality float64 `json:"cb_confidentiality"`
	Integrity       float64 `json:"cb_integrity"`
	Availability    float64 `json:"cb_availability"`
	Malicious       float64 `json:"cb_malicious"`

	Categories         []Category `json:"categories,omitempty"`
	FlagIndividuals    bool       `json:"flag_individuals"`    // more than 100 people
	FlagUnintelligible bool       `json:"flag_unintelligible"` // encrypted, key safe
	Provisional        bool       `json:"provisional"`         // the kinds of data are unknown
	Reason             string     `json:"ei_reason,omitempty"` // why the assessor changed EI
	Method             string     `json:"method"`
}

// Category is one data category's way to its score.
type Category struct {
	Category string       `json:"category"`
	Base     int          `json:"base"`
	Score    int          `json:"score"` // after the adjustments, kept within 1 … 4
	Adjust   []Adjustment `json:"adjust,omitempty"`
}

// Kinds of data by the method's four categories; the basic score is the
// position. Credentials are no category: they count as what they open.
var categoryKinds = [...]kinds{
	name | contact | address | nationalID | idDocument | credentials | passwordHash | employment | education,
	location | behaviour | communications,
	financial | paymentCard,
	sensitive,
}

// automatic adjustments follow from the kinds of data alone.
var automatic = []struct {
	category int
	all      kinds
	steps    int
	key      string
}{
	{2, paymentCard, 1, "dpc.card_enables_fraud"},
	{2, financial | credentials, 1, "dpc.account_access"},
}

// score is the method's arithmetic in quarters, with the band's name.
func score(dpc, ei, cb int) (se int, band string) {
	se = dpc*ei + cb
	switch {
	case se < 8:
		return se, "low"
	case se < 12:
		return se, "medium"
	case se < 16:
		return se, "high"
	}
	return se, "very_high"
}

// dpc is the highest category score; unknown data scores the least and is
// marked provisional, because the rules see to the unknown.
func (s *state) dpc() int {
	best := 1
	for c := range categoryKinds {
		if s.data.has(categoryKinds[c]) {
			best = max(best, s.categoryScore(c))
		}
	}
	return best
}

func (s *state) categoryScore(c int) int {
	v := c + 1
	for _, a := range automatic {
		if a.category == c && s.data&a.all == a.all {
			v += a.steps
		}
	}
	for _, a := range s.corrections() {
		if a.Category == categories[c] {
			v += a.Steps
		}
	}
	return min(max(v, 1), 4)
}

// ei is the ease of identification, in quarters.
func (s *state) ei() int {
	if s.ctx != nil && s.ctx.EI != nil {
		return int(*s.ctx.EI * 4)
	}
	const direct = name | contact | address | nationalID | idDocument
	switch {
	case s.data == 0 || s.data.has(direct) && s.data.size() > 1:
		return 4
	case s.data.has(direct):
		return 3
	case s.data == passwordHash:
		return 1
	}
	return 2
}

// circumstances are the four additions, in quarters.
type circumstances struct{ c, i, a, m int }

func (b circumstances) sum() int { return b.c + b.i + b.a + b.m }

func (s *state) circumstances() circumstances {
	b := circumstances{c: s.cbExposure(), i: s.cbIntegrity(), a: s.cbAvailability()}
	if s.answer[qMalicious] == onPurpose {
		b.m = 2
	}
	return b
}

// cbExposure: encryption does not lower it (it is a flag), and data in
// unknown hands adds nothing while there is no sign that anyone used it.
func (s *state) cbExposure() int {
	switch to := s.answer[qRecipients]; {
	case to == toPublic, to != toKnown && s.answer[qExfiltration] == confirmed:
		return 2
	case to == toKnown:
		return 1
	}
	return 0
}

func (s *state) cbIntegrity() int {
	switch {
	case s.breach&integrity == 0:
		return 0
	case s.answer[qLoss] == lostForGood:
		return 2
	case s.answer[qEffect] == noEffect:
		return 0
	}
	return 1
}

func (s *state) cbAvailability() int {
	switch {
	case s.answer[qLoss] == lostForGood:
		return 2
	case s.breach&availability == 0 && s.answer[qLoss] != lostForAWhile:
		return 0
	case s.answer[qLoss] == lostNot || s.answer[qBackup] == hasBackup && brief(s):
		return 0
	}
	return 1
}

// worst is the score for raising a proposal. It reads "unknown hands" as at
// least one reader, so that not knowing never scores below knowing.
func (s *state) worst() (se, cb int) {
	b := s.circumstances()
	if s.answer[qRecipients] != toNobody {
		b.c = max(b.c, 1)
	}
	if s.answer[qExfiltration] == confirmed {
		b.c = 2
	}
	se, _ = score(s.dpc(), s.ei(), b.sum())
	return se, b.sum()
}

func scoreHigh(s *state) bool {
	se, _ := s.worst()
	return se >= 12
}

// scoreVeryHigh asks for a real circumstance as well: data that scores 4 by
// its nature alone would otherwise be high risk in one known pair of hands.
func scoreVeryHigh(s *state) bool {
	se, cb := s.worst()
	return se >= 16 && cb >= 2 && (reached(s) || s.data.has(sensitive))
}
