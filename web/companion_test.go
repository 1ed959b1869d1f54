package web

import (
	"context"
	"crypto/ed25519"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
)

// told is a site on which every stocked customer has been sent a notice; codes
// arrive in a letter box that the test can open.
type toldHouse struct {
	*house
	inc   *incident.Incident
	rs    []*incident.Record
	codes map[string]string // newest by address
	sent  int
}

func newTold(t *testing.T) *toldHouse {
	t.Helper()
	x := &toldHouse{house: newHouse(t), codes: map[string]string{}}
	x.desk.CodeMail = func(m incident.CodeMail) (incident.Letter, error) {
		x.codes[m.Contact.Email] = m.Code
		x.sent++
		return incident.Letter{Raw: []byte("code")}, nil
	}
	x.s.SignKey = ed25519.NewKeyFromSeed([]byte(strings.Repeat("k", 32)))
	x.inc, x.rs = x.house.sent()
	x.rs = slices.DeleteFunc(x.rs, func(r *incident.Record) bool { return r.Stage == incident.Failed })
	return x
}

// enter opens a session behind a record's link.
func (x *toldHouse) enter(b *browser, r *incident.Record) string {
	x.t.Helper()
	base := "/n/" + x.secretOf(r.ID)
	if got := b.post(base + "/code?lang=en"); got.code != http.StatusSeeOther {
		x.t.Fatalf("ask for a code: %d", got.code)
	}
	k, err := x.db.Controllers(context.Background(), []string{r.Controller})
	if err != nil {
		x.t.Fatal(err)
	}
	if got := b.post(base+"/open?lang=en", "code", x.codes[k[0].Contacts[0].Email]); got.code != http.StatusSeeOther {
		x.t.Fatalf("open: %d\n%s", got.code, got.text())
	}
	return base
}

// Mail, code, companion, answers, filing: the whole way of a controller's
// person, in every language and without a script.
func TestCompanionWalk(t *testing.T) {
	x := newTold(t)
	r, b := x.rs[0], x.browser()
	base := "/n/" + x.secretOf(r.ID)
	if got := b.get(base + "/form"); got.code != http.StatusSeeOther || !strings.Contains(got.header.Get("Location"), "said=expired") {
		t.Fatalf("the form without a code: %d to %q", got.code, got.header.Get("Location"))
	}
	if got := b.post(base+"/open?lang=fi", "code", "00000000"); got.code != http.StatusUnprocessableEntity || !strings.Contains(got.text(), "Koodi ei kelpaa") {
		t.Fatalf("a wrong code: %d", got.code)
	}
	x.enter(b, r)
	parts := regexp.MustCompile(`part=([A-Z])"`)
	for _, lang := range []string{"fi", "sv", "en"} {
		x.later(time.Minute)
		first := b.get(base + "/form?lang=" + lang)
		checkCompanion(t, first, lang)
		seen := map[string]bool{}
		for _, m := range parts.FindAllStringSubmatch(first.body, -1) {
			if !seen[m[1]] {
				seen[m[1]] = true
				checkCompanion(t, b.get(base+"/form?lang="+lang+"&part="+m[1]), lang)
			}
		}
		if len(seen) < 15 {
			t.Errorf("%s: %d parts, want all of the form", lang, len(seen))
		}
	}
	x.later(time.Minute)
	got := b.post(base+"/form?lang=en&part=F", "key", "aware_at", "a.aware_at", "22.11.2026 klo 3.00", "done.aware_at", "yes", "key", "discovery_detail", "a.discovery_detail", "Näimme <b>sen</b>")
	if got.code != http.StatusSeeOther || !strings.Contains(got.header.Get("Location"), "part=G") {
		t.Fatalf("save: %d to %q\n%s", got.code, got.header.Get("Location"), got.text())
	}
	answers, err := x.db.FormAnswers(context.Background(), r.ID)
	if err != nil || answers["aware_at"].Value != "2026-11-22T01:00:00Z" || !answers["aware_at"].Done || answers["discovery_detail"].Value != "Näimme <b>sen</b>" {
		t.Errorf("answers %+v, %v", answers, err)
	}
	if page := b.get(base + "/form?lang=en&part=F"); !strings.Contains(page.body, "Näimme &lt;b&gt;sen") || !strings.Contains(page.body, `value="22.11.2026 klo 03.00"`) {
		t.Error("the answers are not shown again")
	}
	tests := []struct {
		name, part string
		form       []string
	}{
		{"a time that is none", "F", []string{"key", "aware_at", "a.aware_at", "joskus"}},
		{"a choice that is none", "F", []string{"key", "discovery", "a.discovery", "nonsense"}},
		{"an open choice in a complete notification", "G", []string{"a.notification_type", "complete", "key", "cause", "a.cause", "tbd"}},
		{"a personal identity code", "F", []string{"key", "timeline_comment", "a.timeline_comment", "soitti 010190-999W"}},
	}
	for _, tt := range tests {
		if got := b.post(base+"/form?lang=en&part="+tt.part, tt.form...); got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, `class="fault"`) {
			t.Errorf("%s: %d, want 422 at the field", tt.name, got.code)
		}
	}
	if got := b.post(base+"/filing?lang=en", "kind", "preliminary", "at", "22.11.2026 klo 3.10", "channel", "Turvalomake", "reference", "171/2026", "answer", "vastaanotettu", "name", "Kati Koe, johtaja"); got.code != http.StatusSeeOther {
		t.Fatalf("filing: %d\n%s", got.code, got.text())
	}
	now, err := x.db.Record(context.Background(), r.ID)
	if err != nil || len(now.Filings) != 1 || now.Filings[0].By != "Kati Koe, johtaja" || now.Filings[0].Receipt != "vastaanotettu" {
		t.Errorf("filings %+v, %v", now.Filings, err)
	}
	if got := b.post(base+"/leave?lang=en", ""); got.code != http.StatusSeeOther {
		t.Errorf("leave: %d", got.code)
	}
	if got := b.get(base + "/form"); got.code != http.StatusSeeOther {
		t.Errorf("after leaving: %d", got.code)
	}
}

