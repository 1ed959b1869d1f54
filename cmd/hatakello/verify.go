package main

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"os"

	"hatakello/incident"
)

// VerifyCmd is "hatakello verify": it checks a signed notice against the keys
// that its sender publishes.
type VerifyCmd struct {
	File string `arg:"" help:"${verify_file}" type:"path"`
	Key  string `help:"${verify_key}" type:"path" placeholder:"FILE"`
}

// Run exits with 0 only if the file is unchanged and a key of the sender
// vouches for it.
func (c VerifyCmd) Run(t *terminal) error {
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
