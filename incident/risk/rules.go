package risk

// rule is one line of the assessment. It fires when all its conditions hold.
// Raising rules only ever raise: the proposal is the highest effect of those
// that fire, and "risk unlikely" is what is left when none does. A forced
// rule is a minimum that no score may undercut.
type rule struct {
	key    string
	source string
	effect effect
	forced bool
	names  kinds // the kinds of data that its words name
	when   []condition
}

type effect uint8

const (
	ground   effect = iota // explains a low tier, raises nothing
	consider               // risk stays risk, but think of telling the people
	toRisk
	toHigh
)

const (
	factors  = "EDPB Guidelines 9/2022, section IV"
	recitals = "GDPR recitals 75 and 85"
	art9     = "GDPR Art. 9 and 10; EDPB Guidelines 9/2022, section IV"
	art4     = "GDPR Art. 4(12); EDPB Guidelines 9/2022, section IV"
	art34    = "GDPR Art. 34(1); EDPB Guidelines 9/2022, section IV"
	enisa13  = "ENISA 2013 v1.0"
	silence  = "GDPR Art. 33(1): risk unless unlikely"
)

// rules is the whole of the assessment, strongest effects first. In each line
// the conditions that are cheapest to ask stand first.
var rules = []rule{
	// High risk: a person or an attacker can do serious harm with what they have.
	{"hostile_critical", art34, toHigh, false, critical, allOf(holding(critical), hostile)},
	{"hostile_revealing", art34, toHigh, false, revealing, allOf(holding(revealing), hostile)},
	{"hostile_profile", art34, toHigh, false, light, allOf(profile, many, hostile)},
	{"hostile_scale", art34, toHigh, false, beyondContact, allOf(large, holding(beyondContact), hostile)},
	{"critical_public", art34, toHigh, false, critical, allOf(published, holding(critical), reached)},
	{"critical_many", art34, toHigh, false, critical, allOf(many, holding(critical), received, loose, reached)},
	{"critical_copied", art34, toHigh, false, critical, allOf(copied, holding(critical), reached)},
	{"critical_vulnerable", art34, toHigh, false, critical, allOf(beyondKnown, fragile, holding(critical), reached)},
	{"revealing_many", art34, toHigh, false, revealing, allOf(copied, many, holding(revealing), reached)},
	{"vulnerable_public", art34, toHigh, false, beyondContact, allOf(published, fragile, holding(beyondContact), reached)},
	{"serious_effect", art4, toHigh, false, 0, allOf(is(qEffect, seriousEffect))},
	{"care_interrupted", art4, toHigh, false, care, allOf(careAway, holding(care), lost)},
	{"enisa_very_high", enisa13, toHigh, false, 0, allOf(matters, scoreVeryHigh)},

	// Forced minimum "risk".
	{"identifier", recitals, toRisk, true, identifiers, allOf(holding(identifiers), touched)},
	{"credentials", factors, toRisk, true, credentials | passwordHash, allOf(anyOf(holding(credentials), openHash), touched)},
	{"payment_card", recitals, toRisk, true, paymentCard, allOf(holding(paymentCard), touched)},
	{"special_data", art9, toRisk, true, sensitive, allOf(holding(sensitive), touched)},
	{"vulnerable", recitals, toRisk, true, 0, allOf(fragile, touched)},
	{"many_people", factors, toRisk, true, 0, allOf(many, touched)},
	{"unknown_recipient", factors, toRisk, true, 0, allOf(beyondKnown, reached)},
	{"malicious", factors, toRisk, true, 0, allOf(is(qMalicious, onPurpose), reached)},
	{"permanent_loss", art4, toRisk, true, 0, allOf(is(qLoss, lostForGood))},

	// Risk by what the facts say.
	{"interruption", art4, toRisk, false, 0, allOf(not(is(qEffect, unanswered)), lost)},
	{"revealing_data", factors, toRisk, false, revealing, allOf(notContained, holding(revealing), reached)},
	{"combined_data", factors, toRisk, false, light | revealing, allOf(notContained, profile, reached)},
	{"enisa_high", enisa13, toRisk, false, 0, allOf(matters, scoreHigh)},

	// Risk by what nobody has answered.
	{"data_unanswered", silence, toRisk, false, 0, allOf(noKinds, touched)},
	{"number_unanswered", silence, toRisk, false, 0, allOf(noNumber, reached)},
	{"recipient_unanswered", silence, toRisk, false, 0, allOf(missing(qRecipients), reached)},
	{"intent_unanswered", silence, toRisk, false, 0, allOf(missing(qMalicious), reached)},
	{"effect_unanswered", silence, toRisk, false, 0, allOf(missing(qEffect), lost)},

	// Risk, and the people may need to know.
	{"consider_critical", art34, consider, false, critical, allOf(holding(critical), reached)},
	{"consider_vulnerable", art34, consider, false, 0, allOf(fragile, touched)},
	{"consider_many", art34, consider, false, 0, allOf(many, holding(beyondContact), reached)},
	{"consider_loss", art34, consider, false, 0, allOf(is(qLoss, lostForGood))},
	{"consider_hostile", art34, consider, false, 0, allOf(beyondKnown, hostile)},
	{"consider_open", silence, consider, false, 0, allOf(noKinds, touched)},

	// Why a risk is unlikely.
	{"nobody_reached", factors, ground, false, 0, allOf(not(exposed))},
	{"unintelligible", "GDPR Art. 34(3)(a); EDPB Guidelines 9/2022, section IV", ground, false, 0, allOf(exposed, not(readable))},
	{"public_before", factors, ground, false, 0, allOf(is(qAlreadyPublic, wasPublic))},
	{"contained", factors, ground, false, 0, allOf(contained, reached)},
	{"slight_data", factors, ground, false, 0, allOf(notContained, reached)},
	{"nothing_lost", art4, ground, false, 0, allOf(not(lost))},
}

func allOf(c ...condition) []condition { return c }

// fires reports whether every condition of the rule holds.
func (r *rule) fires(s *state) bool {
	for _, c := range r.when {
		if !c(s) {
			return false
		}
	}
	return true
}
