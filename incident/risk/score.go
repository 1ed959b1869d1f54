package risk

// enisa is the score with everything that went into it.
func (s *state) enisa() Enisa {
	b, dpc, ei := s.circumstances(), s.dpc(), s.ei()
	se, band := score(dpc, ei, b.sum())
	reason := ""
	if s.ctx != nil {
		reason = s.ctx.Reason
	}
	return Enisa{
		DPC: dpc, EI: quarters(ei), CB: quarters(b.sum()), SE: quarters(se), Band: band,
		Confidentiality: quarters(b.c), Integrity: quarters(b.i),
		Availability: quarters(b.a), Malicious: quarters(b.m),
		Categories:         s.categories(),
		FlagIndividuals:    many(s),
		FlagUnintelligible: !readable(s),
		Provisional:        s.data == 0,
		Reason:             reason,
		Method:             Method,
	}
}

// corrections are the assessor's own adjustments of basic scores.
func (s *state) corrections() []Adjustment {
	if s.ctx == nil {
		return nil
	}
	return s.ctx.Adjust
}

func quarters(n int) float64 { return float64(n) / 4 }

// categories lists each category among the data with its adjustments.
func (s *state) categories() []Category {
	var out []Category
	for c, k := range categoryKinds {
		if !s.data.has(k) {
			continue
		}
		out = append(out, Category{categories[c], c + 1, s.categoryScore(c), s.adjustments(c)})
	}
	return out
}

func (s *state) adjustments(c int) []Adjustment {
	var out []Adjustment
	for _, a := range automatic {
		if a.category == c && s.data&a.all == a.all {
			out = append(out, Adjustment{categories[c], a.steps, a.key})
		}
	}
	for _, a := range s.corrections() {
		if a.Category == categories[c] {
			out = append(out, a)
		}
	}
	return out
}
