package web

import (
	"strings"
	"time"
)

// askedField is a field in the words of the page's language.
type askedField struct {
	filledField
	Label, Question, Text, Typed, Fault string
	Choices                             []fieldChoice
	Folded                              bool // the answer is given; correcting it is a click away
}

// fieldChoice is as the templates "options" and "radios" draw it.
type fieldChoice struct {
	Name, Value, Label string
	Chosen             bool
}

// asked words a field. What stands in the input is her answer only; a fact of
// ours is shown above it and stays ours.
func (p *companionPage) asked(x filledField, zone *time.Location) askedField {
	a := askedField{filledField: x, Label: x.FormField.Label[p.Lang], Question: x.FormField.Question[p.Lang],
		Text: x.Show(p.Lang, x.Value, zone), Folded: !x.Ask}
	answer := p.parts.Answers[x.Answer].Value
	a.Typed = answer
	if at, err := time.Parse(time.RFC3339, answer); err == nil && x.Kind == "time" {
		a.Typed = at.In(zone).Format("2.1.2006 klo 15.04")
	}
	for _, o := range x.Allowed(p.parts.preliminary()) {
		a.Choices = append(a.Choices, fieldChoice{Value: o.Code, Label: o.Label(p.Lang), Chosen: containsWord(answer, o.Code)})
	}
	return a
}

func containsWord(words, word string) bool {
	for w := range strings.FieldsSeq(words) {
		if w == word {
			return true
		}
	}
	return false
}
