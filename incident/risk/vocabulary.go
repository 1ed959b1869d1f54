package risk

// The words of each answer stand from best to worst for the people: that
// order is the whole of what "worse" means in this package. An answer left
// out lies between the best and the worst.
var (
	breachTypes = []string{"confidentiality", "integrity", "availability"}

	dataKinds = []string{
		"name", "contact", "address", "national_id", "id_document",
		"credentials", "password_hash", "payment_card", "financial",
		"location", "behaviour", "communications", "employment",
		"education", "health", "social_care", "special_category", "criminal",
	}

	certainties = []string{"known", "assumed", "unknown"}
	categories  = []string{"simple", "behavioural", "financial", "sensitive"}
)

// answer is a question with a short list of possible answers.
type answer struct {
	path   string
	values []string // best to worst
	unsure string   // the explicit word for "not known", if there is one
	flag   bool     // true or false in JSON
	extra  bool     // may be left out of the list of open questions
}

// The questions, as indexes into a state.
const (
	qCertainty = iota
	qVulnerable
	qRecipients
	qTrusted
	qReturned
	qExfiltration
	qEncrypted
	qKey
	qLoss
	qBackup
	qEffect
	qMalicious
	qHash
	qAlreadyPublic
	nAnswers
)

var answers = [nAnswers]answer{
	qCertainty:     {path: "people.certainty", values: []string{"exact", "about", "unknown"}},
	qVulnerable:    {path: "people.vulnerable", values: []string{"false", "true"}, flag: true},
	qRecipients:    {path: "exposure.recipients", values: []string{"none", "known", "unknown", "public"}},
	qTrusted:       {path: "exposure.recipient_trusted", values: []string{"true", "false"}, flag: true},
	qReturned:      {path: "exposure.return_confirmed", values: []string{"true", "false"}, flag: true},
	qExfiltration:  {path: "exposure.exfiltration", values: []string{"excluded", "possible", "confirmed"}},
	qEncrypted:     {path: "protection.encrypted", values: []string{"yes", "partly", "no"}, unsure: "unknown"},
	qKey:           {path: "protection.key", values: []string{"safe", "compromised"}, unsure: "unknown"},
	qLoss:          {path: "availability.loss", values: []string{"none", "temporary", "permanent"}},
	qBackup:        {path: "availability.backup", values: []string{"true", "false"}, flag: true},
	qEffect:        {path: "availability.effect", values: []string{"none", "inconvenience", "serious"}},
	qMalicious:     {path: "malicious", values: []string{"false", "true"}, flag: true},
	qHash:          {path: "protection.hash", values: []string{"strong", "weak"}, unsure: "unknown", extra: true},
	qAlreadyPublic: {path: "already_public", values: []string{"true", "false"}, flag: true, extra: true},
}

// Positions in the lists above; 0 is unanswered.
const (
	unanswered = 0

	countUnknown = 3 // people.certainty

	areVulnerable = 2

	toNobody  = 1
	toKnown   = 2
	toUnknown = 3
	toPublic  = 4

	isTrusted = 1
	gotBack   = 1

	excluded  = 1
	possible  = 2
	confirmed = 3

	fullyEncrypted = 1
	notEncrypted   = 3
	keySafe        = 1
	keyOut         = 2
	weakHash       = 2

	lostNot       = 1
	lostForAWhile = 2
	lostForGood   = 3

	hasBackup = 1
	noBackup  = 2

	noEffect      = 1
	inconvenience = 2
	seriousEffect = 3

	byAccident = 1
	onPurpose  = 2

	wasPublic = 1
)

// Values lists the words that the vocabulary allows for a key such as
// "data" or "exposure.recipients", best first; nil for numbers and texts.
func Values(path string) []string {
	switch path {
	case "breach":
		return breachTypes
	case "data":
		return dataKinds
	}
	for _, a := range answers {
		if a.path == path && a.unsure != "" {
			return append(append([]string{}, a.values...), a.unsure)
		}
		if a.path == path {
			return a.values
		}
	}
	return nil
}

// position finds a word in a list, counted from 1; 0 when it is not there.
func position(list []string, word string) uint8 {
	for i, w := range list {
		if w == word {
			return uint8(i + 1)
		}
	}
	return 0
}
