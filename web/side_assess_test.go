package web

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
)

// Her own assessment stays hers: staff, the API, the timeline and the audit
// chain hold nothing of it; what she shares is shown until she takes it back.
func TestOwnAssessmentIsHers(t *testing.T) {
	x := newTold(t)
	ctx := context.Background()
	staff, b, other := x.as(incident.Privacy), x.browser(), x.browser()
	base, theirs := x.enter(b, x.rs[0]), x.enter(other, x.rs[1])
	x.later(2 * time.Minute)
	for _, lang := range []string{"fi", "sv", "en"} {
		checkPage(t, b.get(base+"/assess?lang="+lang), lang)
		checkPage(t, b.get(base+"/assessment?lang="+lang), lang)
	}
	if got := b.get(base + "/assess").text(); strings.Contains(got, x.inc.Title) {
		t.Error("the wizard shows her our title of the case")
	}
	const secret = "Siksi että lokit puuttuvat kokonaan"
	if got := b.post(base+"/assess?lang=fi", "step", "what", "do", "done", "data", "health"); got.code != http.StatusSeeOther || !strings.HasPrefix(got.header.Get("Location"), base+"/assessment") {
		t.Fatalf("answer: %d %s\n%.300s", got.code, got.header.Get("Location"), got.text())
	}
	if got := b.post(base+"/assessment?lang=fi", "do", "decide", "tier", "high_risk"); got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, `id="e-reason"`) {
		t.Errorf("decided without a reason: %d", got.code)
	}
	if got := b.post(base+"/assessment?lang=fi", "do", "decide", "tier", "high_risk", "reason", secret); got.code != http.StatusSeeOther {
		t.Fatalf("decide: %d\n%s", got.code, got.text())
	}
	page := b.get(base + "/assessment?lang=fi")
	checkPage(t, page, "fi")
	if !strings.Contains(page.text(), secret) {
		t.Error("she does not see her own reason")
	}
	record := "/records/" + x.rs[0].ID
	x.hidden(staff, record, secret)
	if got := other.get(theirs + "/assessment").text(); strings.Contains(got, secret) {
		t.Error("another controller reads it")
	}
	if got := other.get(base + "/assessment"); got.code != http.StatusSeeOther || strings.Contains(got.text(), secret) {
		t.Errorf("with another's session: %d", got.code)
	}
	if got := b.post(base+"/assessment?lang=fi", "do", "share"); got.code != http.StatusSeeOther {
		t.Fatalf("share: %d", got.code)
	}
	if got := staff.get(record).text(); !strings.Contains(got, secret) {
		t.Error("what she shared is not shown")
	}
	if got := b.post(base+"/assessment?lang=fi", "do", "unshare"); got.code != http.StatusSeeOther {
		t.Fatalf("take back: %d", got.code)
	}
	x.hidden(staff, record, secret)
	if got := staff.get(record).text(); !strings.Contains(got, "Tulosta ei enää näytetä") {
		t.Error("that it had been shared is not said")
	}
	answers, err := x.db.FormAnswers(ctx, x.rs[0].ID)
	if err != nil || len(answers) != 0 {
		t.Errorf("the form was filled without her pressing the button: %v, %v", answers, err)
	}
	if got := b.post(base+"/assessment?lang=fi", "do", "form"); got.code != http.StatusSeeOther {
		t.Fatalf("use in the form: %d", got.code)
	}
	if answers, err = x.db.FormAnswers(ctx, x.rs[0].ID); err != nil || answers["risk_level"].Value != "high" {
		t.Errorf("the form: %v, %v", answers, err)
	}
}

// hidden looks for words of hers in everything that staff can read of a record.
func (x *toldHouse) hidden(staff *browser, record, secret string) {
	x.t.Helper()
	at := "/incidents/" + x.inc.ID
	token, err := x.desk.AddToken(context.Background(), incident.Program, "ohjelma", incident.Privacy)
	if err != nil {
		x.t.Fatal(err)
	}
	staff.header.Set("Authorization", "Bearer "+token)
	seen := 0
	look := func(path string, got reply) {
		if got.code == http.StatusOK {
			seen++
		}
		if text := got.text() + x.inside(got); strings.Contains(text, secret) {
			x.t.Errorf("staff read it at %s", path)
		}
	}
	fill := strings.NewReplacer("/incidents/:id", at, "/records/:id", record, ":record", strings.TrimPrefix(record, "/records/"), ":year", "2026")
	for _, r := range x.s.routes() {
		if r.method == http.MethodGet && r.need != anyone {
			path := fill.Replace(r.path)
			look(path, staff.get(path))
		}
	}
	for _, r := range (&api{Server: x.s}).apiRoutes() {
		if r.method == http.MethodGet && r.need != anyone {
			path := apiBase + fill.Replace(r.path)
			look(path, staff.get(path))
		}
	}
	staff.header.Del("Authorization")
	for _, pairs := range [][]string{{"lang", "fi"}, {"lang", "fi", "record", strings.TrimPrefix(record, "/records/")}} {
		look("a bundle", staff.post(at+"/bundle.zip", pairs...))
	}
	if seen < 60 {
		x.t.Errorf("only %d pages and answers were read", seen)
	}
	entries, _, err := x.db.Entries(context.Background(), x.inc.ID, "", incident.Cut{Limit: 200})
	if err != nil {
		x.t.Fatal(err)
	}
	for _, e := range entries {
		for _, v := range e.Args {
			if strings.Contains(v, "high_risk") || strings.Contains(v, secret) {
				x.t.Errorf("the timeline holds it: %+v", e)
			}
		}
	}
}

// inside is what the files of a zip or a spreadsheet hold, or "".
func (x *toldHouse) inside(got reply) string {
	x.t.Helper()
	if got.code != http.StatusOK || !strings.HasPrefix(got.body, "PK\x03\x04") {
		return ""
	}
	var all strings.Builder
	for _, text := range unzip(x.t, got.body) {
		all.WriteString(text)
	}
	return all.String()
}
