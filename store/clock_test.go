package store

import (
	"reflect"
	"testing"
	"time"

	"hatakello/incident"
)

func TestDutiesAndClocks(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		c := newCase("Levy katosi", 5)
		due := noon.Add(24 * time.Hour)
		for i, r := range c.NewRecords {
			d := &incident.Deadline{ID: "d" + r.ID, Incident: r.Incident, Record: r.ID, Duty: "contract.notice", Basis: "B", To: incident.ToController,
				Ours: true, Within: incident.Period{Hours: 24}, Start: noon, Due: due.Add(time.Duration(-i) * time.Minute)}
			switch i {
			case 1:
				d.Met, d.How = noon, "accepted"
			case 2:
				d.Met, d.How = due.Add(time.Hour), "acked"
			}
			r.Deadlines = []*incident.Deadline{d, {ID: "e" + r.ID, Incident: r.Incident, Record: r.ID, Duty: "gdpr.33.2", Basis: "C",
				To: incident.ToController, Ours: true, Start: noon}}
		}
		apply(t, db, c)
		id := c.NewIncident.ID
		got := must[[]*incident.DutyTally](t)(db.Duties(ctx, id, due.Add(-3*time.Minute)))
		want := []*incident.DutyTally{
			{Duty: "contract.notice", Basis: "B", To: incident.ToController, Ours: true, Within: incident.Period{Hours: 24}, N: 5, Running: 3, Late: 1,
				MetLate: 1, Provisional: 1, Unexplained: 2, Next: due.Add(-4 * time.Minute), Start: noon, Due: due.Add(-4 * time.Minute)},
			{Duty: "gdpr.33.2", Basis: "C", To: incident.ToController, Ours: true, N: 5, Running: 5, Start: noon},
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("Duties = %+v %+v\nwant %+v %+v", got[0], got[1], want[0], want[1])
		}
		for duty, n := range map[string]int{"contract.notice": 3, "gdpr.33.2": 5} {
			f := incident.ClockFilter{Duty: duty}
			if duty == "contract.notice" {
				f.Within = incident.Period{Hours: 24}
			}
			var seen []string
			for after := ""; ; {
				part, next, err := db.Clocks(ctx, id, f, incident.Cut{After: after, Limit: 2})
				if err != nil {
					t.Fatal(err)
				}
				for _, k := range part {
					if k.Name == "" || !k.Running() {
						t.Errorf("clock %+v has no holder or does not run", k)
					}
					seen = append(seen, k.ID)
				}
				if after = next; after == "" {
					break
				}
			}
			if len(seen) != n {
				t.Errorf("%s: %d clocks over the pages, want %d", duty, len(seen), n)
			}
		}
		ended, _, err := db.Clocks(ctx, id, incident.ClockFilter{Duty: "contract.notice", Within: incident.Period{Hours: 24}, Ended: true}, incident.Cut{Limit: 9})
		if err != nil || len(ended) != 2 || ended[0].How != "acked" {
			t.Errorf("ended clocks = %v, %v; want two, the one with the nearer limit first", ended, err)
		}
	})
}

func TestRinging(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		c, closed := newCase("Levy katosi", 1), newCase("Suljettu", 0)
		closed.NewIncident.ClosedAt = noon
		apply(t, db, c)
		apply(t, db, closed)
		up := change(c.NewIncident.ID)
		up.Rings = []*incident.Ring{
			{ID: "r1", Incident: c.NewIncident.ID, Duty: "a", Made: noon, AckedAt: noon, AckedBy: "Anna"},
			{ID: "r2", Incident: c.NewIncident.ID, Duty: "b", Made: noon},
			{ID: "r3", Incident: c.NewIncident.ID, Duty: "c", Made: noon, End: noon},
			{ID: "r4", Incident: closed.NewIncident.ID, Duty: "d", Made: noon},
		}
		apply(t, db, up)
		got := must[[]*incident.Ring](t)(db.Ringing(ctx, 9))
		if len(got) != 2 || got[0].ID != "r2" || got[1].ID != "r1" {
			t.Errorf("Ringing = %v, want the unanswered one first and none that is over", got)
		}
	})
}

func TestJointAndSource(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		c := newCase("Levy katosi", 2)
		c.NewIncident.Source = incident.Source{Name: "Konesali Oy", TheirAware: noon, Hours: 24}
		c.NewRecords[0].Joint = incident.Joint{With: []string{c.NewRecords[1].ID}, Lead: true, Arranged: true}
		apply(t, db, c)
		if got := must[*incident.Incident](t)(db.Incident(ctx, c.NewIncident.ID)); got.Source != c.NewIncident.Source {
			t.Errorf("Source = %+v", got.Source)
		}
		r := must[*incident.Record](t)(db.Record(ctx, c.NewRecords[0].ID))
		if !reflect.DeepEqual(r.Joint, c.NewRecords[0].Joint) {
			t.Errorf("Joint = %+v", r.Joint)
		}
		r.Joint = incident.Joint{}
		up := change(c.NewIncident.ID)
		up.Records = []*incident.Record{r}
		apply(t, db, up)
		if r = must[*incident.Record](t)(db.Record(ctx, r.ID)); r.Joint.Any() {
			t.Errorf("Joint after it ended = %+v", r.Joint)
		}
	})
}
