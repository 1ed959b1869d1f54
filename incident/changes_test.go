package incident_test

import (
	"encoding/json"
	"testing"
	"time"

	"hatakello/incident"
)

// bodies reads the views that the pending notices were composed from.
func (h *house) bodies() map[string]incident.View {
	h.Helper()
	all := map[string]incident.View{}
	for _, dl := range h.send(accepted) {
		if dl.Notice != "" {
			var v incident.View
			h.must(json.Unmarshal(dl.Body, &v))
			all[v.Controller] = v
		}
	}
	return all
}

// A supplement is compared with what this controller was told last, not with
// what the case knew; and a notice that goes to the next contact says what it
// said at first.
func TestSupplementKnowsWhatWasToldLast(t *testing.T) {
	h := newHouse(t)
	h.customer("Koivuranta", "fi", 24, "eka@koivuranta.example", "toka@koivuranta.example")
	h.customer("Norrsken", "sv", 0, "n@norrsken.example")
	inc := h.log("Hoivapäivyri")
	told := func(text string, people int) {
		f := incident.Facts{Nature: incident.Fact{Text: text, Sure: incident.Known}}
		h.must(h.Describe(ctx, staff, inc.ID, h.incident(inc.ID).Version, f))
		for _, r := range h.records(inc) {
			if r.Name == "Koivuranta" {
				h.must(h.DescribeRecord(ctx, staff, r.ID, r.Version, incident.Facts{People: incident.Amount{Low: people, Sure: "exact"}}))
			}
		}
	}
	told("auki", 10)
	h.notify(inc)
	first := h.bodies()
	if v := first["Koivuranta"]; v.Was != nil || v.Facts.People.Low != 10 || !v.Stated.Aware.At.Equal(start) {
		t.Errorf("first notice: %+v", v)
	}
	h.now = start.Add(time.Hour)
	told("auki ja kopioitu", 20)
	h.now = start.Add(2 * time.Hour)
	h.notify(inc)
	told("kesken lähetyksen muuttunut", 30)
	h.send(refusedFor("eka@koivuranta.example"))
	v := h.bodies()["Koivuranta"]
	if v.Contact.Email != "toka@koivuranta.example" || v.N != 2 {
		t.Fatalf("the next contact got %+v", v)
	}
	if v.Was == nil || v.Was.Facts.People.Low != 10 || v.Was.Facts.Nature.Text != "auki" {
		t.Errorf("was = %+v, want what the first notice said", v.Was)
	}
	if v.Facts.People.Low != 20 || v.Facts.Nature.Text != "auki ja kopioitu" {
		t.Errorf("now = %+v, want what the second notice said when it was made", v.Facts)
	}
}
