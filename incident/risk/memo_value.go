package risk

import (
	"strconv"
	"strings"
)

// decimal writes a number as the language does: 0,25 or 0.25.
func (m memo) decimal(v float64) string {
	s := strconv.FormatFloat(v, 'f', -1, 64)
	if m.lang == "en" {
		return s
	}
	return strings.Replace(s, ".", ",", 1)
}

// value is the label of an answer.
func (m memo) value(key string, v any) string {
	switch v := v.(type) {
	case nil:
		return m.t("value.unanswered")
	case bool:
		return m.t("value." + strconv.FormatBool(v))
	case int64:
		return number(m.lang, v)
	case float64:
		return m.decimal(v)
	case []string:
		return labels(m.lang, key+".", v)
	case string:
		return m.t("value." + key + "." + v)
	}
	return ""
}

// flips lists the single answers that change the tier.
func (m memo) flips(list []Flip) {
	m.head("memo.flips")
	lines := m.flipLines(list)
	if len(lines) == 0 {
		m.item(m.t("memo.flips_none"))
	}
	for _, l := range lines {
		m.item(l)
	}
	m.line("")
}

// FlipLines tells in fi, sv or en which single answers would change the tier:
// one line for each question, direction and tier.
func (p Proposal) FlipLines(lang string) []string { return memo{lang: lang}.flipLines(p.Flips) }

func (m memo) flipLines(list []Flip) []string {
	var lines []string
	for len(list) > 0 {
		n := 1
		for n < len(list) && sameLine(list[0], list[n]) {
			n++
		}
		lines = append(lines, m.flip(list[:n]))
		list = list[n:]
	}
	return lines
}

// sameLine reports whether two flips can share a line.
func sameLine(a, b Flip) bool {
	p, x := keyOf(a.Key)
	q, _ := keyOf(b.Key)
	return p == q && a.Tier == b.Tier && a.From == b.From && (x == "" || a.To == b.To)
}

func (m memo) flip(list []Flip) string {
	key, sub := keyOf(list[0].Key)
	var to []string
	for _, f := range list {
		if _, s := keyOf(f.Key); s != "" {
			to = append(to, m.t(key+"."+s))
		} else {
			to = append(to, m.value(key, f.To))
		}
	}
	line := "memo.flip"
	if sub != "" {
		line = map[any]string{true: "memo.flip_add", false: "memo.flip_remove"}[list[0].To]
	}
	return m.t(line, "key", m.t("question."+key), "from", m.value(key, list[0].From),
		"to", strings.Join(to, " / "), "tier", m.t("tier."+list[0].Tier.String()))
}

// keyOf splits "data.health" into the question and the kind.
func keyOf(key string) (question, sub string) {
	for _, set := range []string{"breach", "data"} {
		if s, ok := strings.CutPrefix(key, set+"."); ok {
			return set, s
		}
	}
	return key, ""
}

// facts lists the answers as given, each with its certainty and source.
func (m memo) facts(f *Facts) {
	m.head("memo.facts")
	s := stateOf(f)
	m.fact(f, "breach", s.breachWords())
	m.fact(f, "data", s.dataWords())
	m.fact(f, "people.count", s.givenCount())
	m.fact(f, "availability.hours", s.givenHours())
	for q, a := range answers {
		m.fact(f, a.path, s.given(q))
	}
	if f.DataAgeYears != nil {
		m.item(m.t("question.data_age_years") + ": " + m.decimal(*f.DataAgeYears))
	}
	m.given(&f.Evidence)
	m.line("")
}

// given lists the evidence that has been recorded.
func (m memo) given(e *Evidence) {
	if e.LogsComplete != nil {
		m.item(m.t("question.evidence.logs_complete") + ": " + m.value("", *e.LogsComplete))
	}
	for _, x := range []struct{ key, text string }{
		{"logs_reviewed_by", e.LogsReviewedBy}, {"algorithm", e.Algorithm},
		{"key_location", e.KeyLocation}, {"deletion_confirmed_by", e.DeletionBy},
	} {
		if x.text != "" {
			m.item(m.t("question.evidence."+x.key) + ": " + x.text)
		}
	}
}

func (m memo) fact(f *Facts, key string, v any) {
	if v == nil {
		return
	}
	line := m.t("question."+key) + ": " + m.value(key, v)
	if c, ok := f.Certainty[key]; ok {
		line += " (" + m.t("memo.certainty."+c.State)
		if c.Source != "" {
			line += "; " + m.t("memo.source", "source", c.Source)
		}
		line += ")"
	}
	m.item(line)
}
