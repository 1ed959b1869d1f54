package risk

import "strconv"

// Flip is one single answer whose change would change the tier.
type Flip struct {
	Key  string `json:"key"`  // "exposure.recipients", or "data.health" for one kind
	From string `json:"from"` // "unanswered" where nobody has answered
	To   string `json:"to"`
	Tier Tier   `json:"tier"`
}

// open stands for an answer that nobody has given; "unknown" may be an answer.
const open = "unanswered"

// Numbers that stand for each side of a threshold.
var (
	someCounts = []int64{1, manyPeople + 1, largeScale}
	someHours  = []float64{momentHours, briefHours - 1, briefHours}
)

// flips tries every other answer to every question, one at a time, and
// reports whether an answer to an open question is among those that matter.
func (s *state) flips(base Tier) (list []Flip, gap bool) {
	list = make([]Flip, 0, 40)
	try := func(v *state, key, from, to string) {
		if t := v.tier(); t != base {
			list = append(list, Flip{key, from, to, t})
			gap = gap || from == open
		}
	}
	s.flipSets(try)
	s.flipNumbers(try)
	for q := range answers {
		a := &answers[q]
		from := s.named(q)
		for i, w := range a.values {
			if uint8(i+1) == s.answer[q] || a.extra && from == open {
				continue
			}
			v := *s
			v.answer[q] = uint8(i + 1)
			try(&v, a.path, from, w)
		}
	}
	return list, gap
}

type attempt func(v *state, key, from, to string)

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

func toggled(unknown, in bool) (from, to string) {
	switch {
	case unknown:
		return open, "true"
	case in:
		return "true", "false"
	}
	return "false", "true"
}

func (s *state) flipNumbers(try attempt) {
	for _, n := range someCounts {
		if s.count >= 0 && step(n, someCounts) == step(s.count, someCounts) {
			continue
		}
		v := *s
		v.count = n
		try(&v, "people.count", countWord(s.count), strconv.FormatInt(n, 10))
	}
	for _, h := range someHours {
		v := *s
		v.hours = h
		try(&v, "availability.hours", hoursWord(s.hours), hoursWord(h))
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

func countWord(n int64) string {
	if n < 0 {
		return open
	}
	return strconv.FormatInt(n, 10)
}

func hoursWord(h float64) string {
	if h < 0 {
		return open
	}
	return strconv.FormatFloat(h, 'f', -1, 64)
}

// named is the word of an answer.
func (s *state) named(q int) string {
	if v := s.answer[q]; v != unanswered {
		return answers[q].values[v-1]
	}
	return open
}

var breachKeys, dataKeys = prefixed("breach.", breachTypes), prefixed("data.", dataKinds)

func prefixed(prefix string, list []string) []string {
	out := make([]string, len(list))
	for i, w := range list {
		out[i] = prefix + w
	}
	return out
}
