package web

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hatakello/incident"
)

// dump writes down every row of every table, as another program would read it.
func (h *house) dump() string {
	h.t.Helper()
	raw, err := sql.Open("sqlite3", h.file)
	if err != nil {
		h.t.Fatal(err)
	}
	defer raw.Close()
	names, err := raw.Query(`select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name`)
	if err != nil {
		h.t.Fatal(err)
	}
	defer names.Close()
	var b strings.Builder
	for names.Next() {
		var name string
		if err := names.Scan(&name); err != nil {
			h.t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s\n%s", name, h.table(raw, name))
	}
	return b.String()
}

// table writes down the rows of one table.
func (h *house) table(raw *sql.DB, name string) string {
	h.t.Helper()
	rows, err := raw.Query(`select * from "` + name + `"`)
	if err != nil {
		h.t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		h.t.Fatal(err)
	}
	values, to := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		to[i] = &values[i]
	}
	var b strings.Builder
	for rows.Next() {
		if err := rows.Scan(to...); err != nil {
			h.t.Fatal(err)
		}
		fmt.Fprintf(&b, "%q\n", values)
	}
	return b.String()
}

// Link scanners: a client that GETs and HEADs every link in the mail twice,
// with every address that can be reached from them, changes nothing in the
// whole database and sends nothing.
func TestScannersChangeNothing(t *testing.T) {
	x := newTold(t)
	x.tell(x.rs[0], incident.Facts{People: incident.Amount{Low: 12, Sure: "exact"}}, "Lisää", time.Time{})
	b := x.browser()
	before := x.dump()
	if !strings.Contains(before, x.rs[0].Name) {
		t.Fatal("the dump is empty")
	}
	todo, seen := []string{"/check", "/.well-known/hatakello-keys.json"}, map[string]bool{}
	for _, r := range x.rs {
		base := "/n/" + x.secretOf(r.ID)
		todo = append(todo, base)
		for _, route := range x.s.routes() {
			if rest, ok := strings.CutPrefix(route.path, acknowledgePath+"/"); ok {
				todo = append(todo, base+"/"+strings.NewReplacer(":id", "x", ":reply", "x").Replace(rest))
			}
		}
	}
	link := regexp.MustCompile(`(?:href|action)="(/[^"]*)"`)
	for len(todo) > 0 {
		path := strings.ReplaceAll(todo[0], "&amp;", "&")
		todo = todo[1:]
		if seen[path] || strings.HasPrefix(path, "/static/") {
			continue
		}
		seen[path] = true
		for range 2 {
			x.later(2 * time.Second) // the throttle is not what is tested
			for _, method := range []string{"GET", "HEAD"} {
				got := b.do(method, path, nil, "")
				for _, m := range link.FindAllStringSubmatch(got.body, -1) {
					todo = append(todo, m[1])
				}
			}
		}
	}
	if len(seen) < 22 {
		t.Errorf("only %d addresses were found", len(seen))
	}
	if after := x.dump(); after != before {
		t.Errorf("something has changed:\n%s", firstDifference(before, after))
	}
	if x.sent != 0 {
		t.Error("a code was mailed")
	}
}

func firstDifference(a, b string) string {
	was, is := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(was), len(is)) {
		if was[i] != is[i] {
			return was[i] + "\n" + is[i]
		}
	}
	return fmt.Sprintf("%d lines, then %d", len(was), len(is))
}

// party is a controller's person with her link, her session and what is hers.
type party struct {
	b            *browser
	base, record string
	name         string
	pack, reply  string
}

