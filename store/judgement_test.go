package store

import (
	"database/sql"
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"hatakello/incident"
)

// judged makes a case whose only record has been judged in every way.
func judged() (*incident.Change, *incident.Record) {
	c := newCase("Väärä vastaanottaja", 1)
	c.NewIncident.Answers = `{"data":["name"]}`
	r := c.NewRecords[0]
	r.Answers = `{"data":["name","contact"]}`
	r.Mandate = incident.Mandate{Document: "Toimeksianto 4/2026", Scope: "ilmoitukset", Date: noon}
	r.Assessed = []*incident.Assessment{
		{Tier: incident.Unlikely, Reason: "palautettu", Facts: []byte(`{"data":["name"]}`), Proposed: incident.Likely, Borderline: true,
			Rules: "2026-11", Grounds: []string{"contained"}, DPO: "samaa mieltä", By: "Anna Koe", ByID: "anna", Approver: "Bo", Waits: true, At: noon},
		{Tier: incident.High, Reason: "ei palautettu", Exempt: incident.Exemption{Ground: "b", Facts: "tunnukset suljettu"}, By: "Anna Koe", At: noon.Add(time.Hour)}}
	r.Decisions = []incident.Decision{{Kind: "not_notifiable", Reason: "palautettu", By: "Anna Koe", ByID: "anna", Waits: true, At: noon.Add(time.Minute)}}
	r.Approvals = []incident.Approval{
		{On: incident.AnAssessment, N: 0, Verdict: incident.Declined, Reason: "lokit puuttuvat", By: "Bo Koe", ByID: "bo", At: noon},
		{On: incident.ADecision, N: 0, Verdict: incident.Approved, By: "Bo Koe", ByID: "bo", At: noon}}
	r.Reopenings = []incident.Reopening{{Assessed: 1, Decided: 1, Changed: []string{"data"}, Why: "answers", By: "Anna Koe", At: noon}}
	return c, r
}

func TestJudgementsComeBackAsTheyWere(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		c, r := judged()
		apply(t, db, c)
		inc := must[*incident.Incident](t)(db.Incident(ctx, c.NewIncident.ID))
		if inc.Answers != c.NewIncident.Answers {
			t.Errorf("Answers = %q, want %q", inc.Answers, c.NewIncident.Answers)
		}
		r.Shared = inc.Marks
		got := must[*incident.Record](t)(db.Record(ctx, r.ID))
		if !reflect.DeepEqual(got, r) {
			t.Fatalf("Record = %+v\nwant %+v", got, r)
		}
		got.Answers, got.Mandate = `{}`, incident.Mandate{}
		got.Reopenings = append(got.Reopenings, incident.Reopening{Assessed: 2, Decided: 1, Changed: []string{"facts.data"}, Why: "facts", By: "Bo", At: noon})
		inc.Answers = `{"data":["health"]}`
		up := change(inc.ID)
		up.Records, up.Incident = []*incident.Record{got}, inc
		apply(t, db, up)
		if again := must[*incident.Record](t)(db.Record(ctx, r.ID)); !reflect.DeepEqual(again, got) {
			t.Errorf("Record after the update = %+v\nwant %+v", again, got)
		}
		if again := must[*incident.Incident](t)(db.Incident(ctx, inc.ID)); again.Answers != inc.Answers {
			t.Errorf("Answers after the update = %q, want %q", again.Answers, inc.Answers)
		}
	})
}

func TestJudged(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		c := newCase("Levy katosi", 4)
		rs := c.NewRecords
		rs[1].Assessed = []*incident.Assessment{{Tier: incident.Likely, Reason: "x", By: "Anna Koe", At: noon}}
		rs[2].Decisions = []incident.Decision{{Kind: "no_breach", Reason: "x", By: "Anna Koe", At: noon}}
		rs[3].Assessed, rs[3].Certainty = rs[1].Assessed, incident.NotAffected
		apply(t, db, c)
		got := must[[]string](t)(db.Judged(ctx, c.NewIncident.ID))
		if want := []string{rs[1].ID, rs[2].ID}; !slices.Equal(got, want) {
			t.Errorf("Judged = %v, want %v: neither the unjudged nor the unaffected", got, want)
		}
	})
}

func TestOpenCasesOfAController(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		first, second, ended := newCase("Levy katosi", 2), newCase("Väärä vastaanottaja", 2), newCase("Päättynyt", 2)
		k := "everywhere"
		first.NewRecords[1].Controller, second.NewRecords[0].Controller, ended.NewRecords[0].Controller = k, k, k
		ended.NewIncident.ClosedAt, ended.NewIncident.Ended = noon, "Valmis."
		for _, c := range []*incident.Change{first, second, ended} {
			apply(t, db, c)
		}
		want := slices.Sorted(slices.Values([]string{first.NewIncident.ID, second.NewIncident.ID}))
		if got := must[[]string](t)(db.OpenCasesOf(ctx, k)); !slices.Equal(got, want) {
			t.Errorf("OpenCasesOf = %v, want %v", got, want)
		}
		if got := must[[]string](t)(db.OpenCasesOf(ctx, "nobody")); len(got) != 0 {
			t.Errorf("OpenCasesOf(nobody) = %v, want none", got)
		}
	})
}

