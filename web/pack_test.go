package web

import (
	"archive/zip"
	"bytes"
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

// unpack reads a zip, and for the ODT files their content.
func unpack(t *testing.T, data []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all[f.Name] = string(text)
		switch {
		case strings.HasSuffix(f.Name, ".odt"):
			all[f.Name] = unpack(t, text)["content.xml"]
		case strings.HasSuffix(f.Name, ".pdf"):
			all[f.Name] = reportText(t, text)
		}
	}
	return all
}

// takePack makes a pack behind a link and downloads what was frozen.
func (x *toldHouse) takePack(b *browser, base, record, lang string) (*incident.Handover, map[string]string) {
	x.t.Helper()
	if got := b.post(base + "/pack?lang=" + lang); got.code != http.StatusSeeOther {
		x.t.Fatalf("make the pack: %d\n%s", got.code, got.text())
	}
	hs, err := x.db.Handovers(context.Background(), record)
	if err != nil || len(hs) == 0 {
		x.t.Fatalf("handovers: %d, %v", len(hs), err)
	}
	h := hs[len(hs)-1]
	got := b.get(base + "/pack/" + h.ID)
	sum := sha256.Sum256([]byte(got.body))
	if got.code != http.StatusOK || hex.EncodeToString(sum[:]) != h.SHA256 {
		x.t.Fatalf("download: %d, and its hash is not the receipt's", got.code)
	}
	return h, unpack(x.t, []byte(got.body))
}

