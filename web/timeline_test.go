package web

import (
	"bytes"
	"context"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
)

// upload sends a form with a file.
func (b *browser) upload(path, field, name string, data []byte, pairs ...string) reply {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	f, err := w.CreateFormFile(field, name)
	if err != nil {
		b.t.Fatal(err)
	}
	f.Write(data)
	for i := 0; i+1 < len(pairs); i += 2 {
		w.WriteField(pairs[i], pairs[i+1])
	}
	w.Close()
	return b.do("POST", path, &body, w.FormDataContentType())
}

// TestEntries writes, corrects and filters.
func TestEntries(t *testing.T) {
	h := newHouse(t)
	inc, _ := h.sent()
	b := h.as(incident.Privacy)
	at := "/incidents/" + inc.ID + "/timeline"
	got := b.post(at+"/new", "text", "Levy irrotettiin", "at", "21.11.2026 klo 23.15", "key", "one")
	if got.code != http.StatusSeeOther {
		t.Fatalf("status %d\n%.500s", got.code, got.body)
	}
	b.post(at+"/new", "text", "Levy irrotettiin", "at", "21.11.2026 klo 23.15", "key", "one") // the button twice
	all, _, err := h.db.Timeline(context.Background(), inc.ID, incident.EntryFilter{Kind: "note"}, incident.Cut{Limit: 10})
	if err != nil || len(all) != 1 {
		t.Fatalf("notes = %d, %v; want 1", len(all), err)
	}
	e := all[0]
	if want := time.Date(2026, 11, 21, 21, 15, 0, 0, time.UTC); !e.Happened.Equal(want) || e.Typed != "21.11.2026 klo 23.15 (Europe/Helsinki)" {
		t.Errorf("happened %v, typed %q", e.Happened, e.Typed)
	}
	if got := b.post(at+"/"+e.ID, "text", "Levy irrotettiin telineestä", "at", "21.11.2026 klo 23.15"); got.code != 422 || !strings.Contains(got.body, `href="#f-why"`) || !strings.Contains(got.text(), "telineestä") {
		t.Errorf("a correction without a reason: %d", got.code)
	}
	if got := b.post(at+"/"+e.ID, "text", "Levy irrotettiin", "at", "21.11.2026 klo 23.15", "why", "turha"); got.code != 422 {
		t.Errorf("a correction that changes nothing: %d, want 422", got.code)
	}
	if got := b.post(at+"/"+e.ID, "text", "Levy irrotettiin telineestä", "at", "21.11.2026 klo 23.40", "why", "Väärä kello"); got.code != http.StatusSeeOther {
		t.Fatalf("correct: %d\n%.500s", got.code, got.body)
	}
	page := b.get(at).text()
	for _, want := range []string{"<s>Levy irrotettiin</s>", "Levy irrotettiin telineestä", "Väärä kello", "23.40"} {
		if !strings.Contains(page, want) {
			t.Errorf("the timeline lacks %q", want)
		}
	}
	if got := b.post(at+"/"+e.ID, "text", "Kolmas", "why", "taas"); got.code != http.StatusConflict && got.code != 422 {
		t.Errorf("correcting what was corrected: %d", got.code)
	}
	for query, want := range map[string]int{"": 2, "?kind=acts": 0, "?kind=people": 2, "?from=21.11.2026+klo+23.30&until=21.11.2026": 1, "?until=20.11.2026": 0,
		"?by=Aino+privacy": 2, "?by=Kukaan": 0} {
		if n := strings.Count(b.get(at+query).text(), "irrotettiin"); n != want {
			t.Errorf("%q shows %d, want %d", query, n, want)
		}
	}
	if got := b.get(at + "?from=eilen+joskus"); got.code != 422 || !strings.Contains(got.body, `href="#f-from"`) {
		t.Errorf("a bound that is no time: %d", got.code)
	}
	if got := h.as(incident.Auditor).post(at+"/new", "text", "Minäkin"); got.code != http.StatusForbidden {
		t.Errorf("an auditor writes: %d, want 403", got.code)
	}
}

