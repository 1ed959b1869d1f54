package store

import (
	"reflect"
	"testing"
	"time"

	"hatakello/incident"
)

func TestLimits(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		a, b, shut := newCase("Levy katosi", 3), newCase("Toinen", 2), newCase("Suljettu", 1)
		a.NewRecords[0].Deadlines[1].Due = noon.Add(time.Hour)
		b.NewRecords[1].Deadlines[0].Due = noon.Add(24 * time.Hour) // another duty at the same time
		b.Deadlines = []*incident.Deadline{{ID: newID(), Incident: b.NewIncident.ID, Duty: "inquiry", Ours: true, Start: noon, Due: noon.Add(2 * time.Hour)}}
		for _, c := range []*incident.Change{a, b, shut} {
			apply(t, db, c)
		}
		shut.NewIncident.ClosedAt = noon
		c := change(shut.NewIncident.ID)
		c.Incident = shut.NewIncident
		apply(t, db, c)
		want := []*incident.Limit{
			{Incident: a.NewIncident.ID, Number: "2026-001", Duty: "contract.notice", Due: noon.Add(time.Hour), Records: 1},
			{Incident: b.NewIncident.ID, Number: "2026-002", Duty: "inquiry", Due: noon.Add(2 * time.Hour), Records: 1},
			{Incident: a.NewIncident.ID, Number: "2026-001", Duty: "contract.notice", Due: noon.Add(24 * time.Hour), Records: 2},
			{Incident: b.NewIncident.ID, Number: "2026-002", Duty: "contract.notice", Due: noon.Add(24 * time.Hour), Records: 2},
			{Incident: b.NewIncident.ID, Number: "2026-002", Duty: "gdpr.33.2", Due: noon.Add(24 * time.Hour), Records: 1},
		}
		if got := must[[]*incident.Limit](t)(db.Limits(ctx, 9)); !reflect.DeepEqual(got, want) {
			t.Errorf("Limits = %v\nwant %v", deref(got), deref(want))
		}
		meet(t, db, a.NewRecords[0])
		if got := must[[]*incident.Limit](t)(db.Limits(ctx, 1)); !reflect.DeepEqual(got, want[1:2]) {
			t.Errorf("Limits(1) after the first was met = %v, want %v", deref(got), deref(want[1:2]))
		}
	})
}

func deref(ls []*incident.Limit) (all []incident.Limit) {
	for _, l := range ls {
		all = append(all, *l)
	}
	return all
}

func TestLangs(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		c := newCase("Levy katosi", 5)
		c.NewRecords[0].Lang, c.NewRecords[1].Lang = "sv", "sv"
		c.NewRecords[2].Part = incident.AsController
		apply(t, db, c)
		id := c.NewIncident.ID
		check := func(want map[string]int) {
			t.Helper()
			if got := must[map[string]int](t)(db.Langs(ctx, id)); !reflect.DeepEqual(got, want) {
				t.Errorf("Langs = %v, want %v", got, want)
			}
		}
		check(map[string]int{"sv": 2, "fi": 2})
		up := change(id)
		c.NewRecords[0].Certainty, c.NewRecords[1].Lang = incident.NotAffected, "en"
		up.Records = c.NewRecords[:2]
		apply(t, db, up)
		check(map[string]int{"en": 1, "fi": 2})
	})
}
