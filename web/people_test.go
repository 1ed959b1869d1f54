package web

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"hatakello/incident"
)

// Telling people (Art. 34): a draft with all that must be said, gaps shown, what
// was done recorded with numbers and reasons, in three languages.
func TestPeoplePage(t *testing.T) {
	h := newHouse(t)
	r := h.ours()
	ctx := context.Background()
	must(t, h.desk.SaveOrganisation(ctx, incident.Program, incident.Organisation{Name: "Hoivapilvi Oy", Email: "tietosuoja@hoivapilvi.example", DPO: "Aino Koe"}))
	inc := incidentOf(h, r.Incident)
	fact := func(s string) incident.Fact { return incident.Fact{Text: s, Sure: incident.Known} }
	must(t, h.desk.Describe(ctx, worker, inc.ID, inc.Version, incident.Facts{Nature: fact("Palvelin oli auki."), Data: fact("Nimet."), Measures: fact("Suljettiin.")}))
	must(t, h.desk.Assess(ctx, worker, r.ID, incident.Assessment{Tier: incident.High, Reason: "Tunnukset vuotivat.", Approver: "Olli Koe"}))
	b, path := h.as(incident.Privacy), "/records/"+r.ID+"/people"
	for _, lang := range []string{"fi", "sv", "en"} {
		b.post("/language", "lang", lang)
		page := b.get(path + "?draft=" + lang)
		checkPage(t, page, lang)
		b.says(lang, page, "GDPR Art. 34(1)", "Palvelin oli auki.", "Aino Koe, tietosuoja@hoivapilvi.example", incident.Gap,
			h.s.Words.Say(lang, "people.part.consequences"), h.s.Words.Say(lang, "people.part.advice"))
		if strings.Contains(page.text(), "<li>"+h.s.Words.Say(lang, "people.part.nature")) {
			t.Errorf("%s: what is known is said to be missing", lang)
		}
		checkPage(t, b.get("/records/"+r.ID+"/order"), lang)
		draft := h.s.Words.Say(lang, "people.draft")
		for _, all := range []string{"kaikille", "till alla", "to everyone", "everybody"} {
			if strings.Contains(strings.ToLower(draft), all) {
				t.Errorf("%s: the draft claims that it goes %q", lang, all)
			}
		}
		got := b.post(path, "at", "22.11.2026 klo 3.00", "channel", "mail", "safe", "no", "people", "Asiakkaat", "told", "noin 40", "untold", "2", "text", "Hei "+incident.Gap, "key", "bad")
		if got.code != http.StatusUnprocessableEntity {
			t.Fatalf("%s: status %d, want 422", lang, got.code)
		}
		b.says(lang+": faults", reply{200, got.body, nil}, h.s.Words.Say(lang, "telling.despite_empty"), h.s.Words.Say(lang, "telling.why_empty"), h.s.Words.Say(lang, "telling.gap"),
			"noin 40", "Hei "+incident.Gap, "Asiakkaat")
		if !regexp.MustCompile(`value="no"[^>]* checked`).MatchString(got.body) {
			t.Errorf("%s: the choice was lost", lang)
		}
	}
	form := []string{"at", "22.11.2026 klo 3.00", "channel", "mail", "safe", "no", "despite", "Muuta tapaa ei ole", "people", "Asiakkaat, joilla on tunnukset", "told", "40",
		"untold", "2", "why", "Osoite puuttuu", "text", "Hyvä asiakas", "finished", "yes", "key", "k1"}
	for range 2 {
		if got := b.post(path, form...); got.code != http.StatusSeeOther {
			t.Fatalf("status %d\n%.900s", got.code, got.text())
		}
	}
	for _, lang := range []string{"fi", "sv", "en"} {
		b.post("/language", "lang", lang)
		page := b.get(path)
		checkPage(t, page, lang)
		b.says(lang, page, h.s.Words.Say(lang, "people.sum", "Told", "40", "Untold", "2"), "Osoite puuttuu", "Muuta tapaa ei ole", "Hyvä asiakas",
			h.s.Words.Say(lang, "telling.channel.mail"), h.s.Words.How(lang, "subjects_told"))
		b.says(lang+": the timeline", b.get("/incidents/"+inc.ID+"/timeline"), "Asiakkaat, joilla on tunnukset", h.s.Words.Say(lang, "telling.channel.mail"))
	}
	auditor := h.as(incident.Auditor)
	if got := auditor.get(path); got.code != http.StatusOK || strings.Contains(got.body, "<textarea") {
		t.Errorf("an auditor sees status %d, or a form", got.code)
	}
	if got := auditor.post(path, form...); got.code != http.StatusForbidden {
		t.Errorf("an auditor records: status %d, want 403", got.code)
	}
}

// An order under Art. 34(4) is on the record, on the page and in the clocks.
func TestOrderPage(t *testing.T) {
	h := newHouse(t)
	r := h.ours()
	b, path := h.as(incident.Privacy), "/records/"+r.ID
	got := b.post(path+"/order", "authority", "Tietosuojavaltuutettu", "reason", "", "from", "22.11.2026 klo 2", "until", "25.11.2026 klo 12")
	if got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, `value="Tietosuojavaltuutettu"`) || !strings.Contains(got.body, `value="25.11.2026 klo 12"`) {
		t.Fatalf("without words: status %d, want 422 with what was typed", got.code)
	}
	if got = b.post(path+"/order", "authority", "Tietosuojavaltuutettu", "reason", "Kerrottava asiakkaille", "from", "22.11.2026 klo 2", "until", "25.11.2026 klo 12"); got.code != http.StatusSeeOther {
		t.Fatalf("status %d\n%.900s", got.code, got.text())
	}
	for _, p := range []string{path, path + "/people", path + "/clocks"} {
		b.says(p, b.get(p), "ke 25.11.2026 klo 12.00 (UTC+2)")
	}
	b.says("the record", b.get(path), "Kerrottava asiakkaille", h.s.Words.Say("fi", "decision.order"))
	for _, lang := range []string{"fi", "sv", "en"} {
		if pdf := b.get(path + "/report.pdf?lang=" + lang); pdf.code != http.StatusOK {
			t.Errorf("the report in %s: status %d", lang, pdf.code)
		}
	}
	if missing.MatchString(b.get("/register").text()) {
		t.Error("the register of breaches lacks words")
	}
}
