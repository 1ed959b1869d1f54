package store

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"hatakello/incident"
)

// noon is when the tests happen.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 123e6, time.UTC)

var ids atomic.Int64

// newID makes ids that sort by the time of their making.
func newID() string { return fmt.Sprintf("id%012d", ids.Add(1)) }

var anna = incident.Actor{ID: "anna", Name: "Anna Koe", Via: "web"}

// change makes an empty change about a case.
func change(about string) *incident.Change {
	return &incident.Change{Act: "test", By: anna, At: noon, About: about, Content: []byte(`{"about":"` + about + `"}`), Salt: []byte("0123456789abcdef")}
}

// newCase makes the change that logs a case with records of controllers k0, k1 …,
// each with a limit of ours after 24 hours and a warning after four.
func newCase(title string, records int) *incident.Change {
	inc := &incident.Incident{ID: newID(), Title: title, LoggedAt: noon, LoggedBy: "Anna Koe", Logger: "anna", Version: 1,
		Marks: []incident.Mark{{Moment: incident.ProcessorAware, At: noon, Sure: incident.Known, Text: "klo 14", By: "Anna Koe", Made: noon}}}
	c := change(inc.ID)
	c.Act, c.NewIncident, c.Result = "log", inc, inc.ID
	for i := range records {
		r := newRecord(inc.ID, fmt.Sprintf("k%d", i), fmt.Sprintf("Asiakas %05d Oy", i))
		c.NewRecords = append(c.NewRecords, r)
	}
	inc.Tally.Records = records
	c.Entries = []*incident.Entry{{ID: newID(), Incident: inc.ID, At: noon, By: "Anna Koe", Key: "case.logged", Args: map[string]string{"title": title}}}
	return c
}

func newRecord(inc, controller, name string) *incident.Record {
	r := &incident.Record{ID: newID(), Incident: inc, Controller: controller, Name: name, Lang: "fi", Part: incident.AsProcessor,
		Certainty: incident.Possible, Hours: 24, Stage: incident.Untold, Version: 1}
	r.Deadlines = []*incident.Deadline{
		{ID: newID(), Incident: inc, Record: r.ID, Duty: "gdpr.33.2", Basis: "GDPR Art. 33(2)", To: incident.ToController, Ours: true,
			Start: noon, Warn: noon.Add(4 * time.Hour)},
		{ID: newID(), Incident: inc, Record: r.ID, Duty: "contract.notice", Basis: "GDPR Art. 28(3)", To: incident.ToController, Ours: true,
			Within: incident.Period{Hours: 24}, Start: noon, Due: noon.Add(24 * time.Hour), Outer: noon.Add(25 * time.Hour), Warn: noon.Add(4 * time.Hour)},
	}
	return r
}

// newMail makes a delivery of a notice of r.
func newMail(r *incident.Record, n *incident.Notice) *incident.Delivery {
	return &incident.Delivery{ID: newID(), Incident: r.Incident, Record: r.ID, Notice: n.ID, Route: incident.ByMail,
		Address: r.Controller + "@example.fi", Name: "Koe", Fate: incident.Pending, Urgency: noon.Add(24 * time.Hour), Due: noon,
		Token: "hash of " + n.ID, Body: []byte("Subject: koe\r\n\r\nÄ\x00\xff"), Made: noon}
}

func newNotice(r *incident.Record, n int) *incident.Notice {
	return &incident.Notice{ID: newID(), Incident: r.Incident, Record: r.ID, N: n, Lang: r.Lang, Subject: "Tietoturvaloukkaus",
		Text: "Hyvä asiakas", Said: "Hyvä", NextUpdate: noon.Add(time.Hour), Code: "K7", At: noon, By: "Anna Koe"}
}

func apply(t testing.TB, db *DB, c *incident.Change) {
	t.Helper()
	if err := db.Apply(context.Background(), c); err != nil {
		t.Fatalf("Apply(%s): %v", c.Act, err)
	}
}

// must returns v if there was no error.
func must[T any](t testing.TB) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
