package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
	"hatakello/templates"
)

// quiet is a terminal whose output is kept.
func quiet(t *testing.T) (*terminal, *bytes.Buffer) {
	t.Helper()
	words, err := templates.LoadWords()
	if err != nil {
		t.Fatal(err)
	}
	out := &bytes.Buffer{}
	return &terminal{in: os.Stdin, out: out, err: &bytes.Buffer{}, words: words, lang: "en"}, out
}

// judge is an independent verifier: it looks names up in what the command
// printed, as a receiver would in DNS.
const judge = `
import dkim, sys
zone = {}
for line in open(sys.argv[1]):
    name, _, text = line.partition(" IN TXT ")
    if text:
        zone[name] = "".join(text.split('"')[1::2])
raw = open(sys.argv[2], "rb").read()
d = dkim.DKIM(raw)
n = sum(1 for h in d.headers if h[0].lower() == b"dkim-signature")
for i in range(n):
    try:
        ok = dkim.DKIM(raw).verify(idx=i, dnsfunc=lambda name, timeout=5: zone[name.decode()].encode())
    except dkim.ValidationError:
        ok = False
    print("valid" if ok else "broken")
`

// A mail signed by the keys that the command made is valid by the records that
// the command printed, for another program, and broken when a byte changes.
func TestKeysSignWhatOthersVerify(t *testing.T) {
	if out, err := exec.Command("/usr/bin/python3", "-c", "import dkim, nacl").CombinedOutput(); err != nil {
		t.Fatalf("the verifier is missing: install the Debian packages python3-dkim and python3-nacl: %s", out)
	}
	term, out := quiet(t)
	dir := filepath.Join(t.TempDir(), "keys")
	cmd := KeysMakeCmd{keyFolder: keyFolder{dir}, Domain: "esimerkki.test", now: func() time.Time { return time.Unix(1795000000, 0) }}
	if err := cmd.Run(term); err != nil {
		t.Fatal(err)
	}
	keys, err := loadKeys(dir)
	if err != nil || len(keys) != 2 {
		t.Fatalf("%d keys, %v", len(keys), err)
	}
	c := testComposer(t)
	c.keys = keys
	letter, err := c.notice(viewOf("xfi", "fi"))
	if err != nil {
		t.Fatal(err)
	}
	moved := bytes.Replace(letter.Raw, []byte("\r\nTo: "), []byte("\r\nTo: x@y.test, "), 1)
	longer := append(bytes.Clone(letter.Raw), "x\r\n"...)
	for _, tt := range []struct {
		name string
		raw  []byte
		want string
	}{{"as sent", letter.Raw, "valid\nvalid\n"}, {"another receiver", moved, "broken\nbroken\n"},
		{"one line more", longer, "broken\nbroken\n"}} {
		zone, file := filepath.Join(t.TempDir(), "zone"), filepath.Join(t.TempDir(), "mail")
		if err := os.WriteFile(zone, out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, tt.raw, 0o600); err != nil {
			t.Fatal(err)
		}
		said, err := exec.Command("/usr/bin/python3", "-c", judge, zone, file).CombinedOutput()
		if err != nil || string(said) != tt.want {
			t.Errorf("%s: %s%v, want %s\nzone: %s", tt.name, said, err, tt.want, out)
		}
	}
}

func TestKeysAreNeverOverwrittenNorOpen(t *testing.T) {
	term, out := quiet(t)
	dir := t.TempDir()
	cmd := KeysMakeCmd{keyFolder: keyFolder{dir}, Domain: "esimerkki.test", Selector: "a"}
	if err := cmd.Run(term); err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	if len(files) != 3 {
		t.Fatalf("files %v", files)
	}
	before := map[string]string{}
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", f, info.Mode(), err)
		}
		data, _ := os.ReadFile(f)
		before[f] = string(data)
	}
	if err := cmd.Run(term); incident.KindOf(err) != incident.Refused {
		t.Errorf("again: %v, want refused", err)
	}
	cmd.Selector = "b"
	out.Reset()
	if err := cmd.Run(term); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(out.String(), "IN TXT"); n != 4 || strings.Count(out.String(), "sha256:") != 1 || strings.Contains(out.String(), "PRIVATE") {
		t.Errorf("%d records:\n%s", n, out)
	}
	for f, was := range before {
		if data, _ := os.ReadFile(f); string(data) != was {
			t.Errorf("%s has changed", f)
		}
	}
	if err := os.Chmod(files[0], 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := loadKeys(dir); incident.KindOf(err) != incident.Refused {
		t.Errorf("a key that others can read: %v, want refused", err)
	}
	for _, bad := range []KeysMakeCmd{{keyFolder: keyFolder{dir}, Domain: "a b"}, {keyFolder: keyFolder{dir}, Domain: "a.example", Selector: "../x"}} {
		if err := bad.Run(term); err == nil {
			t.Errorf("%+v was taken", bad)
		}
	}
	if _, err := loadKeys(filepath.Join(dir, "none")); err == nil {
		t.Error("a folder that is not there was taken")
	}
	if fmt.Sprint(quoteTXT(strings.Repeat("x", 600))) != `( "`+strings.Repeat("x", 255)+`" "`+strings.Repeat("x", 255)+`" "`+strings.Repeat("x", 90)+`" )` {
		t.Error("a long text is not cut into strings of 255 bytes")
	}
}
