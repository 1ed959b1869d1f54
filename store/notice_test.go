package store

import (
	"reflect"
	"testing"
	"time"

	"hatakello/incident"
)

func TestNotices(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		up, ds := notified(t, db, 2)
		first := up.Notices[0]
		second := newNotice(&incident.Record{ID: first.Record, Incident: first.Incident, Lang: "sv"}, 2)
		second.Phoned, second.NextUpdate = true, time.Time{}
		c := change(first.Incident)
		c.Notices = []*incident.Notice{second}
		first.AckedAt, first.AckedBy = noon.Add(time.Hour), "Aino, DPO"
		c.Acked = []*incident.Notice{first}
		apply(t, db, c)
		if got := must[*incident.Notice](t)(db.Notice(ctx, first.ID)); !reflect.DeepEqual(got, first) {
			t.Errorf("Notice = %+v\nwant %+v", got, first)
		}
		if got := must[*incident.Notice](t)(db.NoticeByToken(ctx, ds[0].Token)); got.ID != first.ID {
			t.Errorf("NoticeByToken = %s, want %s", got.ID, first.ID)
		}
		if got := must[[]*incident.Notice](t)(db.Notices(ctx, first.Record)); len(got) != 2 || !reflect.DeepEqual(got[1], second) {
			t.Errorf("Notices = %v", got)
		}
		newest := must[map[string]*incident.Notice](t)(db.NewestNotices(ctx, []string{first.Record, up.Notices[1].Record, "none"}))
		if len(newest) != 2 || newest[first.Record].N != 2 || newest[up.Notices[1].Record].N != 1 {
			t.Errorf("NewestNotices = %v", newest)
		}
		tried := must[map[string][]string](t)(db.Tried(ctx, []string{first.ID, second.ID}))
		if want := map[string][]string{first.ID: {"k0@example.fi"}}; !reflect.DeepEqual(tried, want) {
			t.Errorf("Tried = %v, want %v", tried, want)
		}
	})
}

func TestWarningsAndRings(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		c := newCase("Levy katosi", 2)
		own := &incident.Deadline{ID: newID(), Incident: c.NewIncident.ID, Duty: "inquiry", Ours: true, Start: noon, Due: noon.Add(time.Hour), Warn: noon.Add(time.Minute)}
		c.Deadlines = []*incident.Deadline{own}
		ring := &incident.Ring{ID: newID(), Incident: c.NewIncident.ID, Duty: "logged", Records: 2, Due: noon.Add(time.Hour), Made: noon, Next: noon.Add(time.Hour)}
		c.Rings = []*incident.Ring{ring}
		apply(t, db, c)
		if got := must[*incident.Incident](t)(db.Incident(ctx, c.NewIncident.ID)); !reflect.DeepEqual(got.Deadlines, c.Deadlines) {
			t.Errorf("incident's Deadlines = %+v, want %+v", got.Deadlines, c.Deadlines)
		}
		due := must[[]*incident.Deadline](t)(db.Warnings(ctx, noon.Add(4*time.Hour), 3))
		if len(due) != 3 || !reflect.DeepEqual(due[0], own) {
			t.Fatalf("Warnings = %d, the first %+v; want 3, the first %+v", len(due), due[0], own)
		}
		w := change(c.NewIncident.ID)
		for _, d := range due {
			d.Warn = time.Time{}
		}
		due[1].Warn = noon.Add(12 * time.Hour)
		w.Warned = due
		ring.AckedAt, ring.AckedBy, ring.Next = noon.Add(time.Minute), "Anna", noon.Add(2*time.Hour)
		w.Rings = []*incident.Ring{ring}
		apply(t, db, w)
		if got := len(must[[]*incident.Deadline](t)(db.Warnings(ctx, noon.Add(4*time.Hour), 9))); got != 2 {
			t.Errorf("Warnings after warning three of five = %d, want 2", got)
		}
		if got := must[*incident.Ring](t)(db.Ring(ctx, ring.ID)); !reflect.DeepEqual(got, ring) {
			t.Errorf("Ring = %+v, want %+v", got, ring)
		}
		for at, want := range map[time.Duration]int{time.Hour: 0, 2 * time.Hour: 1} {
			if got := len(must[[]*incident.Ring](t)(db.Rings(ctx, noon.Add(at), 9))); got != want {
				t.Errorf("Rings after %v = %d, want %d", at, got, want)
			}
		}
		if got := len(must[[]*incident.Ring](t)(db.OpenRings(ctx, c.NewIncident.ID))); got != 1 {
			t.Errorf("OpenRings = %d, want 1", got)
		}
		ring.End, ring.Next = noon, time.Time{}
		e := change(c.NewIncident.ID)
		e.Rings = []*incident.Ring{ring}
		apply(t, db, e)
		if got := len(must[[]*incident.Ring](t)(db.OpenRings(ctx, c.NewIncident.ID))); got != 0 {
			t.Errorf("OpenRings after the end = %d, want 0", got)
		}
	})
}

func TestUnexplained(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		c := newCase("Levy katosi", 3)
		for i, r := range c.NewRecords {
			r.Deadlines[1].Met = r.Deadlines[1].Due.Add(time.Duration(i-1) * time.Second) // early, in time, late
		}
		apply(t, db, c)
		id := c.NewIncident.ID
		for _, want := range []int{1, 0} {
			if got := must[int](t)(db.Unexplained(ctx, id)); got != want {
				t.Errorf("Unexplained = %d, want %d", got, want)
			}
			c.NewRecords[2].Deadlines[1].Reason = "postipalvelin seis"
			up := change(id)
			up.Records = c.NewRecords[2:]
			apply(t, db, up)
		}
		if got := must[int](t)(db.RunningDuty(ctx, id, "gdpr.33.2")); got != 3 {
			t.Errorf("RunningDuty = %d, want 3", got)
		}
		if got := must[int](t)(db.Running(ctx, id)); got != 3 {
			t.Errorf("Running = %d, want 3", got)
		}
	})
}
