package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"hatakello/incident"
)

// keysOf returns status, key and the fields of a problem in one line.
func keysOf(t *testing.T, a answer) string {
	t.Helper()
	var p problem
	if err := json.Unmarshal(a.body, &p); err != nil {
		t.Fatalf("%v in %s", err, a.body)
	}
	if kind := a.header.Get("Content-Type"); kind != "application/problem+json" || p.Status != a.code || p.Title == "" || p.Detail == "" {
		t.Errorf("not a problem document: %s %s", kind, a.body)
	}
	if strings.Contains(string(a.body), "no value") {
		t.Errorf("words without their values: %s", a.body)
	}
	out := []string{fmt.Sprint(a.code), strings.TrimPrefix(p.Key, "api.detail.")}
	for _, e := range p.Errors {
		out = append(out, e.Field+"="+e.Key)
	}
	return strings.Join(out, " ")
}

func TestAPIErrors(t *testing.T) {
	o := newOffice(t)
	o.importAll()
	inc, other := o.logged(), o.logged()
	var lines list[lineJSON]
	o.want(call{method: "GET", path: "/incidents/" + inc.ID + "/records", role: incident.Auditor}, 200, &lines)
	mine, theirs := "/incidents/"+inc.ID, "/incidents/"+other.ID
	record := lines.Items[0].ID
	bearer := func(s string) map[string]string { return map[string]string{"Authorization": s} }
	const good = `{"title":"T","aware_at":"2026-11-22T11:00:00Z"}`
	post := func(body string) call { return call{"POST", "/incidents", incident.Handler, body, nil} }
	tests := []struct {
		name string
		c    call
		want string
	}{
		{"no token", call{method: "GET", path: "/services"}, "401 unauthorized"},
		{"unknown token", call{method: "GET", path: "/services", headers: bearer("Bearer hk_nothing")}, "401 unauthorized"},
		{"another scheme", call{method: "GET", path: "/services", headers: bearer("Basic aGs6aGs=")}, "401 unauthorized"},
		{"token in the address", call{method: "GET", path: "/services?access_token=hk_x"}, "401 unauthorized"},
		{"role that may not", call{"POST", "/incidents", incident.Auditor, good, nil}, "403 act.forbidden"},
		{"no such address", call{method: "GET", path: "/nothing", role: incident.Admin}, "404 not-found"},
		{"no such case", call{method: "GET", path: "/incidents/nothing", role: incident.Handler}, "404 not-found"},
		{"no such number", call{method: "GET", path: "/incidents/2026-999", role: incident.Handler}, "404 not-found"},
		{"record of another case", call{method: "GET", path: theirs + "/records/" + record, role: incident.Handler}, "404 not-found"},
		{"report of another case's record", call{method: "GET", path: theirs + "/records/" + record + "/report.pdf", role: incident.Handler}, "404 not-found"},
		{"report in another language", call{method: "GET", path: mine + "/records/" + record + "/report.pdf?lang=de", role: incident.Handler}, "422 invalid lang=api.choice"},
		{"act on a record of another case", call{"POST", theirs + "/records/" + record + "/calls", incident.Handler, `{"who":"A","said":"B"}`, nil}, "404 not-found"},
		{"notice to a record of another case", call{"POST", theirs + "/notices", incident.Handler, `{"text":"A","records":["` + record + `"]}`, nil}, "404 not-found"},
		{"method", call{method: "DELETE", path: mine, role: incident.Admin}, "405 method"},
		{"facts of an older version", call{"PUT", mine + "/facts", incident.Handler, `{"version":77,"facts":{}}`, nil}, "409 form.stale"},
		{"body too large", post(`{"title":"` + strings.Repeat("x", smallLimit) + `"}`), "413 too-large"},
		{"form", call{"POST", "/incidents", incident.Handler, "title=T", map[string]string{"Content-Type": "application/x-www-form-urlencoded"}}, "415 media-type"},
		{"another charset", call{"POST", "/incidents", incident.Handler, good, map[string]string{"Content-Type": "application/json; charset=latin1"}}, "415 media-type"},
		{"compressed", call{"POST", "/incidents", incident.Handler, good, map[string]string{"Content-Encoding": "gzip"}}, "415 media-type"},
		{"not JSON", post(`{"title":`), "400 unreadable"},
		{"not UTF-8", post("{\"title\":\"\xff\"}"), "400 unreadable"},
		{"two values", post(good + good), "400 unreadable"},
		{"too deep", post(`{"title":` + strings.Repeat("[", 99) + strings.Repeat("]", 99) + `}`), "400 unreadable"},
		{"a list", post(`[]`), "422 api.type"},
		{"null", post(`null`), "422 api.type"},
		{"unknown field", post(`{"title":"T","aware_at":"2026-11-22T11:00:00Z","aware":"x"}`), "422 invalid aware=api.unknown"},
		{"field in capitals", post(`{"Title":"T","aware_at":"2026-11-22T11:00:00Z"}`), "422 invalid Title=api.unknown"},
		{"field twice", post(`{"title":"T","title":"U","aware_at":"2026-11-22T11:00:00Z"}`), "422 invalid title=api.twice"},
		{"wrong type", post(`{"title":7}`), "422 invalid title=api.type"},
		{"instant without offset", post(`{"title":"T","aware_at":"2026-11-22T11:00:00"}`), "422 invalid aware_at=api.instant"},
		{"year 0001", post(`{"title":"T","aware_at":"0001-01-01T00:00:00Z"}`), "422 invalid aware_at=api.instant_year"},
		{"nothing filled in", post(`{}`), "422 invalid title=title.empty aware_at=time.empty"},
		{"future", post(`{"title":"T","aware_at":"2026-11-23T11:00:00Z"}`), "422 invalid aware_at=time.future"},
		{"unknown service", post(`{"title":"T","aware_at":"2026-11-22T11:00:00Z","services":["Kahvi"]}`), "422 invalid services=service.unknown"},
		{"unknown parameter", call{method: "GET", path: "/incidents?stat=open", role: incident.Handler}, "422 invalid stat=api.query_unknown"},
		{"parameter twice", call{method: "GET", path: "/incidents?limit=1&limit=2", role: incident.Handler}, "422 invalid limit=api.query_twice"},
		{"limit", call{method: "GET", path: "/incidents?limit=501", role: incident.Handler}, "422 invalid limit=api.limit"},
		{"cursor", call{method: "GET", path: "/incidents?next=%00x", role: incident.Handler}, "422 invalid next=cursor.unknown"},
		{"state", call{method: "GET", path: "/incidents?state=lost", role: incident.Handler}, "422 invalid state=api.choice"},
		{"notice without words", call{"POST", mine + "/notices", incident.Handler, `{"texts":{"fi":"Hei"}}`, nil}, "422 invalid texts.sv=notice.text_empty"},
		{"notice in another language", call{"POST", mine + "/notices", incident.Handler, `{"texts":{"de":"Hallo"}}`, nil}, "422 invalid texts.de=api.unknown"},
		{"notice to nobody", call{"POST", mine + "/notices", incident.Handler, `{"text":"A","records":[]}`, nil}, "422 invalid records=api.records_empty"},
		{"nobody affected", call{"POST", mine + "/affected", incident.Handler, `{}`, nil}, "422 invalid services=api.affect_empty"},
		{"risk unknown to the vocabulary", call{"POST", "/assessments/preview", incident.Handler, `{"nonsense":1}`, nil}, "422 invalid nonsense=risk.unknown_key"},
		{"facts of an assessment", call{"POST", mine + "/records/" + record + "/assessment", incident.Handler, `{"tier":"risk","reason":"R","facts":{"nonsense":1}}`, nil}, "422 invalid facts.nonsense=risk.unknown_key"},
		{"idempotency key", call{"POST", "/incidents", incident.Handler, good, map[string]string{"Idempotency-Key": "ä"}}, "422 invalid Idempotency-Key=api.key"},
		{"file of bad rows", call{"POST", "/customers/import", incident.Handler, "name;email\n;x\n", csvHeader}, "422 invalid name=import.name contact_email=import.email"},
		{"file without a header", call{"POST", "/customers/import", incident.Handler, "A;B\nC;D\n", csvHeader}, "422 invalid file=import.header"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o.t = t
			a := o.do(tt.c)
			if got := keysOf(t, a); got != tt.want {
				t.Errorf("%s, want %s\n%s", got, tt.want, a.body)
			}
			for _, head := range []struct {
				code int
				name string
			}{{401, "WWW-Authenticate"}, {405, "Allow"}} {
				if a.code == head.code && a.header.Get(head.name) == "" {
					t.Errorf("%d without %s", a.code, head.name)
				}
			}
			if a.header.Get("Cache-Control") != "no-store" || a.header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("headers: %v", a.header)
			}
		})
	}
}

