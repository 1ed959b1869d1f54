package web

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
)

// TestClocksOfTenThousand holds that the page stays small and quick.
func TestClocksOfTenThousand(t *testing.T) {
	if testing.Short() {
		t.Skip("makes ten thousand records")
	}
	h := newHouse(t)
	ctx := context.Background()
	sv := &incident.Service{Name: "Iso palvelu"}
	must(t, h.desk.SaveService(ctx, incident.Program, sv))
	c := &incident.Change{Act: "register", By: incident.Program, At: h.time(), Content: []byte("{}"), Salt: make([]byte, 16)}
	for range 10_000 {
		c.Register.Controllers = append(c.Register.Controllers, &incident.Controller{ID: h.desk.NewID(), Name: "Asiakas", Lang: "fi", Hours: 24,
			Uses: []incident.Use{{Service: sv.ID}}})
	}
	must(t, h.db.Apply(ctx, c))
	inc := h.breach(sv)
	b := h.as(incident.Auditor)
	for _, p := range []string{"/clocks", "/clocks?duty=contract.notice&within=24h", "/moments", "/compare", "/parties"} {
		began := time.Now()
		got := b.get("/incidents/" + inc.ID + p)
		took := time.Since(began)
		if got.code != http.StatusOK || len(got.body) > 60<<10 {
			t.Errorf("%s: status %d, %d bytes", p, got.code, len(got.body))
		}
		if took > 2*time.Second {
			t.Errorf("%s took %v", p, took)
		}
		t.Logf("%s: %v, %d bytes", p, took, len(got.body))
	}
	if page := b.get("/incidents/" + inc.ID + "/clocks").text(); !strings.Contains(page, "10 000 rekisterinpitäjää") && !strings.Contains(page, "10\u00a0000") && !strings.Contains(page, "10000") {
		t.Error("the page does not count them")
	}
}
