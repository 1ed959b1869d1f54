package incident

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"time"
)

// SignKey is a public key by which signed notices are checked. The key in use
// has no Until; those before it stay published, for what they have signed.
type SignKey struct {
	ID     string            `json:"id"` // first 16 hex digits of the SHA-256 of the key
	Public ed25519.PublicKey `json:"public"`
	Since  time.Time         `json:"since"`
	Until  time.Time         `json:"until,omitzero"`
}

// KeyID names a public key.
func KeyID(public ed25519.PublicKey) string {
	sum := sha256.Sum256(public)
	return hex.EncodeToString(sum[:8])
}

// KeySet is what is published at /.well-known/hatakello-keys.json.
type KeySet struct {
	Keys []KeyEntry `json:"keys"`
}

// KeyEntry is a key as published; Public is in standard base64.
type KeyEntry struct {
	ID        string `json:"id"`
	Algorithm string `json:"algorithm"` // "Ed25519"
	Public    string `json:"public"`
	Since     string `json:"since"`
	Until     string `json:"until,omitempty"`
}

// Publish gives the keys in the form in which they are published.
func Publish(keys []SignKey) KeySet {
	set := KeySet{Keys: []KeyEntry{}}
	for _, k := range keys {
		e := KeyEntry{ID: k.ID, Algorithm: "Ed25519", Public: base64.StdEncoding.EncodeToString(k.Public), Since: stamp(k.Since)}
		if !k.Until.IsZero() {
			e.Until = stamp(k.Until)
		}
		set.Keys = append(set.Keys, e)
	}
	return set
}

// NoticeDocument is a notice for machines; docs/notice.schema.json describes
// it. It says what the mail said, of one controller alone.
type NoticeDocument struct {
	Format       string `json:"format"` // noticeFormat
	Organisation string `json:"organisation"`
	Contact      string `json:"contact,omitempty"`
	Case         string `json:"case"`
	Controller   string `json:"controller"`
	Number       int    `json:"number"`
	Language     string `json:"language"`
	Code         string `json:"code"`
	SentAt       string `json:"sent_at"`
	NextUpdate   string `json:"next_update,omitempty"`
	Subject      string `json:"subject"`
	Text         string `json:"text"`
}

const noticeFormat = "hatakello-notice-1"

// DocumentOf makes the document of a notice.
func DocumentOf(org Organisation, number, controller string, n *Notice) NoticeDocument {
	doc := NoticeDocument{Format: noticeFormat, Organisation: org.Name, Contact: org.Email, Case: number, Controller: controller,
		Number: n.N, Language: n.Lang, Code: n.Code, SentAt: stamp(n.At), Subject: n.Subject, Text: n.Text}
	if !n.NextUpdate.IsZero() {
		doc.NextUpdate = stamp(n.NextUpdate)
	}
	return doc
}

// signedFile is the file that holds a document and its signature. The signed
// bytes are exactly those of the value of "notice".
type signedFile struct {
	Notice    json.RawMessage `json:"notice"`
	Signature fileSignature   `json:"signature"`
}

type fileSignature struct {
	Algorithm string `json:"algorithm"`
	Key       string `json:"key"`
	Public    string `json:"public"`
	Value     string `json:"value"`
}

// SignNotice signs a document. The same document and key give the same bytes.
func SignNotice(doc NoticeDocument, key ed25519.PrivateKey) ([]byte, error) {
	raw, err := json.Marshal(doc)
	if err != nil {
		return nil, err
	}
	public := key.Public().(ed25519.PublicKey)
	return seal(raw, fileSignature{"Ed25519", KeyID(public), base64.StdEncoding.EncodeToString(public),
		base64.StdEncoding.EncodeToString(ed25519.Sign(key, raw))})
}

// seal writes the file; there is one way to write it.
func seal(raw []byte, s fileSignature) ([]byte, error) {
	sig, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, "{\"notice\":%s,\n\"signature\":%s}\n", raw, sig), nil
}

// ErrForged is returned for a file whose bytes do not carry the signature.
var ErrForged = errors.New("the signature does not fit")

// Verified is what a good signature proves.
type Verified struct {
	Notice NoticeDocument
	Raw    []byte // the signed bytes
	Sig    []byte
	Key    string // id
	Public ed25519.PublicKey
}

// VerifyNotice checks a signed file against the key that it names itself: that
// alone proves that nothing was changed, not who sent it. The caller compares
// the key with one that the sender published. Any changed byte of the file is
// ErrForged.
func VerifyNotice(file []byte) (*Verified, error) {
	var f signedFile
	dec := json.NewDecoder(bytes.NewReader(file))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrForged, err)
	}
	again, err := seal(f.Notice, f.Signature)
	if err != nil || !bytes.Equal(again, file) {
		return nil, ErrForged
	}
	strict := base64.StdEncoding.Strict()
	public, err := strict.DecodeString(f.Signature.Public)
	if err != nil || len(public) != ed25519.PublicKeySize || KeyID(public) != f.Signature.Key || f.Signature.Algorithm != "Ed25519" {
		return nil, ErrForged
	}
	sig, err := strict.DecodeString(f.Signature.Value)
	if err != nil || !ed25519.Verify(public, f.Notice, sig) {
		return nil, ErrForged
	}
	v := &Verified{Raw: f.Notice, Sig: sig, Key: f.Signature.Key, Public: public}
	doc := json.NewDecoder(bytes.NewReader(f.Notice))
	doc.DisallowUnknownFields()
	if err := doc.Decode(&v.Notice); err != nil || v.Notice.Format != noticeFormat {
		return nil, ErrForged
	}
	return v, nil
}

// Vouch reports whether a published key vouches for a notice: the key is one
// of them and was in use when the notice was sent. A notice from before the
// first key may be signed by it later.
func (set KeySet) Vouch(v *Verified) bool {
	for _, k := range set.Keys {
		public, err := base64.StdEncoding.Strict().DecodeString(k.Public)
		if err == nil && k.ID == v.Key && k.Algorithm == "Ed25519" && bytes.Equal(public, v.Public) {
			return k.Until == "" || v.Notice.SentAt <= k.Until
		}
	}
	return false
}

// ParseSignKey reads a private key: PKCS #8 in PEM, as openssl writes it.
func ParseSignKey(data []byte) (ed25519.PrivateKey, error) {
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, errors.New("no PEM block")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	private, ok := key.(ed25519.PrivateKey)
	if !ok {
		return nil, errors.New("not an Ed25519 key")
	}
	return private, nil
}

// EncodeSignKey writes a private key as ParseSignKey reads it.
func EncodeSignKey(key ed25519.PrivateKey) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}

// AdoptKey makes a key the one in use and ends the one before it. Adopting the
// key in use changes nothing.
func (d *Desk) AdoptKey(ctx context.Context, public ed25519.PublicKey) error {
	_, err := d.act(ctx, Program, "sign_key", "", func(c *Change) error {
		keys, err := d.Store.SignKeys(ctx)
		if err != nil {
			return err
		}
		id := KeyID(public)
		mine := SignKey{ID: id, Public: public, Since: c.At}
		for _, k := range keys {
			switch {
			case k.ID == id && k.Until.IsZero():
				return nil
			case k.ID == id:
				mine.Since = k.Since
			case k.Until.IsZero():
				k.Until = c.At
				c.SignKeys = append(c.SignKeys, k)
			}
		}
		c.SignKeys = append(c.SignKeys, mine)
		c.What = map[string]any{"key": id}
		return nil
	})
	return err
}
