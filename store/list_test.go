package store

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hatakello/incident"
)

func TestBoard(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		reg := change("")
		reg.Register.Services = []*incident.Service{{ID: "s1", Name: "Palkat"}, {ID: "s2", Name: "Ajanvaraus"}}
		apply(t, db, reg)
		calm := newCase("Rauhallinen", 0)
		far := newCase("Kaukana", 1)
		near := newCase("Lähellä", 4)
		near.NewIncident.Services = []string{"s2", "s1"}
		for i, r := range near.NewRecords[:3] {
			r.Deadlines[1].Due = noon.Add(time.Duration(4+i/2) * time.Hour) // 4, 4 and 5 hours
		}
		calmer := newCase("Rauhallisempi", 0)
		for _, c := range []*incident.Change{calm, far, near, calmer} {
			apply(t, db, c)
		}
		rows := board(t, db, incident.Filter{State: "open"})
		if got, want := titles(rows), "Lähellä Kaukana Rauhallisempi Rauhallinen"; got != want {
			t.Errorf("open = %q, want the tightest, then the newest first %q", got, want)
		}
		r := rows[0]
		if r.Next == nil || r.Next.Due != noon.Add(4*time.Hour) || r.Waiting != 2 || r.Holder != "Asiakas 00000 Oy" {
			t.Errorf("tightest = %+v, %d waiting, holder %q; want 4 h, 2, the first", r.Next, r.Waiting, r.Holder)
		}
		if !reflect.DeepEqual(r.Next, near.NewRecords[0].Deadlines[1]) {
			t.Errorf("Next = %+v\nwant %+v", r.Next, near.NewRecords[0].Deadlines[1])
		}
		if !slices.Equal(r.Services, []string{"Ajanvaraus", "Palkat"}) || !r.Aware.Equal(noon) || r.Tally.Records != 4 {
			t.Errorf("row = %+v", r)
		}
		if calmRow := rows[3]; calmRow.Next != nil || calmRow.Waiting != 0 {
			t.Errorf("a case without limits: %+v", calmRow)
		}
		meet(t, db, near.NewRecords[0], near.NewRecords[1])
		if r := board(t, db, incident.Filter{State: "open"})[0]; r.Next == nil || r.Next.Due != noon.Add(5*time.Hour) || r.Waiting != 1 {
			t.Errorf("after two were met: %+v, %d waiting; want 5 h, 1", r.Next, r.Waiting)
		}
		meet(t, db, near.NewRecords[2], near.NewRecords[3])
		if r := board(t, db, incident.Filter{State: "open"})[0]; r.Title != "Kaukana" {
			t.Errorf("after all were met: %q first, want Kaukana", r.Title)
		}
		closing := change(calm.NewIncident.ID)
		closing.Incident = calm.NewIncident
		closing.Incident.ClosedAt, closing.Incident.Ended = noon, "harjoitus"
		apply(t, db, closing)
		for state, want := range map[string]string{"closed": "Rauhallinen", "": "Rauhallisempi Lähellä Kaukana Rauhallinen"} {
			if got := titles(board(t, db, incident.Filter{State: state})); got != want {
				t.Errorf("state %q = %q, want %q", state, got, want)
			}
		}
		if _, _, err := db.Rows(ctx, incident.Filter{State: "ajar"}, incident.Cut{Limit: 1}); incident.KindOf(err) != incident.Invalid {
			t.Errorf("unknown state: %v, want invalid", err)
		}
	})
}

// meet ends the contract's clock of records.
func meet(t *testing.T, db *DB, rs ...*incident.Record) {
	t.Helper()
	c := change(rs[0].Incident)
	for _, r := range rs {
		r.Deadlines[1].Met = noon
	}
	c.Records = rs
	apply(t, db, c)
}

