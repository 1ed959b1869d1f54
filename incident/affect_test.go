package incident_test

import (
	"slices"
	"testing"

	"hatakello/incident"
)

// TestExcludedControllerIsNamedAgain marks a controller as not affected and
// then adds it once more, in each of the ways in which that can happen.
func TestExcludedControllerIsNamedAgain(t *testing.T) {
	tests := []struct {
		name     string
		in       incident.Affect
		reopened int
	}{
		{"by its name", incident.Affect{Words: []string{"Koivuranta"}, Certainty: incident.Confirmed}, 1},
		{"by the service that the case has", incident.Affect{Services: []string{"Hoivapäivyri"}}, 0},
		{"by a service that is new to the case", incident.Affect{Services: []string{"Kotikäynti"}}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			k := h.customer("Koivuranta", "fi", 24, "a@koivuranta.example")
			services, err := h.db.Services(ctx)
			h.must(err)
			i := slices.IndexFunc(services, func(s *incident.Service) bool { return s.Name == "Kotikäynti" })
			k.Uses = append(k.Uses, incident.Use{Service: services[i].ID})
			h.must(h.SaveController(ctx, staff, k))
			inc := h.log("Hoivapäivyri")
			r := h.records(inc)[0]
			h.must(h.SetCertainty(ctx, staff, r.ID, incident.NotAffected, "Ei käytä osaa."))
			running, err := h.db.Running(ctx, inc.ID)
			h.must(err)

			found, err := h.Affect(ctx, staff, inc.ID, tt.in)
			h.must(err)
			if found.Reopened != tt.reopened || found.Added != 0 || found.Already != 1-tt.reopened {
				t.Errorf("found %+v, want %d reopened", found, tt.reopened)
			}
			again, err := h.db.Record(ctx, r.ID)
			h.must(err)
			if again.Open() != (tt.reopened == 1) || h.incident(inc.ID).Tally.Records != tt.reopened {
				t.Errorf("record %s, tally %+v", again.Certainty, h.incident(inc.ID).Tally)
			}
			after, err := h.db.Running(ctx, inc.ID)
			h.must(err)
			if (after > running) != (tt.reopened == 1) {
				t.Errorf("%d clocks run after %d, want more if the record is back", after, running)
			}
			entries, _, err := h.db.Entries(ctx, inc.ID, r.ID, incident.Cut{Limit: 50})
			h.must(err)
			said := slices.ContainsFunc(entries, func(e *incident.Entry) bool { return e.Key == "record.again" })
			if said != (tt.reopened == 1) {
				t.Errorf("the timeline says it: %v, want %v", said, tt.reopened == 1)
			}
		})
	}
}
