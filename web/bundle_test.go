package web

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
	"hatakello/templates"
	"hatakello/web/bundle"
)

// signing gives the house a key and a log with checkpoints.
func (h *house) signing() {
	h.t.Helper()
	ctx := context.Background()
	seed := sha256.Sum256([]byte("a key for tests"))
	h.s.SignKey = ed25519.NewKeyFromSeed(seed[:])
	if err := h.desk.AdoptKey(ctx, h.s.SignKey.Public().(ed25519.PublicKey)); err != nil {
		h.t.Fatal(err)
	}
	h.s.Checkpoint = func(ctx context.Context) error {
		_, err := h.db.Checkpoint(ctx, h.time(), func(k *incident.Checkpoint) string {
			return incident.SignCheckpoint("bell.example/hatakello", k, h.s.SignKey)
		})
		return err
	}
	if err := h.s.Checkpoint(ctx); err != nil {
		h.t.Fatal(err)
	}
}

// packed is a bundle that was downloaded, checked.
func (b *browser) packed(path string, pairs ...string) ([]byte, *bundle.Checked) {
	b.t.Helper()
	got := b.post(path, pairs...)
	if got.code != http.StatusOK || got.header.Get("Content-Type") != "application/zip" {
		b.t.Fatalf("%s: status %d, %s\n%.500s", path, got.code, got.header, got.body)
	}
	data := []byte(got.body)
	c, err := bundle.Check(bytes.NewReader(data), int64(len(data)), bundle.Options{})
	if err != nil {
		b.t.Fatal(err)
	}
	return data, c
}

// TestBundle downloads the bundle of a case in each language; it is whole,
// covered by a checkpoint, and written into the timeline.
func TestBundle(t *testing.T) {
	h := newHouse(t)
	h.signing()
	inc, _ := h.sent()
	b := h.as(incident.Privacy)
	if got := b.upload("/incidents/"+inc.ID+"/evidence", "file", "loki.txt", []byte("rivi <b>1</b>\n"), "about", "Palvelimen loki"); got.code != http.StatusSeeOther {
		t.Fatalf("evidence: %d", got.code)
	}
	h.later(time.Minute)
	for _, lang := range []string{"fi", "sv", "en"} {
		checkPage(t, b.get("/incidents/"+inc.ID+"/bundle"), "fi")
		data, c := b.packed("/incidents/"+inc.ID+"/bundle.zip", "lang", lang)
		if step, f := c.First(); f != nil || !c.Whole() || c.Key == "" || c.Newest == "" {
			for _, s := range c.Steps {
				t.Logf("%s: %d, %v, open %v", s.Name, s.N, s.Faults, s.Open)
			}
			t.Fatalf("%s: %+v %+v, key %q", lang, step, f, c.Key)
		}
		files := unzip(t, string(data))
		index := files["index.html"]
		if !strings.Contains(index, `lang="`+lang+`"`) || regexp.MustCompile(`\[[a-z]+\.[a-z0-9_.]+\]|<script|ZgotmplZ`).MatchString(index) {
			t.Errorf("%s: index.html lacks words or has a script:\n%s", lang, regexp.MustCompile(`\[[a-z]+\.[a-z0-9_.]+\]|<script|ZgotmplZ`).FindAllString(index, -1))
		}
		for _, want := range []string{"Varmuuskopio avoimena", "Koivurannan hoiva Oy", "Palvelin oli auki.", "2.0.0 Ok: queued as ABC", "loki.txt", "Palvelimen loki"} {
			if !strings.Contains(index, want) {
				t.Errorf("%s: index.html lacks %q", lang, want)
			}
		}
		for _, prefix := range []string{"mails/", "evidence/", "notices/", "proof/checkpoints/"} {
			n := 0
			for name := range files {
				if strings.HasPrefix(name, prefix) {
					n++
				}
			}
			if n == 0 {
				t.Errorf("%s: no file in %s", lang, prefix)
			}
		}
	}
	lane, _, err := h.db.Entries(context.Background(), inc.ID, "", incident.Cut{Limit: 5})
	if err != nil || lane[0].Key != "bundle.whole" {
		t.Errorf("the timeline says %+v, %v", lane[0], err)
	}
	if got := h.as(incident.Auditor).post("/incidents/"+inc.ID+"/bundle.zip", "lang", "fi"); got.code != http.StatusForbidden {
		t.Errorf("an auditor, who may not see mails, gets %d, want 403", got.code)
	}
}

// TestBundleByAPI is the same over the API; what is not asked for well changes
// nothing.
func TestBundleByAPI(t *testing.T) {
	o := newOffice(t)
	pages, err := templates.LoadPages(o.server.Words)
	if err != nil {
		t.Fatal(err)
	}
	o.server.Pages = pages
	o.importAll()
	inc := o.logged()
	at := "/incidents/" + inc.ID + "/bundle.zip"
	a := o.want(call{"POST", at, incident.Handler, `{"language":"sv"}`, nil}, 200, nil)
	c, err := bundle.Check(bytes.NewReader(a.body), int64(len(a.body)), bundle.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if step, f := c.First(); f != nil || c.Manifest.Language != "sv" {
		t.Errorf("%+v in %+v, language %q", f, step, c.Manifest.Language)
	}
	o.want(call{"POST", at, incident.Handler, `{"language":"de"}`, nil}, 422, nil)
	o.want(call{"POST", at, incident.Handler, `{"record":"nobody"}`, nil}, 404, nil)
	o.want(call{"POST", at, incident.Auditor, `{}`, nil}, 403, nil)
}