// parties tells many more controllers and opens a session for each.
func (x *toldHouse) parties() []party {
	x.t.Helper()
	ctx := context.Background()
	for i := range 6 {
		k := &incident.Controller{Name: fmt.Sprintf("Keksitty %c Oy", 'A'+i), Lang: "fi", Hours: 24, Uses: []incident.Use{{Service: x.inc.Services[0]}},
			Contacts: []incident.Contact{{Name: "Koe", Email: fmt.Sprintf("koe%d@keksitty.example", i)}}}
		if err := x.desk.SaveController(ctx, incident.Program, k); err != nil {
			x.t.Fatal(err)
		}
		if _, err := x.desk.Affect(ctx, worker, x.inc.ID, incident.Affect{Words: []string{k.Name}, Certainty: incident.Confirmed}); err != nil {
			x.t.Fatal(err)
		}
		r, err := x.db.RecordOf(ctx, x.inc.ID, k.ID)
		if err != nil {
			x.t.Fatal(err)
		}
		x.rs = append(x.rs, r)
		x.tell(r, incident.Facts{}, "Palvelin oli auki.", time.Time{})
	}
	var all []party
	for _, r := range x.rs {
		b := x.browser()
		base := x.enter(b, r)
		h, err := x.desk.HandOver(ctx, incident.Actor{Via: "link", Record: r.ID, Name: "x"},
			&incident.Handover{Record: r.ID, Kind: "preliminary", Lang: "fi", Form: "tsv-2026", Facts: []byte("{}"), Bytes: []byte("zip of " + r.Name)})
		if err != nil {
			x.t.Fatal(err)
		}
		all = append(all, party{b, base, r.ID, r.Name, h.ID, x.answered(b, base, r)})
	}
	return all
}

// same makes answers comparable: what may differ is the address asked for and
// the time.
func same(got reply, path string) string {
	return clockOfPage.ReplaceAllString(strings.ReplaceAll(got.body, path, ""), "")
}

var clockOfPage = regexp.MustCompile(`data-now="[^"]*"`)

// Many controllers and many links: whatever page, file or call of one is tried
// with the secret, the session or the ids of another, the answer is the same
// 404, the door of that link, or the log-in; and it names nobody.
func TestNobodySeesAnother(t *testing.T) {
	x := newTold(t)
	all := x.parties()
	if len(all) < 8 {
		t.Fatalf("%d controllers are not many", len(all))
	}
	absent := all[0].b.get("/n/nothing")
	want := same(absent, "/n/nothing")
	var behind, ours []route
	for _, r := range x.s.routes() {
		switch {
		case strings.HasPrefix(r.path, acknowledgePath):
			behind = append(behind, r)
		case strings.Contains(r.path, ":id") && r.need != anyone:
			ours = append(ours, r)
		}
	}
	api := []string{"/api/v1/incidents/%s/records/%s", "/api/v1/incidents/%s/records/%s/notices", "/api/v1/incidents/%s/deliveries?record=%s"}
	rapid.Check(t, func(rt *rapid.T) {
		x.later(2 * time.Second) // the throttle is not what is tested
		i := rapid.IntRange(0, len(all)-1).Draw(rt, "me")
		j := rapid.IntRange(0, len(all)-1).Filter(func(j int) bool { return j != i }).Draw(rt, "other")
		me, other := all[i], all[j]
		ids := strings.NewReplacer(":id", other.pack, ":pack", other.pack, ":reply", other.reply)
		switch rapid.SampledFrom([]string{"file", "reply", "session", "secret", "staff", "api"}).Draw(rt, "way") {
		case "file": // my link and session, another's file
			path := me.base + "/pack/" + other.pack
			if got := me.b.get(path); got.code != http.StatusNotFound || same(got, path) != want {
				rt.Fatalf("another's file: %d\n%.300s", got.code, got.text())
			}
		case "reply": // my link and session, another's answer
			path := me.base + "/replies/" + other.reply
			if got := me.b.post(path); got.code != http.StatusNotFound || same(got, path) != want {
				rt.Fatalf("another's answer: %d\n%.300s", got.code, got.text())
			}
		case "session": // another's link with my session: the door of that link, nothing behind it
			r := rapid.SampledFrom(behind).Draw(rt, "route")
			if r.path == acknowledgePath || r.path == acknowledgePath+"/code" || r.path == acknowledgePath+"/open" || r.path == acknowledgePath+"/leave" {
				return
			}
			path := ids.Replace(strings.Replace(r.path, ":secret", strings.TrimPrefix(other.base, "/n/"), 1))
			got := me.b.do(r.method, path, strings.NewReader(""), "application/x-www-form-urlencoded")
			if got.code != http.StatusSeeOther || !strings.HasPrefix(got.header.Get("Location"), other.base+"?said=expired") {
				rt.Fatalf("%s %s with my session: %d to %q", r.method, r.path, got.code, got.header.Get("Location"))
			}
		case "secret": // a secret that is none
			r := rapid.SampledFrom(behind).Draw(rt, "route")
			path := ids.Replace(strings.Replace(r.path, ":secret", strings.TrimPrefix(me.base, "/n/")+"x", 1))
			got := me.b.do(r.method, path, strings.NewReader("name=Koe"), "application/x-www-form-urlencoded")
			if got.code != http.StatusNotFound || same(got, path) != want {
				rt.Fatalf("%s %s of no link: %d\n%.300s", r.method, r.path, got.code, got.text())
			}
		case "staff": // a session behind a link is no log-in
			r := rapid.SampledFrom(ours).Draw(rt, "route")
			path := strings.NewReplacer(":id", other.record, ":pack", other.pack, ":moment", "occurred_from", ":lang", "fi").Replace(r.path)
			got := me.b.do(r.method, path, strings.NewReader(""), "application/x-www-form-urlencoded")
			if to := got.header.Get("Location"); got.code < 300 || strings.Contains(got.text(), other.name) || got.code == http.StatusSeeOther && !strings.HasPrefix(to, "/login") {
				rt.Fatalf("%s %s: %d to %q", r.method, r.path, got.code, to)
			}
		case "api":
			me.b.header.Set("Authorization", "Bearer "+strings.TrimPrefix(me.base, "/n/"))
			got := me.b.get(fmt.Sprintf(rapid.SampledFrom(api).Draw(rt, "call"), x.inc.ID, other.record))
			me.b.header.Del("Authorization")
			if got.code != http.StatusUnauthorized && got.code != http.StatusNotFound || strings.Contains(got.text(), other.name) {
				rt.Fatalf("the API: %d", got.code)
			}
		}
	})
}

