package web

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"hatakello/incident"
)

// TestErasePages finds a person by words, erases them from the page, and finds
// them nowhere afterwards; somebody of the same name stays.
func TestErasePages(t *testing.T) {
	x := newTold(t)
	b := x.as(incident.Privacy)
	at := "/incidents/" + x.inc.ID
	for _, text := range []string{"Soitti Kuviteltu Markkinen.", "Toinen Kuviteltu Markkinen on kuljettaja.", "Muuta"} {
		if got := b.post(at+"/notes", "text", text); got.code != http.StatusSeeOther {
			t.Fatalf("note: %d %s", got.code, got.text())
		}
	}
	checkPage(t, b.get("/erase"), "fi")
	if got := b.post("/erase", "do", "look", "terms", "x"); got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, `id="e-terms"`) {
		t.Errorf("a term that is too short: %d", got.code)
	}
	look := b.post("/erase", "do", "look", "terms", "Kuviteltu Markkinen")
	checkPage(t, look, "fi")
	if !strings.Contains(look.text(), "Soitti Kuviteltu Markkinen") || strings.Contains(look.body, "Muuta") {
		t.Fatalf("looked for:\n%s", look.text())
	}
	spare := ""
	for _, p := range x.places("Kuviteltu Markkinen") {
		if p.Table == "entry" && strings.Contains(p.Excerpt, "kuljettaja") || p.Table == "audit" && strings.Contains(p.Excerpt, "kuljettaja") {
			spare += p.ID() + "\n"
		}
	}
	ids := strings.Fields(spare)
	if len(ids) == 0 {
		t.Fatal("nobody of the same name is found")
	}
	form := []string{"do", "erase", "terms", "Kuviteltu Markkinen", "subject", "subject", "second", "Bo"}
	for _, id := range ids {
		form = append(form, "spare", id)
	}
	got := b.post("/erase", append(form, "reason", "Kuviteltu Markkinen pyysi", "basis", "request")...)
	if got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, `id="e-reason"`) || !strings.Contains(got.body, `value="Bo"`) {
		t.Errorf("a reason that names the person: %d", got.code)
	}
	if got := b.post("/erase", append(form, "reason", "pyyntö")...); got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, `id="e-basis"`) {
		t.Errorf("no basis: %d", got.code)
	}
	got = b.post("/erase", append(form, "reason", "pyyntö", "basis", "request")...)
	if got.code != http.StatusSeeOther {
		t.Fatalf("erase: %d\n%s", got.code, got.text())
	}
	page := b.get("/erase?said=erased")
	checkPage(t, page, "fi")
	if !strings.Contains(page.text(), "[×KUUSI-4821]") || !strings.Contains(page.text(), "tiedostot puhdistettu") {
		t.Errorf("the list:\n%s", page.text())
	}
	left := x.places("Kuviteltu Markkinen")
	if slices.ContainsFunc(left, func(p *incident.Place) bool { return !slices.Contains(ids, p.ID()) }) || len(left) != len(ids) {
		t.Errorf("left: %+v", left)
	}
	line := b.get(at + "/timeline").text()
	if !strings.Contains(line, "Soitti [×KUUSI-4821]") || !strings.Contains(line, "Toinen Kuviteltu Markkinen") {
		t.Errorf("timeline:\n%s", line)
	}
	if got := x.as(incident.Handler).post("/erase", "do", "look", "terms", "Kuviteltu"); got.code != http.StatusForbidden {
		t.Errorf("a handler: %d", got.code)
	}
	if strings.Contains(x.log.String(), "Markkinen") {
		t.Errorf("the log names the person")
	}
}

// TestEraseRefused leaves what must not go yet, with the reason, and half of
// nothing is erased.
func TestEraseRefused(t *testing.T) {
	x := newTold(t)
	b := x.as(incident.Privacy)
	u := x.hire(incident.Auditor)
	got := b.post("/erase", "do", "erase", "terms", u.Name, "subject", "user", "reason", "lähti", "basis", "purpose")
	if got.code != http.StatusConflict && got.code != http.StatusUnprocessableEntity || !strings.Contains(got.text(), "Sulje hänen tunnuksensa") {
		t.Fatalf("a user who works here: %d\n%s", got.code, got.text())
	}
	if all, _, err := x.db.Erasures(context.Background(), incident.Cut{Limit: 9}); err != nil || len(all) != 0 {
		t.Errorf("refused, and yet: %v %v", all, err)
	}
	if got := b.get("/erase?kind=user&of=" + u.ID); !strings.Contains(got.body, u.Login) {
		t.Errorf("the user's words are not proposed")
	}
	u.Disabled = true
	if err := x.desk.SaveUser(context.Background(), incident.Program, u); err != nil {
		t.Fatal(err)
	}
	if got := b.post("/erase", "do", "erase", "terms", u.Name+"\n"+u.Login, "subject", "user", "reason", "lähti", "basis", "purpose"); got.code != http.StatusSeeOther {
		t.Fatalf("erase a user who has left: %d\n%s", got.code, got.text())
	}
	if left := x.places(u.Login); len(left) > 0 {
		t.Errorf("left: %+v", left[0])
	}
}

// places finds words as the page does.
func (h *house) places(terms ...string) []*incident.Place {
	h.t.Helper()
	all, err := h.db.Places(context.Background(), incident.Seek{Terms: terms})
	if err != nil {
		h.t.Fatal(err)
	}
	return all
}
