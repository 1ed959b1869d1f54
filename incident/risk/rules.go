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

// rules is the whole of the assessment, strongest effects first.
var rules = []rule{
	// High risk: a person or an attacker can do serious harm with what they have.
	{"hostile_critical", art34, toHigh, false, critical, allOf(hostile, holding(critical))},
	{"hostile_revealing", art34, toHigh, false, revealing, allOf(hostile, holding(revealing))},
	{"hostile_profile", art34, toHigh, false, light, allOf(hostile, profile, many)},
	{"hostile_scale", art34, toHigh, false, beyondContact, allOf(hostile, large, holding(beyondContact))},
	{"critical_public", art34, toHigh, false, critical, allOf(reached, published, holding(critical))},
	{"critical_many", art34, toHigh, false, critical, allOf(reached, many, holding(critical), received, loose)},
	{"critical_copied", art34, toHigh, false, critical, allOf(reached, copied, holding(critical))},
	{"critical_vulnerable", art34, toHigh, false, critical, allOf(reached, beyondKnown, fragile, holding(critical))},
	{"revealing_many", art34, toHigh, false, revealing, allOf(reached, copied, many, holding(revealing))},
	{"vulnerable_public", art34, toHigh, false, beyondContact, allOf(reached, published, fragile, holding(beyondContact))},
	{"serious_effect", art4, toHigh, false, 0, allOf(is(qEffect, seriousEffect))},
	{"care_interrupted", art4, toHigh, false, care, allOf(lost, careAway, holding(care))},
	{"enisa_very_high", enisa13, toHigh, false, 0, allOf(matters, scoreVeryHigh)},

	// Forced minimum "risk".
	{"identifier", recitals, toRisk, true, identifiers, allOf(touched, holding(identifiers))},
	{"credentials", factors, toRisk, true, credentials | passwordHash, allOf(touched, anyOf(holding(credentials), openHash))},
	{"payment_card", recitals, toRisk, true, paymentCard, allOf(touched, holding(paymentCard))},
	{"special_data", art9, toRisk, true, sensitive, allOf(touched, holding(sensitive))},
	{"vulnerable", recitals, toRisk, true, 0, allOf(touched, fragile)},
	{"many_people", factors, toRisk, true, 0, allOf(touched, many)},
	{"unknown_recipient", factors, toRisk, true, 0, allOf(reached, beyondKnown)},
	{"malicious", factors, toRisk, true, 0, allOf(reached, is(qMalicious, onPurpose))},
	{"permanent_loss", art4, toRisk, true, 0, allOf(is(qLoss, lostForGood))},

	// Risk by what the facts say.
	{"interruption", art4, toRisk, false, 0, allOf(lost, not(is(qEffect, unanswered)))},
	{"revealing_data", factors, toRisk, false, revealing, allOf(reached, notContained, holding(revealing))},
	{"combined_data", factors, toRisk, false, light | revealing, allOf(reached, notContained, profile)},
	{"enisa_high", enisa13, toRisk, false, 0, allOf(matters, scoreHigh)},

	// Risk by what nobody has answered.
	{"data_unanswered", silence, toRisk, false, 0, allOf(touched, noKinds)},
	{"number_unanswered", silence, toRisk, false, 0, allOf(reached, noNumber)},
	{"recipient_unanswered", silence, toRisk, false, 0, allOf(reached, missing(qRecipients))},
	{"intent_unanswered", silence, toRisk, false, 0, allOf(reached, missing(qMalicious))},
	{"effect_unanswered", silence, toRisk, false, 0, allOf(lost, missing(qEffect))},

	// Risk, and the people may need to know.
	{"consider_critical", art34, consider, false, critical, allOf(reached, holding(critical))},
	{"consider_vulnerable", art34, consider, false, 0, allOf(touched, fragile)},
	{"consider_many", art34, consider, false, 0, allOf(reached, many, holding(beyondContact))},
	{"consider_loss", art34, consider, false, 0, allOf(is(qLoss, lostForGood))},
	{"consider_hostile", art34, consider, false, 0, allOf(hostile, beyondKnown)},
	{"consider_open", silence, consider, false, 0, allOf(touched, noKinds)},

	// Why a risk is unlikely.
	{"nobody_reached", factors, ground, false, 0, allOf(not(exposed))},
	{"unintelligible", "GDPR Art. 34(3)(a); EDPB Guidelines 9/2022, section IV", ground, false, 0, allOf(exposed, not(readable))},
	{"public_before", factors, ground, false, 0, allOf(is(qAlreadyPublic, wasPublic))},
	{"contained", factors, ground, false, 0, allOf(reached, contained)},
	{"slight_data", factors, ground, false, 0, allOf(reached, notContained)},
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
