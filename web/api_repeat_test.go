package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"hatakello/incident"
	"hatakello/incident/risk"
)

func keyed(key string) map[string]string { return map[string]string{"Idempotency-Key": key} }

// A repeat with the same key gets the first answer and does nothing again; the
// same key with another body is refused.
func TestRepeatsAreHarmless(t *testing.T) {
	o := newOffice(t)
	o.importAll()
	at := "/incidents/" + o.logged().ID
	var lines list[lineJSON]
	o.want(call{method: "GET", path: at + "/records", role: incident.Auditor}, 200, &lines)
	record := at + "/records/" + lines.Items[0].ID
	o.mandate(lines.Items[0].Controller.ID)
	tests := []struct {
		name, method, path, body, other string
		role                            incident.Role
		code                            int
	}{
		{"log", "POST", "/incidents", `{"title":"A","aware_at":"2026-11-22T11:00:00Z"}`, `{"title":"B","aware_at":"2026-11-22T11:00:00Z"}`, incident.Handler, 201},
		{"affected", "POST", at + "/affected", `{"words":["t-3","zz"]}`, `{"words":["t-2"]}`, incident.Handler, 200},
		{"notices", "POST", at + "/notices", `{"text":"A"}`, `{"text":"B"}`, incident.Handler, 202},
		{"note", "POST", at + "/notes", `{"text":"A"}`, `{"text":"B"}`, incident.Handler, 201},
		{"call", "POST", record + "/calls", `{"who":"A","said":"B"}`, `{"who":"A","said":"C"}`, incident.Handler, 201},
		{"assessment", "POST", record + "/assessment", `{"tier":"risk","reason":"A"}`, `{"tier":"high_risk","reason":"A"}`, incident.Handler, 201},
		{"filing", "POST", record + "/filings", `{"kind":"preliminary","at":"2026-11-22T11:30:00Z","channel":"form"}`, `{"kind":"complete","at":"2026-11-22T11:30:00Z","channel":"form"}`, incident.Handler, 201},
		{"filing with a file", "POST", record + "/filings", `{"kind":"complete","at":"2026-11-22T11:31:00Z","channel":"form","files":[{"role":"receipt","name":"a.txt","content":"S2lpdG9z"}]}`,
			`{"kind":"complete","at":"2026-11-22T11:31:00Z","channel":"form","files":[{"role":"receipt","name":"a.txt","content":"VGFjaw=="}]}`, incident.Handler, 201},
		{"moment", "POST", at + "/moments", `{"moment":"signal","at":"2026-11-22T09:00:00Z"}`, `{"moment":"signal","at":"2026-11-22T08:00:00Z","why":"log"}`, incident.Handler, 201},
		{"regimes", "PUT", at + "/regimes", `{"regimes":["nis2"]}`, `{"regimes":["nis2","dora"]}`, incident.Privacy, 200},
		{"hold", "POST", record + "/holds", `{"kind":"hold","authority":"A","basis":"B","until":"2026-12-01T00:00:00Z"}`, `{"kind":"hold_ended","authority":"A","basis":"B"}`, incident.Privacy, 201},
		{"decision", "POST", record + "/decisions", `{"kind":"no_breach","reason":"A","approver":"B"}`, `{"kind":"no_breach","reason":"C","approver":"B"}`, incident.Handler, 201},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o.t = t
			c := call{tt.method, tt.path, tt.role, tt.body, keyed("key-" + tt.name)}
			first := o.want(c, tt.code, nil)
			before := o.done(at)
			again := o.want(c, tt.code, nil)
			if got := o.done(at); got != before {
				t.Errorf("the repeat left %d lines, before it there were %d", got, before)
			}
			if !bytes.Equal(first.body, again.body) || first.header.Get("Location") != again.header.Get("Location") {
				t.Errorf("first  %s\nrepeat %s", first.body, again.body)
			}
			c.body = tt.other
			if got, want := keysOf(t, o.want(c, 422, nil)), "422 invalid Idempotency-Key=key.reused"; got != want {
				t.Errorf("another body: %s, want %s", got, want)
			}
			c.headers = keyed("fresh-" + tt.name)
			before = o.done(at)
			o.want(c, tt.code, nil)
			if got := o.done(at); got == before && tt.name != "affected" { // all are already
				t.Errorf("a fresh key did nothing: %d lines", got)
			}
		})
	}
}

// done counts cases and the lines of one case's timeline.
func (o *office) done(at string) int {
	o.t.Helper()
	var lines list[entryJSON]
	o.want(call{method: "GET", path: at + "/timeline?limit=500", role: incident.Auditor}, 200, &lines)
	var cases list[rowJSON]
	o.want(call{method: "GET", path: "/incidents?limit=500", role: incident.Auditor}, 200, &cases)
	return len(lines.Items) + len(cases.Items)
}