func TestLenientDecisionsOfATime(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		c, r := judged()
		c.Entries = append(c.Entries, &incident.Entry{ID: newID(), Incident: c.NewIncident.ID, At: noon.Add(2 * time.Minute), By: "Cia", Key: "case.inquiry_no_breach"})
		apply(t, db, c)
		got := must[[]*incident.Sample](t)(db.Lenient(ctx, noon, noon.Add(time.Hour)))
		want := []*incident.Sample{
			{Kind: "unlikely", Incident: r.Incident, Record: r.ID, Made: noon, By: "Anna Koe", ByID: "anna"},
			{Kind: "not_notifiable", Incident: r.Incident, Record: r.ID, Made: noon.Add(time.Minute), By: "Anna Koe", ByID: "anna"},
			{Kind: "inquiry", Incident: r.Incident, Made: noon.Add(2 * time.Minute), By: "Cia"},
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("Lenient = %+v\nwant %+v", got, want)
		}
		if after := must[[]*incident.Sample](t)(db.Lenient(ctx, noon.Add(time.Hour), noon.Add(2*time.Hour))); len(after) != 0 {
			t.Errorf("Lenient later = %+v, want none: a high risk is not lenient", after)
		}
	})
}

func TestSampleIsLookedAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		c, r := judged()
		apply(t, db, c)
		if d := must[*incident.Draw](t)(db.Draw(ctx, "2026-Q4")); d != nil {
			t.Errorf("Draw before = %+v", d)
		}
		s := &incident.Sample{ID: "2026-Q4.unlikely.r.0", Quarter: "2026-Q4", Kind: "unlikely", Incident: r.Incident, Record: r.ID, Made: noon, By: "Anna Koe", ByID: "anna", Drawn: noon}
		in := &incident.Sample{ID: "2026-Q4.inquiry.i.0", Quarter: "2026-Q4", Kind: "inquiry", Incident: r.Incident, Made: noon, By: "Anna Koe", Drawn: noon}
		drawn := change("")
		drawn.Draw, drawn.Samples = &incident.Draw{Quarter: "2026-Q4", Of: 7, Drawn: 2, At: noon}, []*incident.Sample{s, in}
		apply(t, db, drawn)
		if all := must[[]*incident.Draw](t)(db.Draws(ctx)); len(all) != 1 || !reflect.DeepEqual(all[0], drawn.Draw) {
			t.Errorf("Draws = %+v", all)
		}
		s.Verdict, s.Reason, s.LookedBy, s.LookedAt = incident.Agree, "samoin", "Bo", noon.Add(time.Hour)
		look := change(r.Incident)
		look.Samples = []*incident.Sample{s}
		apply(t, db, look)
		if got := must[*incident.Sample](t)(db.Sample(ctx, s.ID)); !reflect.DeepEqual(got, s) {
			t.Errorf("Sample = %+v\nwant %+v", got, s)
		}
		if all := must[[]*incident.Sample](t)(db.Samples(ctx, "2026-Q4")); len(all) != 2 || !reflect.DeepEqual(all[0], in) {
			t.Errorf("Samples = %+v", all)
		}
		if n := must[int](t)(db.Unlooked(ctx)); n != 1 {
			t.Errorf("Unlooked = %d, want 1", n)
		}
		again := change(r.Incident)
		again.Samples = []*incident.Sample{{ID: s.ID, Quarter: s.Quarter, Incident: r.Incident, Verdict: incident.Disagree}}
		if err := db.Apply(ctx, again); !errors.Is(err, incident.ErrStale) {
			t.Errorf("a second verdict: %v, want ErrStale", err)
		}
	})
}

func TestDraftBelongsToItsOwner(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		for _, text := range []string{"eka=1", "toka=ä€"} {
			if err := db.SaveDraft(ctx, "anna", "assess.r1", text, noon); err != nil {
				t.Fatal(err)
			}
		}
		for _, tt := range [][3]string{{"anna", "assess.r1", "toka=ä€"}, {"bo", "assess.r1", ""}, {"anna", "assess.r2", ""}} {
			if got := must[string](t)(db.LoadDraft(ctx, tt[0], tt[1])); got != tt[2] {
				t.Errorf("LoadDraft(%s, %s) = %q, want %q", tt[0], tt[1], got, tt[2])
			}
		}
		if err := db.DropDraft(ctx, "anna", "assess.r1"); err != nil {
			t.Fatal(err)
		}
		if got := must[string](t)(db.LoadDraft(ctx, "anna", "assess.r1")); got != "" {
			t.Errorf("after dropping: %q", got)
		}
	})
}

