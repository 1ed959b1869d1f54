package web

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
)

// bring sends a form with a notice.
func (b *browser) bring(path string, file []byte, pairs ...string) reply {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("file", "notice.json")
	if err != nil {
		b.t.Fatal(err)
	}
	_, _ = part.Write(file)
	for i := 0; i+1 < len(pairs); i += 2 {
		_ = w.WriteField(pairs[i], pairs[i+1])
	}
	w.Close()
	return b.do("POST", path, &body, w.FormDataContentType())
}

// A company receives its sub-processor's signed notice: it is read without
// retyping, confirmed, and starts the clock of its own register, that of its
// customers, and the chain on the case's page.
func TestReceivePages(t *testing.T) {
	h := newHouse(t)
	ctx := context.Background()
	sv := h.stock()
	if err := h.desk.SaveOrganisation(ctx, incident.Program, incident.Organisation{Name: "Hoivapilvi Oy"}); err != nil {
		t.Fatal(err)
	}
	own := &incident.Service{Name: "Oma asiakasrekisteri", Own: true}
	if err := h.desk.SaveService(ctx, incident.Program, own); err != nil {
		t.Fatal(err)
	}
	b := h.as(incident.Privacy)
	key := ed25519.NewKeyFromSeed([]byte(strings.Repeat("s", 32)))
	file, err := incident.SignNotice(incident.NoticeDocument{Format: "hatakello-notice-1", Organisation: "Alikäsittelijä Oy", Case: "2026-007", Controller: "Hoivapilvi Oy",
		Number: 1, Language: "fi", SentAt: "2026-11-22T00:30:00Z", Subject: "Varmuuskopio avoimena", Text: "Varmuuskopio oli avoinna verkossa."}, key)
	if err != nil {
		t.Fatal(err)
	}
	public := base64.StdEncoding.EncodeToString(key.Public().(ed25519.PublicKey))
	checkPage(t, b.get("/received"), "fi")
	if got := b.bring("/received", bytes.Replace(file, []byte("avoinna"), []byte("kiinni!"), 1)); got.code != http.StatusUnprocessableEntity || !strings.Contains(got.text(), "Allekirjoitus ei täsmää") {
		t.Errorf("a changed file: %d", got.code)
	}
	got := b.bring("/received", file, "public", public)
	to := got.header.Get("Location")
	if got.code != http.StatusSeeOther || !strings.HasPrefix(to, "/received/") {
		t.Fatalf("receive: %d\n%s", got.code, got.text())
	}
	page := b.get(to)
	checkPage(t, page, "fi")
	for _, want := range []string{"Aito: antamasi avain", "Alikäsittelijä Oy", "Varmuuskopio oli avoinna verkossa.", "2026-007", `klo 2.30"`} {
		if !strings.Contains(page.text(), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if got := b.post(to, "sender", "Alikäsittelijä Oy", "title", "Kopio", "services", sv.ID); got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, `id="e-came"`) || !strings.Contains(got.body, `value="Kopio"`) {
		t.Errorf("without the time it came: %d", got.code)
	}
	got = b.post(to, "sender", "Alikäsittelijä Oy", "title", "Kopio", "came", "22.11.2026 klo 02.30", "nature", "Varmuuskopio oli avoinna.", "services", sv.ID, "services", own.ID, "their_aware", "21.11.2026 klo 12.00")
	if got.code != http.StatusSeeOther {
		t.Fatalf("confirm: %d\n%s", got.code, got.text())
	}
	h.checkReceived(b, to, file)
}

func (h *house) checkReceived(b *browser, to string, file []byte) {
	h.t.Helper()
	ctx := context.Background()
	x, err := h.db.Received(ctx, strings.TrimPrefix(to, "/received/"))
	if err != nil {
		h.t.Fatal(err)
	}
	came := time.Date(2026, 11, 22, 0, 30, 0, 0, time.UTC)
	sum := sha256.Sum256(file)
	if x.Incident == "" || !x.Came.Equal(came) || x.SHA256 != hex.EncodeToString(sum[:]) {
		h.t.Errorf("kept %+v", x)
	}
	if got := b.get(to + "/file"); got.body != string(file) || !strings.HasPrefix(got.header.Get("Content-Disposition"), "attachment") {
		h.t.Errorf("the original is not the same bytes")
	}
	rs, err := h.db.Records(ctx, x.Incident, nil)
	if err != nil || len(rs) != 4 {
		h.t.Fatalf("%d records, %v; want three customers and our own", len(rs), err)
	}
	for _, r := range rs {
		duty, due := "contract.notice", time.Time{}
		if r.Controller == incident.Own {
			duty, due = "gdpr.33.1.own", came.Add(72*time.Hour)
		} else if r.Hours > 0 {
			due = came.Add(time.Duration(r.Hours) * time.Hour)
		}
		if d := r.Deadline(duty); r.Hours+len(r.Controller) > 0 && !due.IsZero() && (d == nil || !d.Due.Equal(due)) {
			h.t.Errorf("%s: %s is %+v, want due %v", r.Name, duty, d, due)
		}
	}
	page := b.get("/incidents/" + x.Incident)
	checkPage(h.t, page, "fi")
	for _, want := range []string{"Alikäsittelijä Oy", "Hoivapilvi Oy", to} {
		if !strings.Contains(page.text(), want) {
			h.t.Errorf("the case's page lacks %q of the chain", want)
		}
	}
	checkPage(h.t, b.get(to), "fi")
	if got := b.post(to, "sender", "x", "title", "x", "came", "22.11.2026 klo 02.30"); got.code != http.StatusConflict {
		h.t.Errorf("confirmed twice: %d", got.code)
	}
}
