package web

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"hatakello/incident"
)

func TestCalendarFeed(t *testing.T) {
	h := newHouse(t)
	inc, _ := h.late()
	b, outside := h.as(incident.Handler), h.browser()
	if got := b.post("/calendar", "do", "make"); got.code != http.StatusSeeOther {
		t.Fatalf("status %d", got.code)
	}
	address := regexp.MustCompile(`/calendar/secret-[0-9]+\.ics`)
	path := address.FindString(b.get("/calendar").body)
	if path == "" {
		t.Fatal("the address is not shown")
	}
	if address.MatchString(b.get("/calendar").body) {
		t.Error("the address is shown twice")
	}
	got := outside.get(path)
	if got.code != http.StatusOK || !strings.HasPrefix(got.header.Get("Content-Type"), "text/calendar") || !strings.Contains(got.body, "BEGIN:VEVENT") {
		t.Fatalf("status %d, %s\n%.500s", got.code, got.header.Get("Content-Type"), got.body)
	}
	for _, word := range []string{"Koivurannan", "Varmuuskopio", "Aino", "@bell", "Kati"} {
		if strings.Contains(got.body, word) {
			t.Errorf("the calendar says %q", word)
		}
	}
	if !strings.Contains(got.body, inc.Number) || !strings.Contains(got.body, "Ensi-ilmoitus") {
		t.Error("the calendar lacks the case and its duty")
	}
	other := h.as(incident.Approver)
	if strings.Contains(other.get("/calendar").body, `name="feed"`) {
		t.Error("another's address is shown")
	}
	id := regexp.MustCompile(`name="feed" value="([^"]+)"`).FindStringSubmatch(b.get("/calendar").body)[1]
	if got := other.post("/calendar", "do", "revoke", "feed", id); got.code != http.StatusNotFound {
		t.Errorf("another revokes: status %d, want 404", got.code)
	}
	absent := outside.get("/calendar/nosuchsecret")
	if got := b.post("/calendar", "do", "revoke", "feed", id); got.code != http.StatusSeeOther {
		t.Fatalf("revoke: status %d", got.code)
	}
	if got := outside.get(path); got.code != http.StatusNotFound || got.body != strings.ReplaceAll(absent.body, "/calendar/nosuchsecret", path) {
		t.Errorf("a revoked address (%d) and an unknown one (%d) differ", got.code, absent.code)
	}
	codes := map[int]int{}
	for range 70 {
		codes[outside.get("/calendar/nosuchsecret").code]++
	}
	if codes[http.StatusTooManyRequests] == 0 {
		t.Errorf("answers %v, want some refused", codes)
	}
}

func TestFeedEndsWithItsOwner(t *testing.T) {
	h := newHouse(t)
	u := h.hire(incident.Handler)
	secret, err := h.desk.AddFeed(context.Background(), incident.Actor{ID: u.ID, Name: u.Name, Roles: u.Roles, Via: "web"})
	must(t, err)
	b := h.browser()
	if got := b.get("/calendar/" + secret); got.code != http.StatusOK {
		t.Fatalf("status %d", got.code)
	}
	u.Disabled = true
	must(t, h.desk.SaveUser(context.Background(), incident.Program, u))
	if got := b.get("/calendar/" + secret); got.code != http.StatusNotFound {
		t.Errorf("of somebody who has left: status %d, want 404", got.code)
	}
	token, err := h.desk.AddToken(context.Background(), incident.Program, "ohjelma", incident.Auditor)
	must(t, err)
	if got := b.get("/calendar/" + token); got.code != http.StatusNotFound {
		t.Errorf("a token of the API reads the calendar: status %d, want 404", got.code)
	}
}