// TestUpgradeKeepsWhatWas brings a database of the first schema up to date.
func TestUpgradeKeepsWhatWas(t *testing.T) {
	for _, kind := range []struct {
		name, driver string
		d            *dialect
	}{{"sqlite", "sqlite3", sqliteDialect}, {"postgres", "pgx", postgresDialect}} {
		t.Run(kind.name, func(t *testing.T) {
			dsn := newDatabase(t, kind.name)
			raw := must[*sql.DB](t)(sql.Open(kind.driver, dsn))
			steps := must[[]*goose.Migration](t)(readMigrations(kind.d))
			p := must[*goose.Provider](t)(goose.NewProvider(kind.d.goose, raw, nil, goose.WithGoMigrations(steps[:1]...),
				goose.WithDisableGlobalRegistry(true), goose.WithTableName("schema_version")))
			if _, err := p.Up(ctx); err != nil {
				t.Fatal(err)
			}
			for _, text := range []string{
				`insert into incident values ('i', '2026-001', 'Levy', 'levy', '[]', null, '9999', 1, 0, 0, 0, 0, '2026-11-22T12:00:00.000Z', 'Anna', null, '', 1, '[]', '{}', '{}')`,
				`insert into record values ('r', 'i', 'own', 'Koe Oy', 'koe oy', 'fi', 'controller', 'confirmed', '', 0, 'risk', 'own', 0, null, '', '9999', 1, '{}')`,
				`insert into assessment values ('r', 0, 'risk', 'syy', null, '', '', 'Anna', '', '2026-11-22T12:00:00.000Z')`,
				`insert into decision values ('r', 0, 'no_breach', 'syy', 'Bo', '', '', null, null, 'Anna', '2026-11-22T12:00:00.000Z')`,
				`insert into controller values ('k', 'Koe', 'koe', '', 'fi', '', 24, 1)`,
			} {
				if _, err := raw.Exec(text); err != nil {
					t.Fatalf("%s: %v", text, err)
				}
			}
			raw.Close()
			db := open(t, dsn)
			if rows := board(t, db, incident.Filter{Search: "LEVY"}); len(rows) != 1 {
				t.Errorf("a search finds %d cases of before, want 1", len(rows))
			}
			r := must[*incident.Record](t)(db.Record(ctx, "r"))
			if len(r.Assessed) != 1 || r.Assessed[0].Waits || r.Assessed[0].Exempt.Ground != "" || r.Answers != "" || r.Mandate.Given() {
				t.Errorf("record of before = %+v, %+v", r, r.Assessed)
			}
			if len(r.Decisions) != 1 || r.Decisions[0].Waits {
				t.Errorf("decision of before = %+v", r.Decisions)
			}
			if r.InForce() == nil || r.Standing() != incident.Settled {
				t.Errorf("standing = %s: what was decided must still hold", r.Standing())
			}
			if ks := must[[]*incident.Controller](t)(db.Controllers(ctx, []string{"k"})); len(ks) != 1 || ks[0].Mandate.Given() {
				t.Errorf("controller of before = %+v", ks)
			}
		})
	}
}

func TestAwaiting(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		waiting := func() *incident.Assessment {
			return &incident.Assessment{Tier: incident.Unlikely, Reason: "x", By: "Anna Koe", ByID: "anna", Waits: true, At: noon}
		}
		c := newCase("Levy katosi", 6)
		rs := c.NewRecords
		rs[0].Assessed = []*incident.Assessment{waiting()}
		rs[1].Assessed = []*incident.Assessment{waiting()}
		rs[1].Approvals = []incident.Approval{{On: incident.AnAssessment, Verdict: incident.Approved, By: "Bo", At: noon}}
		rs[2].Assessed = []*incident.Assessment{waiting()}
		rs[2].Reopenings = []incident.Reopening{{Assessed: 1, By: "Bo", At: noon}}
		rs[3].Assessed = []*incident.Assessment{waiting(), waiting()}
		rs[4].Decisions = []incident.Decision{{Kind: "no_breach", Reason: "x", By: "Anna Koe", ByID: "anna", Waits: true, At: noon.Add(-time.Hour)}}
		rs[5].Assessed = []*incident.Assessment{{Tier: incident.Likely, Reason: "x", By: "Anna Koe", At: noon}}
		apply(t, db, c)
		all := must[[]*incident.Awaiting](t)(db.Awaiting(ctx, 10))
		want := []*incident.Awaiting{
			{On: incident.ADecision, What: "no_breach", Record: rs[4].ID, Incident: c.NewIncident.ID, Number: "2026-001", Name: rs[4].Name, By: "Anna Koe", ByID: "anna", At: noon.Add(-time.Hour)},
			{On: incident.AnAssessment, What: "unlikely_risk", Record: rs[0].ID, Incident: c.NewIncident.ID, Number: "2026-001", Name: rs[0].Name, By: "Anna Koe", ByID: "anna", At: noon},
			{On: incident.AnAssessment, N: 1, What: "unlikely_risk", Record: rs[3].ID, Incident: c.NewIncident.ID, Number: "2026-001", Name: rs[3].Name, By: "Anna Koe", ByID: "anna", At: noon},
		}
		if !reflect.DeepEqual(all, want) {
			t.Errorf("Awaiting = %+v", all)
		}
		if some := must[[]*incident.Awaiting](t)(db.Awaiting(ctx, 1)); len(some) != 1 || some[0].On != incident.ADecision {
			t.Errorf("Awaiting(1) = %+v, want the oldest", some)
		}
	})
}
