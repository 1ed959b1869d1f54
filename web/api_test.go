package web

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hatakello/incident"
	"hatakello/store"
	"hatakello/templates"
)

// An office is a server on a database of its own, at a fixed time.
type office struct {
	t       *testing.T
	server  *Server
	handler http.Handler
	db      *store.DB
	now     time.Time
	tokens  map[incident.Role]string
}

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func newOffice(t *testing.T) *office {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "bell.db"), store.Options{})
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	words, err := templates.LoadWords()
	if err != nil {
		t.Fatalf("words: %v", err)
	}
	o := &office{t: t, db: db, now: noon, tokens: map[incident.Role]string{}}
	var n atomic.Int64
	id := func() string { return fmt.Sprintf("id%08d", n.Add(1)) }
	desk := &incident.Desk{
		Store: db, Now: func() time.Time { return o.now }, NewID: id, NewSecret: func() string { return "secret-" + id() },
		NewCode: id, NewSalt: func() []byte { return make([]byte, 16) },
		Compose: func(v incident.View) (incident.Letter, error) {
			return incident.Letter{Subject: v.Number, Text: v.Said, Raw: []byte(v.Controller + "\n" + v.Said)}, nil
		},
		Alarm: func(incident.Alarm) (incident.Letter, error) { return incident.Letter{Raw: []byte("alarm")}, nil },
	}
	o.server = &Server{Desk: desk, Read: db, Words: words, BaseURL: "https://bell.example", From: "bell@mail.example"}
	o.handler = o.server.Handler()
	boss := incident.Actor{ID: "cli", Name: "cli", Roles: []incident.Role{incident.Admin}, Via: "cli"}
	for _, r := range incident.Roles {
		secret, err := desk.AddToken(context.Background(), boss, "program "+string(r), r)
		if err != nil {
			t.Fatalf("token: %v", err)
		}
		o.tokens[r] = secret
	}
	return o
}

// A call is one request to the API.
type call struct {
	method, path string
	role         incident.Role // "" sends no token
	body         string
	headers      map[string]string
}

// An answer is what came back.
type answer struct {
	code   int
	header http.Header
	body   []byte
}

func (o *office) do(c call) answer {
	o.t.Helper()
	req := httptest.NewRequest(c.method, apiBase+c.path, strings.NewReader(c.body))
	if c.body != "" {
		req.Header.Set("Content-Type", jsonKind)
	}
	if c.role != "" {
		req.Header.Set("Authorization", "Bearer "+o.tokens[c.role])
	}
	for k, v := range c.headers {
		req.Header.Set(k, v)
	}
	w := httptest.NewRecorder()
	o.handler.ServeHTTP(w, req)
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		o.t.Fatalf("%s %s: %v", c.method, c.path, err)
	}
	a := answer{w.Code, w.Result().Header, body}
	o.conforms(req, c.body, a)
	return a
}

// want fails the test unless the answer has the status, and reads it into v.
func (o *office) want(c call, code int, v any) answer {
	o.t.Helper()
	a := o.do(c)
	if a.code != code {
		o.t.Fatalf("%s %s: %d %s, want %d", c.method, c.path, a.code, a.body, code)
	}
	if v != nil {
		if err := json.Unmarshal(a.body, v); err != nil {
			o.t.Fatalf("%s %s: %v in %s", c.method, c.path, err, a.body)
		}
	}
	return a
}

// customers is a register of three, one without an address.
const customers = "name;business_id;language;service;contact_name;contact_email;contact_phone;contract_hours;tenant_id\n" +
	"Kuusi Oy;1234567-1;fi;Palkka;Aino;aino@kuusi.example;09 1;24;t-1\n" +
	"Gran Ab;;sv;Palkka;;info@gran.example;;;t-2\n" +
	"Oak Ltd;;en;Aika;;;09 2;;t-3\n"

var csvHeader = map[string]string{"Content-Type": "text/csv; charset=utf-8"}

