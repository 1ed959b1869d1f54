package store

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"hatakello/incident"
)

// watched is a Desk over a database, whose clock can be set.
type watched struct {
	*incident.Desk
	t   *testing.T
	db  *DB
	now time.Time
	n   atomic.Int64
	by  incident.Actor
}

func newWatched(t *testing.T, db *DB) *watched {
	w := &watched{t: t, db: db, now: noon, by: incident.Actor{ID: "u", Name: "Aino", Roles: []incident.Role{incident.Privacy, incident.Admin}}}
	id := func() string { return fmt.Sprintf("%06d", w.n.Add(1)) }
	letter := func() (incident.Letter, error) { return incident.Letter{Text: "x", Raw: []byte("x")}, nil }
	w.Desk = &incident.Desk{Store: db, Now: func() time.Time { return w.now }, NewID: id, NewSecret: id, NewCode: id,
		NewSalt: func() []byte { return []byte("0123456789abcdef") }, Channel: "#c",
		Compose: func(incident.View) (incident.Letter, error) { return letter() },
		Alarm:   func(incident.Alarm) (incident.Letter, error) { return letter() }}
	w.ok(w.SaveOrganisation(ctx, w.by, incident.Organisation{Name: "Oy", Alarm: []string{"a@b.example"}}))
	return w
}

func (w *watched) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// told makes a case with one customer; with tell its notice has been accepted.
func (w *watched) told(name string, tell bool) string {
	w.t.Helper()
	s := &incident.Service{Name: name}
	w.ok(w.SaveService(ctx, w.by, s))
	k := &incident.Controller{Name: name, Lang: "fi", Hours: 24, Contacts: []incident.Contact{{Email: "x@y.example"}}, Uses: []incident.Use{{Service: s.ID}}}
	w.ok(w.SaveController(ctx, w.by, k))
	inc, err := w.Log(ctx, w.by, incident.Log{Title: name, Aware: w.now, Services: []string{s.ID}})
	w.ok(err)
	if tell {
		_, err := w.Notify(ctx, w.by, inc.ID, incident.Notify{Texts: map[string]string{"": "x"}})
		w.ok(err)
	}
	return inc.ID
}

// send settles all that is due as accepted.
func (w *watched) send() {
	w.t.Helper()
	due, err := w.Claim(ctx, []incident.Route{incident.ByMail, incident.BySlack}, 10000, time.Minute)
	w.ok(err)
	var outs []incident.Outcome
	for _, d := range due {
		outs = append(outs, incident.Outcome{Delivery: d, Receipt: incident.Receipt{OK: true, Code: 250, Began: w.now, Ended: w.now}})
	}
	w.ok(w.Settle(ctx, outs))
}

// plants are omissions made by hand in the tables. ?1 is the case, ?2 an
// instant long past, ?3 one far ahead.
var plants = []struct {
	name, key string
	tell      bool
	sql       []string
}{
	{"message forgotten in the queue", "late", true, []string{`update delivery set fate = 'pending', ready = true, due = ?2 where incident = ?1 and notice is null`}},
	{"put off, and its time has passed", "late", true, []string{`update delivery set fate = 'pending', ready = false, due = ?2 where incident = ?1 and route = 'slack'`}},
	{"courier died with it", "late", true, []string{`update delivery set fate = 'leased', lease = ?2 where incident = ?1 and notice is not null`}},
	{"notice cancelled", "untold", true, []string{`update delivery set fate = 'cancelled' where incident = ?1 and notice is not null`, `update record set stage = 'queued' where incident = ?1`}},
	{"notice given up without a word", "untold", true, []string{`update delivery set fate = 'dead' where incident = ?1 and notice is not null`, `update record set stage = 'queued' where incident = ?1`}},
	{"notice lost from the outbox", "untold", true, []string{`update delivery set notice = null, record = null where incident = ?1 and notice is not null`, `update record set stage = 'queued' where incident = ?1`}},
	{"bounced, and the record says told", "unproved", true, []string{`update delivery set fate = 'bounced' where incident = ?1 and notice is not null`}},
	{"no receipt", "unproved", true, []string{`delete from receipt where delivery in (select id from delivery where incident = ?1 and notice is not null)`}},
	{"a receipt that says no", "unproved", true, []string{`update receipt set ok = false where delivery in (select id from delivery where incident = ?1 and notice is not null)`}},
	{"warning not said", "unsaid", false, []string{`update deadline set warn = ?2 where incident = ?1 and met is null`}},
	{"one warning of two not said", "unsaid", false, []string{`update deadline set warn = ?2 where incident = ?1 and met is null and duty = 'contract.notice'`}},
	{"limit without a warning", "unwarned", false, []string{`update deadline set warn = null, due = ?3 where incident = ?1 and met is null`}},
	{"one limit without a warning", "unwarned", false, []string{`update deadline set warn = null, due = ?3 where incident = ?1 and duty = 'contract.notice'`}},
	{"alarm that does not climb", "unclimbed", false, []string{`update ring set next_at = ?2 where incident = ?1`}},
	{"limit over, and nobody was told", "unrung", false, []string{`delete from ring where incident = ?1`, `update deadline set due = ?2, warn = ?3 where incident = ?1 and met is null`}},
	{"link rewritten", "chain", false, []string{`update audit set content = salt where chain = ?1 and seq = 1`}},
	{"name rewritten", "chain", true, []string{`update audit set made_by = 'Joku muu' where chain = ?1 and seq = 2`}},
	{"last link removed", "chain", true, []string{`delete from audit where chain = ?1 and seq = (select max(seq) from audit where chain = ?1)`}},
	{"link in the middle removed", "chain", true, []string{`delete from audit where chain = ?1 and seq = 2`}},
	{"end of the chain rewritten", "chain", true, []string{`update chain set head = (select hash from audit where chain = ?1 and seq = 1) where id = ?1`}},
	{"whole chain removed", "unchained", true, []string{`delete from audit where chain = ?1`, `delete from chain where id = ?1`}},
}

