package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
	"hatakello/templates"
)

// The command says yes to a notice that a published key vouches for, and to
// nothing else.
func TestVerify(t *testing.T) {
	words, err := templates.LoadWords()
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
	key, other := ed25519.NewKeyFromSeed([]byte(strings.Repeat("k", 32))), ed25519.NewKeyFromSeed([]byte(strings.Repeat("o", 32)))
	public := func(k ed25519.PrivateKey) incident.SignKey {
		p := k.Public().(ed25519.PublicKey)
		return incident.SignKey{ID: incident.KeyID(p), Public: p, Since: time.Now()}
	}
	set := func(keys ...incident.SignKey) []byte {
		data, err := json.Marshal(incident.Publish(keys))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	file, err := incident.SignNotice(incident.DocumentOf(incident.Organisation{Name: "Esimerkkipalvelu Oy"}, "2026-014", "Hoiva Oy",
		&incident.Notice{N: 2, At: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC), Text: "teksti"}), key)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	good, bad := write("notice.json", file), write("bad.json", bytes.Replace(file, []byte("teksti"), []byte("tekstI"), 1))
	keys := write("keys.json", set(public(other), public(key)))
	tests := []struct {
		name string
		args []string
		code int
		want string
	}{
		{"published key", []string{good, "--key", keys}, 0, "Esimerkkipalvelu Oy"},
		{"key in PEM", []string{good, "--key", write("key.pem", pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))}, 0, "2026-014"},
		{"one byte changed", []string{bad, "--key", keys}, 1, "Not genuine"},
		{"another's keys", []string{good, "--key", write("other.json", set(public(other)))}, 1, "Not genuine"},
		{"no keys", []string{good}, 1, "not proven"},
		{"keys that are none", []string{good, "--key", good}, 1, "Not genuine"},
		{"no such keys", []string{good, "--key", filepath.Join(dir, "nothing")}, 1, "cannot be read"},
	}
	for _, tt := range tests {
		var out bytes.Buffer
		term := &terminal{out: &out, err: &out, words: words, lang: "en"}
		if code := run(t.Context(), term, append([]string{"--lang", "en", "verify"}, tt.args...)); code != tt.code || !strings.Contains(out.String(), tt.want) {
			t.Errorf("%s: %d, %q; want %d with %q", tt.name, code, out.String(), tt.code, tt.want)
		}
	}
}

// The key is made once, for the program's own user alone.
func TestSignKeyIsMadeOnce(t *testing.T) {
	s := settings{database: database{DB: filepath.Join(t.TempDir(), "bell.db")}}
	one, err := s.signKey()
	if err != nil || one == nil {
		t.Fatal(err)
	}
	two, err := s.signKey()
	if err != nil || !two.Equal(one) {
		t.Errorf("the second start: %v", err)
	}
	info, err := os.Stat(s.DB + ".sign.pem")
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v, %v", info.Mode(), err)
	}
	if key, err := (settings{database: database{DB: "postgres://x"}}).signKey(); key != nil || err != nil {
		t.Errorf("beside a server: %v, %v; want none", key, err)
	}
	if _, err := (settings{SignKey: filepath.Join(t.TempDir(), "none")}).signKey(); incident.KindOf(err) != incident.Invalid {
		t.Errorf("a key that is not there: %v", err)
	}
}