// A link that was revoked and one that has run out answer as one that never
// was, at every address and in the Desk, session or not.
func TestDeadLinks(t *testing.T) {
	ctx := context.Background()
	for name, kill := range map[string]func(x *toldHouse){
		"revoked": func(x *toldHouse) {
			if err := x.desk.RevokeLinks(ctx, worker, x.rs[0].ID); err != nil {
				t.Fatal(err)
			}
		},
		"run out": func(x *toldHouse) { x.later(incident.LinkLife) },
	} {
		x := newTold(t)
		b := x.browser()
		base := x.enter(b, x.rs[0])
		kill(x)
		x.later(time.Minute)
		want := same(b.get("/n/nothing"), "/n/nothing")
		tried := 0
		for _, r := range x.s.routes() {
			if !strings.HasPrefix(r.path, acknowledgePath) {
				continue
			}
			tried++
			x.later(2 * time.Second)
			path := strings.NewReplacer("/n/:secret", base, ":id", "x", ":reply", "x").Replace(r.path)
			got := b.do(r.method, path, strings.NewReader("name=Koe&code=12345678"), "application/x-www-form-urlencoded")
			if got.code != http.StatusNotFound || same(got, path) != want {
				t.Errorf("%s: %s %s: %d, not the 404 of no link", name, r.method, r.path, got.code)
			}
		}
		if tried < 10 {
			t.Errorf("%s: only %d addresses", name, tried)
		}
		secret := strings.TrimPrefix(base, "/n/")
		_, acked := x.desk.Acknowledge(ctx, secret, "Koe")
		_, opened := x.desk.OpenLink(ctx, secret, "12345678")
		for act, err := range map[string]error{"acknowledge": acked, "open": opened, "ask": x.desk.AskCode(ctx, secret)} {
			if incident.KindOf(err) != incident.NotFound {
				t.Errorf("%s: %s in the Desk: %v, want not found", name, act, err)
			}
		}
	}
}