// The key belongs to its token: another program may use the same words.
func TestKeysBelongToTokens(t *testing.T) {
	o := newOffice(t)
	var ids []string
	for _, role := range []incident.Role{incident.Handler, incident.Privacy} {
		var inc incidentJSON
		o.want(call{"POST", "/incidents", role, `{"title":"A","aware_at":"2026-11-22T11:00:00Z"}`, keyed("1")}, 201, &inc)
		ids = append(ids, inc.ID)
	}
	if ids[0] == ids[1] {
		t.Errorf("two programs got one case: %v", ids)
	}
}

func TestImportOverAPI(t *testing.T) {
	o := newOffice(t)
	post := func(query, body string, code int, key string) (m importJSON, a answer) {
		t.Helper()
		h := map[string]string{"Content-Type": "text/csv"}
		if key != "" {
			h["Idempotency-Key"] = key
		}
		var v any = &m
		if code != 200 {
			v = nil
		}
		a = o.want(call{"POST", "/customers/import" + query, incident.Handler, body, h}, code, v)
		return m, a
	}
	names := func() string {
		t.Helper()
		var all list[customerJSON]
		o.want(call{method: "GET", path: "/customers", role: incident.Auditor}, 200, &all)
		var b strings.Builder
		for _, k := range all.Items {
			fmt.Fprintf(&b, "%s %s %d %v %d;", k.Name, k.Language, k.Hours, k.Contacts, len(k.Services))
		}
		return b.String()
	}
	m, _ := post("?dry_run=true", customers, 200, "k1")
	if m.Added != 3 || m.Services != 2 || m.Kept || !m.DryRun || len(m.Doubts) != 1 || names() != "" {
		t.Errorf("rehearsal: %+v, register %q", m, names())
	}
	m, first := post("", customers, 200, "k1")
	if m.Added != 3 || !m.Kept {
		t.Errorf("import: %+v", m)
	}
	_, again := post("", customers, 200, "k1")
	if !bytes.Equal(first.body, again.body) {
		t.Errorf("first  %s\nrepeat %s", first.body, again.body)
	}
	_, a := post("", customers+"X;;fi;;;x@x.example;;;\n", 422, "k1")
	if got := keysOf(t, a); got != "422 invalid Idempotency-Key=key.reused" {
		t.Errorf("key used again: %s", got)
	}
	m, _ = post("", customers, 200, "")
	if m.Same != 3 || m.Kept {
		t.Errorf("the same list again: %+v", m)
	}
	before := names()
	const mixed = "nimi;y-tunnus;kieli;palvelu;sähköposti;puhelin;tunnit\n" +
		"Kuusi Oy;1234567-1;ruotsi;Aika;uusi@kuusi.example;;48\n" +
		"Koivu;;;Aika;koivu(at)example;;\n"
	post("", mixed, 422, "")
	if got := names(); got != before {
		t.Errorf("one bad row, and yet the register changed:\n%s\n%s", before, got)
	}
	m, _ = post("?partial=true", mixed, 200, "")
	if m.Changed != 1 || m.Added != 0 || len(m.Bad) != 1 || m.Bad[0].Line != 3 || m.Bad[0].Field != "contact_email" || !m.Kept {
		t.Errorf("the good rows: %+v", m)
	}
	want := "Kuusi Oy sv 48 [{ uusi@kuusi.example   false <nil>} {Aino aino@kuusi.example 09 1  false <nil>}] 2;"
	if got := names(); !strings.Contains(got, want) {
		t.Errorf("register %s, want %s in it", got, want)
	}
	const torn = "name;email\nA;a@b.example\n\"B;b@b.example\nC;c@b.example\n"
	if _, a := post("?partial=true", torn, 422, ""); !strings.Contains(string(a.body), "import.quote_lines") {
		t.Errorf("a quote that swallows lines: %s", a.body)
	}
}

// The proposal is that of package risk, in the language asked for, and saves
// nothing.
func TestPreviewAssessment(t *testing.T) {
	o := newOffice(t)
	body, err := os.ReadFile("../incident/risk/testdata/full.json")
	if err != nil {
		t.Fatal(err)
	}
	facts, err := risk.Parse(body)
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"fi", "sv", "en"} {
		a := o.want(call{"POST", "/assessments/preview", incident.Auditor, string(body), map[string]string{"Accept-Language": lang}}, 200, nil)
		want, err := json.Marshal(risk.Assess(facts).In(lang))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a.body, want) {
			t.Errorf("%s: %s\nwant %s", lang, a.body, want)
		}
	}
}

// Costly work waits for its turn, but not for ever.
func TestCostlyWorkIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &api{costly: make(chan struct{}, 1)}
		done, err := a.slot(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if _, err := a.slot(t.Context()); err != errSlow { //nolint:errorlint // the very value
			t.Errorf("while the place is taken: %v, want %v", err, errSlow)
		}
		if waited := time.Since(began); waited != patience {
			t.Errorf("waited %v, want %v", waited, patience)
		}
		time.AfterFunc(time.Second, done)
		if _, err := a.slot(t.Context()); err != nil {
			t.Errorf("after the first has gone: %v", err)
		}
	})
}
