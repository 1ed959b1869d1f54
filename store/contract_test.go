package store

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"hatakello/incident"
)

var ctx = context.Background()

func TestLogAndLoad(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		c := newCase("Levy katosi", 3)
		r := c.NewRecords[0]
		r.Marks = []incident.Mark{{Moment: incident.ControllerAware, At: noon.Add(time.Hour), Sure: incident.Assumed, Why: "kertoi", By: "Anna Koe", Made: noon.Add(time.Hour)},
			{Moment: incident.ControllerAware, Sure: incident.Unknown, Why: "ei", By: "Anna Koe", Made: noon.Add(2 * time.Hour)}}
		r.Facts.Nature = incident.Fact{Text: "Väärä vastaanottaja €", Sure: incident.Known}
		r.Assessed = []*incident.Assessment{{Tier: incident.High, Reason: "terveystiedot", Facts: []byte(`{"a":1}`), By: "Anna Koe", At: noon},
			{Tier: incident.Likely, Reason: "uusi tieto", By: "Anna Koe", Approver: "Bo", At: noon.Add(time.Hour)}}
		r.Filings = []incident.Filing{{Kind: "preliminary", At: noon, Channel: "web", Reference: "1/2", By: "Anna Koe", Made: noon}}
		r.Decisions = []incident.Decision{{Kind: "no_breach", Reason: "harjoitus", By: "Anna Koe", At: noon}}
		apply(t, db, c)

		inc := must[*incident.Incident](t)(db.Incident(ctx, c.NewIncident.ID))
		if inc.Number != "2026-001" {
			t.Errorf("Number = %q, want 2026-001", inc.Number)
		}
		if !reflect.DeepEqual(inc, c.NewIncident) {
			t.Errorf("Incident = %+v\nwant %+v", inc, c.NewIncident)
		}
		r.Shared = inc.Marks
		got := must[*incident.Record](t)(db.Record(ctx, r.ID))
		if !reflect.DeepEqual(got, r) {
			t.Errorf("Record = %+v\nwant %+v", got, r)
		}
		all := must[[]*incident.Record](t)(db.Records(ctx, inc.ID, nil))
		if len(all) != 3 || !reflect.DeepEqual(all[0], r) {
			t.Errorf("Records = %d, want 3 with the first as it was written", len(all))
		}
		some := must[[]*incident.Record](t)(db.Records(ctx, inc.ID, []string{c.NewRecords[2].ID, r.ID, "nobody"}))
		if len(some) != 2 || some[0].ID != r.ID || some[1].ID != c.NewRecords[2].ID {
			t.Errorf("Records(two and an unknown) = %v", some)
		}
		other := newCase("Toinen", 0)
		apply(t, db, other)
		if other.NewIncident.Number != "2026-002" {
			t.Errorf("second Number = %q, want 2026-002", other.NewIncident.Number)
		}
		if foreign := must[[]*incident.Record](t)(db.Records(ctx, other.NewIncident.ID, []string{r.ID})); len(foreign) != 0 {
			t.Errorf("Records of another case = %v, want none", foreign)
		}
	})
}

func TestNumberFollowsTheZone(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		for _, tt := range []struct {
			zone string
			want string
		}{{"", "2027-001"}, {"America/New_York", "2026-001"}, {"Europe/Stockholm", "2026-002"}} {
			c := change("")
			c.Setting = &incident.Organisation{Name: "Koe Oy", Zone: tt.zone}
			apply(t, db, c)
			n := newCase("Uusivuosi", 0)
			n.NewIncident.LoggedAt = time.Date(2026, 12, 31, 22, 30, 0, 0, time.UTC) // 0.30 in Helsinki
			var seen string
			n.Numbered = func() error { seen = n.NewIncident.Number; return nil }
			apply(t, db, n)
			if n.NewIncident.Number != tt.want || seen != tt.want {
				t.Errorf("zone %q: Number = %q, Numbered saw %q, want %q", tt.zone, n.NewIncident.Number, seen, tt.want)
			}
		}
	})
}

func TestStale(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		c := newCase("Levy katosi", 2)
		apply(t, db, c)
		id := c.NewIncident.ID
		first, second := must[*incident.Incident](t)(db.Incident(ctx, id)), must[*incident.Incident](t)(db.Incident(ctx, id))
		first.Title = "Levy löytyi"
		one := change(id)
		one.Incident = first
		apply(t, db, one)
		if first.Version != 2 {
			t.Errorf("Version after Apply = %d, want 2", first.Version)
		}
		two := change(id)
		two.Incident, second.Title = second, "Levy varastettiin"
		if err := db.Apply(ctx, two); !errors.Is(err, incident.ErrStale) {
			t.Errorf("Apply on an old case = %v, want ErrStale", err)
		}
		r, s := must[*incident.Record](t)(db.Record(ctx, c.NewRecords[0].ID)), must[*incident.Record](t)(db.Record(ctx, c.NewRecords[1].ID))
		s.Version--
		both := change(id)
		r.Tier, both.Records = incident.High, []*incident.Record{r, s}
		if err := db.Apply(ctx, both); !errors.Is(err, incident.ErrStale) {
			t.Errorf("Apply on an old record = %v, want ErrStale", err)
		}
		if got := must[*incident.Record](t)(db.Record(ctx, r.ID)); got.Tier != "" || got.Version != 1 {
			t.Errorf("record beside a stale one = %q, version %d; want unchanged", got.Tier, got.Version)
		}
		if got := must[*incident.Incident](t)(db.Incident(ctx, id)); got.Title != "Levy löytyi" {
			t.Errorf("Title = %q", got.Title)
		}
		if n := len(must[[]*incident.Audit](t)(db.Chain(ctx, id, 0, 10))); n != 2 {
			t.Errorf("links = %d, want 2: refused changes leave none", n)
		}
	})
}

