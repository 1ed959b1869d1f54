package web

import (
	"context"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
	"hatakello/incident/risk"
)

// full is every answer that there is, with groups and corrections.
func full(t *testing.T) risk.Facts {
	t.Helper()
	text, err := os.ReadFile("../incident/risk/testdata/full.json")
	if err != nil {
		t.Fatal(err)
	}
	f, err := risk.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func (h *house) try(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) record(id string) *incident.Record {
	h.t.Helper()
	r, err := h.db.Record(context.Background(), id)
	h.try(err)
	return r
}

// TestAssessmentPages opens every page about the risk in every language.
func TestAssessmentPages(t *testing.T) {
	h := newHouse(t)
	_, theirs := h.sent()
	r := h.ours()
	ctx := context.Background()
	h.try(h.desk.Answer(ctx, worker, r.ID, "", full(t)))
	h.try(h.desk.AnswerShared(ctx, worker, r.Incident, "", risk.Facts{Data: []string{"health"}}))
	for _, tier := range []incident.Tier{incident.High, incident.Likely} {
		h.later(time.Hour)
		h.try(h.desk.Assess(ctx, worker, r.ID, incident.Assessment{Tier: tier, Reason: "Syy.", Approver: "Bo Koe", DPO: "Samaa mieltä."}))
	}
	h.try(h.desk.AnswerShared(ctx, worker, r.Incident, "", risk.Facts{Data: []string{"name"}}))
	at := "/records/" + r.ID
	paths := []string{"/log/misdirected", "/review", "/incidents/" + r.Incident + "/assess", at, at + "/assessment", at + "/versions", at + "/versions?a=2&b=1",
		at + "/assess?step=group&group=1", "/records/" + theirs[0].ID + "/assessment"}
	for _, s := range askSteps {
		paths = append(paths, at+"/assess?step="+s.Key)
	}
	b, auditor := h.as(incident.Privacy), h.as(incident.Auditor)
	for _, lang := range []string{"fi", "sv", "en"} {
		b.post("/language", "lang", lang)
		auditor.post("/language", "lang", lang)
		for _, p := range paths {
			t.Run(lang+p, func(t *testing.T) { checkPage(t, b.get(p), lang) })
		}
		checkPage(t, auditor.get(at+"/assessment"), lang)
		memo := b.get(at + "/assessment.txt")
		if memo.code != 200 || missing.MatchString(memo.body) || !strings.Contains(memo.body, "Bo Koe") || !strings.Contains(memo.body, "ENISA 2013") {
			t.Errorf("memo in %s: %d\n%s", lang, memo.code, memo.body)
		}
	}
	if got := auditor.get(at + "/assess"); got.code != http.StatusForbidden && got.code != http.StatusNotFound {
		t.Errorf("an auditor may answer: %d", got.code)
	}
	if got := b.get("/records/" + theirs[0].ID + "/assess"); got.code != http.StatusConflict {
		t.Errorf("questions about a customer's record: %d, want a refusal (rule 3)", got.code)
	}
}

// TestQuestionsOneAfterAnother answers in steps as a browser without scripts
// does: every step is kept, and nothing is saved before the end.
func TestQuestionsOneAfterAnother(t *testing.T) {
	h := newHouse(t)
	r := h.ours()
	b := h.as(incident.Privacy)
	at := "/records/" + r.ID + "/assess"
	go2 := func(want string, form ...string) {
		t.Helper()
		got := b.post(at, form...)
		if to := got.header.Get("Location"); got.code != http.StatusSeeOther || to != want {
			t.Fatalf("%v led to %d %q, want %q\n%.600s", form, got.code, to, want, got.body)
		}
	}
	go2(at+"?step=people", "step", "data", "do", "next", "breach", "confidentiality", "breach", "availability", "data", "name", "data", "health",
		"data.sure", "assumed", "data.source", "palvelupyyntö 12", "data_age_years", "1,5")
	go2(at+"?step=exposure", "step", "people", "do", "next", "people.count", "1 000–1 500", "people.count.sure", "known", "people.vulnerable", "true")
	go2(at+"?step=people", "step", "exposure", "do", "back", "exposure.recipients", "unknown", "exposure.exfiltration", "excluded",
		"evidence.logs_complete", "false", "evidence.logs_reviewed_by", "Päivystäjä", "malicious", "")
	if r = h.record(r.ID); r.Answers != "" {
		t.Fatalf("saved before the end: %s", r.Answers)
	}
	page := b.get(at + "?step=people").body
	if !strings.Contains(page, `value="1000-1500"`) {
		t.Errorf("the range was lost:\n%s", page)
	}
	page = b.get(at + "?step=exposure").body
	for _, want := range []string{`value="excluded" id="f-exposure.exfiltration" data-claims checked`, `value="Päivystäjä"`} {
		if !strings.Contains(page, want) {
			t.Errorf("%s was lost", want)
		}
	}
	go2(at+"?step=groups", "step", "groups", "do", "go:groups", "name", "Lapset")
	go2(at+"?step=group&group=0", "step", "groups", "do", "group:0")
	go2(at+"?step=groups", "step", "group", "group", "0", "do", "next", "people.count", "12", "people.vulnerable", "true")
	go2(at+"?step=score", "step", "score", "do", "go:score", "adjust.simple", "1", "adjust.simple.reason", "profiili", "enisa.ei", "0.5", "enisa.reason", "ei osoitetta")
	go2("/records/"+r.ID+"/assessment", "step", "loss", "do", "done", "availability.loss", "temporary", "availability.hours", "3,5", "availability.backup", "true", "availability.effect", "none")
	f, err := readAnswers(h.record(r.ID).Answers).facts()
	h.try(err)
	if *f.People.Count != 1000 || *f.People.AtMost != 1500 || f.People.Certainty != "about" || *f.DataAgeYears != 1.5 || *f.Availability.Hours != 3.5 ||
		f.Certainty["data"] != (risk.Sure{State: "assumed", Source: "palvelupyyntö 12"}) || *f.Evidence.LogsComplete || f.Malicious != nil ||
		len(f.Groups) != 1 || *f.Groups[0].People.Count != 12 || f.Severity.Adjust[0].Reason != "profiili" || *f.Severity.EI != 0.5 {
		t.Errorf("answers = %s", h.record(r.ID).Answers)
	}
	proposal := b.get("/records/" + r.ID + "/assessment").text()
	if !strings.Contains(proposal, "korkea riski") || strings.Contains(proposal, "et ole tallentanut") {
		t.Errorf("proposal:\n%s", proposal)
	}
	go2("/records/"+r.ID+"/assessment", "step", "group", "do", "drop")
}

func TestFaultsOfAnswersKeepWhatWasTyped(t *testing.T) {
	h := newHouse(t)
	at := "/records/" + h.ours().ID + "/assess"
	b := h.as(incident.Privacy)
	tests := []struct {
		name, at, keep string
		form           []string
	}{
		{"a number with two readings", "people.count", `value="12.500"`, []string{"step", "people", "people.count", "12.500"}},
		{"hours in words", "availability.hours", `value="pari"`, []string{"step", "loss", "availability.hours", "pari"}},
		{"a correction without its reason", "adjust.simple.reason", `value="2" selected`, []string{"step", "score", "adjust.simple", "2"}},
		{"a score changed without a reason", "enisa.reason", `value="0.5" selected`, []string{"step", "score", "enisa.ei", "0.5"}},
		{"a word that no form sends", "exposure.recipients", "", []string{"step", "exposure", "exposure.recipients", "martians"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := b.post(at, append(tt.form, "do", "next")...)
			if got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, tt.keep) ||
				!strings.Contains(got.body, `href="#f-`+tt.at+`"`) || !strings.Contains(got.body, `id="f-`+tt.at+`"`) {
				t.Errorf("status %d, want 422 with %s and a way to %s\n%s", got.code, tt.keep, tt.at, got.body)
			}
			if m := missing.FindAllString(got.text(), -1); m != nil {
				t.Errorf("keys without words: %v", m)
			}
		})
	}
}

