package web

import (
	"strings"
	"testing"

	"hatakello/incident"
)

// TestFault37ClosedWayOnEveryPage: staff see on every page since when nothing
// gets through, why, and what to do; nobody else does.
func TestFault37ClosedWayOnEveryPage(t *testing.T) {
	h := newHouse(t)
	inc := h.breach(h.stock())
	b := h.as(incident.Handler)
	if err := h.desk.NoteWay(t.Context(), incident.Way{Route: incident.ByMail, Why: "unwelcome", Said: "535 secret"}); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/", "/incidents/" + inc.ID, "/customers", "/settings", "/log"} {
		text := b.get(path).text()
		for _, want := range []string{"Sähköposti ei lähde", "su 22.11.2026 klo 3.12", "ei hyväksy tunnusta", "Soita ensin"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s does not say %q", path, want)
			}
		}
		if strings.Contains(text, "535 secret") {
			t.Errorf("%s shows what the server answered", path)
		}
	}
	if text := h.browser().get("/login").text(); strings.Contains(text, "Sähköposti ei lähde") {
		t.Error("a stranger is told which way is shut")
	}
	if err := h.desk.NoteWay(t.Context(), incident.Way{Route: incident.ByMail}); err != nil {
		t.Fatal(err)
	}
	if text := b.get("/").text(); strings.Contains(text, "Sähköposti ei lähde") {
		t.Error("the banner stays after the way has opened")
	}
}
