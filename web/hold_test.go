package web

import (
	"net/http"
	"strings"
	"testing"

	"hatakello/incident"
)

// A hold stops the telling of people and no other clock, and the record's page
// says who ordered it and until when.
func TestHeldRecordShowsItsHold(t *testing.T) {
	h := newHouse(t)
	inc, _ := h.late()
	own := h.own(inc)
	b := h.as(incident.Privacy)
	before := len(own.Deadlines)
	got := b.post("/records/"+own.ID+"/hold", "kind", "hold", "authority", "Keskusrikospoliisi", "reason", "Esitutkinnan turvaaminen", "until", "1.12.2026 klo 12")
	if got.code != http.StatusSeeOther {
		t.Fatalf("recording a hold: status %d\n%.2000s", got.code, got.text())
	}
	page := b.get("/records/" + own.ID).text()
	for _, want := range []string{"<b>Keskusrikospoliisi</b>", "Esitutkinnan turvaaminen", "ti 1.12.2026 klo 12.00 (UTC+2)"} {
		if !strings.Contains(page, want) {
			t.Errorf("the record's page does not say %q", want)
		}
	}
	for _, dl := range h.own(inc).Deadlines {
		if dl.To != incident.ToSubjects && !dl.Met.IsZero() {
			t.Errorf("the hold ended the clock %s", dl.Duty)
		}
	}
	if after := len(h.own(inc).Deadlines); after < before {
		t.Errorf("%d clocks after the hold, %d before", after, before)
	}
}
