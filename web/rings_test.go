package web

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
)

func TestRings(t *testing.T) {
	h := newHouse(t)
	inc := h.breach(h.stock())
	b := h.as(incident.Handler)
	auditor := h.as(incident.Auditor)
	answer := regexp.MustCompile(`action="(/rings/[^"]+/answer)"`)
	m := answer.FindStringSubmatch(b.get("/incidents/" + inc.ID).body)
	if m == nil || answer.FindString(b.get("/").body) == "" {
		t.Fatal("the alarm is not on the case and the board")
	}
	if answer.MatchString(auditor.get("/").body) {
		t.Error("an auditor is offered to answer")
	}
	if got := auditor.post(m[1]); got.code != http.StatusForbidden {
		t.Errorf("an auditor answers: status %d, want 403", got.code)
	}
	for _, back := range []string{"//evil.example", "https://evil.example", "/incidents/../x"} {
		if got := b.post(m[1], "back", back); got.header.Get("Location") != "/?said=answered" {
			t.Errorf("back to %q leads to %q", back, got.header.Get("Location"))
		}
	}
	if answer.MatchString(b.get("/").body) {
		t.Error("an answered alarm of a new case still waits")
	}
	h.later(5 * time.Hour)
	if _, err := h.desk.Tick(context.Background()); err != nil {
		t.Fatal(err)
	}
	page := b.get("/incidents/" + inc.ID)
	if m = answer.FindStringSubmatch(page.body); m == nil {
		t.Fatal("the warning of the fifth hour is not on the case")
	}
	if got := b.post(m[1], "back", "/incidents/"+inc.ID); got.header.Get("Location") != "/incidents/"+inc.ID+"?said=answered" {
		t.Errorf("back leads to %q", got.header.Get("Location"))
	}
	if text := b.get("/incidents/" + inc.ID).text(); !strings.Contains(text, "Aino handler on asialla") || !strings.Contains(text, "kysytään uudelleen") {
		t.Error("the case does not say who is on it and when it is asked again")
	}
}

func TestAlarmSettings(t *testing.T) {
	h := newHouse(t)
	admin := h.as(incident.Admin)
	got := admin.post("/settings", "name", "Hoivapilvi", "zone", "Europe/Helsinki", "alarm", "kaikki@bell.example")
	if got.code != http.StatusSeeOther {
		t.Fatalf("status %d", got.code)
	}
	form := []string{"who_0", "@oncall", "wait_0", "15", "who_1", "pomo@bell.example, toinen@bell.example", "wait_1", "30",
		"shift_0", "admin@bell.example", "from_0", "22.11.2026 klo 8", "until_0", "29.11.2026 klo 8", "quiet_from", "22", "quiet_until", "7.30", "regimes", "nis2",
		"chase_hours", "2,5", "day_from", "8", "day_until", "20.30"}
	if got := admin.post("/settings/alarms", form...); got.code != http.StatusSeeOther {
		t.Fatalf("status %d\n%.900s", got.code, got.text())
	}
	o, err := h.db.Organisation(context.Background())
	must(t, err)
	if len(o.Plan) != 2 || o.Plan[0].Wait != 15*time.Minute || len(o.Plan[1].Who) != 2 || len(o.Rota) != 1 || o.Quiet != (incident.Quiet{From: 1320, Until: 450}) ||
		len(o.Regimes) != 1 || len(o.Alarm) != 1 || !o.Rota[0].Until.Equal(time.Date(2026, 11, 29, 6, 0, 0, 0, time.UTC)) {
		t.Errorf("organisation = %+v", o)
	}
	if o.ChaseAfter != 150*time.Minute || o.Day != (incident.Quiet{From: 480, Until: 1230}) {
		t.Errorf("chased after %v in %v, want 2.5 hours of 8 to 20.30", o.ChaseAfter, o.Day)
	}
	page := admin.get("/settings/alarms").text()
	if !strings.Contains(page, "Päivystyksessä on aukkoja") || !strings.Contains(page, "su 29.11.2026 klo 8") || !strings.Contains(page, "7.30") {
		t.Error("the gap after the only shift is not shown")
	}
	if got := admin.post("/settings/alarms", regexpForm(page)...); got.code != http.StatusSeeOther {
		t.Errorf("what the page shows cannot be saved again: status %d", got.code)
	}
	if got := h.as(incident.Privacy).get("/settings/alarms"); got.code != http.StatusForbidden {
		t.Errorf("not an administrator: status %d, want 403", got.code)
	}
}

// regexpForm reads the text inputs of a page back as a form.
func regexpForm(page string) []string {
	var pairs []string
	for _, m := range regexp.MustCompile(`name="((?:who|wait|from|until|quiet)_\w+)" type="text" value="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		pairs = append(pairs, m[1], m[2])
	}
	return append(pairs, "shift_0", "admin@bell.example")
}
