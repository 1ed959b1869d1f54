package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
	"hatakello/store"
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

// The key lies in the folder of keys, as "hatakello keys" made it. When a new
// one takes its place, old notices still verify by what is published, and the
// old key vouches for nothing that was sent later.
func TestSignKeyIsChanged(t *testing.T) {
	ctx, words := t.Context(), testComposer(t).words
	dir := t.TempDir()
	db, err := store.Open(ctx, filepath.Join(dir, "bell.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	at := time.Date(2026, 11, 22, 1, 12, 0, 0, time.UTC)
	desk := newDesk(db)
	desk.Now = func() time.Time { return at }
	adopted := func(folder string) ed25519.PrivateKey {
		t.Helper()
		term := &terminal{out: io.Discard, err: io.Discard, words: words, lang: "en"}
		if code := run(ctx, term, []string{"keys", "make", "--keys", folder, "--domain", "esimerkki.test", "--selector", "s1"}); code != 0 {
			t.Fatalf("keys make: %d", code)
		}
		s := settings{database: database{DB: filepath.Join(dir, "bell.db")}, Keys: folder}
		key, err := s.signKey()
		if err != nil || key == nil {
			t.Fatalf("the key of %s: %v", folder, err)
		}
		h := &house{db: db, desk: desk}
		if err := h.adoptKey(ctx, s); err != nil || !h.signKey.Equal(key) {
			t.Fatalf("adopt: %v", err)
		}
		return key
	}
	signed := func(key ed25519.PrivateKey, name string) string {
		t.Helper()
		data, err := incident.SignNotice(incident.DocumentOf(incident.Organisation{Name: "Esimerkkipalvelu Oy"}, "2026-014", "Hoiva Oy", &incident.Notice{N: 1, At: at, Text: "teksti"}), key)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	one := adopted(filepath.Join(dir, "one"))
	old := signed(one, "old.json")
	at = at.Add(24 * time.Hour)
	two := adopted(filepath.Join(dir, "two"))
	at = at.Add(time.Hour)
	now, stale := signed(two, "new.json"), signed(one, "stale.json")
	keys, err := db.SignKeys(ctx)
	if err != nil || len(keys) != 2 {
		t.Fatalf("%d keys, %v", len(keys), err)
	}
	data, err := json.Marshal(incident.Publish(keys))
	if err != nil {
		t.Fatal(err)
	}
	published := filepath.Join(dir, "published.json")
	if err := os.WriteFile(published, data, 0o600); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]int{old: 0, now: 0, stale: 1} {
		var out bytes.Buffer
		if code := run(ctx, &terminal{out: &out, err: &out, words: words, lang: "en"}, []string{"--lang", "en", "verify", file, "--key", published}); code != want {
			t.Errorf("%s: %d, want %d: %s", filepath.Base(file), code, want, out.String())
		}
	}
}
