package web

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"hatakello/incident"
)

func TestRequestPages(t *testing.T) {
	x := newTold(t)
	b := x.as(incident.Privacy)
	checkPage(t, b.get("/requests"), "fi")
	got := b.post("/requests", "kind", "erasure", "received", "22.11.2026 klo 3.00", "label", "soittaja 010190-999W")
	if got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, `id="e-label"`) || !strings.Contains(got.body, "22.11.2026 klo 3.00") {
		t.Errorf("an identity code: %d", got.code)
	}
	got = b.post("/requests", "kind", "erasure", "received", "22.11.2026 klo 3.00", "label", "asiakas 1207", "channel", "puhelin")
	to := strings.TrimSuffix(got.header.Get("Location"), "?said=saved")
	if got.code != http.StatusSeeOther || !strings.HasPrefix(to, "/requests/") {
		t.Fatalf("note: %d\n%s", got.code, got.text())
	}
	page := b.get(to)
	checkPage(t, page, "fi")
	if !strings.Contains(page.text(), "22.12.2026") {
		t.Errorf("a month from 22 November is not shown")
	}
	if got := b.post(to, "do", "pass", "way", "other", "controller", x.rs[0].Controller); got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, `id="e-proof"`) {
		t.Errorf("passed on without proof: %d", got.code)
	}
	if got := b.post(to, "do", "pass", "way", "mail", "controller", x.rs[0].Controller); got.code != http.StatusSeeOther {
		t.Fatalf("pass on: %d\n%s", got.code, got.text())
	}
	checkPage(t, b.get(to), "fi")
	if got := b.post(to, "do", "answer", "who", "controller"); got.code != http.StatusUnprocessableEntity {
		t.Errorf("answered without saying how: %d", got.code)
	}
	if got := b.post(to, "do", "answer", "who", "controller", "how", "Kirjeellä"); got.code != http.StatusSeeOther {
		t.Fatalf("answer: %d\n%s", got.code, got.text())
	}
	checkPage(t, b.get("/requests"), "fi")
	all, err := x.db.Requests(context.Background(), false, 5)
	if err != nil || len(all) != 1 || all[0].Name != x.rs[0].Name {
		t.Errorf("answered: %+v, %v", all, err)
	}
}
