package incident_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"hatakello/incident"
	"hatakello/store"
)

// BenchmarkTick measures a minute's round over stored deadlines of which none
// is due, and one with a single case due: its cost must follow what is due.
func BenchmarkTick(b *testing.B) {
	for _, stored := range []int{1000, 100_000} {
		b.Run(fmt.Sprintf("stored=%d/due=0", stored), func(b *testing.B) {
			d := filled(b, stored)
			for b.Loop() {
				if n, err := d.Tick(ctx); err != nil || n != 0 {
					b.Fatal(n, err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/tick")
		})
	}
}

// filled is a Desk over a database with n running deadlines.
func filled(b *testing.B, n int) *incident.Desk {
	b.Helper()
	db, err := store.Open(ctx, filepath.Join(b.TempDir(), "b.db"), store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	id := 0
	newID := func() string { id++; return fmt.Sprintf("%08d", id) }
	const each = 500
	for done := 0; done < n; done += each {
		c := &incident.Change{Act: "log", By: staff, At: start, Content: []byte("{}"), Salt: []byte("0123456789abcdef")}
		inc := &incident.Incident{ID: newID(), Title: "T", LoggedAt: start, Version: 1}
		c.NewIncident, c.About = inc, inc.ID
		for range each {
			r := &incident.Record{ID: newID(), Incident: inc.ID, Controller: newID(), Name: "A", Lang: "fi", Part: incident.AsProcessor,
				Certainty: incident.Possible, Stage: incident.Untold, Version: 1}
			r.Deadlines = []*incident.Deadline{{ID: newID(), Incident: inc.ID, Record: r.ID, Duty: "gdpr.33.2", Basis: "GDPR Art. 33(2)",
				To: incident.ToController, Ours: true, Start: start, Warn: start.Add(4 * time.Hour)}}
			c.NewRecords = append(c.NewRecords, r)
		}
		if err := db.Apply(ctx, c); err != nil {
			b.Fatal(err)
		}
	}
	return &incident.Desk{Store: db, Now: func() time.Time { return start }, NewID: newID, NewSalt: func() []byte { return make([]byte, 16) }}
}
