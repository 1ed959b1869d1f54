package web

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
	"hatakello/web/bundle"
)

// piece is a file of a bundle that is taken apart.
type piece struct {
	name string
	data []byte
}

// apart takes a bundle apart.
func apart(t *testing.T, data []byte) []piece {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var all []piece
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, piece{f.Name, b})
	}
	return all
}

// together zips pieces. With a key, the list of files is made and signed anew,
// as somebody would who has the program's own key.
func together(t *testing.T, all []piece, key ed25519.PrivateKey) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	if key != nil {
		all = relisted(t, all, key)
	}
	for _, p := range all {
		w, err := z.Create(p.name)
		if err == nil {
			_, err = w.Write(p.data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func relisted(t *testing.T, all []piece, key ed25519.PrivateKey) []piece {
	t.Helper()
	var m bundle.Manifest
	var files []bundle.FileEntry
	var kept []piece
	for _, p := range all {
		switch p.name {
		case "MANIFEST.json":
			if err := json.Unmarshal(p.data, &m); err != nil {
				t.Fatal(err)
			}
		case "MANIFEST.sig":
		default:
			sum := sha256.Sum256(p.data)
			files, kept = append(files, bundle.FileEntry{Name: p.name, Size: int64(len(p.data)), SHA256: hex.EncodeToString(sum[:])}), append(kept, p)
		}
	}
	m.Files = files
	list, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	public := key.Public().(ed25519.PublicKey)
	sig, err := json.Marshal(map[string]string{"algorithm": "Ed25519", "key": incident.KeyID(public),
		"public": base64.StdEncoding.EncodeToString(public), "value": base64.StdEncoding.EncodeToString(ed25519.Sign(key, list))})
	if err != nil {
		t.Fatal(err)
	}
	return append(kept, piece{"MANIFEST.json", list}, piece{"MANIFEST.sig", sig})
}

// change replaces a text once in the first file whose name begins so.
func change(t *testing.T, all []piece, prefix, old, new string) []piece {
	t.Helper()
	some := append([]piece{}, all...)
	for i, p := range some {
		if strings.HasPrefix(p.name, prefix) && bytes.Contains(p.data, []byte(old)) {
			some[i].data = bytes.Replace(p.data, []byte(old), []byte(new), 1)
			return some
		}
	}
	t.Fatalf("no file %s… holds %q", prefix, old)
	return nil
}

// tampered is a change of a bundle by somebody who has the program's key, or
// who does not, and what a check must name.
var tampered = []struct {
	name, file, old, new string
	signed               bool   // the list was made and signed anew
	step, what, where    string // where: the beginning
}{
	{"a mail", "mails/", "Palvelin oli auki.", "Palvelin oli kiinni.", false, "files", "changed", "mails/"},
	{"a mail, signed anew", "mails/", "Palvelin oli auki.", "Palvelin oli kiinni.", true, "contents", "attached", "mails/"},
	{"a row", "proof/rows.jsonl", "Varmuuskopio avoimena", "Varmuuskopio suljettu", true, "rows", "row", "incident/"},
	{"a salt", "proof/rows.jsonl", `"salt":"`, `"salt":"00`, true, "rows", "row", ""},
	{"a link's instant", "proof/chain.jsonl", `"at":"2026-11-22T01:12:00.000Z","act":"log"`, `"at":"2026-11-22T01:13:00.000Z","act":"log"`, true, "chain", "link", "#1"},
	{"who did it", "proof/chain.jsonl", `"by":"Eero Koe"`, `"by":"Eeva Koe"`, true, "chain", "content", "#1"},
	{"what a link binds", "proof/chain.jsonl", `"bound":[["incident/`, `"bound":[["jncident/`, true, "chain", "bound", "#1"},
	{"a checkpoint", "proof/checkpoints/", "time 2026", "time 2025", true, "points", "point", "proof/checkpoints/"},
	{"evidence", "evidence/", "rivi", "riwi", false, "files", "changed", "evidence/"},
	{"evidence, signed anew", "evidence/", "rivi", "riwi", true, "contents", "attached", "evidence/"},
	{"a proof of inclusion", "proof/log.json", `"index": `, `"index": 1`, true, "log", "head", "#"},
	{"a notice", "notices/", "Palvelin oli auki.", "Palvelin oli kiinni.", true, "notices", "notice", "notices/"},
	{"the list", "MANIFEST.json", `"made_by": "`, `"made_by": "X`, false, "signature", "signature", "MANIFEST.sig"},
}

// keptCase is a case with something in every kind of part, its bundle, and that
// of one controller.
func keptCase(t *testing.T) (h *house, whole, hers []byte) {
	h = newHouse(t)
	h.signing()
	inc, rs := h.sent()
	b := h.as(incident.Privacy)
	b.upload("/incidents/"+inc.ID+"/evidence", "file", "loki.txt", []byte("rivi <b>1</b>\n"), "about", "Palvelimen loki")
	h.later(time.Minute)
	whole, c := b.packed("/incidents/"+inc.ID+"/bundle.zip", "lang", "fi")
	if _, f := c.First(); f != nil {
		t.Fatalf("the bundle is not whole: %+v", f)
	}
	hers, c = b.packed("/incidents/"+inc.ID+"/bundle.zip", "lang", "fi", "record", rs[0].ID)
	if _, f := c.First(); f != nil {
		t.Fatalf("hers is not whole: %+v", f)
	}
	return h, whole, hers
}

// TestBundleTampered changes one thing at a time; the check names it, in Go
// and, with the network off, in a browser.
func TestBundleTampered(t *testing.T) {
	h, data, hers := keptCase(t)
	all := apart(t, data)
	dir := t.TempDir()
	type shown struct{ File, Verdict, Step, Where string }
	save := func(name string, data []byte) string {
		file := filepath.Join(dir, strings.NewReplacer(" ", "-", ",", "", "'", "").Replace(name)+".zip")
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	seen := []shown{{save("valid", data), "good", "", ""}, {save("valid, hers", hers), "good", "", ""}}
	her := together(t, change(t, apart(t, hers), "proof/rows.jsonl", "Palvelin oli auki.", "Palvelin oli kiinni."), h.s.SignKey)
	if c, _ := bundle.Check(bytes.NewReader(her), int64(len(her)), bundle.Options{}); c != nil {
		step, f := c.First()
		if f == nil || step.Name != "rows" || !strings.HasPrefix(f.Where, "notice/") {
			t.Errorf("a row of hers, signed anew: %+v in %+v", f, step)
		}
		seen = append(seen, shown{save("a row of hers", her), "bad", "rows", "notice/"})
	}
	for _, tt := range tampered {
		key := h.s.SignKey
		if !tt.signed {
			key = nil
		}
		bad := together(t, change(t, all, tt.file, tt.old, tt.new), key)
		c, err := bundle.Check(bytes.NewReader(bad), int64(len(bad)), bundle.Options{})
		if err != nil {
			t.Fatal(err)
		}
		step, f := c.First()
		if f == nil || step.Name != tt.step || f.What != tt.what || !strings.HasPrefix(f.Where, tt.where) {
			t.Errorf("%s: got %+v in %+v, want %s in %s at %s", tt.name, f, step, tt.what, tt.step, tt.where)
			continue
		}
		seen = append(seen, shown{save(tt.name, bad), "bad", step.Name, f.Where})
	}
	missing := together(t, all[1:], nil)
	if c, _ := bundle.Check(bytes.NewReader(missing), int64(len(missing)), bundle.Options{}); c != nil {
		if _, f := c.First(); f == nil || f.What != "missing" || f.Where != all[0].name {
			t.Errorf("a file is missing: %+v", f)
		}
	}
	if testing.Short() || t.Failed() {
		return
	}
	page := filepath.Join(dir, "check.html")
	for _, p := range all {
		if p.name == "check.html" {
			if err := os.WriteFile(page, p.data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	task, err := json.Marshal(map[string]any{"page": "file://" + page, "files": seen, "shot": os.Getenv("HATAKELLO_SHOT")})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", "bundle.mjs", string(task))
	cmd.Dir = "browser"
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}
