package store

import (
	"testing"
	"time"

	"hatakello/incident"
)

func TestLimitsAreCountedTogether(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		c := newCase("Levy katosi", 3)
		for i, r := range c.NewRecords {
			r.Deadlines = []*incident.Deadline{{ID: "d" + r.ID, Incident: r.Incident, Record: r.ID, Duty: "contract.notice", Ours: true,
				Start: noon, Due: noon.Add(24 * time.Hour)}}
			if i == 2 {
				r.Deadlines[0].Met, r.Deadlines[0].How = noon, "accepted"
			}
		}
		apply(t, db, c)
		got := must[[]*incident.Limit](t)(db.Limits(ctx, 10))
		want := incident.Limit{Incident: c.NewIncident.ID, Number: "2026-001", Duty: "contract.notice", Due: noon.Add(24 * time.Hour), Records: 2}
		if len(got) != 1 || *got[0] != want {
			t.Errorf("Limits = %+v, want the two that run as one: %+v", got, want)
		}
	})
}
