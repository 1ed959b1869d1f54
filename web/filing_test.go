package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
)

// send posts a form with files: name, file name and content by threes.
func (b *browser) send(path string, fields []string, files ...string) reply {
	b.t.Helper()
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	for i := 0; i+1 < len(fields); i += 2 {
		must(b.t, w.WriteField(fields[i], fields[i+1]))
	}
	for i := 0; i+2 < len(files); i += 3 {
		part, err := w.CreateFormFile(files[i], files[i+1])
		must(b.t, err)
		_, err = part.Write([]byte(files[i+2]))
		must(b.t, err)
	}
	must(b.t, w.Close())
	return b.do("POST", path, &buf, w.FormDataContentType())
}

// TestFilingIsFrozen records a report with what was filed and the receipt: all
// of it can be had again, unchanged, when everything else has changed.
func TestFilingIsFrozen(t *testing.T) {
	h := newHouse(t)
	r, ctx := h.ours(), context.Background()
	b, path := h.as(incident.Privacy), "/records/"+r.ID
	pdf := "%PDF-1.4\n% lähetetty " + strings.Repeat("x", 3000)
	form := []string{"kind", "preliminary", "at", "22.11.2026 klo 3.00", "channel", "Turvalomake", "reference", "171/2026", "key", "k1", "lang", "sv"}
	if got := b.send(path+"/filing", form, "filed", "lähetetty.pdf", pdf, "receipt", `C:\kuitti "1".txt`, "Kiitos"); got.code != http.StatusSeeOther {
		t.Fatalf("status %d, want 303\n%.1500s", got.code, got.text())
	}
	b.send(path+"/filing", form, "filed", "lähetetty.pdf", pdf) // sent twice
	rec, err := h.db.Record(ctx, r.ID)
	must(t, err)
	if len(rec.Filings) != 1 || len(rec.Filings[0].Files) != 3 {
		t.Fatalf("filings %+v, want one with three files", rec.Filings)
	}
	if f := rec.Filings[0]; f.Due.IsZero() || f.Late() {
		t.Errorf("the limit that it answered is %v, late %v", f.Due, f.Late())
	}
	before := map[string]string{}
	for _, f := range rec.Filings[0].Files {
		got := b.get(path + "/files/" + f.SHA256)
		sum := sha256.Sum256([]byte(got.body))
		if got.code != http.StatusOK || hex.EncodeToString(sum[:]) != f.SHA256 || len(got.body) != f.Size {
			t.Errorf("%s: status %d, %d bytes of %d", f.Role, got.code, len(got.body), f.Size)
		}
		if d := got.header.Get("Content-Disposition"); !strings.HasPrefix(d, "attachment") || got.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: handed out as %q", f.Role, d)
		}
		before[f.SHA256] = got.body
	}
	files := rec.Filings[0].Files
	if files[0].Role != incident.FrozenReport || files[0].Lang != "sv" || files[1].Name != "lähetetty.pdf" || files[2].Name != "kuitti 1.txt" || before[files[1].SHA256] != pdf {
		t.Errorf("files %+v", files)
	}
	if b.get(path+"/files/"+strings.Repeat("0", 64)).code != http.StatusNotFound {
		t.Error("an unknown hash is found")
	}

	h.later(2 * time.Hour)
	must(t, h.desk.Describe(ctx, worker, rec.Incident, incidentOf(h, rec.Incident).Version, incident.Facts{Nature: incident.Fact{Text: "Muuttunut", Sure: incident.Known}}))
	for hash, body := range before {
		if got := b.get(path + "/files/" + hash); got.body != body {
			t.Errorf("%s has changed", hash)
		}
	}
	for _, lang := range []string{"fi", "sv", "en"} {
		b.post("/language", "lang", lang)
		page, line := b.get(path), b.get("/incidents/"+rec.Incident+"/timeline")
		checkPage(t, page, lang)
		checkPage(t, line, lang)
		for _, f := range files {
			if !strings.Contains(page.body, "/files/"+f.SHA256) || !strings.Contains(line.body, f.SHA256) {
				t.Errorf("%s: the page or the timeline does not name %s", lang, f.Role)
			}
		}
	}
	if got := h.browser().get(path + "/files/" + files[0].SHA256); got.code == http.StatusOK {
		t.Error("a stranger gets a file")
	}
}

// TestFilingFilesAreChecked keeps what was typed and the good file when another
// is refused.
func TestFilingFilesAreChecked(t *testing.T) {
	h := newHouse(t)
	r := h.ours()
	b, path := h.as(incident.Privacy), "/records/"+r.ID+"/filing"
	form := []string{"kind", "complete", "at", "22.11.2026 klo 3.00", "channel", "Turvalomake", "key", "k1"}
	for _, tt := range []struct{ name, file, want string }{
		{"a program", "MZ\x90\x00\x03\x00\x00\x00\x04", "ei oteta vastaan"},
		{"a page", "<!doctype html><script>1</script>", "ei oteta vastaan"},
		{"nothing", "", "tyhjä"},
		{"too much", "%PDF-1.4" + strings.Repeat("x", incident.FilesMax), "16 Mt"},
	} {
		got := b.send(path, form, "receipt", "kuitti.txt", "Kiitos", "filed", "x.pdf", tt.file)
		if got.code != http.StatusUnprocessableEntity || !strings.Contains(got.text(), tt.want) || !strings.Contains(got.body, `value="Turvalomake"`) {
			t.Fatalf("%s: status %d, want 422 that says %q\n%.800s", tt.name, got.code, tt.want, got.text())
		}
		held := regexp.MustCompile(`name="held_receipt" value="([^"]+)"`).FindStringSubmatch(got.body)
		if held == nil || !strings.Contains(got.text(), "kuitti.txt") {
			t.Fatalf("%s: the good file was lost", tt.name)
		}
		if tt.name == "too much" {
			if got := b.send(path, append(form, "held_receipt", held[1])); got.code != http.StatusSeeOther {
				t.Fatalf("status %d with the held file\n%.800s", got.code, got.text())
			}
		}
	}
	rec, err := h.db.Record(context.Background(), r.ID)
	must(t, err)
	if len(rec.Filings) != 1 || len(rec.Filings[0].Files) != 2 || rec.Filings[0].Files[1].Role != incident.FiledReceipt {
		t.Errorf("filings %+v", rec.Filings)
	}
}
