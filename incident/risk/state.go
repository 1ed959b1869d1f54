package risk

import "math/bits"

// state is the facts in a form that is cheap to copy and to vary: one byte
// per answer (0 is unanswered), sets as bits.
type state struct {
	answer [nAnswers]uint8
	breach uint8   // bits of breachTypes; 0 is unanswered
	data   kinds   // 0 is unanswered
	count  int64   // the most people it can be; -1 is unanswered
	hours  float64 // -1 is unanswered

	ctx *Context // the assessor's corrections to the score; nil for none

	// What most rules ask, settled once for all of them.
	reach, harm bool
}

// settle answers what most rules ask. It runs before any rule does.
func (s *state) settle() {
	s.reach = s.answer[qAlreadyPublic] != wasPublic && exposed(s) && readable(s)
	s.harm = harmed(s)
}

// kinds is a set of kinds of data.
type kinds uint32

const (
	confidentiality = 1 << iota
	integrity
	availability
)

// Kinds of data, in the order of dataKinds.
const (
	name kinds = 1 << iota
	contact
	address
	nationalID
	idDocument
	credentials
	passwordHash
	paymentCard
	financial
	location
	behaviour
	communications
	employment
	education
	health
	socialCare
	specialCategory
	criminal
)

func (k kinds) has(some kinds) bool { return k&some != 0 }
func (k kinds) size() int           { return bits.OnesCount32(uint32(k)) }

// words lists the kinds of the set by name.
func (k kinds) words() []string {
	var out []string
	for i, w := range dataKinds {
		if k.has(1 << i) {
			out = append(out, w)
		}
	}
	return out
}

// stateOf reads the facts. A word that the vocabulary does not know counts
// as unanswered.
func stateOf(f *Facts) state {
	s := state{count: -1, hours: -1}
	if f.Severity.EI != nil || f.Severity.Adjust != nil || f.Severity.Reason != "" {
		s.ctx = &f.Severity
	}
	for _, w := range f.Breach {
		if i := position(breachTypes, w); i > 0 {
			s.breach |= 1 << (i - 1)
		}
	}
	for _, w := range f.Data {
		if i := position(dataKinds, w); i > 0 {
			s.data |= 1 << (i - 1)
		}
	}
	s.people(f.People)
	s.word(qRecipients, f.Exposure.Recipients)
	s.flag(qTrusted, f.Exposure.Trusted)
	s.flag(qReturned, f.Exposure.ReturnConfirmed)
	s.word(qExfiltration, f.Exposure.Exfiltration)
	s.word(qEncrypted, f.Protection.Encrypted)
	s.word(qKey, f.Protection.Key)
	s.word(qHash, f.Protection.Hash)
	s.word(qLoss, f.Availability.Loss)
	s.flag(qBackup, f.Availability.Backup)
	s.word(qEffect, f.Availability.Effect)
	s.flag(qMalicious, f.Malicious)
	s.flag(qAlreadyPublic, f.AlreadyPublic)
	if f.Availability.Hours != nil {
		s.hours = *f.Availability.Hours
	}
	s.weigh(f.Evidence)
	s.settle()
	return s
}

func (s *state) people(p People) {
	if p.Count != nil {
		s.count = *p.Count
	}
	if p.AtMost != nil {
		s.count = max(s.count, *p.AtMost)
	}
	s.word(qCertainty, p.Certainty)
	s.flag(qVulnerable, p.Vulnerable)
}

// weigh turns "exfiltration excluded" into "possible" where the logs are
// known to have gaps: absence of evidence is not evidence of absence.
func (s *state) weigh(e Evidence) {
	if e.LogsComplete != nil && !*e.LogsComplete && s.answer[qExfiltration] == excluded {
		s.answer[qExfiltration] = possible
	}
}

func (s *state) word(q int, w string) { s.answer[q] = position(answers[q].values, w) }

func (s *state) flag(q int, v *bool) {
	switch {
	case v == nil:
	case *v:
		s.word(q, "true")
	default:
		s.word(q, "false")
	}
}

// forget makes the answer with this path unanswered.
func (s *state) forget(path string) {
	switch path {
	case "breach":
		s.breach = 0
	case "data":
		s.data = 0
	case "people.count", "people.at_most":
		s.count = -1
	case "availability.hours":
		s.hours = -1
	}
	for q := range answers {
		if answers[q].path == path {
			s.answer[q] = unanswered
		}
	}
	s.settle()
}

// answered reports whether somebody has given the answer with this path.
func (s *state) answered(path string) bool {
	v := *s
	v.forget(path)
	return v.breach != s.breach || v.data != s.data || v.count != s.count || v.hours != s.hours || v.answer != s.answer
}
