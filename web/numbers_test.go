package web

import (
	"net/http"
	"strings"
	"testing"

	"hatakello/incident"
)

func TestNumbersOfTheYear(t *testing.T) {
	h := newHouse(t)
	h.sent()
	b := h.as(incident.Auditor)
	for _, lang := range []string{"fi", "sv", "en"} {
		b.post("/language", "lang", lang)
		checkPage(t, b.get("/numbers"), lang)
	}
	got := b.get("/numbers?year=2026")
	if got.code != http.StatusOK || !strings.Contains(got.text(), "<dt>Cases</dt><dd>1</dd>") || !strings.Contains(got.text(), "<dt>Controllers</dt><dd>3</dd>") {
		t.Errorf("status %d; one case with three controllers is expected\n%.3000s", got.code, got.text())
	}
	for _, year := range []string{"1999", "x", "-1"} {
		if got := b.get("/numbers?year=" + year); got.code != http.StatusNotFound {
			t.Errorf("year %s: status %d, want 404", year, got.code)
		}
	}
	text := reportText(t, []byte(b.get("/numbers/year.pdf?year=2026").body))
	for _, want := range []string{"Breaches in numbers, 2026", "Cases 1", "Controllers 3", "1 / "} {
		if !strings.Contains(text, want) {
			t.Errorf("the yearly report lacks %q:\n%.2000s", want, text)
		}
	}
}
