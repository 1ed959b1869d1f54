package risk

import (
	_ "embed"
	"encoding/json"
	"math/bits"
	"sync"
)

// cases.json holds the 18 example cases of EDPB Guidelines 01/2021 v2.0 and
// the 10 of Annex B to Guidelines 9/2022 v2.0, in our own words, with the
// official outcome and our encoding of the facts.
//
//go:embed cases.json
var casesFile []byte

// Precedent is an official example that resembles the facts. It is guidance:
// a small difference in the facts may change the result (01/2021, para. 14).
type Precedent struct {
	ID         string       `json:"id"`
	Title      string       `json:"title"`
	Source     string       `json:"source"`
	Outcome    Outcome      `json:"outcome"`
	Alike      int          `json:"alike_percent"` // by our own weights
	Agree      []string     `json:"agree"`
	Differ     []Difference `json:"differ"`
	Confidence Confidence   `json:"confidence"`

	titles map[string]string
}

// Outcome is what the guidelines say; each may be "depends".
type Outcome struct {
	Tier   string `json:"tier"`
	Notify string `json:"notify_authority"`
	Tell   string `json:"tell_people"`
}

// Difference is one fact that differs; null is unanswered.
type Difference struct {
	Key   string `json:"key"`
	Here  any    `json:"here"`
	There any    `json:"there"`
}

// Confidence says how sure we are of our text of the case: seen (read at the
// source), seen_secondary, recalled.
type Confidence struct {
	Facts   string `json:"facts"`
	Outcome string `json:"outcome"`
}

// precedentCase is one case of the file.
type precedentCase struct {
	ID         string            `json:"id"`
	Titles     map[string]string `json:"titles"`
	Source     string            `json:"source"`
	Summary    string            `json:"summary"`
	Outcome    Outcome           `json:"outcome"`
	Notes      string            `json:"outcome_notes"`
	Decisive   []string          `json:"decisive_factors"`
	Confidence Confidence        `json:"confidence"`
	Note       string            `json:"encoding_note"`
	Facts      json.RawMessage   `json:"facts"`

	state state
}

var precedentCases = sync.OnceValue(func() []precedentCase {
	var file struct {
		Cases []precedentCase `json:"cases"`
	}
	if json.Unmarshal(casesFile, &file) != nil {
		return nil // TestCases reads the same file and fails
	}
	for i := range file.Cases {
		if f, err := Parse(file.Cases[i].Facts); err == nil {
			file.Cases[i].state = stateOf(&f)
		}
	}
	return file.Cases
})

// shown is how many precedents stand beside a proposal.
const shown = 3

// weights say how much an agreeing answer counts towards likeness.
var weights = [nAnswers]int{
	qVulnerable: 2, qRecipients: 3, qTrusted: 2, qReturned: 3, qExfiltration: 3,
	qEncrypted: 3, qKey: 2, qLoss: 3, qBackup: 1, qEffect: 2, qMalicious: 3,
}

const (
	breachWeight = 2 // for each type
	dataWeight   = 8 // for the whole set
	countWeight  = 3
)

// likeness compares two breaches in percent. A question open on one side
// counts half, one open on both sides not at all.
func (s *state) likeness(o *state) int {
	got, of := 0, 0
	add := func(weight int, agree, known bool) {
		of += 2 * weight
		if agree && known {
			got += 2 * weight
		}
		if !known {
			of -= weight
		}
	}
	for q, w := range weights {
		a, b := s.answer[q], o.answer[q]
		if w > 0 && a|b != unanswered {
			add(w, a == b, a != unanswered && b != unanswered)
		}
	}
	for i := range breachTypes {
		add(breachWeight, (s.breach^o.breach)>>i&1 == 0, s.breach != 0 && o.breach != 0)
	}
	if s.count >= 0 || o.count >= 0 {
		add(countWeight, scale(s.count) == scale(o.count), s.count >= 0 && o.count >= 0)
	}
	if both := (s.data | o.data).size(); both > 0 {
		of += 2 * dataWeight
		got += 2 * dataWeight * (s.data & o.data).size() / both
	}
	return got * 100 / max(of, 1)
}

// scale is the order of magnitude of a number of people.
func scale(n int64) int { return bits.Len64(uint64(max(n, 0))) / 4 }

// precedents are the cases most like the facts, most alike first.
func (s *state) precedents() []Precedent {
	cases := precedentCases()
	var best [shown]struct{ alike, index int }
	for i := range cases {
		alike := s.likeness(&cases[i].state)
		for j := range best {
			if alike > best[j].alike {
				copy(best[j+1:], best[j:])
				best[j] = struct{ alike, index int }{alike, i}
				break
			}
		}
	}
	out := make([]Precedent, 0, shown)
	for _, b := range best {
		if b.alike == 0 {
			continue
		}
		c := &cases[b.index]
		p := Precedent{ID: c.ID, Source: c.Source, Outcome: c.Outcome, Alike: b.alike,
			Confidence: c.Confidence, titles: c.Titles}
		p.Agree, p.Differ = s.compare(&c.state)
		out = append(out, p)
	}
	return out
}

// compare lists the facts that agree and those that differ; a question open
// on both sides is left out.
func (s *state) compare(o *state) (agree []string, differ []Difference) {
	agree, differ = make([]string, 0, 16), make([]Difference, 0, 8)
	if s.breach == o.breach {
		agree = append(agree, "breach")
	} else {
		differ = append(differ, Difference{"breach", s.breachWords(), o.breachWords()})
	}
	switch {
	case s.data != o.data:
		differ = append(differ, Difference{"data", s.dataWords(), o.dataWords()})
	case s.data != 0:
		agree = append(agree, "data")
	}
	switch known := s.count >= 0 && o.count >= 0; {
	case known && scale(s.count) == scale(o.count):
		agree = append(agree, "people.count")
	case s.count >= 0 || o.count >= 0:
		differ = append(differ, Difference{"people.count", s.givenCount(), o.givenCount()})
	}
	for q, w := range weights {
		switch a, b := s.answer[q], o.answer[q]; {
		case w == 0 || a|b == unanswered:
		case a == b:
			agree = append(agree, answers[q].path)
		default:
			differ = append(differ, Difference{answers[q].path, s.given(q), o.given(q)})
		}
	}
	return agree, differ
}

func (s *state) breachWords() any {
	var out []string
	for i, w := range breachTypes {
		if s.breach&(1<<i) != 0 {
			out = append(out, w)
		}
	}
	return listed(out)
}

func (s *state) dataWords() any { return listed(s.data.words()) }

func listed(words []string) any {
	if words == nil {
		return nil
	}
	return words
}
