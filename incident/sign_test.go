package incident

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func signedSample(t *testing.T) ([]byte, ed25519.PrivateKey) {
	t.Helper()
	key := ed25519.NewKeyFromSeed([]byte(strings.Repeat("k", 32)))
	n := &Notice{N: 1, Lang: "fi", Code: "KUUSI-4821-P7", At: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC), Subject: "Tietoturvaloukkaus",
		Text: "Ä Ö Å Š ž € <b> & \u2028 \"lainaus\"\nToinen rivi"}
	file, err := SignNotice(DocumentOf(Organisation{Name: "Esimerkkipalvelu Oy", Email: "tietosuoja@esimerkki.example"}, "2026-014", "Björkö Hoiva Oy", n), key)
	if err != nil {
		t.Fatal(err)
	}
	return file, key
}

// Every byte of the file is covered: changing any one of them, or adding or
// taking one away, is found out.
func TestOneChangedByteFails(t *testing.T) {
	file, _ := signedSample(t)
	v, err := VerifyNotice(file)
	if err != nil || v.Notice.Controller != "Björkö Hoiva Oy" || !strings.Contains(v.Notice.Text, "Š ž €") {
		t.Fatalf("the file as it was: %+v, %v", v, err)
	}
	for i := range file {
		for _, flip := range []byte{1, 0x20, 0x80} {
			bad := append([]byte{}, file...)
			bad[i] ^= flip
			if _, err := VerifyNotice(bad); !errors.Is(err, ErrForged) {
				t.Fatalf("byte %d changed by %#x: %v, want it refused\n%q", i, flip, err, bad[max(0, i-20):min(len(bad), i+20)])
			}
		}
	}
	for _, bad := range []string{"", string(file) + " ", " " + string(file), string(file[1:]), string(file) + string(file), "{}", "null"} {
		if _, err := VerifyNotice([]byte(bad)); !errors.Is(err, ErrForged) {
			t.Errorf("%.40q: %v, want it refused", bad, err)
		}
	}
}

// openssl comes to the same conclusion from the same bytes.
func TestOpenSSLVerifies(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Fatal("openssl is missing: install the Debian package openssl")
	}
	file, key := signedSample(t)
	v, err := VerifyNotice(file)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	pub, sig := write("pub.pem", pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})), write("sig", v.Sig)
	ask := func(raw []byte) error {
		return exec.Command("openssl", "pkeyutl", "-verify", "-pubin", "-inkey", pub, "-rawin", "-in", write("raw", raw), "-sigfile", sig).Run()
	}
	if err := ask(v.Raw); err != nil {
		t.Errorf("openssl refuses the notice: %v", err)
	}
	bad := append([]byte{}, v.Raw...)
	bad[len(bad)/2] ^= 1
	if err := ask(bad); err == nil {
		t.Error("openssl takes a changed notice")
	}
}

// A key vouches only for what it has signed, and an ended one only for
// notices from before its end.
func TestVouch(t *testing.T) {
	file, key := signedSample(t)
	v, err := VerifyNotice(file)
	if err != nil {
		t.Fatal(err)
	}
	sent := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	mine := SignKey{ID: KeyID(v.Public), Public: v.Public, Since: sent.Add(-time.Hour)}
	other := ed25519.NewKeyFromSeed([]byte(strings.Repeat("o", 32))).Public().(ed25519.PublicKey)
	until := func(at time.Time) SignKey { k := mine; k.Until = at; return k }
	tests := []struct {
		name string
		keys []SignKey
		want bool
	}{
		{"none", nil, false},
		{"another's", []SignKey{{ID: KeyID(other), Public: other}}, false},
		{"another's under the same name", []SignKey{{ID: mine.ID, Public: other}}, false},
		{"the one in use", []SignKey{{ID: KeyID(other), Public: other}, mine}, true},
		{"ended later", []SignKey{until(sent.Add(time.Hour))}, true},
		{"ended before", []SignKey{until(sent.Add(-time.Minute))}, false},
	}
	for _, tt := range tests {
		if got := Publish(tt.keys).Vouch(v); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
	pemKey, err := EncodeSignKey(key)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := ParseSignKey(pemKey); err != nil || !again.Equal(key) {
		t.Errorf("a key that was written: %v", err)
	}
	if _, err := ParseSignKey([]byte("nonsense")); err == nil {
		t.Error("nonsense is taken for a key")
	}
}

// The published schema names exactly the fields that a signed file has.
func TestNoticeSchema(t *testing.T) {
	data, err := os.ReadFile("../docs/notice.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	type object struct {
		Required   []string
		Properties map[string]json.RawMessage
	}
	var root struct{ Properties map[string]object }
	if err := json.Unmarshal(data, &root); err != nil {
		t.Fatal(err)
	}
	file, _ := signedSample(t)
	var got map[string]map[string]any
	if err := json.Unmarshal(file, &got); err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || len(root.Properties) != 2 {
		t.Errorf("%d parts and %d in the schema, want 2", len(got), len(root.Properties))
	}
	for part, fields := range got {
		for name := range fields {
			if _, ok := root.Properties[part].Properties[name]; !ok {
				t.Errorf("%s.%s is not in the schema", part, name)
			}
		}
		for _, name := range root.Properties[part].Required {
			if _, ok := fields[name]; !ok {
				t.Errorf("%s.%s is demanded and not there", part, name)
			}
		}
	}
}
