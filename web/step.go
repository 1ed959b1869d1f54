package web

import "hatakello/incident"

// step is the next right thing to do in a case: what, and where.
type step struct {
	Key  string // of its words: "step.KEY.title", ".text", ".else", ".act"
	N    int    // how many it is about
	Need string // the act that it takes
	To   string // where it is done
}

// situation is what decides the next step.
type situation struct {
	inc *incident.Incident
	own *incident.Line // the own company's record, or nil
}

// steps are all steps, the most pressing first: the first whose time has come
// is the next. Telling people never waits for an assessment (rule 21).
var steps = []struct {
	step
	count func(situation) int
}{
	{step{Key: "reopen", Need: "reopen"}, func(x situation) int { return yes(!x.inc.Open()) }},
	{step{Key: "inquiry", Need: "inquire", To: "/inquiry"}, func(x situation) int { return yes(x.inc.Inquiry.Running()) }},
	{step{Key: "nothing", Need: "close", To: "/close"}, func(x situation) int { return yes(x.inc.NoBreach()) }},
	{step{Key: "affect", Need: "affect", To: "/affect"}, func(x situation) int { return yes(x.inc.Tally.Records == 0 && x.own == nil) }},
	{step{Key: "notify", Need: "notify", To: "/notify"}, func(x situation) int { return x.inc.Tally.Records - x.inc.Tally.Notified }},
	{step{Key: "phone", Need: "phone", To: "/calls"}, func(x situation) int { return x.inc.Tally.Failed }},
	{step{Key: "wait", Need: "read", To: "/deliveries"}, func(x situation) int {
		return x.inc.Tally.Notified - x.inc.Tally.Accepted - x.inc.Tally.Failed
	}},
	{step{Key: "own", Need: "assess"}, func(x situation) int { return yes(x.own != nil && x.own.Tier == incident.Unassessed) }},
	{step{Key: "report", Need: "report"}, func(x situation) int { return yes(x.own != nil && owed(x.own)) }},
	{step{Key: "chase", Need: "phone", To: "/records?stage=accepted"}, func(x situation) int { return x.inc.Tally.Accepted - x.inc.Tally.Acked }},
	{step{Key: "facts", Need: "describe", To: "/facts"}, func(x situation) int { return len(blanks(x.inc)) }},
	{step{Key: "close", Need: "close", To: "/close"}, func(situation) int { return 1 }},
}

func yes(b bool) int {
	if b {
		return 1
	}
	return 0
}

// owed reports whether a duty of ours towards others than controllers runs.
func owed(l *incident.Line) bool {
	for _, d := range l.Deadlines {
		if d.Ours && d.Running() {
			return true
		}
	}
	return false
}

// next returns the step to take now.
func (x situation) next() step {
	for _, s := range steps {
		n := s.count(x)
		if n <= 0 {
			continue
		}
		s.N, s.To = n, "/incidents/"+x.inc.ID+s.To
		if x.own != nil && (s.Key == "own" || s.Key == "report") {
			s.To = "/records/" + x.own.ID
		}
		return s.step
	}
	return step{}
}

// blank is something about a case that is not known yet.
type blank struct {
	Key  string // of "blank.KEY"
	Name string // of the field in which it is written
}

// blanks lists what the shared facts of a case lack, in the order of Art. 33(3).
func blanks(inc *incident.Incident) []blank {
	f := inc.Facts
	var all []blank
	for _, x := range []struct {
		name  string
		blank bool
	}{
		{"nature", f.Nature.Blank()}, {"data", f.Data.Blank()}, {"groups", f.Groups.Blank()}, {"people", f.People.Blank()},
		{"consequences", f.Consequences.Blank()}, {"measures", f.Measures.Blank()}, {"advice", f.Advice.Blank()},
	} {
		if x.blank {
			all = append(all, blank{x.name, x.name})
		}
	}
	for _, m := range []incident.Moment{incident.OccurredFrom, incident.Contained} {
		if k, ok := inc.At(m); !ok || k.At.IsZero() {
			all = append(all, blank{string(m), "moments"})
		}
	}
	return all
}
