package web

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
)

// TestKnown looks at a case before and after it was told to its controllers.
func TestKnown(t *testing.T) {
	h := newHouse(t)
	ctx := context.Background()
	inc := h.breach(h.stock())
	b := h.as(incident.Privacy)
	h.later(10 * time.Minute)
	if err := h.desk.Describe(ctx, worker, inc.ID, 1, incident.Facts{Nature: incident.Fact{Text: "Ämpäri oli auki", Sure: incident.Known}}); err != nil {
		t.Fatal(err)
	}
	h.later(10 * time.Minute)
	if _, err := h.desk.Notify(ctx, worker, inc.ID, incident.Notify{Texts: map[string]string{"": "Palvelin oli auki."}}); err != nil {
		t.Fatal(err)
	}
	rs, err := h.db.Records(ctx, inc.ID, nil)
	if err != nil {
		t.Fatal(err)
	}
	at := "/incidents/" + inc.ID + "/known"
	for query, want := range map[string][2]bool{ // whether the facts, and the notices, were there
		"?at=22.11.2026+klo+3.15": {false, false}, "?at=22.11.2026+klo+3.22": {true, false}, "?at=22.11.2026+klo+1.22&zone=utc": {true, false}, "": {true, true},
		"?t=2026-11-22T01:21:59Z": {false, false},
	} {
		page := b.get(at + query).text()
		if got := strings.Contains(page, "Ämpäri"); got != want[0] {
			t.Errorf("%q knows the facts: %v, want %v", query, got, want[0])
		}
		if got := strings.Contains(page, "Lähtemässä") || strings.Contains(page, h.s.Words.Say("fi", "stage.queued")); got != want[1] {
			t.Errorf("%q knows the notices: %v, want %v", query, got, want[1])
		}
	}
	for query, code := range map[string]int{"?at=eilen+joskus": 422, "?at=25.10.2026+klo+3.30": 422, "?at=1.1.2026+klo+12.00": 422, "?t=zz": 422} {
		if got := b.get(at + query); got.code != code {
			t.Errorf("%q: %d, want %d", query, got.code, code)
		}
	}
	if got := b.get(at + "?at=25.10.2026+klo+3.30").text(); strings.Count(got, "/known?t=2026-10-25T0") != 2 {
		t.Error("a repeated hour is not asked about")
	}
	if got := h.as(incident.Reporter).get(at); got.code != http.StatusForbidden && got.code != http.StatusNotFound {
		t.Errorf("a reporter looks: %d", got.code)
	}
	for _, lang := range []string{"fi", "sv", "en"} {
		b.post("/language", "lang", lang)
		for _, p := range []string{at, at + "?t=2026-11-22T01:13:00Z", "/records/" + rs[0].ID + "/known"} {
			checkPage(t, b.get(p), lang)
		}
	}
}
