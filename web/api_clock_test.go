package web

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
)

// item finds one of a list.
func item[T any](t *testing.T, all list[T], is func(T) bool) T {
	t.Helper()
	for _, x := range all.Items {
		if is(x) {
			return x
		}
	}
	t.Fatalf("not in the list: %+v", all.Items)
	panic("unreachable")
}

// A case's moments are read, set and corrected with a reason, and its clocks
// follow, with their law and both limits.
func TestClocksOverAPI(t *testing.T) {
	o := newOffice(t)
	o.importAll()
	at := "/incidents/" + o.logged().ID
	var ms list[momentJSON]
	moment := func(key string) momentJSON {
		o.want(call{method: "GET", path: at + "/moments", role: incident.Auditor, headers: map[string]string{"Accept-Language": "en"}}, 200, &ms)
		return item(t, ms, func(m momentJSON) bool { return m.Moment == key })
	}
	if m := moment("processor_aware"); m.Name != "We became aware" || m.Newest == nil || *m.Newest.At != "2026-11-22T11:00:00Z" || moment("contained").Newest != nil {
		t.Errorf("moments: %+v", ms)
	}
	correct := call{"POST", at + "/moments", incident.Handler, `{"moment":"processor_aware","at":"2026-11-22T12:00:00+02:00"}`, nil}
	if got, want := keysOf(t, o.want(correct, 422, nil)), "422 invalid why=reason.correction"; got != want {
		t.Errorf("a correction without a reason: %s, want %s", got, want)
	}
	correct.body = `{"moment":"processor_aware","at":"2026-11-22T12:00:00+02:00","why":"Lokista"}`
	o.want(correct, 201, nil)
	if m := moment("processor_aware"); len(m.Earlier) != 1 || *m.Newest.At != "2026-11-22T10:00:00Z" || m.Newest.Why != "Lokista" {
		t.Errorf("corrected: %+v", m)
	}
	for body, want := range map[string]string{
		`{"moment":"reported","at":"2026-11-22T10:00:00Z"}`: "422 invalid moment=moment.unknown",
		`{"moment":"signal","at":"2026-11-22T10:00:00"}`:    "422 invalid at=api.instant",
		`{"moment":"signal","at":"2026-11-23T10:00:00Z"}`:   "422 invalid at=time.future",
		`{"moment":"signal","sure":"maybe"}`:                "422 invalid sure=api.choice",
		`{"moment":"occurred_from","sure":"ongoing"}`:       "422 invalid at=time.empty",
	} {
		if got := keysOf(t, o.want(call{"POST", at + "/moments", incident.Handler, body, nil}, 422, nil)); got != want {
			t.Errorf("%s: %s, want %s", body, got, want)
		}
	}
	o.want(call{"POST", at + "/moments", incident.Handler, `{"moment":"occurred_to","sure":"ongoing"}`, nil}, 201, nil)

	var clocks list[clockJSON]
	o.want(call{method: "GET", path: at + "/clocks?duty=contract.notice", role: incident.Auditor}, 200, &clocks)
	k := clocks.Items[0]
	if len(clocks.Items) != 1 || *k.Due != "2026-11-23T10:00:00Z" || k.Within != "24h" || k.Basis != "GDPR Art. 28(3)" || k.Regime != "contract" || k.State != "running" ||
		k.Cause == nil || k.Cause.Moment != "processor_aware" || k.Warn == nil || !strings.Contains(k.Text, "sovittu") {
		t.Errorf("clock: %+v", clocks.Items)
	}
	var pages []string
	next := ""
	for range 10 {
		o.want(call{method: "GET", path: at + "/clocks?limit=1&next=" + url.QueryEscape(next), role: incident.Auditor}, 200, &clocks)
		for _, k := range clocks.Items {
			pages = append(pages, k.Duty)
		}
		if next = clocks.Next; next == "" {
			break
		}
	}
	if got := fmt.Sprint(pages); got != "[contract.notice gdpr.33.2 gdpr.33.2]" {
		t.Errorf("page by page: %s", got)
	}
	o.now = o.now.Add(30 * time.Hour)
	var duties list[tallyOfDuty]
	o.want(call{method: "GET", path: at + "/duties", role: incident.Auditor}, 200, &duties)
	if d := item(t, duties, func(d tallyOfDuty) bool { return d.Duty == "contract.notice" }); d.Running != 1 || d.Late != 1 || d.Unexplained != 1 {
		t.Errorf("duty: %+v", d)
	}
	o.want(call{"POST", at + "/reasons", incident.Privacy, `{"duty":"contract.notice","reason":"Ruuhka"}`, nil}, 200, nil)
	o.want(call{method: "GET", path: at + "/clocks?duty=contract.notice", role: incident.Auditor}, 200, &clocks)
	if k := clocks.Items[0]; !k.Late || k.LateReason != "Ruuhka" {
		t.Errorf("explained: %+v", k)
	}
}

