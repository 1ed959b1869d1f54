package store

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
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
