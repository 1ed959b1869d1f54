package web

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
	"hatakello/templates"
)

// learn writes an answer to every question for every reader, each with a mark
// of whom it is for, and an action for each.
func (b *browser) learn(inc string) {
	b.t.Helper()
	pairs := []string{"version", "0", "do", "save"}
	for _, q := range incident.Questions {
		for _, a := range incident.Audiences {
			pairs = append(pairs, q+"_"+string(a), "Merkki-"+string(a)+"-"+q)
		}
	}
	if got := b.post("/incidents/"+inc+"/debrief", pairs...); got.code != http.StatusSeeOther {
		b.t.Fatalf("saving the debrief: status %d\n%.2000s", got.code, got.text())
	}
}

// What is marked for staff stands in no page, PDF or ODT of another reader,
// and what is for customers in none of the public's.
func TestDebriefKeepsItsReadersApart(t *testing.T) {
	h := newHouse(t)
	inc, _ := h.sent()
	b := h.as(incident.Privacy)
	b.learn(inc.ID)
	users, err := h.db.Users(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range incident.Audiences {
		got := b.post("/incidents/"+inc.ID+"/debrief/actions", "action_text", "Merkki-"+string(a)+"-toimi", "owner", users[0].ID, "due", "15.1.2027", "reader", string(a))
		if got.code != http.StatusSeeOther {
			t.Fatalf("adding an action: status %d\n%.2000s", got.code, got.text())
		}
	}
	shut := map[incident.Audience][]incident.Audience{incident.ForControllers: {incident.ForStaff}, incident.ForPublic: {incident.ForStaff, incident.ForControllers}}
	for _, a := range incident.Audiences {
		path := "/incidents/" + inc.ID + "/debrief"
		texts := map[string]string{
			"page": b.get(path + "?for=" + string(a)).text(),
			"pdf":  reportText(t, []byte(b.get(path+"/review.pdf?for="+string(a)).body)),
			"odt":  odtText(t, b.get(path+"/review.odt?for="+string(a)).body),
		}
		for form, text := range texts {
			if !strings.Contains(text, "Merkki-"+string(a)+"-happened") || !strings.Contains(text, "Merkki-"+string(a)+"-toimi") {
				t.Errorf("%s of %s does not say what is meant for it:\n%.1500s", form, a, text)
			}
			for _, not := range shut[a] {
				if strings.Contains(text, "Merkki-"+string(not)) {
					t.Errorf("%s of %s says what is meant for %s", form, a, not)
				}
			}
			if a != incident.ForStaff && (strings.Contains(text, "Koivurannan") || strings.Contains(text, inc.Title) && form != "page") {
				t.Errorf("%s of %s names a customer, or the case's own title", form, a)
			}
		}
	}
}

// odtText is the content of an OpenDocument text.
func odtText(t *testing.T, data string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader([]byte(data)), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("content.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	content, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestDebriefPages(t *testing.T) {
	h := newHouse(t)
	inc, _ := h.sent()
	b := h.as(incident.Privacy)
	for _, lang := range []string{"fi", "sv", "en"} {
		b.post("/language", "lang", lang)
		for _, q := range []string{"", "?for=controller", "?for=public"} {
			checkPage(t, b.get("/incidents/"+inc.ID+"/debrief"+q), lang)
		}
		checkPage(t, b.get("/incidents/"+inc.ID+"/close"), lang)
	}
	if got := b.get("/incidents/" + inc.ID + "/debrief?for=nobody"); got.code != http.StatusNotFound {
		t.Errorf("an unknown reader: status %d, want 404", got.code)
	}
}

func TestDebriefLosesNothingThatWasTyped(t *testing.T) {
	h := newHouse(t)
	inc, _ := h.sent()
	b := h.as(incident.Privacy)
	path := "/incidents/" + inc.ID + "/debrief"
	got := b.post(path, "version", "0", "do", "finish", "hard_internal", "Lokit puuttuivat", "well_public", "Koivurannan hoiva Oy auttoi")
	for _, want := range []string{"Lokit puuttuivat", "Koivurannan hoiva Oy auttoi", `id="e-well_public"`} {
		if !strings.Contains(got.text(), want) {
			t.Errorf("after a refusal the page lacks %q", want)
		}
	}
	if saved, err := h.db.Debrief(context.Background(), inc.ID); err != nil || len(saved.Passages) != 0 {
		t.Errorf("half of the form was saved: %v, %v", saved.Passages, err)
	}
	b.learn(inc.ID)
	got = b.post(path, "version", "0", "do", "save", "hard_internal", "Toinen versio")
	if got.code != http.StatusConflict || !strings.Contains(got.text(), "Toinen versio") || !strings.Contains(got.text(), "Merkki-internal-hard") {
		t.Errorf("somebody saved in between: status %d; both versions must show", got.code)
	}
	got = b.post(path+"/actions", "action_text", "Vaihda avaimet", "due", "eilen ehkä", "reader", "internal")
	if got.code != http.StatusUnprocessableEntity && got.code != http.StatusBadRequest || !strings.Contains(got.text(), "Vaihda avaimet") || !strings.Contains(got.text(), `id="e-due"`) {
		t.Errorf("a day that is not understood: status %d, and the words must stay", got.code)
	}
}

func TestLegsAsTableHoldNoFormula(t *testing.T) {
	for in, want := range map[string]string{"=1+1": "'=1+1", "+358": "'+358", "-a": "'-a", "@x": "'@x", "\tx": "'\tx", "Koivu": "Koivu", "": ""} {
		if got := templates.PlainCell(in); got != want {
			t.Errorf("PlainCell(%q) = %q, want %q", in, got, want)
		}
	}
	h := newHouse(t)
	inc, _ := h.sent()
	got := h.as(incident.Auditor).get("/incidents/" + inc.ID + "/debrief/legs.csv")
	if got.code != http.StatusOK || !strings.Contains(got.body, "Koivurannan hoiva Oy,24,"+night.Format(time.RFC3339)) {
		t.Errorf("status %d\n%s", got.code, got.body)
	}
}