func TestAutosaveKeepsADraftOfOneself(t *testing.T) {
	h := newHouse(t)
	r := h.ours()
	at := "/records/" + r.ID + "/assess"
	b, other := h.as(incident.Privacy), h.as(incident.Handler)
	if got := b.post(at, "step", "people", "autosave", "yes", "people.count", "77"); got.code != http.StatusNoContent {
		t.Fatalf("autosave: %d", got.code)
	}
	if !strings.Contains(b.get(at+"?step=people").body, `value="77"`) || !strings.Contains(b.get("/records/"+r.ID+"/assessment").text(), "et ole tallentanut") {
		t.Error("the draft was lost")
	}
	if strings.Contains(other.get(at+"?step=people").body, `value="77"`) || h.record(r.ID).Answers != "" {
		t.Error("a draft is seen by others")
	}
}

func TestTwoAnswerAtTheSameTime(t *testing.T) {
	h := newHouse(t)
	r := h.ours()
	at := "/records/" + r.ID + "/assess"
	a, b := h.as(incident.Privacy), h.as(incident.Handler)
	b.post(at, "step", "exposure", "do", "next", "exposure.recipients", "known") // begun on no answers
	if got := a.post(at, "step", "exposure", "do", "done", "exposure.recipients", "public"); got.code != http.StatusSeeOther {
		t.Fatalf("first: %d", got.code)
	}
	got := b.post(at, "step", "exposure", "do", "done", "exposure.recipients", "known")
	if got.code != http.StatusConflict || !strings.Contains(got.text(), "kuka tahansa") || !strings.Contains(got.text(), "tunnetut vastaanottajat") {
		t.Fatalf("second: %d, want both versions\n%s", got.code, got.text())
	}
	if got := b.post(at, "step", "exposure", "do", "done", "exposure.recipients", "known"); got.code != http.StatusSeeOther {
		t.Fatalf("knowingly: %d", got.code)
	}
	if !strings.Contains(h.record(r.ID).Answers, `"recipients":"known"`) {
		t.Errorf("answers = %s", h.record(r.ID).Answers)
	}
}