func checkCompanion(t *testing.T, got reply, lang string) {
	t.Helper()
	if got.code != http.StatusOK {
		t.Fatalf("status %d\n%.400s", got.code, got.body)
	}
	if m := missing.FindAllString(got.text(), -1); m != nil {
		t.Errorf("keys without words: %v", m)
	}
	if m := inline.FindString(got.body); m != "" {
		t.Errorf("inline script or style: %q", m)
	}
	if len(got.body) > 40<<10 {
		t.Errorf("%d bytes of HTML", len(got.body))
	}
	if !strings.Contains(got.body, `<html lang="`+lang+`"`) || strings.Count(got.body, "<h1") != 1 {
		t.Errorf("not a whole page in %s", lang)
	}
	ids := map[string]bool{}
	for _, m := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(got.body, -1) {
		if ids[m[1]] {
			t.Errorf("id %q stands twice", m[1])
		}
		ids[m[1]] = true
	}
}

// A session ends after half an hour without saving, and a code opens no other
// link.
func TestCompanionSessionEnds(t *testing.T) {
	x := newTold(t)
	b := x.browser()
	base := x.enter(b, x.rs[0])
	x.later(29 * time.Minute)
	if got := b.get(base + "/form"); got.code != http.StatusOK {
		t.Errorf("after 29 minutes: %d", got.code)
	}
	b.post(base+"/form?part=F", "key", "timeline_comment", "a.timeline_comment", "Lisäys")
	x.later(29 * time.Minute)
	if got := b.get(base + "/form"); got.code != http.StatusOK {
		t.Errorf("29 minutes after saving: %d", got.code)
	}
	x.later(2 * time.Minute)
	if got := b.get(base + "/form"); got.code != http.StatusSeeOther {
		t.Errorf("half an hour after saving: %d, want the door", got.code)
	}
}

// Where it was agreed, the link alone opens the details, and the page says so.
func TestOpenLinkIsSaid(t *testing.T) {
	x := newTold(t)
	ctx, r := context.Background(), x.rs[0]
	ks, err := x.db.Controllers(ctx, []string{r.Controller})
	if err != nil {
		t.Fatal(err)
	}
	ks[0].OpenLink = true
	if err := x.desk.SaveController(ctx, incident.Program, ks[0]); err != nil {
		t.Fatal(err)
	}
	base := "/n/" + x.secretOf(r.ID)
	for _, path := range []string{"?lang=en", "/form?lang=en"} {
		if got := x.browser().get(base + path); got.code != http.StatusOK || !strings.Contains(got.text(), "without a code") {
			t.Errorf("%s: %d, and it is not said", path, got.code)
		}
	}
}

