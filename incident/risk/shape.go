package risk

// shape is what JSON may look like at one place of the input.
type shape struct {
	kind   shapeKind
	keys   []member
	values []string
	item   *shape
	max    float64 // greatest number, longest text or list
}

type member struct {
	key   string
	shape *shape
	must  bool
}

type shapeKind uint8

const (
	anObject shapeKind = iota
	aList
	aWord
	aFlag
	aWhole
	aNumber
	aText
	aMap // keys are the paths of the vocabulary
)

const (
	mostPeople = 10_000_000_000
	mostHours  = 1_000_000
	longText   = 2000
	mostGroups = 50
)

func words(values ...string) *shape { return &shape{kind: aWord, values: values} }
func listOf(values []string) *shape {
	return &shape{kind: aList, item: words(values...), max: 100}
}

var (
	yesNo    = &shape{kind: aFlag}
	freeText = &shape{kind: aText, max: longText}
)

func object(m ...member) *shape { return &shape{kind: anObject, keys: m} }

// core is shared by the breach and its groups: the vocabulary that stays.
var core = []member{
	{"breach", listOf(breachTypes), false},
	{"data", listOf(dataKinds), false},
	{"people", object(
		member{"count", &shape{kind: aWhole, max: mostPeople}, false},
		member{"at_most", &shape{kind: aWhole, max: mostPeople}, false},
		member{"certainty", words(Values("people.certainty")...), false},
		member{"vulnerable", yesNo, false}), false},
	{"exposure", object(
		member{"recipients", words(Values("exposure.recipients")...), false},
		member{"recipient_trusted", yesNo, false},
		member{"return_confirmed", yesNo, false},
		member{"exfiltration", words(Values("exposure.exfiltration")...), false}), false},
	{"protection", object(
		member{"encrypted", words(Values("protection.encrypted")...), false},
		member{"key", words(Values("protection.key")...), false},
		member{"hash", words(Values("protection.hash")...), false}), false},
	{"availability", object(
		member{"loss", words(Values("availability.loss")...), false},
		member{"hours", &shape{kind: aNumber, max: mostHours}, false},
		member{"backup", yesNo, false},
		member{"effect", words(Values("availability.effect")...), false}), false},
	{"malicious", yesNo, false},
}

var sure = object(
	member{"state", words(certainties...), true},
	member{"source", freeText, false})

var adjustment = object(
	member{"category", words(categories...), true},
	member{"steps", words("-3", "-2", "-1", "0", "1", "2", "3"), true},
	member{"reason", freeText, true})

var group = &shape{kind: anObject, keys: append([]member{{"name", freeText, true}}, core...)}

// input is the shape of a whole file of facts.
var input = &shape{kind: anObject, keys: append(append([]member{}, core...),
	member{"already_public", yesNo, false},
	member{"data_age_years", &shape{kind: aNumber, max: 200}, false},
	member{"certainty", &shape{kind: aMap, item: sure}, false},
	member{"evidence", object(
		member{"logs_complete", yesNo, false},
		member{"logs_reviewed_by", freeText, false},
		member{"algorithm", freeText, false},
		member{"key_location", freeText, false},
		member{"deletion_confirmed_by", freeText, false}), false},
	member{"enisa", object(
		member{"adjust", &shape{kind: aList, item: adjustment, max: 20}, false},
		member{"ei", words("0.25", "0.5", "0.75", "1"), false},
		member{"reason", freeText, false}), false},
	member{"groups", &shape{kind: aList, item: group, max: mostGroups}, false},
)}

// paths are the keys whose certainty may be stated.
var paths = func() []string {
	out := []string{"breach", "data", "people.count", "people.at_most", "availability.hours"}
	for _, a := range answers {
		out = append(out, a.path)
	}
	return out
}()
