package web

import (
	"context"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
)

// When all our own duties are met, the board and the case still show the first
// of the controllers' own limits: 72 hours from when the first notice reached
// its controller (rule 9), and whose it is.
func TestBoardWatchesControllersOwnLimits(t *testing.T) {
	h := newHouse(t)
	inc, rs := h.sent()
	h.later(13 * time.Hour)
	rows, _, err := h.db.Rows(context.Background(), incident.Filter{State: "open"}, incident.Cut{Limit: 5})
	if err != nil {
		t.Fatal(err)
	}
	theirs := rows[0].Theirs
	if theirs == nil || theirs.Ours || theirs.Duty != "gdpr.33.1" {
		t.Fatalf("the board watches %+v, want a controller's own limit", theirs)
	}
	var ends time.Time
	for _, r := range rs {
		rec, err := h.db.Record(context.Background(), r.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range rec.Deadlines {
			if !d.Ours && d.Running() && (ends.IsZero() || d.Due.Before(ends)) {
				ends = d.Due
			}
		}
	}
	if !theirs.Due.Equal(ends) {
		t.Errorf("the board's limit of a controller is %v, want the first, %v", theirs.Due, ends)
	}
	b := h.as(incident.Privacy)
	board, page := flat(b.get("/?lang=fi")), flat(b.get("/incidents/"+inc.ID))
	if rows[0].Next == nil && !strings.Contains(board, "omat määräajat kuluvat, ensimmäisenä "+rows[0].Whose) {
		t.Error("the board does not say that a controller's own clock runs")
	}
	for _, want := range []string{"Ensimmäisenä päättyy:", rows[0].Whose, "Kello on rekisterinpitäjän."} {
		if !strings.Contains(page, want) {
			t.Errorf("the case's page lacks %q", want)
		}
	}
	if strings.Contains(page, "Mikään määräaika ei käy nyt") {
		t.Error("the case's page says that no clock runs while a controller's does")
	}
}
