package bundle

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"testing"

	"hatakello/incident"
)

// minimal is a bundle with one link and one row, as its files.
func minimal() map[string]string {
	line := `{"table":"entry","id":"e1"}`
	var salt [16]byte
	commit := incident.RowCommit(salt[:], []byte(line))
	a := &incident.Audit{Chain: "c1", Seq: 1, Stamp: "2026-11-22T01:12:00.000Z", By: "Eero Koe", Act: "log", Content: []byte(`{}`), Salt: salt[:],
		Bound: incident.AppendBound(nil, "entry/e1", salt[:], commit)}
	a.Seal()
	what := "{}"
	text := func(v any) string {
		b, err := json.Marshal(v)
		if err != nil {
			panic(err)
		}
		return string(b) + "\n"
	}
	files := map[string]string{
		chainName: text(link{Seq: 1, At: a.Stamp, Act: a.Act, By: &a.By, What: &what, Salt: hexText(salt[:]), Content: hexText(a.Commit), Rows: 1,
			Root: hexText(a.Root), Bound: [][3]string{{"entry/e1", hexText(salt[:]), hexText(commit)}}, Hash: hexText(a.Hash)}),
		rowsName: text(row{Label: "entry/e1", Seq: 1, Salt: hexText(salt[:]), Row: line}),
		logName:  `{"chain":"c1","checkpoints":[],"heads":[],"consistency":[]}`,
		keysName: `{"keys":[]}`,
	}
	m := Manifest{Format: Format, Case: "2026-001", ID: "c1", View: Whole, Links: 1, Rows: 1}
	for _, name := range []string{chainName, rowsName, logName, keysName} {
		p := &packer{digests: map[string]bool{}}
		p.zip = zip.NewWriter(&bytes.Buffer{})
		if err := p.data(name, []byte(files[name])); err != nil {
			panic(err)
		}
		m.Files = append(m.Files, p.files...)
	}
	files[manifestName] = text(m)
	return files
}

func zipped(t testing.TB, files map[string]string, extra ...zip.FileHeader) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range []string{chainName, rowsName, logName, keysName, manifestName} {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(files[name]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, h := range extra {
		if _, err := z.CreateHeader(&h); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func checked(t testing.TB, data []byte) *Checked {
	t.Helper()
	c, err := Check(bytes.NewReader(data), int64(len(data)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// FuzzBundle reads zips and parts that anybody may have written: a check ends,
// without a panic, and what is not the bundle as it was made is not whole.
func FuzzBundle(f *testing.F) {
	files := minimal()
	good := zipped(f, files)
	f.Add(good, "", "")
	for name, text := range files {
		f.Add([]byte("PK\x03\x04"), name, text)
	}
	f.Add(good[:len(good)-1], rowsName, `{"label":"x","seq":-1,"index":18446744073709551615,"path":["zz"]}`)
	f.Add(good, chainName, `{"seq":9223372036854775807,"bound":[["","",""]],"hash":"00"}`)
	f.Add(good, logName, `{"chain":"c1","checkpoints":[{"size":1,"file":"MANIFEST.json","stamp":"x"}],"heads":[{"seq":-1}],"consistency":[{}]}`)
	f.Fuzz(func(t *testing.T, raw []byte, name, text string) {
		checked(t, raw)
		if was, known := files[name]; known {
			some := minimal()
			some[name] = text
			c := checked(t, zipped(t, some))
			if _, fault := c.First(); fault == nil && text != was && name != manifestName {
				t.Errorf("%s was changed and nothing is found", name)
			}
		}
	})
}

// TestMinimal holds that the fuzzer's bundle is a good one: unsigned and in no
// checkpoint, but with no fault.
func TestMinimal(t *testing.T) {
	c := checked(t, zipped(t, minimal()))
	if s, f := c.First(); f != nil || c.Whole() {
		t.Errorf("fault %+v in %+v, whole %v; want no fault, and not whole for want of a signature", f, s, c.Whole())
	}
}

// TestTricks refuses names that lead elsewhere, stand twice or are links, and
// files that unpack to more than a bundle's may.
func TestTricks(t *testing.T) {
	link := zip.FileHeader{Name: "mails/link"}
	link.SetMode(0o777 | 1<<27)
	for _, tt := range []struct {
		name  string
		extra zip.FileHeader
		want  string
	}{
		{"up", zip.FileHeader{Name: "../evil"}, "path"},
		{"up, inside", zip.FileHeader{Name: "mails/../../evil"}, "path"},
		{"from the root", zip.FileHeader{Name: "/etc/evil"}, "path"},
		{"another system's", zip.FileHeader{Name: `mails\evil`}, "path"},
		{"a drive", zip.FileHeader{Name: "c:evil"}, "path"},
		{"twice", zip.FileHeader{Name: "Proof/Chain.jsonl"}, "path"},
		{"turned text", zip.FileHeader{Name: "mails/\u202efdp.exe"}, "path"},
		{"a folder", zip.FileHeader{Name: "mails/"}, "path"},
		{"a link", link, "path"},
		{"a file too many", zip.FileHeader{Name: "mails/extra.eml"}, "added"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, f := checked(t, zipped(t, minimal(), tt.extra)).First(); f == nil || f.What != tt.want {
				t.Errorf("got %+v, want %s", f, tt.want)
			}
		})
	}
}

// TestBomb refuses a small zip that unpacks to more than fits.
func TestBomb(t *testing.T) {
	for _, name := range []string{"mails/bomb.eml", caseName} {
		var out bytes.Buffer
		z := zip.NewWriter(&out)
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		zeros := make([]byte, 1<<20)
		for range fileMax>>20 + 1 {
			if _, err := w.Write(zeros); err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		if _, f := checked(t, out.Bytes()).First(); f == nil || f.What != "large" || f.Where != name {
			t.Errorf("%s: %d bytes of zip: got %+v, want it refused as too large", name, out.Len(), f)
		}
	}
}
