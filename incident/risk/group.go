package risk

// state reads the answers and drops those marked unknown. With doubt, it
// drops those merely assumed as well.
func (f *Facts) state(doubt bool) state {
	s := stateOf(f)
	for path, c := range f.Certainty {
		if c.State == "unknown" || doubt && c.State == "assumed" {
			s.forget(path)
		}
	}
	return s
}

// careful is the state that gives the higher tier: the answers as given, or
// without those merely assumed. An assumption can raise, never lower.
func (f *Facts) careful() state {
	given := f.state(false)
	if len(f.Certainty) > 0 {
		if doubted := f.state(true); doubted.tier() > given.tier() {
			return doubted
		}
	}
	return given
}

// leansOnAssumption reports whether dropping the assumed answers, or taking
// them as known, gives two different tiers.
func (f *Facts) leansOnAssumption() bool {
	if len(f.Certainty) == 0 {
		return false
	}
	given, doubted := f.state(false), f.state(true)
	return given.tier() != doubted.tier()
}

// decisive is the state of the group with the highest tier, and each group's
// own proposal; without groups, the state of the breach.
func (f *Facts) decisive() (state, []GroupProposal) {
	if len(f.Groups) == 0 {
		return f.careful(), nil
	}
	var worst state
	var out []GroupProposal
	for i := range f.Groups {
		g := f.with(&f.Groups[i])
		s := g.careful()
		t := s.tier()
		out = append(out, GroupProposal{f.Groups[i].Name, t, s.tell(t), s.reasons(t)})
		if i == 0 || s.worse(&worst) {
			worst = s
		}
	}
	return worst, out
}

// worse reports whether a state asks for more than another.
func (s *state) worse(o *state) bool {
	a, b := s.tier(), o.tier()
	return a > b || a == b && position(tellWords, s.tell(a)) > position(tellWords, o.tell(b))
}

// with is the breach as one group of people met it.
func (f *Facts) with(g *Group) Facts {
	m := *f
	m.Groups = nil
	if len(g.Breach) > 0 {
		m.Breach = g.Breach
	}
	if len(g.Data) > 0 {
		m.Data = g.Data
	}
	if g.People.Count != nil || g.People.AtMost != nil {
		m.People.Count, m.People.AtMost = g.People.Count, g.People.AtMost
	}
	pick(&m.People.Certainty, g.People.Certainty)
	pick(&m.People.Vulnerable, g.People.Vulnerable)
	pick(&m.Exposure.Recipients, g.Exposure.Recipients)
	pick(&m.Exposure.Trusted, g.Exposure.Trusted)
	pick(&m.Exposure.ReturnConfirmed, g.Exposure.ReturnConfirmed)
	pick(&m.Exposure.Exfiltration, g.Exposure.Exfiltration)
	pick(&m.Protection.Encrypted, g.Protection.Encrypted)
	pick(&m.Protection.Key, g.Protection.Key)
	pick(&m.Protection.Hash, g.Protection.Hash)
	pick(&m.Availability.Loss, g.Availability.Loss)
	pick(&m.Availability.Hours, g.Availability.Hours)
	pick(&m.Availability.Backup, g.Availability.Backup)
	pick(&m.Availability.Effect, g.Availability.Effect)
	pick(&m.Malicious, g.Malicious)
	m.Certainty = f.certaintyBeside(g)
	return m
}

// certaintyBeside is the certainty of the answers that the group takes over
// from the whole; those it gives itself are known.
func (f *Facts) certaintyBeside(g *Group) map[string]Sure {
	own := stateOf(&Facts{Breach: g.Breach, Data: g.Data, People: g.People, Exposure: g.Exposure,
		Protection: g.Protection, Availability: g.Availability, Malicious: g.Malicious})
	out := map[string]Sure{}
	for path, c := range f.Certainty {
		if !own.answered(path) {
			out[path] = c
		}
	}
	return out
}

// pick takes the group's own answer where it has one.
func pick[T comparable](to *T, own T) {
	var none T
	if own != none {
		*to = own
	}
}

// total is the number of people in all groups together, or -1.
func (f *Facts) total() int64 {
	sum, whole := int64(0), stateOf(f).count
	for i := range f.Groups {
		g := state{count: -1}
		g.people(f.Groups[i].People)
		sum += max(g.count, 0)
	}
	return max(sum, whole)
}

// touchedAny reports whether anybody's data was reached or lost.
func touchedAny(f *Facts) bool {
	for i := range f.Groups {
		g := f.with(&f.Groups[i])
		if s := g.careful(); touched(&s) {
			return true
		}
	}
	return false
}

// manyTogether is the reason for groups that pass 100 people only together.
func manyTogether(total int64) Reason {
	return Reason{Rule: "many_people", Source: factors, Effect: toRisk.String(), Forced: true, Count: total}
}
