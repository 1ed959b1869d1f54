package notify

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"

	"github.com/emersion/go-msgauth/dkim"
)

// Key signs mail for one selector of a domain (DKIM, RFC 6376). A mail may
// carry the signatures of several keys: RSA, which everybody checks, and
// Ed25519 (RFC 8463).
type Key struct {
	Domain   string
	Selector string
	Signer   crypto.Signer // *rsa.PrivateKey or ed25519.PrivateKey
}

// signed are the fields that a signature covers. Those named twice may not be
// added a second time by anybody on the way.
var signed = []string{"From", "From", "To", "To", "Subject", "Subject", "Reply-To", "Reply-To", "Date", "Message-ID",
	"Auto-Submitted", "Content-Language", "MIME-Version", "Content-Type", "Content-Type", "Content-Transfer-Encoding"}

// Sign puts the keys' signatures in front of a finished mail. Without keys the
// mail stays as it is.
func Sign(raw []byte, keys []Key) ([]byte, error) {
	for _, k := range keys {
		var out bytes.Buffer
		err := dkim.Sign(&out, bytes.NewReader(raw), &dkim.SignOptions{
			Domain: k.Domain, Selector: k.Selector, Signer: k.Signer, Hash: crypto.SHA256,
			HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed,
			HeaderKeys: signed,
		})
		if err != nil {
			return nil, fmt.Errorf("sign mail for %s: %w", k.Selector, err)
		}
		raw = out.Bytes()
	}
	return raw, nil
}

// ParseKey reads a private key in PKCS #8, as `openssl genpkey` writes it.
func ParseKey(data []byte) (crypto.Signer, error) {
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, errors.New("not a PEM file")
	}
	any, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("not a private key in PKCS #8")
	}
	switch k := any.(type) {
	case *rsa.PrivateKey:
		if k.N.BitLen() < 2048 {
			return nil, errors.New("RSA key shorter than 2048 bits")
		}
		return k, nil
	case ed25519.PrivateKey:
		return k, nil
	}
	return nil, errors.New("neither an RSA nor an Ed25519 key")
}

// Record returns the name and text of the DNS record by which receivers check
// the key.
func (k Key) Record() (name, text string, err error) {
	name = k.Selector + "._domainkey." + k.Domain
	switch pub := k.Signer.Public().(type) {
	case *rsa.PublicKey:
		der, err := x509.MarshalPKIXPublicKey(pub)
		return name, "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(der), err
	case ed25519.PublicKey:
		return name, "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(pub), nil
	}
	return "", "", errors.New("neither an RSA nor an Ed25519 key")
}
