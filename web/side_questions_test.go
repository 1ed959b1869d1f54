package web

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
)

// answered lets a controller's person ask, answers her alone, and returns the
// answer's id.
func (x *toldHouse) answered(b *browser, base string, r *incident.Record) string {
	x.t.Helper()
	ctx := context.Background()
	if got := b.post(base+"/questions?lang=en", "text", "What about the logs?", "name", "Kati Koe"); got.code != http.StatusSeeOther {
		x.t.Fatalf("ask: %d\n%s", got.code, got.text())
	}
	qs, err := x.db.QuestionsOf(ctx, r.ID)
	if err != nil {
		x.t.Fatal(err)
	}
	reply, err := x.desk.AnswerQuestions(ctx, worker, x.inc.ID, incident.Respond{Questions: []string{qs[len(qs)-1].ID},
		Heads: map[string]string{r.Lang: "Lokit"}, Texts: map[string]string{r.Lang: "Tallessa."}})
	if err != nil {
		x.t.Fatal(err)
	}
	return reply.ID
}

// Two controllers ask the same in their languages; staff gather, answer once,
// another approves, and each opens her own copy. No script, three languages.
func TestQuestionPages(t *testing.T) {
	x := newTold(t)
	ctx := context.Background()
	if err := x.desk.SaveOrganisation(ctx, incident.Program, incident.Organisation{Name: "Talo Oy", TwoToSend: true}); err != nil {
		t.Fatal(err)
	}
	staff, second := x.as(incident.Privacy), x.as(incident.Approver)
	guests := []*browser{x.browser(), x.browser()}
	bases := []string{x.enter(guests[0], x.rs[0]), x.enter(guests[1], x.rs[1])}
	for i, text := range []string{"Koskeeko vuoto ovikoodeja?", "Gäller det dörrkoder?"} {
		got := guests[i].post(bases[i]+"/questions?lang=en", "text", text, "name", "Kati Koe")
		if got.code != http.StatusSeeOther {
			t.Fatalf("ask: %d\n%s", got.code, got.text())
		}
	}
	got := guests[0].post(bases[0]+"/questions?lang=fi", "text", "Onko 010190-999W mukana?", "name", "Kati")
	if got.code != http.StatusUnprocessableEntity || !strings.Contains(got.text(), "Onko 010190-999W mukana?") || !strings.Contains(got.body, `class="fault"`) {
		t.Errorf("a personal identity code: %d", got.code)
	}
	for _, lang := range []string{"fi", "sv", "en"} {
		checkPage(t, guests[0].get(bases[0]+"/questions?lang="+lang), lang)
	}
	if strings.Contains(guests[0].get(bases[0]+"/questions").text(), "dörrkoder") {
		t.Error("one controller reads another's question")
	}

	at := "/incidents/" + x.inc.ID
	page := staff.get(at + "/questions")
	checkPage(t, page, "fi")
	if !strings.Contains(staff.get(at).text(), "2 kysymystä") || !strings.Contains(staff.get("/").text(), "2 kysymystä") {
		t.Error("the case or the board does not say that questions wait")
	}
	checkPage(t, staff.get("/questions"), "fi")
	open, err := x.db.OpenQuestions(ctx, x.inc.ID, 10)
	if err != nil || len(open) != 2 {
		t.Fatal(open, err)
	}
	if got := staff.post(at+"/questions", "questions", open[0].ID); got.code != http.StatusUnprocessableEntity {
		t.Errorf("one question gathered: %d", got.code)
	}
	if got := staff.post(at+"/questions", "questions", open[0].ID, "questions", open[1].ID); got.code != http.StatusSeeOther {
		t.Fatalf("gather: %d\n%s", got.code, got.text())
	}
	form := staff.get(at + "/reply?topic=" + open[0].ID)
	checkPage(t, form, "fi")
	if !strings.Contains(form.text(), "dörrkoder") || !strings.Contains(form.body, `name="text_sv"`) {
		t.Error("the form lacks a question or a language")
	}
	answer := []string{"questions", open[0].ID, "questions", open[1].ID, "to", "askers", "head_fi", "Ovikoodit", "text_fi", "Eivät kuulu vuotoon."}
	got = staff.post(at+"/reply", answer...)
	if got.code != http.StatusUnprocessableEntity || !strings.Contains(got.text(), "Eivät kuulu vuotoon.") || !strings.Contains(got.body, `id="e-text_sv"`) {
		t.Errorf("a missing language: %d", got.code)
	}
	if got = staff.post(at+"/reply", append(answer, "head_sv", "Dörrkoder", "text_sv", "Nej.")...); got.code != http.StatusSeeOther {
		t.Fatalf("propose: %d\n%s", got.code, got.text())
	}
	all, err := x.db.Replies(ctx, x.inc.ID)
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	checkPage(t, second.get("/replies/"+all[0].ID), "fi")
	if got := staff.post("/replies/"+all[0].ID, "do", "approve", "seal", all[0].Seal); got.code != http.StatusForbidden && got.code != http.StatusConflict {
		t.Errorf("approved by its maker: %d", got.code)
	}
	if got := second.post("/replies/"+all[0].ID, "do", "approve", "seal", all[0].Seal); got.code != http.StatusSeeOther {
		t.Fatalf("approve: %d\n%s", got.code, got.text())
	}
	x.reads(guests[0], bases[0], all[0].ID, "Eivät kuulu vuotoon.", "Nej.")
	checkPage(t, staff.get("/replies/"+all[0].ID), "fi")
	if got := staff.get(at + "/questions").text(); !strings.Contains(got, "avannut 1/2") {
		t.Error("it is not said who has opened the answer")
	}
}

// reads opens an answer: looking at the page does not count.
func (x *toldHouse) reads(b *browser, base, reply, want, not string) {
	x.t.Helper()
	x.later(time.Minute)
	if got := b.get(base + "/questions").text(); strings.Contains(got, want) {
		x.t.Error("the answer is shown before it was opened")
	}
	if all, err := x.db.CopiesOf(context.Background(), reply); err != nil || !all[0].SeenAt.IsZero() {
		x.t.Errorf("a look counts as opening: %+v, %v", all, err)
	}
	if got := b.post(base + "/replies/" + reply); got.code != http.StatusSeeOther {
		x.t.Fatalf("open: %d", got.code)
	}
	if got := b.get(base + "/questions").text(); !strings.Contains(got, want) || strings.Contains(got, not) {
		x.t.Errorf("the answer is not shown, or not in her language alone")
	}
}

// What is set about the customer's side is kept, and nonsense is refused.
func TestSideSettings(t *testing.T) {
	h := newHouse(t)
	if err := h.desk.SaveOrganisation(context.Background(), incident.Program, incident.Organisation{Name: "Talo Oy"}); err != nil {
		t.Fatal(err)
	}
	b := h.as(incident.Admin)
	checkPage(t, b.get("/settings/customers"), "fi")
	if got := b.post("/settings/customers", "answer_hours", "500"); got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, `value="500"`) {
		t.Errorf("500 hours: %d", got.code)
	}
	if got := b.post("/settings/customers", "answer_hours", "2", "reply_in_mail", "yes"); got.code != http.StatusSeeOther {
		t.Fatalf("save: %d\n%s", got.code, got.text())
	}
	o, err := h.db.Organisation(context.Background())
	if err != nil || o.AnswerAfter != 2*time.Hour || !o.ReplyInMail {
		t.Errorf("kept: %+v, %v", o, err)
	}
}