// Twenty-one omissions are planted, each in a case of its own: all are found,
// nothing is found in the cases beside them, and nothing before they were
// planted.
func TestPlantedOmissions(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		w := newWatched(t, db)
		var cases, healthy []string
		for i, p := range plants {
			cases = append(cases, w.told(fmt.Sprint("Tapaus ", i), p.tell))
			healthy = append(healthy, w.told(fmt.Sprint("Terve ", i), p.tell))
		}
		w.send()
		w.now = noon.Add(10 * time.Minute)
		w.ok(db.Beat(ctx, incident.Pulse{Node: "a", At: w.now.Add(-30 * time.Second)}))
		if found, err := incident.Owed(ctx, db, w.now); err != nil || len(found) > 0 {
			t.Fatalf("healthy, and found %+v, %v", found, err)
		}
		past, ahead := instant(noon.Add(-time.Hour)), instant(noon.Add(40*time.Hour))
		for i, p := range plants {
			for _, sql := range p.sql {
				w.ok(db.write(newTask(ctx, func(ctx context.Context, c conn) error {
					n, err := c.exec(ctx, fit(sql), planted(sql, cases[i], past, ahead)...)
					if err == nil && n == 0 {
						err = fmt.Errorf("%s planted nothing", p.name)
					}
					return err
				})))
			}
		}
		began := time.Now()
		found, err := incident.Owed(ctx, db, w.now)
		w.ok(err)
		t.Logf("%d found in %v", len(found), time.Since(began))
		for i, p := range plants {
			if !slices.ContainsFunc(found, func(o incident.Omission) bool { return o.Case == cases[i] && o.Key == p.key && o.Number != "" }) {
				t.Errorf("%s is not found", p.name)
			}
			if slices.ContainsFunc(found, func(o incident.Omission) bool { return o.Case == healthy[i] }) {
				t.Errorf("the healthy case beside %q is found, too", p.name)
			}
		}
		w.now = w.now.Add(time.Minute)
		found, err = incident.Owed(ctx, db, w.now)
		w.ok(err)
		if !slices.ContainsFunc(found, func(o incident.Omission) bool { return o.Key == "silent" }) {
			t.Error("90 seconds without a sign of life are not found")
		}
	})
}

// planted gives a statement the values that it names, and fit numbers them
// anew: PostgreSQL wants no others.
func planted(sql, id string, past, ahead any) []any {
	args := []any{id}
	if named(sql, 2) {
		args = append(args, past)
	}
	if named(sql, 3) {
		args = append(args, ahead)
	}
	return args
}

func named(sql string, n int) bool {
	return slices.ContainsFunc(placeholder.FindAllString(sql, -1), func(s string) bool { return s == fmt.Sprint("?", n) })
}

func fit(sql string) string {
	if named(sql, 3) && !named(sql, 2) {
		return placeholder.ReplaceAllStringFunc(sql, func(s string) string {
			if s == "?3" {
				return "?2"
			}
			return s
		})
	}
	return sql
}

// A reader reads beside the writer, sees what it writes, and can write nothing
// itself; it reads as well when the writer is gone.
func TestReaderReadsAndNeverWrites(t *testing.T) {
	for _, kind := range []string{"sqlite", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			dsn := newDatabase(t, kind)
			if _, err := OpenReader(ctx, dsn); err == nil {
				t.Error("a database that is not there was opened")
			}
			db, err := Open(ctx, dsn, Options{})
			if err != nil {
				t.Fatal(err)
			}
			for _, closed := range []bool{false, true} {
				if err := db.Beat(ctx, incident.Pulse{Node: "a", At: noon}); err != nil {
					t.Fatal(err)
				}
				if closed {
					if err := db.Close(); err != nil {
						t.Fatal(err)
					}
				}
				r, err := OpenReader(ctx, dsn)
				if err != nil {
					t.Fatalf("writer closed %v: %v", closed, err)
				}
				if p, err := r.Pulses(ctx); err != nil || len(p) != 1 || !p[0].At.Equal(noon) {
					t.Errorf("pulses %v, %v", p, err)
				}
				if err := r.Beat(ctx, incident.Pulse{Node: "b", At: noon}); err == nil {
					t.Error("the reader wrote")
				}
				if err := r.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
}
