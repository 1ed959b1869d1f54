package risk

// A condition is a plain question about the facts. Every condition used by a
// raising rule stays true when any fact gets worse, so no rule can make a
// worse breach look better; TestWorseNeverLowers holds them to it.
type condition func(*state) bool

// Kinds of data by what they let someone do to a person.
const (
	identifiers   = nationalID | idDocument
	sensitive     = health | socialCare | specialCategory | criminal
	care          = health | socialCare
	critical      = identifiers | credentials | paymentCard | sensitive
	revealing     = financial | location | communications | employment
	light         = address | behaviour | education
	beyondContact = ^(name | contact | passwordHash)
)

const (
	manyPeople  = 100   // more than; ENISA 2013 flags the same number
	largeScale  = 1_000 // at least: an attack that pays by volume
	briefHours  = 24    // a shorter interruption passes as an inconvenience
	momentHours = 1     // at most: passes unless care depends on the data
)

// kindsIn are the kinds of data that count: a password hash that is weak or
// whose salt is out counts as the password itself.
func (s *state) kindsIn() kinds {
	k := s.data
	if k.has(passwordHash) && (s.answer[qKey] == keyOut || s.answer[qHash] == weakHash) {
		k |= credentials
	}
	return k
}

// openHash reports whether nobody can say that the password hashes are safe.
func openHash(s *state) bool { return s.data.has(passwordHash) && s.answer[qKey] != keySafe }

// readable reports whether whoever got the data could read it: no, when all
// of it was encrypted (or strongly hashed) and the key (or salt) is safe.
func readable(s *state) bool {
	if s.answer[qKey] != keySafe || s.answer[qHash] == weakHash {
		return true
	}
	return s.answer[qEncrypted] != fullyEncrypted && s.data != passwordHash
}

// exposed reports whether someone without the right to them may have had the
// data, readable or not.
func exposed(s *state) bool {
	to, out := s.answer[qRecipients], s.answer[qExfiltration]
	if s.breach == 0 || s.breach&confidentiality != 0 {
		return to != toNobody || out != excluded
	}
	attack := s.answer[qMalicious] != byAccident
	return to >= toKnown || out >= possible || attack && out != excluded
}

// reached reports whether somebody may have read the data.
func reached(s *state) bool { return s.reach }

// lost reports whether people may have felt that the data was away or wrong.
func lost(s *state) bool { return s.harm }

// harmed works out what lost reports.
func harmed(s *state) bool {
	gone, felt := s.answer[qLoss], s.answer[qEffect]
	if felt == seriousEffect || gone == lostForGood {
		return true
	}
	altered := s.breach == 0 || s.breach&integrity != 0
	if !altered && s.breach&availability == 0 && gone != lostForAWhile {
		return false
	}
	if altered && felt != noEffect {
		return true
	}
	return gone != lostNot && !brief(s)
}

// brief reports whether an interruption was too short or too slight to matter.
func brief(s *state) bool {
	short := s.hours >= 0 && s.hours < briefHours
	over := s.answer[qLoss] == lostForAWhile && s.answer[qBackup] != noBackup
	switch s.answer[qEffect] {
	case noEffect:
		long := s.hours >= briefHours && s.kindsIn().has(care)
		return short || s.answer[qBackup] == hasBackup && !long
	case inconvenience:
		return short && over && !s.kindsIn().has(care)
	case unanswered:
		return over && s.hours >= 0 && s.hours <= momentHours && s.data != 0 && !s.data.has(care)
	}
	return false
}

// touched reports whether people are touched at all; every raising rule asks it
// in one way or another.
func touched(s *state) bool { return reached(s) || lost(s) }

// contained reports whether known people, or none, had the data and have
// confirmed that it is returned or deleted.
func contained(s *state) bool {
	to := s.answer[qRecipients]
	return (to == toNobody || to == toKnown) && s.answer[qReturned] == gotBack
}

func notContained(s *state) bool { return !contained(s) }

// matters reports whether people were touched by more than a disclosure that
// has been taken back: a score does not know that a recipient gave it back.
func matters(s *state) bool { return lost(s) || reached(s) && notContained(s) }

// loose reports whether data that reached known people stays with people who
// are neither trusted nor have confirmed its return.
func loose(s *state) bool {
	return notContained(s) && s.answer[qTrusted] != isTrusted || beyondKnown(s)
}

func beyondKnown(s *state) bool { return s.answer[qRecipients] >= toUnknown }
func published(s *state) bool   { return s.answer[qRecipients] == toPublic }

// received reports whether there is, or may be, somebody who got the data.
func received(s *state) bool { return s.answer[qRecipients] != toNobody }

// copied reports whether unknown people are known to have the data.
func copied(s *state) bool {
	return published(s) || s.answer[qRecipients] == toUnknown && s.answer[qExfiltration] == confirmed
}

// hostile reports whether someone meaning harm has, or may have, readable data.
func hostile(s *state) bool {
	return s.answer[qMalicious] == onPurpose && s.answer[qExfiltration] != excluded && openly(s) && reached(s)
}

// openly reports whether the facts themselves speak of disclosure.
func openly(s *state) bool {
	return s.breach == 0 || s.breach&confidentiality != 0 || s.answer[qExfiltration] >= possible
}

func many(s *state) bool  { return s.count > manyPeople }
func large(s *state) bool { return s.count >= largeScale }

func fragile(s *state) bool { return s.answer[qVulnerable] == areVulnerable }

// holding asks whether any of these kinds of data is among the facts.
func holding(some kinds) condition {
	return func(s *state) bool { return s.kindsIn().has(some) }
}

// profile reports whether two or more kinds beyond name and contact details
// combine into a picture of a person.
func profile(s *state) bool { return (s.kindsIn() & beyondContact).size() >= 2 }

func is(q int, v uint8) condition {
	return func(s *state) bool { return s.answer[q] == v }
}

func missing(q int) condition { return is(q, unanswered) }

func noKinds(s *state) bool { return s.data == 0 }

// noNumber reports whether the number of people is unknown or a guess.
func noNumber(s *state) bool { return s.count < 0 || s.answer[qCertainty] == countUnknown }

func careAway(s *state) bool {
	felt := s.answer[qEffect]
	return s.answer[qLoss] != lostNot && s.hours >= briefHours && felt != noEffect && felt != inconvenience
}

// anyOf asks whether one of the conditions holds.
func anyOf(list ...condition) condition {
	return func(s *state) bool {
		for _, c := range list {
			if c(s) {
				return true
			}
		}
		return false
	}
}

func not(c condition) condition { return func(s *state) bool { return !c(s) } }
