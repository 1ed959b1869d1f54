package web

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"hatakello/incident"
)

// unzip reads a file of a kind that proof.zip is.
func unzip(t *testing.T, data string) map[string]string {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(b)
	}
	return files
}

// One file proves what was sent, what was answered and what came back; only
// those who may send may take it.
func TestProofStandsAlone(t *testing.T) {
	h := newHouse(t)
	inc, rs := h.sent()
	ctx := context.Background()
	ds, _, err := h.db.Deliveries(ctx, inc.ID, rs[0].ID, incident.Cut{Limit: 9})
	h.try(err)
	d := ds[0]
	raw := []byte("From: mailer-daemon@mx.example\r\n\r\nolematon\r\n")
	sum := sha256.Sum256(raw)
	h.try(h.desk.Bounce(ctx, incident.Report{Delivery: d.ID, Verdict: incident.Undelivered, Status: "5.1.1", Reply: "550 no such user",
		Server: "mx.kunta.example", Print: "p", SHA256: hex.EncodeToString(sum[:]), Raw: raw, At: h.time()}))

	b := h.as(incident.Privacy)
	if page := b.get("/incidents/" + inc.ID + "/deliveries"); !strings.Contains(page.body, "/deliveries/"+d.ID+"/proof.zip") {
		t.Error("the page has no link to the file")
	}
	got := b.get("/deliveries/" + d.ID + "/proof.zip")
	if got.code != http.StatusOK || got.header.Get("Content-Type") != "application/zip" {
		t.Fatalf("status %d, %s", got.code, got.header.Get("Content-Type"))
	}
	if again := b.get("/deliveries/" + d.ID + "/proof.zip"); again.body != got.body {
		t.Error("the same message gives other bytes")
	}
	files := unzip(t, got.body)
	whole, err := h.db.Delivery(ctx, d.ID)
	h.try(err)
	if files["message.eml"] != string(whole.Body) || files["report-2.eml"] != string(raw) || len(files) != 3 {
		t.Errorf("files %v", files)
	}
	var told receiptFile
	h.try(json.Unmarshal([]byte(files["receipt.json"]), &told))
	if told.Message != d.ID || told.To != d.Address || told.State != "bounced" || len(told.Attempts) != 2 {
		t.Fatalf("receipt %+v", told)
	}
	first, report := told.Attempts[0], told.Attempts[1]
	if !first.Taken || first.Queue != "ABC" || first.TLS != "TLS 1.3" || first.Server != "mx.example" || first.Ended.IsZero() {
		t.Errorf("attempt %+v", first)
	}
	if report.Taken || report.File != "report-2.eml" || report.SHA256 != hex.EncodeToString(sum[:]) || report.Report != "failed" {
		t.Errorf("report %+v", report)
	}
	if got := h.as(incident.Reporter).get("/deliveries/" + d.ID + "/proof.zip"); got.code == http.StatusOK {
		t.Error("a reporter may take it")
	}
	if got := b.get("/deliveries/nothing/proof.zip"); got.code != http.StatusNotFound {
		t.Errorf("no such message: %d", got.code)
	}
}