// mandate lets us assess for a customer.
func (o *office) mandate(id string) {
	o.t.Helper()
	ks, err := o.db.Controllers(context.Background(), []string{id})
	if err != nil || len(ks) != 1 {
		o.t.Fatalf("customer %s: %v", id, err)
	}
	ks[0].Mandate = incident.Mandate{Document: "Contract 12/2026, annex 3", Date: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)}
	if err := o.server.Desk.SaveController(context.Background(), incident.Actor{ID: "p", Name: "P", Roles: []incident.Role{incident.Privacy}, Via: "web"}, ks[0]); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) importAll() {
	o.t.Helper()
	o.want(call{"POST", "/customers/import", incident.Privacy, customers, csvHeader}, 200, nil)
}

// logged opens a case for the service Palkka and returns it.
func (o *office) logged() incidentJSON {
	o.t.Helper()
	var inc incidentJSON
	o.want(call{"POST", "/incidents", incident.Handler, `{"title":"Varmuuskopio vuoti","aware_at":"2026-11-22T13:00:00+02:00","services":["palkka"]}`, nil}, 201, &inc)
	return inc
}

func TestAPIWalk(t *testing.T) {
	o := newOffice(t)
	o.importAll()
	var all list[customerJSON]
	o.want(call{method: "GET", path: "/customers?limit=2", role: incident.Auditor}, 200, &all)
	if len(all.Items) != 2 || all.Next == "" {
		t.Fatalf("first page of customers: %+v", all)
	}
	var rest list[customerJSON]
	a := o.want(call{method: "GET", path: "/customers?limit=2&next=" + all.Next, role: incident.Auditor}, 200, &rest)
	if len(rest.Items) != 1 || rest.Next != "" || a.header.Get("Link") != "" {
		t.Fatalf("last page of customers: %+v", rest)
	}
	inc := o.logged()
	if inc.Tally.Records != 2 || inc.AwareAt == nil || *inc.AwareAt != "2026-11-22T11:00:00Z" || inc.State != "open" {
		t.Errorf("logged: %+v", inc)
	}
	at := "/incidents/" + inc.ID
	var byNumber incidentJSON
	o.want(call{method: "GET", path: "/incidents/" + inc.Number, role: incident.Auditor}, 200, &byNumber)
	if byNumber.ID != inc.ID {
		t.Errorf("by number: %s, want %s", byNumber.ID, inc.ID)
	}
	var found struct {
		Added, Already      int
		Unmatched, Doubtful []string
	}
	o.want(call{"POST", at + "/affected", incident.Handler, `{"words":["t-3","t-1","nobody"]}`, nil}, 200, &found)
	if found.Added != 1 || found.Already != 1 || fmt.Sprint(found.Unmatched) != "[nobody]" {
		t.Errorf("affected: %+v", found)
	}
	var sent struct {
		Notices, Deliveries int
		Unreachable         []string
	}
	o.want(call{"POST", at + "/notices", incident.Handler, `{"texts":{"fi":"Hei","sv":"Hej"},"text":"Hello","next_update":"2026-11-23T12:00:00+02:00"}`, nil}, 202, &sent)
	if sent.Notices != 3 || sent.Deliveries != 2 || len(sent.Unreachable) != 1 {
		t.Errorf("sent: %+v", sent)
	}
	var mails list[deliveryJSON]
	o.want(call{method: "GET", path: at + "/deliveries", role: incident.Auditor}, 200, &mails)
	toldWhom := map[string]string{}
	for _, d := range mails.Items {
		if d.Controller != nil {
			toldWhom[d.Controller.Name] = d.Address + " " + d.MessageID
		}
	}
	if got := toldWhom["Gran Ab"]; !strings.HasPrefix(got, "info@gran.example <") || !strings.HasSuffix(got, "@mail.example>") {
		t.Errorf("delivery to Gran Ab: %q in %v", got, toldWhom)
	}
	var lines list[lineJSON]
	o.want(call{method: "GET", path: at + "/records?limit=500", role: incident.Auditor}, 200, &lines)
	if len(lines.Items) != 3 || len(lines.Items[0].Deadlines) == 0 || lines.Items[0].Controller.Name != "Kuusi Oy" {
		t.Fatalf("records: %+v", lines)
	}
	record := at + "/records/" + sent.Unreachable[0]
	var r recordJSON
	o.want(call{"POST", record + "/calls", incident.Handler, `{"who":"Olivia Oak","said":"All of it"}`, nil}, 201, &r)
	if r.Stage != "phoned" {
		t.Errorf("stage after the call: %q", r.Stage)
	}
	o.want(call{"POST", record + "/filings", incident.Handler, `{"kind":"complete","at":"2026-11-22T11:30:00Z","channel":"form"}`, nil}, 201, &r)
	if len(r.Filings) != 1 || *r.Filings[0].At != "2026-11-22T11:30:00Z" {
		t.Errorf("filings: %+v", r.Filings)
	}
	o.want(call{"POST", record + "/decisions", incident.Handler, `{"kind":"no_breach","reason":"Ei ollut","approver":"Toinen"}`, nil}, 201, &r)
	o.want(call{"POST", record + "/assessment", incident.Handler, `{"tier":"risk","reason":"Syy"}`, nil}, 409, nil) // rule 3
	o.mandate(r.Controller.ID)
	o.want(call{"POST", record + "/assessment", incident.Handler, `{"tier":"risk","reason":"Syy"}`, nil}, 201, &r)
	if r.Tier != "risk" {
		t.Errorf("tier: %q", r.Tier)
	}
	o.want(call{"POST", at + "/notes", incident.Handler, `{"text":"Soitettu"}`, nil}, 201, nil)
	var lane list[entryJSON]
	o.want(call{method: "GET", path: at + "/timeline?limit=3", role: incident.Auditor}, 200, &lane)
	if len(lane.Items) != 3 || lane.Items[0].Text != "Soitettu" || lane.Next == "" {
		t.Errorf("timeline: %+v", lane)
	}
	o.want(call{"POST", at + "/close", incident.Privacy, `{"reason":"Valmis"}`, nil}, 409, nil)
	o.want(call{"PUT", at + "/facts", incident.Handler, fmt.Sprintf(`{"version":%d,"facts":{"nature":{"text":"Vuoto","sure":"known"}}}`, 99), nil}, 409, nil)
	var rows list[rowJSON]
	o.want(call{method: "GET", path: "/incidents?state=open", role: incident.Auditor}, 200, &rows)
	if len(rows.Items) != 1 || rows.Items[0].Next == nil {
		t.Errorf("incidents: %+v", rows)
	}
	var services list[serviceJSON]
	o.want(call{method: "GET", path: "/services", role: incident.Auditor}, 200, &services)
	if len(services.Items) != 2 {
		t.Errorf("services: %+v", services)
	}
}

