package risk

// Flip is one single answer whose change would change the tier. From and To
// are as in the input: a word, a number, true or false; null is unanswered.
type Flip struct {
	Key  string `json:"key"` // "exposure.recipients", or "data.health" for one kind
	From any    `json:"from"`
	To   any    `json:"to"`
	Tier Tier   `json:"tier"`
}

// Numbers that stand for each side of a threshold.
var (
	someCounts = []int64{1, manyPeople + 1, largeScale}
	someHours  = []float64{momentHours, briefHours - 1, briefHours}
)

// flips tries every other answer to every question, one at a time, and
// reports whether an answer to an open question is among those that matter.
func (s *state) flips(base Tier) (list []Flip, gap bool) {
	list = make([]Flip, 0, 40)
	try := func(v *state, key string, from, to any) {
		if t := v.tier(); t != base {
			list = append(list, Flip{key, from, to, t})
			gap = gap || from == nil && s.asked(key)
		}
	}
	s.flipSets(try)
	s.flipNumbers(try)
	for q := range answers {
		a := &answers[q]
		for i := range a.values {
			if uint8(i+1) == s.answer[q] || a.extra && s.answer[q] == unanswered {
				continue
			}
			v := *s
			v.answer[q] = uint8(i + 1)
			try(&v, a.path, s.given(q), v.given(q))
		}
	}
	return list, gap
}

type attempt func(v *state, key string, from, to any)

// flipSets adds or takes away one type of breach and one kind of data.
func (s *state) flipSets(try attempt) {
	for i := range breachTypes {
		v := *s
		if v.breach ^= 1 << i; v.breach == 0 {
			continue
		}
		from, to := toggled(s.breach == 0, s.breach&(1<<i) != 0)
		try(&v, breachKeys[i], from, to)
	}
	for i := range dataKinds {
		v := *s
		if v.data ^= 1 << i; v.data == 0 {
			continue
		}
		from, to := toggled(s.data == 0, s.data.has(1<<i))
		try(&v, dataKeys[i], from, to)
	}
}

func toggled(unknown, in bool) (from, to any) {
	if unknown {
		return nil, true
	}
	return in, !in
}

func (s *state) flipNumbers(try attempt) {
	for _, n := range someCounts {
		if s.count >= 0 && step(n, someCounts) == step(s.count, someCounts) {
			continue
		}
		v := *s
		v.count = n
		try(&v, "people.count", s.givenCount(), n)
	}
	for _, h := range someHours {
		v := *s
		v.hours = h
		try(&v, "availability.hours", s.givenHours(), h)
	}
}

// step is the position of a number among the thresholds.
func step(n int64, thresholds []int64) int {
	i := 0
	for i < len(thresholds) && n >= thresholds[i] {
		i++
	}
	return max(i, 1)
}

func (s *state) givenCount() any {
	if s.count < 0 {
		return nil
	}
	return s.count
}

func (s *state) givenHours() any {
	if s.hours < 0 {
		return nil
	}
	return s.hours
}

// given is an answer as in the input; nil when nobody has answered.
func (s *state) given(q int) any { return asInput[q][s.answer[q]] }

// asInput holds every possible answer as in the input, by question and position.
var asInput = func() (out [nAnswers][]any) {
	for q, a := range answers {
		out[q] = []any{nil}
		for _, w := range a.values {
			if a.flag {
				out[q] = append(out[q], w == "true")
			} else {
				out[q] = append(out[q], w)
			}
		}
	}
	return out
}()

// asked reports whether a question is worth asking: what people went without
// is not where only confidentiality is concerned, nor what became of data
// that nobody, or anybody, has.
func (s *state) asked(path string) bool {
	switch path {
	case "availability.loss", "availability.hours", "availability.backup", "availability.effect":
		return s.breach != confidentiality || s.answer[qLoss] > lostNot
	case "exposure.return_confirmed", "exposure.recipient_trusted":
		return s.answer[qRecipients] == unanswered || s.answer[qRecipients] == toKnown
	case "protection.key":
		return s.answer[qEncrypted] != notEncrypted || s.data.has(passwordHash)
	}
	return true
}

var breachKeys, dataKeys = prefixed("breach.", breachTypes), prefixed("data.", dataKinds)

func prefixed(prefix string, list []string) []string {
	out := make([]string, len(list))
	for i, w := range list {
		out[i] = prefix + w
	}
	return out
}