// TestEvidence takes a dangerous file in, gives it out only as a file, and
// writes down who had it.
func TestEvidence(t *testing.T) {
	h := newHouse(t)
	inc, _ := h.sent()
	b := h.as(incident.Privacy)
	at := "/incidents/" + inc.ID + "/evidence"
	data := []byte("<html><script>alert(1)</script>")
	if got := b.upload(at, "file", "../../\u202eloki<1>.html", data, "about", "Ote lokista"); got.code != http.StatusSeeOther {
		t.Fatalf("status %d\n%.800s", got.code, got.body)
	}
	if got := b.upload(at, "file", "tyhja.txt", nil, "about", "Ei mitään"); got.code != 422 || !strings.Contains(got.text(), "Ei mitään") {
		t.Errorf("an empty file: %d", got.code)
	}
	if got := b.upload(at, "file", "toinen.html", data); got.code != http.StatusSeeOther {
		t.Errorf("the same content again: %d", got.code)
	}
	all, _, err := h.db.EvidenceOf(context.Background(), inc.ID, incident.Cut{Limit: 10})
	if err != nil || len(all) != 2 || all[0].SHA256 != all[1].SHA256 {
		t.Fatalf("evidence = %d, %v", len(all), err)
	}
	x := all[1]
	if x.Name != "loki1.html" {
		t.Errorf("name %q", x.Name)
	}
	got := b.post(at + "/" + x.ID + "/take")
	if got.code != 200 || got.body != string(data) {
		t.Fatalf("take: %d %q", got.code, got.body)
	}
	for name, want := range map[string]string{"Content-Type": "application/octet-stream", "Content-Disposition": `attachment; filename=loki1.html`,
		"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"} {
		if got.header.Get(name) != want {
			t.Errorf("%s = %q, want %q", name, got.header.Get(name), want)
		}
	}
	if got := b.get(at + "/" + x.ID + "/take"); got.code != http.StatusMethodNotAllowed && got.code != http.StatusNotFound {
		t.Errorf("a GET gives the file out: %d", got.code)
	}
	if got := b.post(at+"/"+x.ID+"/hand", "to", "Keskusrikospoliisi"); got.code != 422 || !strings.Contains(got.text(), "Keskusrikospoliisi") {
		t.Errorf("a hand-over without grounds: %d", got.code)
	}
	b.post(at+"/"+x.ID+"/hand", "to", "Keskusrikospoliisi", "why", "Esitutkinta")
	custody, err := h.db.Custody(context.Background(), inc.ID, x.ID)
	if err != nil || len(custody) != 3 || custody[1].Key != "evidence.taken" || custody[2].Args["to"] != "Keskusrikospoliisi" {
		t.Errorf("custody = %+v, %v", custody, err)
	}
	other := h.breach(h.stock())
	if got := b.get("/incidents/" + other.ID + "/evidence/" + x.ID); got.code != http.StatusNotFound {
		t.Errorf("another case shows the file: %d", got.code)
	}
	for _, lang := range []string{"fi", "sv", "en"} {
		b.post("/language", "lang", lang)
		for _, p := range []string{at, at + "/" + x.ID, "/incidents/" + inc.ID + "/timeline", "/incidents/" + inc.ID + "/timeline/new", "/incidents/" + inc.ID + "/timeline?kind=custody"} {
			checkPage(t, b.get(p), lang)
		}
	}
}

// TestTimelineExports reads the files back.
func TestTimelineExports(t *testing.T) {
	h := newHouse(t)
	inc, _ := h.sent()
	b := h.as(incident.Privacy)
	at := "/incidents/" + inc.ID + "/timeline"
	b.post(at+"/new", "text", "=HYPERLINK(\"http://x.example\";\"klikkaa\")\nrivi \"kaksi\"")
	csv := b.get(at + ".csv")
	if !strings.Contains(csv.body, `"'=HYPERLINK(""http://x.example"";""klikkaa"")`) || csv.header.Get("Content-Disposition") == "" {
		t.Errorf("csv: %s", csv.body)
	}
	var got struct {
		Number string
		Items  []entryJSON
	}
	if err := json.Unmarshal([]byte(b.get(at+".json?kind=note").body), &got); err != nil || got.Number != inc.Number || len(got.Items) != 1 || got.Items[0].Kind != "note" {
		t.Errorf("json: %+v, %v", got, err)
	}
	if got := b.get(at + ".csv?from=huomenna"); got.code != 422 {
		t.Errorf("an export with a wrong bound: %d", got.code)
	}
}

// TestPin pins a message once, and again when its words have changed.
func TestPin(t *testing.T) {
	h := newHouse(t)
	inc, _ := h.sent()
	ctx := context.Background()
	pin := incident.Pin{Incident: inc.ID, Text: "Palvelin on kiinni", Author: "Matti Malli", Channel: "#hatakello", At: h.time().Add(-time.Hour), Ref: "C1/17"}
	first, err := h.desk.Pin(ctx, worker, pin)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := h.desk.Pin(ctx, worker, pin); err != nil || again != first {
		t.Errorf("again = %q, %v; want %q", again, err, first)
	}
	pin.Text = "Palvelin on kiinni ja eristetty"
	second, err := h.desk.Pin(ctx, worker, pin)
	if err != nil || second == first {
		t.Fatalf("edited = %q, %v", second, err)
	}
	old, err := h.db.Entry(ctx, inc.ID, first)
	if err != nil || old.CorrectedBy != second || old.Text != "Palvelin on kiinni" {
		t.Errorf("the first = %+v, %v", old, err)
	}
	if _, err := h.desk.Pin(ctx, incident.Actor{ID: "x", Roles: []incident.Role{incident.Auditor}, Via: "web"}, pin); incident.KindOf(err) != incident.Forbidden {
		t.Errorf("an auditor pins: %v", err)
	}
}