// An error is told in the language asked for; its key is the same in all.
func TestAPIErrorLanguages(t *testing.T) {
	o := newOffice(t)
	tests := []struct{ accept, lang, title string }{
		{"", "fi", "Tunniste puuttuu tai ei kelpaa"},
		{"sv-FI,en;q=0.5", "sv", "Token saknas eller duger inte"},
		{"de, fi;q=0.2, en;q=0.7", "en", "The token is missing or not valid"},
		{"de", "fi", "Tunniste puuttuu tai ei kelpaa"},
		{";;q=x", "fi", "Tunniste puuttuu tai ei kelpaa"},
	}
	for _, tt := range tests {
		a := o.do(call{method: "GET", path: "/services", headers: map[string]string{"Accept-Language": tt.accept}})
		var p problem
		if err := json.Unmarshal(a.body, &p); err != nil {
			t.Fatal(err)
		}
		if p.Title != tt.title || a.header.Get("Content-Language") != tt.lang || p.Type != "https://bell.example/api/v1/problems/unauthorized" {
			t.Errorf("Accept-Language %q: %s, %s, %s", tt.accept, a.header.Get("Content-Language"), p.Title, p.Type)
		}
	}
	for _, slug := range problemSlugs {
		for _, lang := range []string{"fi", "sv", "en"} {
			var p problem
			o.want(call{method: "GET", path: "/problems/" + slug, headers: map[string]string{"Accept-Language": lang}}, 200, &p)
			if strings.HasPrefix(p.Title, "[") || strings.HasPrefix(p.Detail, "[") || problemSlugs[p.Status] != slug {
				t.Errorf("%s in %s: %+v", slug, lang, p)
			}
		}
	}
	o.want(call{method: "GET", path: "/problems/none"}, 404, nil)
}

