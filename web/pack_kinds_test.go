package web

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"hatakello/incident"
)

// Every kind of notification has its pack: what is open is "to be clarified"
// only in the preliminary one, and the EDPB's shape names the kind.
func TestPackKinds(t *testing.T) {
	x := newTold(t)
	r, b := x.rs[0], x.browser()
	base := x.enter(b, r)
	tests := []struct {
		kind, reference string
		open            bool // "to be clarified" may stand in it
	}{{"preliminary", "", true}, {"complete", "", false}, {"supplementary", "171/2026", false}, {"withdrawal", "171/2026", false}}
	for _, tt := range tests {
		b.post(base+"/form?lang=en&part=A", "key", "notification_type", "a.notification_type", tt.kind)
		b.post(base+"/form?lang=en&part=A",
			"key", "earlier_reference", "a.earlier_reference", tt.reference, "key", "withdrawal_reason", "a.withdrawal_reason", "Not a breach after all.")
		h, files := x.takePack(b, base, r.ID, "en")
		form := files["form-en.txt"]
		if h.Kind != tt.kind {
			t.Errorf("%s: handed over as %s", tt.kind, h.Kind)
		}
		if got := strings.Contains(form, "Clarified later") || strings.Contains(form, "To be clarified"); got && !tt.open {
			t.Errorf("%s: something is left to be clarified:\n%s", tt.kind, form)
		}
		if tt.reference != "" && !strings.Contains(form, tt.reference) {
			t.Errorf("%s: the earlier notification is not named", tt.kind)
		}
		if got := strings.Contains(form, "Not a breach after all."); got != (tt.kind == "withdrawal") {
			t.Errorf("%s: a reason for the withdrawal: %v", tt.kind, got)
		}
		var f edpbFile
		if err := json.Unmarshal([]byte(files["edpb-draft.json"]), &f); err != nil || f.Fields["3"].Value == "" || f.Submitted {
			t.Errorf("%s: the EDPB's shape says %+v, %v", tt.kind, f.Fields["3"], err)
		}
	}
	hs, err := x.db.Handovers(context.Background(), r.ID)
	if err != nil || len(hs) != len(tests) {
		t.Fatalf("%d handovers, %v", len(hs), err)
	}
	for i, h := range hs {
		if h.N != i+1 || h.By == "" || h.Via != incident.Outsider.Via || h.At.IsZero() || len(h.SHA256) != 64 {
			t.Errorf("receipt %d: %+v", i+1, h)
		}
	}
}

// The texts open as OpenDocument files must: the media type first and not
// compressed, a manifest that names every part, and whole XML everywhere.
func TestPackODT(t *testing.T) {
	x := newTold(t)
	r, b := x.rs[0], x.browser()
	base := x.enter(b, r)
	h, _ := x.takePack(b, base, r.ID, "fi")
	kept, err := x.db.Handover(context.Background(), r.ID, h.ID)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for name, data := range members(t, kept.Bytes) {
		if !strings.HasSuffix(name, ".odt") {
			continue
		}
		n++
		z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if z.File[0].Name != "mimetype" || z.File[0].Method != zip.Store {
			t.Errorf("%s begins with %s, method %d", name, z.File[0].Name, z.File[0].Method)
		}
		parts := members(t, data)
		if got := string(parts["mimetype"]); got != "application/vnd.oasis.opendocument.text" {
			t.Errorf("%s is a %q", name, got)
		}
		for part, text := range parts {
			if strings.HasSuffix(part, ".xml") {
				wholeXML(t, name+"/"+part, text)
			}
			if part != "mimetype" && part != "META-INF/manifest.xml" && !bytes.Contains(parts["META-INF/manifest.xml"], []byte(`"`+part+`"`)) {
				t.Errorf("%s: the manifest does not name %s", name, part)
			}
		}
	}
	if n != 5 {
		t.Errorf("%d ODT files, want 5", n)
	}
}

// members reads the files of a zip.
func members(t *testing.T, data []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if all[f.Name], err = io.ReadAll(r); err != nil { // the reader compares the CRC
			t.Fatal(err)
		}
	}
	return all
}

func wholeXML(t *testing.T, name string, text []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(text))
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
	}
}

// Staff take a pack of the company's own register, and of a customer's only
// under a mandate; a customer's pack is never theirs to see.
func TestPackByStaff(t *testing.T) {
	x := newTold(t)
	ctx, staff := context.Background(), x.as(incident.Privacy)
	own := x.ours()
	h, files := x.takePack(staff, "/records/"+own.ID, own.ID, "fi")
	if h.Via != "web" || h.By == "" || !strings.Contains(files["form-fi.txt"], "Hoivapilvi Oy") {
		t.Errorf("the own pack: %s by %s", h.Via, h.By)
	}
	r := x.rs[0]
	theirs, err := x.desk.HandOver(ctx, incident.Actor{Via: "link", Record: r.ID, Name: "Kati"},
		&incident.Handover{Record: r.ID, Kind: "preliminary", Lang: "fi", Form: "tsv-2026", Facts: []byte("{}"), Bytes: []byte("zip")})
	if err != nil {
		t.Fatal(err)
	}
	for _, got := range []reply{staff.post("/records/" + r.ID + "/pack"), staff.get("/records/" + r.ID + "/pack/" + theirs.ID), staff.get("/records/" + own.ID + "/pack/" + theirs.ID)} {
		if got.code != http.StatusNotFound {
			t.Errorf("a customer's pack: %d, want 404", got.code)
		}
	}
}