// An assessment is kept with what the rules proposed, and new facts open it
// again.
func TestAssessmentOverTheAPI(t *testing.T) {
	o := newOffice(t)
	o.importAll()
	at := "/incidents/" + o.logged().ID
	var lines list[lineJSON]
	o.want(call{method: "GET", path: at + "/records", role: incident.Auditor}, 200, &lines)
	record := at + "/records/" + lines.Items[0].ID
	var r recordJSON
	o.want(call{method: "GET", path: record, role: incident.Auditor}, 200, &r)
	if r.Standing != "not_asked" {
		t.Errorf("standing without a mandate: %q", r.Standing)
	}
	o.mandate(r.Controller.ID)
	stolen := `"facts":{"data":["health"],"exposure":{"recipients":"public"},"malicious":true,"people":{"count":200,"certainty":"exact"}}`
	for _, bad := range []struct{ body, want string }{
		{`{"tier":"risk","reason":"R",` + stolen + `}`, "422 invalid approver=approver.override"},
		{`{"tier":"high_risk","reason":"R","approver":"B","exempt":"a","exempt_facts":"F",` + stolen + `}`, "422 invalid exempt=exempt.evidence"},
		{`{"tier":"high_risk","reason":"R","approver":"B","exempt":"c",` + stolen + `}`, "422 invalid exempt_facts=exempt.facts_empty"},
	} {
		if got := keysOf(t, o.want(call{"POST", record + "/assessment", incident.Handler, bad.body, nil}, 422, nil)); got != bad.want {
			t.Errorf("%s: %s, want %s", bad.body, got, bad.want)
		}
	}
	o.want(call{"POST", record + "/assessment", incident.Handler, `{"tier":"high_risk","reason":"R","approver":"B",` + stolen + `}`, nil}, 201, &r)
	if a := r.Assessments[0]; r.Standing != "settled" || a.Proposed != "high_risk" || a.Rules == "" || len(a.Grounds) == 0 || a.Awaits {
		t.Errorf("standing %q, assessment %+v", r.Standing, a)
	}
}
