package web

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
)

// TestSecondLookOnPages draws a quarter's decisions and looks at them again.
func TestSecondLookOnPages(t *testing.T) {
	h := newHouse(t)
	ctx := context.Background()
	r := h.ours()
	for range 6 { // one in ten of six is one; three is the least
		inc := h.breach(h.ownService())
		own, err := h.db.RecordOf(ctx, inc.ID, incident.Own)
		h.try(err)
		h.try(h.desk.Decide(ctx, worker, own.ID, incident.Decision{Kind: "no_breach", Reason: "Harjoitus.", Approver: "Bo Koe"}))
	}
	h.try(h.desk.Assess(ctx, worker, r.ID, incident.Assessment{Tier: incident.Unlikely, Reason: "Palautettu.", Approver: "Bo Koe"}))
	h.now.Store(time.Date(2027, 1, 4, 9, 0, 0, 0, time.UTC).Unix())
	if _, err := h.desk.Tick(ctx); err != nil {
		t.Fatal(err)
	}
	b := h.as(incident.Privacy)
	all, err := h.db.Samples(ctx, "2026-Q4")
	h.try(err)
	if len(all) != 3 {
		t.Fatalf("%d samples, want 3", len(all))
	}
	page := b.get("/review").text()
	if !strings.Contains(page, "Arvottu 3, päätöksiä 7") || !strings.Contains(page, "Samaa mieltä 0/0") {
		t.Errorf("review:\n%s", page)
	}
	for i, s := range all {
		at := "/review/" + s.ID
		checkPage(t, b.get(at), "fi")
		if got := b.post(at, "verdict", "agree"); got.code != http.StatusUnprocessableEntity {
			t.Errorf("without words: %d", got.code)
		}
		verdict := []string{"agree", "agree", "disagree"}[i]
		if got := b.post(at, "verdict", verdict, "reason", "Näin."); got.code != http.StatusSeeOther {
			t.Errorf("second look: %d\n%s", got.code, got.text())
		}
	}
	if page = b.get("/review").text(); !strings.Contains(page, "Samaa mieltä 2/3") || strings.Contains(page, "%") {
		t.Errorf("three looks: want 2/3 and no percentage\n%s", page)
	}
	checkPage(t, b.get("/review/"+all[0].ID), "fi")
	var q reviewPage
	var looked []*incident.Sample
	for i := range 6 {
		looked = append(looked, &incident.Sample{ID: fmt.Sprint(i), Verdict: incident.Agree, LookedAt: night})
	}
	looked[0].Verdict = incident.Disagree
	if q.add(&incident.Draw{}, looked); q.Quarters[0].Percent != 83 {
		t.Errorf("5 of 6 agreed: %d %%, want 83", q.Quarters[0].Percent)
	}
	if got := h.as(incident.Handler).post("/review/"+all[0].ID, "verdict", "agree", "reason", "x"); got.code != http.StatusForbidden {
		t.Errorf("a handler's second look: %d", got.code)
	}
}