// Staff see the form only of a record that is their own or that they have a
// mandate for, and revoke links.
func TestStaffCompanion(t *testing.T) {
	x := newTold(t)
	ctx, r := context.Background(), x.rs[0]
	b := x.as(incident.Privacy)
	if got := b.get("/records/" + r.ID + "/form"); got.code != http.StatusNotFound {
		t.Errorf("a customer's form without a mandate: %d, want 404", got.code)
	}
	ks, err := x.db.Controllers(ctx, []string{r.Controller})
	if err != nil {
		t.Fatal(err)
	}
	ks[0].Mandate = incident.Mandate{Document: "Sopimus 12, liite 3", Scope: "ilmoitukset", Date: x.time()}
	if err := x.desk.SaveController(ctx, incident.Program, ks[0]); err != nil {
		t.Fatal(err)
	}
	got := b.get("/records/" + r.ID + "/form?part=C")
	if got.code != http.StatusOK || !strings.Contains(got.text(), "Sopimus 12, liite 3") {
		t.Errorf("with a mandate: %d", got.code)
	}
	if got := b.post("/records/"+r.ID+"/form?part=C", "key", "accuracy_statement", "a.accuracy_statement", "yes"); got.code != http.StatusSeeOther {
		t.Errorf("save: %d", got.code)
	}
	if got := b.post("/records/" + r.ID + "/revoke"); got.code != http.StatusSeeOther {
		t.Errorf("revoke: %d", got.code)
	}
	if got := x.browser().get("/n/" + x.secretOf(r.ID)); got.code != http.StatusNotFound {
		t.Errorf("a revoked link: %d, want 404", got.code)
	}
}

// What she says that she has filed is frozen as what staff record: the report
// as it stood, her paper and her receipt, named in the chain. An error keeps the
// files; another link does not open them.
func TestHerFilingIsFrozen(t *testing.T) {
	x, ctx := newTold(t), context.Background()
	r, b := x.rs[0], x.browser()
	base := x.enter(b, r)
	form := []string{"kind", "preliminary", "at", "22.11.2026 klo 3.10", "channel", "Turvalomake", "answer", "Otettu vastaan"}
	got := b.send(base+"/filing?lang=sv", form, "filed", "anmälan.pdf", "%PDF-1.4 anmälan", "receipt", "kvitto.txt", "Tack")
	held := regexp.MustCompile(`name="(held_\w+)" value="([^"]+)"`).FindAllStringSubmatch(got.body, -1)
	if got.code != http.StatusUnprocessableEntity || len(held) != 2 || !strings.Contains(got.text(), "Otettu vastaan") || !strings.Contains(got.text(), "anmälan.pdf") {
		t.Fatalf("without a name: status %d, held %v\n%.800s", got.code, held, got.text())
	}
	form = append(form, "name", "Kati Koe", held[0][1], held[0][2], held[1][1], held[1][2])
	for range 2 { // sent twice
		if got := b.send(base+"/filing?lang=sv", form); got.code != http.StatusSeeOther {
			t.Fatalf("status %d\n%.800s", got.code, got.text())
		}
	}
	if got := b.send(base+"/filing?lang=sv", append(form, "kind", "complete"), "filed", "x.exe", "MZ\x90\x00\x03\x00\x00\x00\x04"); got.code != http.StatusUnprocessableEntity {
		t.Errorf("a program: status %d, want 422", got.code)
	}
	rec, err := x.db.Record(ctx, r.ID)
	must(t, err)
	if len(rec.Filings) != 1 || len(rec.Filings[0].Files) != 3 || rec.Filings[0].Due.IsZero() || rec.Filings[0].Receipt != "Otettu vastaan" {
		t.Fatalf("filings %+v, want one with three files and its limit", rec.Filings)
	}
	chain, err := x.db.Chain(ctx, x.inc.ID, 0, 1000)
	must(t, err)
	for i, role := range []incident.FileRole{incident.FrozenReport, incident.FiledPaper, incident.FiledReceipt} {
		f := rec.Filings[0].Files[i]
		file := b.get(base + "/files/" + f.SHA256)
		if f.Role != role || file.code != http.StatusOK || len(file.body) != f.Size || incident.NewContent([]byte(file.body), x.time()).SHA256 != f.SHA256 {
			t.Errorf("%s: %+v, status %d", role, f, file.code)
		}
		if last := chain[len(chain)-1]; last.Act != "report_theirs" || !strings.Contains(string(last.Content), f.SHA256) {
			t.Errorf("the chain ends with %s and does not name %s", last.Act, role)
		}
		if got := x.browser().get(base + "/files/" + f.SHA256); got.code == http.StatusOK {
			t.Error("without the code a file is handed out")
		}
	}
	if f := rec.Filings[0].Files[0]; f.Lang != "sv" {
		t.Errorf("the report is in %q, want the language of her page", f.Lang)
	}
	other := x.browser()
	elsewhere := x.enter(other, x.rs[1])
	if got := other.get(elsewhere + "/files/" + rec.Filings[0].Files[1].SHA256); got.code != http.StatusNotFound {
		t.Errorf("behind another's link: status %d, want 404", got.code)
	}
	for _, lang := range []string{"fi", "sv", "en"} {
		page := b.get(base + "/form?lang=" + lang)
		checkCompanion(t, page, lang)
		if !strings.Contains(page.body, base+"/files/"+rec.Filings[0].Files[2].SHA256) {
			t.Errorf("%s: her page does not lead to the receipt", lang)
		}
	}
}
