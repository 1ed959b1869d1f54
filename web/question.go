package web

// askKind is how a question about the risk is asked.
type askKind string

const (
	askSet    askKind = "set"    // several of a list
	askOne    askKind = "one"    // one of a list
	askFlag   askKind = "flag"   // yes or no
	askCount  askKind = "count"  // of people: exact, about or a range
	askNumber askKind = "number" // of hours or years
	askText   askKind = "text"
)

// question asks for one answer of package risk, by its path.
type question struct {
	path   string
	kind   askKind
	sure   bool       // ask how certain the answer is, and where it comes from
	claim  string     // the value that lowers the risk and needs evidence
	proof  []question // the evidence
	common bool       // may differ from one group of people to another
}

// askStep is one page of questions.
type askStep struct {
	Key  string
	asks []question
}

// askSteps are all questions, in the order in which somebody knows the answers.
// Steps without questions of their own have pages of another form.
var askSteps = []askStep{
	{"data", []question{
		{path: "breach", kind: askSet, sure: true, common: true},
		{path: "data", kind: askSet, sure: true, common: true},
		{path: "already_public", kind: askFlag, sure: true},
		{path: "data_age_years", kind: askNumber},
	}},
	{"people", []question{
		{path: "people.count", kind: askCount, sure: true, common: true},
		{path: "people.vulnerable", kind: askFlag, sure: true, common: true},
	}},
	{"exposure", []question{
		{path: "exposure.recipients", kind: askOne, sure: true, common: true},
		{path: "exposure.recipient_trusted", kind: askFlag, sure: true, common: true},
		{path: "exposure.return_confirmed", kind: askFlag, sure: true, common: true, claim: "true",
			proof: []question{{path: "evidence.deletion_confirmed_by", kind: askText}}},
		{path: "exposure.exfiltration", kind: askOne, sure: true, common: true, claim: "excluded",
			proof: []question{{path: "evidence.logs_complete", kind: askFlag}, {path: "evidence.logs_reviewed_by", kind: askText}}},
		{path: "malicious", kind: askFlag, sure: true, common: true},
	}},
	{"protection", []question{
		{path: "protection.encrypted", kind: askOne, sure: true, common: true, claim: "yes",
			proof: []question{{path: "evidence.algorithm", kind: askText}}},
		{path: "protection.key", kind: askOne, sure: true, common: true, claim: "safe",
			proof: []question{{path: "evidence.key_location", kind: askText}}},
		{path: "protection.hash", kind: askOne, sure: true, common: true},
	}},
	{"loss", []question{
		{path: "availability.loss", kind: askOne, sure: true, common: true},
		{path: "availability.hours", kind: askNumber, sure: true, common: true},
		{path: "availability.backup", kind: askFlag, sure: true, common: true},
		{path: "availability.effect", kind: askOne, sure: true, common: true},
	}},
	{Key: "groups"},
	{Key: "score"},
}

// stepOf returns the step with a key, or the first.
func stepOf(key string) int {
	for i, s := range askSteps {
		if s.Key == key {
			return i
		}
	}
	return 0
}

// stepAsking returns the key of the step in which a path is asked for.
func stepAsking(path string) string {
	for _, s := range askSteps {
		for _, q := range s.asks {
			if q.path == path || path == "people.certainty" && q.kind == askCount {
				return s.Key
			}
			for _, p := range q.proof {
				if p.path == path {
					return s.Key
				}
			}
		}
	}
	return askSteps[0].Key
}

// commonAsks are the questions whose answers may differ between groups.
func commonAsks() []question {
	var all []question
	for _, s := range askSteps {
		for _, q := range s.asks {
			if q.common {
				q.sure, q.claim, q.proof = false, "", nil
				all = append(all, q)
			}
		}
	}
	return all
}
