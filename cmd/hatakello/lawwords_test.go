package main

import (
	"testing"

	"hatakello/incident"
	"hatakello/templates"
)

// TestEveryDutyHasItsWords walks all laws, moments and authorities in all
// languages: a clock that nobody can explain must not run.
func TestEveryDutyHasItsWords(t *testing.T) {
	words, err := templates.LoadWords()
	if err != nil {
		t.Fatal(err)
	}
	keys := []string{"duty.contract.notice.name", "duty.contract.notice.text", "duty.inquiry.name", "duty.inquiry.text", "law.outer", "law.recalled"}
	for _, g := range incident.Laws {
		keys = append(keys, "regime."+g.Key+".name")
		if !g.Always && !g.Proposed {
			keys = append(keys, "regime."+g.Key+".question")
		}
		for _, d := range g.Duties {
			keys = append(keys, "duty."+d.Key+".name", "duty."+d.Key+".text")
			if d.Basis == "" {
				t.Errorf("duty %s has no legal basis", d.Key)
			}
			if d.MetBy == "" || d.From == "" || d.If == nil {
				t.Errorf("duty %s cannot start or end: %+v", d.Key, d)
			}
		}
	}
	for _, how := range []string{"accepted", "acked", "phoned", "reported", "supplemented", "subjects_told", "done", "not_notifiable", "no_breach",
		"not_affected", "assessed", "withdrawn", "exempt_a", "exempt_b", "exempt_c", "breach", "unclear"} {
		keys = append(keys, "how."+how)
	}
	for _, m := range incident.Moments {
		keys = append(keys, "moment."+string(m))
	}
	for _, a := range incident.Authorities {
		keys = append(keys, "authority."+a.Key)
	}
	for _, lang := range templates.Langs {
		for _, k := range keys {
			if !words.Has(lang, k) {
				t.Errorf("%s has no text for %q", lang, k)
			}
		}
	}
}