// Other laws are switched on by their questions and end by hand; the case under
// other rules is shown and not touched.
func TestRegimesOverAPI(t *testing.T) {
	o := newOffice(t)
	o.importAll()
	at := "/incidents/" + o.logged().ID
	var laws list[regimeJSON]
	o.want(call{method: "GET", path: at + "/regimes", role: incident.Auditor, headers: map[string]string{"Accept-Language": "sv"}}, 200, &laws)
	nis2 := item(t, laws, func(r regimeJSON) bool { return r.Key == "nis2" })
	if len(laws.Items) != len(incident.Laws) || nis2.On || nis2.Question == "" || nis2.Duties[0].Since == nil || nis2.Duties[0].Within != "24h" {
		t.Errorf("laws: %+v", nis2)
	}
	if got, want := keysOf(t, o.want(call{"PUT", at + "/regimes", incident.Privacy, `{"regimes":["omnibus"]}`, nil}, 422, nil)), "422 invalid regimes=regime.unknown"; got != want {
		t.Errorf("a proposal: %s, want %s", got, want)
	}
	var inc incidentJSON
	o.want(call{"PUT", at + "/regimes", incident.Privacy, `{"regimes":["nis2"]}`, nil}, 200, &inc)
	o.want(call{"POST", at + "/moments", incident.Handler, `{"moment":"detected","at":"2026-11-22T11:30:00Z"}`, nil}, 201, nil)
	own, err := o.db.RecordOf(t.Context(), inc.ID, incident.Own)
	must(t, err)
	record := at + "/records/" + own.ID
	var clocks list[clockJSON]
	o.want(call{method: "GET", path: record + "/clocks", role: incident.Auditor}, 200, &clocks)
	if k := item(t, clocks, func(k clockJSON) bool { return k.Duty == "nis2.first" }); *k.Due != "2026-11-23T11:30:00Z" || *k.Outer != "2026-11-23T12:00:00Z" {
		t.Errorf("clock: %+v", k)
	}
	o.now = o.now.Add(26 * time.Hour)
	done := call{"POST", record + "/done", incident.Handler, `{"duty":"nis2.first","at":"2026-11-23T13:00:00Z","why":"Lomake"}`, nil}
	if got, want := keysOf(t, o.want(done, 422, nil)), "422 invalid late_reason=filing.late_reason_empty"; got != want {
		t.Errorf("late without a reason: %s, want %s", got, want)
	}
	done.body = `{"duty":"nis2.first","at":"2026-11-23T13:00:00Z","why":"Lomake","late_reason":"Ruuhka"}`
	o.want(done, 201, nil)
	o.want(call{method: "GET", path: record + "/clocks", role: incident.Auditor}, 200, &clocks)
	if k := item(t, clocks, func(k clockJSON) bool { return k.Duty == "nis2.first" }); k.State != "ended" || !k.Late || k.LateReason != "Ruuhka" {
		t.Errorf("done: %+v", k)
	}
	before := o.done(at)
	var lines list[comparedJSON]
	o.want(call{method: "GET", path: at + "/compare", role: incident.Auditor}, 200, &lines)
	if got := o.done(at); got != before || o.want(call{method: "GET", path: at + "/compare?regime=dora", role: incident.Auditor}, 200, nil).code != 200 {
		t.Error("comparing did something")
	}
	if got, want := keysOf(t, o.want(call{method: "GET", path: at + "/compare?regime=none", role: incident.Auditor}, 422, nil)), "422 invalid regime=regime.unknown"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// A sign is investigated first; leaving that starts the clocks. Alarms are
// listed and answered. A hold stops only the telling of people.
func TestInquiryRingsAndHoldsOverAPI(t *testing.T) {
	o := newOffice(t)
	o.importAll()
	var inc incidentJSON
	o.want(call{"POST", "/incidents", incident.Handler, `{"title":"Outo kirjautuminen","aware_at":"2026-11-22T13:00:00+02:00","services":["palkka"],"unclear":true}`, nil}, 201, &inc)
	if inc.AwareAt != nil || inc.Inquiry == nil || inc.Inquiry.Ended != nil || inc.Inquiry.Remind == nil {
		t.Fatalf("under investigation: %+v", inc)
	}
	at := "/incidents/" + inc.ID
	o.want(call{"POST", at + "/inquiry", incident.Handler, `{"outcome":"unclear","reason":"Ei voi sulkea pois","at":"2026-11-22T11:50:00Z"}`, nil}, 200, &inc)
	if inc.AwareAt == nil || *inc.AwareAt != "2026-11-22T11:50:00Z" || inc.Inquiry.Outcome != "unclear" {
		t.Errorf("after it: %+v", inc)
	}
	o.want(call{"POST", at + "/inquiry", incident.Handler, `{"outcome":"breach","reason":"x"}`, nil}, 409, nil)

	var rings list[ringJSON]
	o.want(call{method: "GET", path: "/rings", role: incident.Auditor}, 200, &rings)
	if len(rings.Items) != 1 || rings.Items[0].Incident != inc.ID || rings.Items[0].AckedAt != nil || rings.Items[0].Name == "" {
		t.Fatalf("rings: %+v", rings)
	}
	answer := call{"POST", "/rings/" + rings.Items[0].ID + "/answer", incident.Reporter, `{}`, keyed("r1")}
	var ring ringJSON
	o.want(answer, 200, &ring)
	o.want(answer, 200, &ring)
	if ring.AckedBy != "program reporter" {
		t.Errorf("answered: %+v", ring)
	}
	o.want(call{"POST", "/rings/none/answer", incident.Reporter, `{}`, nil}, 404, nil)
	o.want(call{"POST", "/rings/" + ring.ID + "/answer", incident.Auditor, `{}`, nil}, 403, nil)

	var lines list[lineJSON]
	o.want(call{method: "GET", path: at + "/records", role: incident.Auditor}, 200, &lines)
	record := at + "/records/" + lines.Items[0].ID
	for body, want := range map[string]string{
		`{"kind":"hold","authority":"KRP","basis":"ETL"}`:                                                         "422 invalid until=hold.until_empty",
		`{"kind":"hold","authority":"KRP","basis":"ETL","until":"2026-12-01T00:00:00"}`:                           "422 invalid until=api.instant",
		`{"kind":"other","authority":"","basis":"","from":"2026-11-22T11:00:00Z","until":"2026-12-01T00:00:00Z"}`: "422 invalid kind=decision.kind_empty authority=hold.authority_empty reason=hold.basis_empty",
	} {
		if got := keysOf(t, o.want(call{"POST", record + "/holds", incident.Privacy, body, nil}, 422, nil)); got != want {
			t.Errorf("%s: %s, want %s", body, got, want)
		}
	}
	var rec recordJSON
	o.want(call{"POST", record + "/holds", incident.Privacy, `{"kind":"hold","authority":"KRP","basis":"ETL","until":"2026-12-01T00:00:00Z"}`, nil}, 201, &rec)
	if d := rec.Decisions[0]; d.Kind != "hold" || d.Authority != "KRP" || *d.Until != "2026-12-01T00:00:00Z" || d.From == nil {
		t.Errorf("held: %+v", d)
	}
}

// What was filed is kept with the filing and can be fetched by its hash.
func TestFilesOverAPI(t *testing.T) {
	o := newOffice(t)
	o.importAll()
	at := "/incidents/" + o.logged().ID
	var lines list[lineJSON]
	o.want(call{method: "GET", path: at + "/records", role: incident.Auditor}, 200, &lines)
	record := at + "/records/" + lines.Items[0].ID
	pdf := "%PDF-1.4 lähetetty"
	body, err := json.Marshal(fileBody{Kind: "preliminary", At: "2026-11-22T11:30:00Z", Channel: "Turvalomake", Promised: "2026-12-01T12:00:00+02:00", Language: "sv",
		Files: []newFileBody{{"filed", "lähetetty.pdf", base64.StdEncoding.EncodeToString([]byte(pdf))}}})
	must(t, err)
	var rec recordJSON
	o.want(call{"POST", record + "/filings", incident.Handler, string(body), nil}, 201, &rec)
	f := rec.Filings[0]
	if len(f.Files) != 2 || f.Files[0].Role != "report" || f.Files[0].Language != "sv" || *f.Promised != "2026-12-01T10:00:00Z" {
		t.Fatalf("filed: %+v", f)
	}
	for _, x := range f.Files {
		a := o.want(call{method: "GET", path: record + "/files/" + x.SHA256, role: incident.Auditor}, 200, nil)
		if sum := sha256.Sum256(a.body); hex.EncodeToString(sum[:]) != x.SHA256 || len(a.body) != x.Size {
			t.Errorf("%s: %d bytes", x.Name, len(a.body))
		}
	}
	o.want(call{method: "GET", path: record + "/files/" + strings.Repeat("0", 64), role: incident.Auditor}, 404, nil)
	for files, want := range map[string]string{
		`[{"role":"filed","name":"a","content":"?"}]`:          "422 invalid files=api.encoding",
		`[{"role":"report","name":"a","content":"JVBERi0="}]`:  "422 invalid files=file.role",
		`[{"role":"receipt","name":"a","content":"TVqQAAM="}]`: "422 invalid receipt=file.kind",
	} {
		c := call{"POST", record + "/filings", incident.Handler, `{"kind":"complete","at":"2026-11-22T11:40:00Z","channel":"x","files":` + files + `}`, nil}
		if got := keysOf(t, o.want(c, 422, nil)); got != want {
			t.Errorf("%s: %s, want %s", files, got, want)
		}
	}
}
