package web

import (
	"regexp"
	"strings"
	"testing"

	"hatakello/incident"
)

// Awareness is that of the first person who knew, whoever it was (rule 10): the
// form that opens a case says so, and so does the one that corrects it.
func TestTheFormAsksWhoKnewFirst(t *testing.T) {
	h := newHouse(t)
	inc := h.breach(h.stock())
	b := h.as(incident.Privacy)
	for lang, word := range map[string]string{"fi": "kuka tahansa", "sv": "vem som helst", "en": "anyone"} {
		b.post("/language", "lang", lang)
		b.says(lang+": logging", b.get("/log"), word)
		b.says(lang+": correcting", b.get("/incidents/"+inc.ID+"/moments/processor_aware"), word)
	}
}

// What is asked about consequences is asked about people, not about the company
// (rule 40), in the facts and in the risk.
func TestQuestionsAreAboutThePerson(t *testing.T) {
	h := newHouse(t)
	r := h.ours()
	b := h.as(incident.Privacy)
	person := map[string]*regexp.Regexp{"fi": regexp.MustCompile(`ihmis|henkilö`), "sv": regexp.MustCompile(`människ|person`), "en": regexp.MustCompile(`people|person`)}
	company := map[string][]string{"fi": {"yrityksen maine", "meille aiheutuva"}, "sv": {"företagets rykte"}, "en": {"our reputation", "harm to the company"}}
	for lang, about := range person {
		b.post("/language", "lang", lang)
		for _, key := range []string{"fact.consequences", "fact.consequences.hint", "people.part.consequences"} {
			if got := h.s.Words.Say(lang, key); !about.MatchString(strings.ToLower(got)) {
				t.Errorf("%s %s asks %q", lang, key, got)
			}
		}
		facts := b.get("/incidents/" + r.Incident + "/facts")
		b.says(lang+": the facts", facts, h.s.Words.Say(lang, "fact.consequences.hint"))
		for _, page := range []reply{facts, b.get("/records/" + r.ID + "/assessment")} {
			for _, word := range company[lang] {
				if strings.Contains(strings.ToLower(page.text()), word) {
					t.Errorf("%s: a page asks about %q", lang, word)
				}
			}
		}
	}
}
