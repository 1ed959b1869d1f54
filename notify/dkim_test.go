package notify

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"hatakello/incident"
)

// keys makes one key of each kind and the DNS that knows them.
func keys(t *testing.T) ([]Key, func(string) ([]string, error)) {
	t.Helper()
	long, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	_, short, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	all := []Key{{"esimerkki.test", "r1", long}, {"esimerkki.test", "e1", short}}
	dns := map[string]string{}
	for _, k := range all {
		name, text, err := k.Record()
		if err != nil {
			t.Fatal(err)
		}
		dns[name] = text
	}
	return all, func(name string) ([]string, error) { return []string{dns[name]}, nil }
}

// checkSigned verifies a mail as its receiver would and returns how many
// signatures hold.
func checkSigned(t *testing.T, raw string, dns func(string) ([]string, error)) (good int) {
	t.Helper()
	all, err := dkim.VerifyWithOptions(strings.NewReader(raw), &dkim.VerifyOptions{LookupTXT: dns})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range all {
		if v.Err == nil {
			good++
		}
	}
	return good
}

func TestSignaturesHoldOnTheOtherSide(t *testing.T) {
	all, dns := keys(t)
	p := startPost(t, nil)
	raw, err := BuildMail(sample())
	if err != nil {
		t.Fatal(err)
	}
	signed, err := Sign(raw, all)
	if err != nil || !bytes.HasSuffix(signed, raw) {
		t.Fatalf("the mail itself has changed, or %v", err)
	}
	d := &incident.Delivery{ID: "d", Address: "a@b.test", Body: signed}
	if _, err := openMail(t, p.relay(NoTLS)).Send(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	got := p.got()[0]
	if n := checkSigned(t, got, dns); n != 2 {
		t.Errorf("%d signatures hold, want 2", n)
	}
	for name, spoil := range map[string]func(string) string{
		"body":           func(s string) string { return strings.Replace(s, "rivin", "Rivin", 1) },
		"subject":        func(s string) string { return strings.Replace(s, "2026-014", "2026-015", 1) },
		"second subject": func(s string) string { return strings.Replace(s, "Date: ", "Subject: x\r\nDate: ", 1) },
		"second sender":  func(s string) string { return strings.Replace(s, "Date: ", "From: e@evil.test\r\nDate: ", 1) },
		"added copy":     func(s string) string { return strings.Replace(s, "To: ", "To: e@evil.test\r\nTo: ", 1) },
	} {
		spoilt := spoil(got)
		if spoilt == got {
			t.Fatalf("%s: nothing was changed", name)
		}
		if n := checkSigned(t, spoilt, dns); n != 0 {
			t.Errorf("%s: %d signatures still hold", name, n)
		}
	}
}

func TestParseKey(t *testing.T) {
	all, _ := keys(t)
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		key  crypto.Signer
		want error
	}{{all[0].Signer, nil}, {all[1].Signer, nil}, {weak, errors.New("short")}} {
		der, err := x509.MarshalPKCS8PrivateKey(tt.key)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ParseKey(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
		if (err == nil) != (tt.want == nil) || err == nil && !got.Public().(interface{ Equal(crypto.PublicKey) bool }).Equal(tt.key.Public()) {
			t.Errorf("ParseKey(%T) = %v, %v", tt.key, got, err)
		}
	}
	for _, bad := range []string{"", "x", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"} {
		if _, err := ParseKey([]byte(bad)); err == nil {
			t.Errorf("ParseKey(%q) is taken", bad)
		}
	}
}

func BenchmarkBuildMail(b *testing.B) {
	m := sample()
	m.Date = time.Unix(1e9, 0)
	for b.Loop() {
		if _, err := BuildMail(m); err != nil {
			b.Fatal(err)
		}
	}
}
