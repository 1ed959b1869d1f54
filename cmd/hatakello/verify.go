package main

import (
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"os"

	"hatakello/incident"
)

// VerifyCmd is "hatakello verify": it checks a signed notice against the keys
// that its sender publishes, or a bundle or a whole database against itself and
// against checkpoints that were kept outside.
type VerifyCmd struct {
	database
	File string   `arg:"" optional:"" help:"${verify_file}"`
	Key  string   `help:"${verify_key}" type:"path" placeholder:"FILE"`
	Root []string `help:"${verify_root}" placeholder:"ROOT"`
}

// Run exits with 0 only if nothing was changed and, of a notice, a key of the
// sender vouches for it.
func (c VerifyCmd) Run(ctx context.Context, t *terminal) error {
	switch {
	case c.File == "":
		return verifyDatabase(ctx, t, c.DB, c.Root)
	case isDatabase(c.File):
		return verifyDatabase(ctx, t, c.File, c.Root)
	case begins(c.File, "PK"):
		return c.bundle(t)
	}
	return c.notice(t)
}

// notice checks a signed notice.
func (c VerifyCmd) notice(t *terminal) error {
	data, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	v, err := incident.VerifyNotice(data)
	if err != nil {
		return &incident.Error{Kind: incident.Invalid, Key: "cli.verify.forged", Args: map[string]any{"File": c.File}}
	}
	if c.Key == "" {
		return &incident.Error{Kind: incident.Refused, Key: "cli.verify.unproven", Args: map[string]any{"Key": v.Key}}
	}
	keys, err := readKeys(c.Key)
	if err != nil {
		return &incident.Error{Kind: incident.Invalid, Key: "cli.verify.key", Args: map[string]any{"File": c.Key}}
	}
	if !keys.Vouch(v) {
		return &incident.Error{Kind: incident.Refused, Key: "cli.verify.stranger", Args: map[string]any{"Key": v.Key}}
	}
	n := v.Notice
	t.print("cli.verify.good", "Organisation", n.Organisation, "Case", n.Case, "Number", n.Number, "N", n.Number, "At", n.SentAt, "Key", v.Key)
	return nil
}

// readKeys reads published keys, or one public key in PEM.
func readKeys(file string) (incident.KeySet, error) {
	var set incident.KeySet
	data, err := os.ReadFile(file)
	if err != nil {
		return set, err
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return set, json.Unmarshal(data, &set)
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return set, err
	}
	public, ok := key.(ed25519.PublicKey)
	if !ok {
		return set, x509.ErrUnsupportedAlgorithm
	}
	set.Keys = []incident.KeyEntry{{ID: incident.KeyID(public), Algorithm: "Ed25519", Public: base64.StdEncoding.EncodeToString(public)}}
	return set, nil
}
