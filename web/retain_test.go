package web

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
)

// TestRetentionPages sets periods, shows what would be erased and when, and
// lets a hold stop it; nothing is erased before somebody has decided.
func TestRetentionPages(t *testing.T) {
	x := newTold(t)
	b := x.as(incident.Privacy)
	ctx := context.Background()
	checkPage(t, b.get("/settings/retention"), "fi")
	if n, err := x.desk.Expire(ctx, incident.Actor{Roles: []incident.Role{incident.Privacy}}); err != nil || n != 0 {
		t.Errorf("nobody has set a period, and %d rows expired, %v", n, err)
	}
	got := b.post("/settings/retention", "do", "save", "days_drafts", "30", "days_mails", "huomenna")
	if got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, `id="e-days_mails"`) || !strings.Contains(got.body, "huomenna") {
		t.Errorf("no number: %d", got.code)
	}
	if got := b.post("/settings/retention", "do", "save", "days_drafts", "30", "days_answers", "1"); got.code != http.StatusSeeOther {
		t.Fatalf("save: %d %s", got.code, got.text())
	}
	if err := x.db.SaveDraft(ctx, "u", "note", "Kesken", x.time()); err != nil {
		t.Fatal(err)
	}
	x.later(time.Hour)
	if page := b.get("/settings/retention").text(); !strings.Contains(page, "(ensimmäinen 22.12.2026)") {
		t.Errorf("when the draft would go:\n%s", page)
	}
	at := "/incidents/" + x.inc.ID + "/preserve"
	checkPage(t, b.get(at), "fi")
	if got := b.post(at, "do", "begin"); got.code != http.StatusUnprocessableEntity {
		t.Errorf("a hold without a reason: %d", got.code)
	}
	if got := b.post(at, "do", "begin", "reason", "riita vireillä"); got.code != http.StatusSeeOther {
		t.Fatalf("hold: %d %s", got.code, got.text())
	}
	if page := b.get("/settings/retention").text(); !strings.Contains(page, "riita vireillä") {
		t.Errorf("the hold is not listed")
	}
	if got := b.post(at, "do", "end"); got.code != http.StatusSeeOther {
		t.Fatalf("end: %d", got.code)
	}
	checkPage(t, b.get(at), "fi")
	x.later(31 * 24 * time.Hour)
	b = x.as(incident.Admin)
	got = b.post("/settings/retention", "do", "now")
	if got.code != http.StatusSeeOther || !strings.Contains(got.header.Get("Location"), "said=timeup") {
		t.Fatalf("now: %d %s", got.code, got.text())
	}
	if left, _ := x.db.LoadDraft(ctx, "u", "note"); left != "" {
		t.Errorf("the draft is still there")
	}
	page := b.get("/numbers")
	checkPage(t, page, "fi")
	if !strings.Contains(page.text(), "Keskeneräiset lomakkeet") {
		t.Errorf("the year does not say what was erased")
	}
}
