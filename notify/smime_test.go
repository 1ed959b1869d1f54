package notify

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	gomail "github.com/emersion/go-message/mail"
)

// certified makes a root, a certificate for an address under it and its key,
// all in PEM.
func certified(t *testing.T, key crypto.Signer, address string, until time.Time) (root, cert, private []byte) {
	t.Helper()
	top, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	from := until.Add(-48 * time.Hour)
	ca := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Koejuuri"}, NotBefore: from, NotAfter: until.Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	leaf := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "Aino Koe"}, NotBefore: from, NotAfter: until,
		EmailAddresses: []string{address}, KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}}
	made := func(c, by *x509.Certificate, pub crypto.PublicKey) []byte {
		der, err := x509.CreateCertificate(rand.Reader, c, by, pub, top)
		if err != nil {
			t.Fatal(err)
		}
		return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return made(ca, ca, top.Public()), made(leaf, ca, key.Public()), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

func keyPairs(t *testing.T) map[string]crypto.Signer {
	t.Helper()
	long, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	short, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]crypto.Signer{"RSA": long, "ECDSA": short}
}

// An independent program verifies what was signed, on the other side of a mail
// server, under DKIM signatures that hold too; and it sees any change.
func TestSealHoldsOnTheOtherSide(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Fatal("openssl is missing: install the Debian package openssl")
	}
	dkimKeys, dns := keys(t)
	for name, key := range keyPairs(t) {
		root, cert, private := certified(t, key, "tietosuoja@sender.test", time.Now().Add(time.Hour))
		seal, err := ParseSeal(cert, private, "Tietosuoja@sender.test", time.Now())
		if err != nil {
			t.Fatal(err)
		}
		raw, err := BuildMail(sample())
		if err != nil {
			t.Fatal(err)
		}
		sealed, err := seal.Sign(raw)
		if err != nil {
			t.Fatal(err)
		}
		signed, err := Sign(sealed, dkimKeys)
		if err != nil {
			t.Fatal(err)
		}
		p := startPost(t, nil)
		d := mailTo(t, "d", "a@b.test")
		d.Body = signed
		if _, err := openMail(t, p.relay(NoTLS)).Send(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		got := []byte(p.got()[0])
		if n := checkSigned(t, string(got), dns); n != len(dkimKeys) {
			t.Errorf("%s: %d DKIM signatures hold, want %d", name, n, len(dkimKeys))
		}
		if out, err := verifyCMS(t, root, got); err != nil {
			t.Errorf("%s: openssl: %v\n%s", name, err, out)
		}
		if out, err := verifyCMS(t, root, bytes.Replace(got, []byte("rivin"), []byte("Rivin"), 1)); err == nil {
			t.Errorf("%s: openssl takes a changed mail\n%s", name, out)
		}
		sameWords(t, raw, got)
	}
}

// verifyCMS has openssl check a mail against one root.
func verifyCMS(t *testing.T, root, mail []byte) (string, error) {
	t.Helper()
	dir := t.TempDir()
	for name, data := range map[string][]byte{"root.pem": root, "mail.eml": mail} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("openssl", "cms", "-verify", "-in", "mail.eml", "-CAfile", "root.pem", "-purpose", "smimesign", "-out", "text")
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// sameWords checks that a mail program reads the same texts in both mails.
func sameWords(t *testing.T, plain, sealed []byte) {
	t.Helper()
	a, b := partsOf(t, plain), partsOf(t, sealed)
	if len(b) != len(a)+1 {
		t.Fatalf("%d parts before, %d sealed", len(a), len(b))
	}
	for i := range a {
		if a[i] != b[i] {
			t.Errorf("part %d reads differently", i)
		}
	}
	m, err := mail.ReadMessage(bytes.NewReader(sealed))
	if err != nil || m.Header.Get("Subject") == "" || len(m.Header["Content-Type"]) != 1 || len(m.Header["Mime-Version"]) != 1 {
		t.Errorf("header %v, %v", m.Header, err)
	}
	for line := range strings.SplitSeq(string(sealed), "\r\n") {
		if len(line) > lineMax || strings.ContainsAny(line, "\r\n") {
			t.Errorf("line %.60q", line)
		}
	}
}

func partsOf(t *testing.T, raw []byte) (texts []string) {
	t.Helper()
	r, err := gomail.CreateReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	for {
		p, err := r.NextPart()
		if err != nil {
			return texts
		}
		var b bytes.Buffer
		if _, err := b.ReadFrom(p.Body); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, b.String())
	}
}

func TestParseSealRefuses(t *testing.T) {
	ks := keyPairs(t)
	_, cert, private := certified(t, ks["ECDSA"], "a@b.test", time.Now().Add(time.Hour))
	_, old, _ := certified(t, ks["ECDSA"], "a@b.test", time.Now().Add(-time.Hour))
	_, _, another := certified(t, ks["RSA"], "a@b.test", time.Now().Add(time.Hour))
	for name, tt := range map[string]struct {
		cert, key []byte
		from      string
	}{
		"expired": {old, private, "a@b.test"}, "another key": {cert, another, "a@b.test"}, "another sender": {cert, private, "x@b.test"},
		"no certificate": {nil, private, "a@b.test"}, "no key": {cert, nil, "a@b.test"}, "exchanged": {private, cert, "a@b.test"},
	} {
		if _, err := ParseSeal(tt.cert, tt.key, tt.from, time.Now()); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	if _, err := ParseSeal(cert, private, "a@b.test", time.Now()); err != nil {
		t.Errorf("a good one: %v", err)
	}
}