func board(t *testing.T, db *DB, f incident.Filter) []*incident.Row {
	t.Helper()
	rows, _, err := db.Rows(ctx, f, incident.Cut{Limit: 50})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func titles(rows []*incident.Row) string {
	var all []string
	for _, r := range rows {
		all = append(all, r.Title)
	}
	return strings.Join(all, " ")
}

func TestSearch(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		for _, title := range []string{"Väärä vastaanottaja", "Vaara (vastassa)", "100 % varmuus", "Levy_katosi"} {
			apply(t, db, newCase(title, 0))
		}
		old := []struct{ search, want string }{
			{"VÄÄRÄ", "Väärä vastaanottaja"},
			{"vaara", "Vaara (vastassa)"},
			{"vast", "Vaara (vastassa) Väärä vastaanottaja"},
			{"väär vast", "Väärä vastaanottaja"},
			{"väär vastas", ""},
			{"2026-002", "Vaara (vastassa)"},
			{"100%", "100 % varmuus"},
			{"katosi", "Levy_katosi"},
			{"ottaja", ""}, // not the start of a word
			{`\`, "Levy_katosi 100 % varmuus Vaara (vastassa) Väärä vastaanottaja"},
			{"  ", "Levy_katosi 100 % varmuus Vaara (vastassa) Väärä vastaanottaja"},
		}
		for _, tt := range old {
			if got := titles(board(t, db, incident.Filter{Search: tt.search})); got != tt.want {
				t.Errorf("search %q = %q, want %q", tt.search, got, tt.want)
			}
		}
	})
}

// TestSearchFarBack searches for what is beyond the newest cases, for what is
// among them, and for a title that was changed.
func TestSearchFarBack(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		first := newCase("Ensimmäinen tapaus", 0)
		apply(t, db, first)
		var wg sync.WaitGroup
		for i := range 4*wordEvery + wordEvery/2 {
			wg.Go(func() { apply(t, db, newCase(fmt.Sprintf("Tapaus x%04d", i), 0)) })
		}
		wg.Wait()
		n := 0
		if _, err := db.conn().one(ctx, `select count(distinct incident) from word`, nil, &n); err != nil || n != 4*wordEvery {
			t.Errorf("%d cases have their words in the table, %v; want %d", n, err, 4*wordEvery)
		}
		for _, search := range []string{"ensimm", "x0001", "x1100", "tapaus x0500"} {
			if rows := board(t, db, incident.Filter{Search: search}); len(rows) != 1 {
				t.Errorf("search %q finds %d, want 1", search, len(rows))
			}
		}
		if rows := board(t, db, incident.Filter{Search: "tap"}); len(rows) != 50 {
			t.Errorf("a common word finds %d, want a full page", len(rows))
		}
		first.NewIncident.Title = "Uusi nimi"
		c := change(first.NewIncident.ID)
		c.Incident = first.NewIncident
		apply(t, db, c)
		for search, want := range map[string]int{"uusi": 1, "ensimm": 0} {
			if rows := board(t, db, incident.Filter{Search: search}); len(rows) != want {
				t.Errorf("after renaming, search %q finds %d, want %d", search, len(rows), want)
			}
		}
	})
}

// TestPagesWhileRowsArrive reads lists page by page while others write: what
// was there at the start comes exactly once.
func TestPagesWhileRowsArrive(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		var was []string
		for i := range 23 {
			c := newCase(fmt.Sprintf("Tapaus %d", i), i%3)
			apply(t, db, c)
			was = append(was, c.NewIncident.ID)
		}
		for _, state := range []string{"open", ""} {
			seen := map[string]int{}
			for cut, n := (incident.Cut{Limit: 4}), 0; n < 50; n++ {
				rows, next, err := db.Rows(ctx, incident.Filter{State: state}, cut)
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range rows {
					seen[r.ID]++
				}
				apply(t, db, newCase("Uusi", n%2))
				if cut.After = next; next == "" {
					break
				}
			}
			for _, id := range was {
				if seen[id] != 1 {
					t.Errorf("state %q: case %s came %d times, want once", state, id, seen[id])
				}
			}
			for id, n := range seen {
				if n != 1 {
					t.Errorf("state %q: case %s came %d times", state, id, n)
				}
			}
		}
	})
}

func TestLines(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		c := newCase("Levy katosi", 0)
		for i, name := range []string{"Öljy Oy", "Åkerman Ab", "Äyri Oy", "Zeta Oy", "Éclair Oy", "eclipse Oy", "Ala Oy"} {
			c.NewRecords = append(c.NewRecords, newRecord(c.NewIncident.ID, fmt.Sprintf("k%d", i), name))
		}
		c.NewRecords[3].Deadlines[1].Due = noon.Add(time.Hour) // Zeta is the tightest
		c.NewRecords[0].Stage = incident.Failed
		reg := change("")
		reg.Register.Controllers = []*incident.Controller{{ID: "k0", Name: "Öljy Oy", Lang: "fi",
			Contacts: []incident.Contact{{Email: "a@example.fi"}, {Phone: "1"}, {Email: "b@example.fi"}}}}
		apply(t, db, reg)
		apply(t, db, c)
		id := c.NewIncident.ID
		var names []string
		for cut := (incident.Cut{Limit: 2}); ; {
			lines, next, err := db.Lines(ctx, id, incident.LineFilter{}, cut)
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range lines {
				names = append(names, l.Name)
				if len(l.Deadlines) != 2 {
					t.Errorf("%s has %d deadlines, want 2", l.Name, len(l.Deadlines))
				}
			}
			if cut.After = next; next == "" {
				break
			}
		}
		want := []string{"Zeta Oy", "Ala Oy", "Éclair Oy", "eclipse Oy", "Åkerman Ab", "Äyri Oy", "Öljy Oy"}
		if !slices.Equal(names, want) {
			t.Errorf("Lines = %q, want %q", names, want)
		}
		lines, _, err := db.Lines(ctx, id, incident.LineFilter{Stage: incident.Failed, Search: "ÖLJ"}, incident.Cut{Limit: 9})
		if err != nil || len(lines) != 1 || lines[0].Contacts != 2 || lines[0].Hours != 24 || lines[0].Stage != incident.Failed {
			t.Errorf("Lines(failed, ÖLJ) = %+v, %v", lines, err)
		}
	})
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

func TestEntries(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		c := newCase("Levy katosi", 1)
		for i := range 6 {
			e := &incident.Entry{ID: newID(), Incident: c.NewIncident.ID, At: noon, By: "Anna Koe", Text: fmt.Sprint(i)}
			if i%2 == 0 {
				e.Record = c.NewRecords[0].ID
			}
			c.Entries = append(c.Entries, e)
		}
		apply(t, db, c)
		read := func(record string) (all []*incident.Entry) {
			for cut := (incident.Cut{Limit: 3}); ; {
				page, next, err := db.Entries(ctx, c.NewIncident.ID, record, cut)
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, page...)
				if cut.After = next; next == "" {
					return all
				}
			}
		}
		slices.Reverse(c.Entries)
		if got := read(""); !reflect.DeepEqual(got, c.Entries) {
			t.Errorf("Entries = %+v\nwant %+v", got, c.Entries)
		}
		if got := read(c.NewRecords[0].ID); len(got) != 3 || got[0].Text != "4" || got[2].Text != "0" {
			t.Errorf("Entries of the record = %+v, want 4, 2, 0", got)
		}
	})
}

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
