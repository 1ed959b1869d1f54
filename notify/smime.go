package notify

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/smallstep/pkcs7"
)

// Seal signs mail so that the reader's mail program shows who wrote it
// (S/MIME, RFC 8551).
type Seal struct {
	cert  *x509.Certificate
	chain []*x509.Certificate // those between it and the root
	key   crypto.Signer
}

// ParseSeal reads a certificate, with those above it behind it, and its
// private key, all in PEM. The address in From must be one of the
// certificate's; it is not valid for ever.
func ParseSeal(certs, key []byte, from string, now time.Time) (*Seal, error) {
	s := &Seal{}
	for block, rest := pem.Decode(certs); block != nil; block, rest = pem.Decode(rest) {
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("read certificate: %w", err)
		}
		if s.cert == nil {
			s.cert = c
		} else {
			s.chain = append(s.chain, c)
		}
	}
	if s.cert == nil {
		return nil, errors.New("no certificate in the file")
	}
	block, _ := pem.Decode(key)
	if block == nil {
		return nil, errors.New("no private key in the file")
	}
	any, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("not a private key in PKCS #8")
	}
	var ok bool
	if s.key, ok = any.(crypto.Signer); !ok {
		return nil, errors.New("not a key that signs")
	}
	return s, s.fits(from, now)
}

// fits checks that the key, the certificate and the sender belong together.
func (s *Seal) fits(from string, now time.Time) error {
	pub, ok := s.key.Public().(interface{ Equal(crypto.PublicKey) bool })
	if !ok || !pub.Equal(s.cert.PublicKey) {
		return errors.New("the certificate is another key's")
	}
	if now.Before(s.cert.NotBefore) || now.After(s.cert.NotAfter) {
		return fmt.Errorf("the certificate is valid from %s to %s", s.cert.NotBefore.Format(time.DateOnly), s.cert.NotAfter.Format(time.DateOnly))
	}
	for _, a := range s.cert.EmailAddresses {
		if strings.EqualFold(a, from) {
			return nil
		}
	}
	return fmt.Errorf("the certificate is not for %s", from)
}

// Sign makes a signed mail of a finished one: its text becomes the first of
// two parts, byte for byte, and the second is the signature over it.
func (s *Seal) Sign(raw []byte) ([]byte, error) {
	head, body, ok := bytes.Cut(raw, []byte("\r\n\r\n"))
	if !ok {
		return nil, errors.New("sign mail: no body")
	}
	outer, inner := splitMIME(head)
	part := append(append(inner, "\r\n"...), body...)
	sig, err := s.detached(part)
	if err != nil {
		return nil, fmt.Errorf("sign mail: %w", err)
	}
	sum := sha256.Sum256(part)
	boundary := "sealed-" + hex.EncodeToString(sum[:16])
	var b bytes.Buffer
	b.Write(outer)
	b.WriteString("MIME-Version: 1.0\r\nContent-Type: multipart/signed; micalg=sha-256;\r\n protocol=\"application/pkcs7-signature\";\r\n boundary=\"" + boundary + "\"\r\n\r\n")
	b.WriteString("--" + boundary + "\r\n")
	b.Write(part)
	b.WriteString("\r\n--" + boundary + "\r\nContent-Type: application/pkcs7-signature; name=\"smime.p7s\"\r\n" +
		"Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=\"smime.p7s\"\r\n\r\n")
	for text := base64.StdEncoding.EncodeToString(sig); text != ""; {
		n := min(fold, len(text))
		b.WriteString(text[:n] + "\r\n")
		text = text[n:]
	}
	b.WriteString("--" + boundary + "--\r\n")
	return b.Bytes(), nil
}

// detached is the signature alone.
func (s *Seal) detached(part []byte) ([]byte, error) {
	sd, err := pkcs7.NewSignedData(part)
	if err != nil {
		return nil, err
	}
	sd.SetDigestAlgorithm(pkcs7.OIDDigestAlgorithmSHA256)
	if err := sd.AddSigner(s.cert, s.key, pkcs7.SignerInfoConfig{}); err != nil {
		return nil, err
	}
	for _, c := range s.chain {
		sd.AddCertificate(c)
	}
	sd.Detach()
	return sd.Finish()
}

// splitMIME parts the fields of a header that are about the body from the
// others. MIME-Version goes with neither.
func splitMIME(head []byte) (outer, inner []byte) {
	to := &outer
	for line := range bytes.SplitSeq(head, []byte("\r\n")) {
		if name, _, ok := bytes.Cut(line, []byte(":")); ok && line[0] != ' ' && line[0] != '\t' {
			switch strings.ToLower(string(name)) {
			case "content-type", "content-transfer-encoding":
				to = &inner
			case "mime-version":
				to = nil
			default:
				to = &outer
			}
		}
		if to != nil {
			*to = append(append(*to, line...), "\r\n"...)
		}
	}
	return outer, inner
}