// Every route is closed to every role that its act is not allowed to, and to
// tokens that are unknown or revoked.
func TestAPIRoles(t *testing.T) {
	o := newOffice(t)
	for _, r := range (&api{Server: o.server}).apiRoutes() {
		if r.need == anyone {
			continue
		}
		path := strings.NewReplacer(":id", "none", ":record", "none").Replace(r.path)
		c := call{method: r.method, path: path}
		if got := o.do(c).code; got != http.StatusUnauthorized {
			t.Errorf("%s %s without a token: %d", r.method, r.path, got)
		}
		for _, role := range incident.Roles {
			c.role = role
			code := o.do(c).code
			may := r.need == ownOrRead || (incident.Actor{Roles: []incident.Role{role}}).May(r.need)
			if may == (code == http.StatusForbidden) {
				t.Errorf("%s %s as %s: %d, may: %v", r.method, r.path, role, code, may)
			}
		}
	}
}

func TestReporterReadsOwnCasesOnly(t *testing.T) {
	o := newOffice(t)
	var own incidentJSON
	o.want(call{"POST", "/incidents", incident.Reporter, `{"title":"T","aware_at":"2026-11-22T11:00:00Z"}`, nil}, 201, &own)
	other := o.logged2()
	o.want(call{method: "GET", path: "/incidents/" + own.ID, role: incident.Reporter}, 200, nil)
	o.want(call{method: "GET", path: "/incidents/" + other.ID, role: incident.Reporter}, 404, nil)
	o.want(call{method: "GET", path: "/incidents", role: incident.Reporter}, 403, nil)
	o.want(call{method: "GET", path: "/incidents/" + own.ID, role: incident.Auditor}, 200, nil)
}

// logged2 opens a case without a service.
func (o *office) logged2() incidentJSON {
	o.t.Helper()
	var inc incidentJSON
	o.want(call{"POST", "/incidents", incident.Handler, `{"title":"Toinen","aware_at":"2026-11-22T11:00:00Z"}`, nil}, 201, &inc)
	return inc
}

func TestRevokedTokenIsRefusedAtOnce(t *testing.T) {
	o := newOffice(t)
	c := call{method: "GET", path: "/services", role: incident.Auditor}
	o.want(c, 200, nil)
	token, err := o.db.TokenByHash(t.Context(), incident.HashSecret(o.tokens[incident.Auditor]))
	if err != nil {
		t.Fatal(err)
	}
	if err := o.server.Desk.RevokeToken(t.Context(), incident.Actor{ID: "cli", Roles: []incident.Role{incident.Admin}}, token); err != nil {
		t.Fatal(err)
	}
	o.want(c, 401, nil)
}

func TestWrongTokensAreThrottled(t *testing.T) {
	o := newOffice(t)
	var codes []int
	for i := range 40 {
		a := o.do(call{method: "GET", path: "/services", headers: map[string]string{"Authorization": fmt.Sprintf("Bearer hk_%d", i)}})
		codes = append(codes, a.code)
		if a.code == http.StatusTooManyRequests && a.header.Get("Retry-After") == "" {
			t.Error("429 without Retry-After")
		}
	}
	if n := slices.Index(codes, http.StatusTooManyRequests); n != 30 {
		t.Errorf("throttled after %d wrong tokens, want 30", n)
	}
	o.want(call{method: "GET", path: "/services", role: incident.Auditor}, 200, nil) // a good token still works
}