// A pack of a case of which nearly nothing is known is whole and says "not yet
// known"; no total of ours stands in it as her number, nor anybody else's name.
func TestPackOfHalfKnownCase(t *testing.T) {
	x := newTold(t)
	ctx := context.Background()
	inc, err := x.db.Incident(ctx, x.inc.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := x.desk.Describe(ctx, worker, inc.ID, inc.Version, incident.Facts{People: incident.Amount{Low: 77777, Sure: "exact"},
		Records: incident.Amount{Low: 88888, Sure: "exact"}}); err != nil {
		t.Fatal(err)
	}
	words := map[string]string{"fi": "Ei vielä tiedossa", "sv": "Ännu inte känt", "en": "Not yet known"}
	for i, r := range x.rs {
		b := x.browser()
		base := x.enter(b, r)
		for _, lang := range []string{"fi", "sv", "en"} {
			_, files := x.takePack(b, base, r.ID, lang)
			for _, name := range []string{"report-" + lang + ".pdf", "form-" + lang + ".txt", "form-" + lang + ".odt", "annex-secret-" + lang + ".txt", "edpb-draft.json",
				"letter-to-people-fi.txt", "letter-to-people-sv.odt", "letter-to-people-en.odt"} {
				if files[name] == "" {
					t.Errorf("%s is missing or empty", name)
				}
			}
			if !strings.Contains(files["form-"+lang+".txt"], words[lang]) || !strings.Contains(files["form-"+lang+".odt"], words[lang]) {
				t.Errorf("%s: it is not said that something is not yet known", lang)
			}
			for name, text := range files {
				for _, not := range []string{"77777", "77 777", "77\u00a0777", "88888", "88 888", "88\u00a0888", x.rs[(i+1)%len(x.rs)].Name, inc.Title} {
					if strings.Contains(text, not) {
						t.Errorf("%s holds %q", name, not)
					}
				}
				if m := missing.FindAllString(strings.NewReplacer("[Ei", "", "[Not", "").Replace(text), -1); m != nil {
					t.Errorf("%s: keys without words: %v", name, m)
				}
			}
			checkEDPB(t, files["edpb-draft.json"], r.Name)
		}
	}
}

func checkEDPB(t *testing.T, data, name string) {
	t.Helper()
	var f edpbFile
	d := json.NewDecoder(strings.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		t.Fatalf("the JSON: %v", err)
	}
	if f.Submitted || f.Status != "draft" || f.Fields["12"].Value != name || f.Fields["68"].Value != "" || f.Fields["48"].Known || f.Fields["62"].Known {
		t.Errorf("the JSON says %+v, %+v", f.Fields["12"], f.Fields["62"])
	}
}

// A second pack says what has changed; the first stays as it was, byte for
// byte; the same content again is the same handover; secrets stay in the annex.
func TestPackIsFrozenAndCompared(t *testing.T) {
	x := newTold(t)
	ctx, r, b := context.Background(), x.rs[0], x.browser()
	base := x.enter(b, r)
	b.post(base+"/form?part=G", "key", "systems", "a.systems", "Salainen konesali 7")
	one, files := x.takePack(b, base, r.ID, "en")
	for name, text := range files {
		if got := strings.Contains(text, "Salainen konesali 7"); got != strings.HasPrefix(name, "annex-secret") {
			t.Errorf("%s holds the secret: %v", name, got)
		}
	}
	if !strings.Contains(files["annex-secret-en.txt"], "Ilmoitus tietoturvaloukkauksesta – "+r.Name+" – 22.11.2026") {
		t.Errorf("the annex has no title for the secure message:\n%s", files["annex-secret-en.txt"])
	}
	again, _ := x.takePack(b, base, r.ID, "en")
	if again.ID != one.ID {
		t.Error("the same content was handed over twice")
	}
	rec, err := x.db.Record(ctx, r.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := x.desk.DescribeRecord(ctx, worker, r.ID, rec.Version, incident.Facts{Nature: incident.Fact{Text: "A bucket was public.", Sure: incident.Known},
		People: incident.Amount{Low: 12, Sure: "exact"}}); err != nil {
		t.Fatal(err)
	}
	b.post(base+"/form?part=G", "key", "systems", "a.systems", "Toinen konesali 8")
	b.post(base+"/filing?lang=en", "kind", "preliminary", "at", "22.11.2026 klo 3.10", "channel", "Turvalomake", "name", "Kati")
	two, files := x.takePack(b, base, r.ID, "en")
	form := files["form-en.txt"]
	if two.N != 2 || two.Kind != "supplementary" || !strings.Contains(form, "WHAT HAS CHANGED SINCE THE PACK BEFORE (NO. 1)") || !strings.Contains(form, "A bucket was public.") || !strings.Contains(form, "(before: Not yet known)") {
		t.Errorf("the second pack (%d, %s):\n%s", two.N, two.Kind, form)
	}
	if strings.Contains(form, "konesali") {
		t.Error("the comparison tells the secret")
	}
	kept, err := x.db.Handover(ctx, r.ID, one.ID)
	if err != nil || strings.Contains(unpack(t, kept.Bytes)["form-en.txt"], "bucket") {
		t.Errorf("the first pack has changed: %v", err)
	}
	if page := b.get(base + "/form?lang=en"); !strings.Contains(page.text(), one.SHA256) || !strings.Contains(page.text(), two.SHA256) {
		t.Error("the receipts are not shown")
	}
}

// We are the reporting person with a mandate, and only with one.
func TestPackMandate(t *testing.T) {
	x := newTold(t)
	ctx, r, b := context.Background(), x.rs[0], x.browser()
	org := incident.Organisation{Name: "Esimerkkipalvelu Oy", Email: "tietosuoja@esimerkki.example"}
	if err := x.desk.SaveOrganisation(ctx, incident.Program, org); err != nil {
		t.Fatal(err)
	}
	base := x.enter(b, r)
	reporter := func() edpbRow {
		_, files := x.takePack(b, base, r.ID, "en")
		var f edpbFile
		if err := json.Unmarshal([]byte(files["edpb-draft.json"]), &f); err != nil {
			t.Fatal(err)
		}
		if mandate := strings.Contains(files["form-en.txt"], "under the mandate: Sopimus 12"); mandate != (f.Fields["21"].Value != "") {
			t.Errorf("the text names a mandate: %v", mandate)
		}
		return f.Fields["21"]
	}
	if got := reporter(); got.Value != "" || got.Known {
		t.Errorf("without a mandate the reporting person is %+v", got)
	}
	ks, err := x.db.Controllers(ctx, []string{r.Controller})
	if err != nil {
		t.Fatal(err)
	}
	ks[0].Mandate = incident.Mandate{Document: "Sopimus 12", Scope: "ilmoitukset", Date: x.time()}
	if err := x.desk.SaveController(ctx, incident.Program, ks[0]); err != nil {
		t.Fatal(err)
	}
	if got := reporter(); got.Value != org.Name {
		t.Errorf("with a mandate the reporting person is %+v", got)
	}
}