func TestRepeated(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		c := newCase("Levy katosi", 1)
		c.Key = "form 1"
		apply(t, db, c)
		again := newCase("Levy katosi", 1)
		again.Key = "form 1"
		if err := db.Apply(ctx, again); !errors.Is(err, incident.ErrRepeated) {
			t.Fatalf("Apply again = %v, want ErrRepeated", err)
		}
		if again.NewIncident.Number != "" {
			t.Errorf("Number of what was not written = %q", again.NewIncident.Number)
		}
		got := must[string](t)(db.Outcome(ctx, anna.ID, "log", "form 1"))
		if got != c.NewIncident.ID {
			t.Errorf("Outcome = %q, want %q", got, c.NewIncident.ID)
		}
		for _, other := range [][3]string{{"bo", "log", "form 1"}, {"anna", "note", "form 1"}, {"anna", "log", "form 2"}} {
			if got := must[string](t)(db.Outcome(ctx, other[0], other[1], other[2])); got != "" {
				t.Errorf("Outcome%v = %q, want none", other, got)
			}
		}
		if _, err := db.Incident(ctx, again.NewIncident.ID); incident.KindOf(err) != incident.NotFound {
			t.Errorf("Incident of the repeat: %v, want not found", err)
		}
	})
}

func TestAllOrNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		first := newCase("Ensimmäinen", 1)
		apply(t, db, first)
		c := newCase("Levy katosi", 100)
		c.Key = "form 1"
		c.Tally.Acked = 7
		c.Entries = append(c.Entries, first.Entries[0]) // its id is taken: the last step but two fails
		if err := db.Apply(ctx, c); err == nil {
			t.Fatal("Apply of a broken change succeeded")
		}
		if _, err := db.Incident(ctx, c.NewIncident.ID); incident.KindOf(err) != incident.NotFound {
			t.Errorf("Incident: %v, want not found", err)
		}
		if got := must[string](t)(db.Outcome(ctx, anna.ID, "log", "form 1")); got != "" {
			t.Errorf("Outcome = %q, want none", got)
		}
		if n := len(must[[]*incident.Record](t)(db.Records(ctx, c.NewIncident.ID, nil))); n != 0 {
			t.Errorf("records = %d, want 0", n)
		}
		if n := len(must[[]*incident.Audit](t)(db.Chain(ctx, c.NewIncident.ID, 0, 10))); n != 0 {
			t.Errorf("links = %d, want 0", n)
		}
		c.Entries = c.Entries[:1]
		apply(t, db, c)
		if c.NewIncident.Number != "2026-002" {
			t.Errorf("Number = %q, want 2026-002: a failed act uses none up", c.NewIncident.Number)
		}
	})
}

func TestNotFound(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		for name, load := range map[string]func() error{
			"incident": func() error { _, err := db.Incident(ctx, "x"); return err },
			"record":   func() error { _, err := db.Record(ctx, "x"); return err },
			"notice":   func() error { _, err := db.Notice(ctx, "x"); return err },
			"token":    func() error { _, err := db.NoticeByToken(ctx, ""); return err },
			"delivery": func() error { _, err := db.Delivery(ctx, "x"); return err },
			"user":     func() error { _, err := db.User(ctx, "x"); return err },
			"login":    func() error { _, err := db.UserByLogin(ctx, "x"); return err },
			"hash":     func() error { _, err := db.TokenByHash(ctx, "x"); return err },
		} {
			if err := load(); incident.KindOf(err) != incident.NotFound {
				t.Errorf("%s: %v, want not found", name, err)
			}
		}
	})
}

func TestUpdateRecord(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		c := newCase("Levy katosi", 150)
		apply(t, db, c)
		id := c.NewIncident.ID
		rs := must[[]*incident.Record](t)(db.Records(ctx, id, nil))
		up := change(id)
		for i, r := range rs {
			r.Stage, r.Notices, r.Name = incident.Queued, 1, fmt.Sprintf("Uusi %d", i)
			r.Marks = append(r.Marks, incident.Mark{Moment: incident.ControllerInformed, At: noon, Made: noon})
			r.Deadlines[1].Met, r.Deadlines[1].How, r.Deadlines[1].Warn = noon.Add(time.Hour), "accepted", time.Time{}
			r.Deadlines = append(r.Deadlines, &incident.Deadline{ID: newID(), Incident: id, Record: r.ID, Duty: "gdpr.33.1", To: incident.ToAuthority,
				Within: incident.Period{Hours: 72}, Start: noon, Due: noon.Add(72 * time.Hour)})
		}
		up.Records, up.Tally.Notified = rs, 150
		apply(t, db, up)
		for i, got := range must[[]*incident.Record](t)(db.Records(ctx, id, nil)) {
			if !reflect.DeepEqual(got, rs[i]) {
				t.Fatalf("record %d = %+v\nwant %+v", i, got, rs[i])
			}
		}
		inc := must[*incident.Incident](t)(db.Incident(ctx, id))
		if want := (incident.Tally{Records: 150, Notified: 150}); inc.Tally != want || inc.Version != 1 {
			t.Errorf("Tally = %+v, version %d; want %+v, 1", inc.Tally, inc.Version, want)
		}
		if n := must[int](t)(db.Running(ctx, id)); n != 150 {
			t.Errorf("Running = %d, want 150", n)
		}
	})
}