func TestDecideApproveAndReopenOnPages(t *testing.T) {
	h := newHouse(t)
	r := h.ours()
	h.try(h.desk.SaveOrganisation(context.Background(), incident.Actor{Name: "x", Roles: []incident.Role{incident.Admin}, Via: "web"}, incident.Organisation{Name: "Koe Oy", FourEyes: true}))
	h.try(h.desk.Answer(context.Background(), worker, r.ID, "", full(t)))
	at := "/records/" + r.ID + "/assessment"
	b, boss := h.as(incident.Privacy), h.as(incident.Approver)
	seen := incident.Fingerprint(h.record(r.ID).Answers)
	if got := b.post(at, "seen", seen, "tier", "unlikely_risk", "reason", "Palautettu."); got.code != http.StatusSeeOther {
		t.Fatalf("decide: %d\n%s", got.code, got.text())
	}
	if page := b.get(at).text(); strings.Contains(page, `id="approve"`) || !strings.Contains(page, "Odottaa hyväksyntää") {
		t.Error("who decided is offered to approve, or does not see that it waits")
	}
	if list := boss.get("/review").text(); !strings.Contains(list, at) {
		t.Errorf("the approver does not find it:\n%s", list)
	}
	approval := "/records/" + r.ID + "/approval"
	if got := boss.post(approval, "on", "assessment", "version", "1", "verdict", "declined"); got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, `href="#f-why"`) {
		t.Errorf("a refusal without words: %d\n%s", got.code, got.body)
	}
	if got := boss.post(approval, "on", "assessment", "version", "1", "verdict", "approved"); got.code != http.StatusSeeOther {
		t.Fatalf("approve: %d\n%s", got.code, got.text())
	}
	if got := h.record(r.ID); got.Tier != incident.Unlikely {
		t.Errorf("tier = %q", got.Tier)
	}
	h.later(time.Hour)
	f := full(t)
	f.Exposure.Recipients = "public"
	h.try(h.desk.Answer(context.Background(), worker, r.ID, "", f))
	page := boss.get(at).text()
	if !strings.Contains(page, "uutta tietoa") || !strings.Contains(page, "kuka tahansa") {
		t.Errorf("the page does not say what has changed:\n%s", page)
	}
	if got := b.post(at, "seen", seen, "tier", "risk", "reason", "x"); got.code != http.StatusConflict || !strings.Contains(got.text(), "Vastaukset ovat muuttuneet") {
		t.Errorf("a decision on old answers: %d", got.code)
	}
}
