package main

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"hatakello/incident"
	"hatakello/notify"
)

// KeysCmd looks after the keys that sign mail and notices.
type KeysCmd struct {
	Make KeysMakeCmd `cmd:"" help:"${keys_make}"`
	List KeysListCmd `cmd:"" help:"${keys_list}"`
}

// keyFolder is where the keys are.
type keyFolder struct {
	Keys string `help:"${keys_dir}" env:"HATAKELLO_KEYS" default:"keys" placeholder:"FOLDER"`
}

// KeysMakeCmd makes the keys that are not there yet.
type KeysMakeCmd struct {
	keyFolder
	Domain   string `help:"${keys_domain}" required:""`
	Selector string `help:"${keys_selector}"`

	now func() time.Time // time.Now where nil
}

// KeysListCmd prints what receivers must find.
type KeysListCmd struct {
	keyFolder
}

// A DKIM key's file is named after its DNS record; the key for notices has a
// name of its own.
const (
	dkimMark  = "._domainkey."
	signerPEM = "notice-signing.pem"
	rsaBits   = 2048 // what every receiver takes and a DNS record holds
)

// Run makes an RSA and an Ed25519 key for DKIM, under a new selector, and the
// Ed25519 key for notices unless there is one. No file is ever overwritten.
func (cmd KeysMakeCmd) Run(t *terminal) error {
	if _, err := notify.Mailbox("x@" + cmd.Domain); err != nil {
		return wrongly("--domain", "cli.keys.domain", map[string]any{"Value": cmd.Domain})
	}
	if cmd.Selector == "" {
		now := time.Now
		if cmd.now != nil {
			now = cmd.now
		}
		cmd.Selector = "hk" + now().UTC().Format("200601")
	}
	if strings.Trim(cmd.Selector, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		return wrongly("--selector", "cli.keys.selector", map[string]any{"Value": cmd.Selector})
	}
	if err := os.MkdirAll(cmd.Keys, 0o700); err != nil {
		return fmt.Errorf("make keys: %w", err)
	}
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	rsaKey, err := rsa.GenerateKey(rand.Reader, rsaBits)
	if err != nil {
		return err
	}
	_, signer, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	for _, k := range []struct {
		file   string
		key    any
		always bool
	}{
		{cmd.Selector + "r" + dkimMark + cmd.Domain + ".pem", rsaKey, true},
		{cmd.Selector + "e" + dkimMark + cmd.Domain + ".pem", edKey, true},
		{signerPEM, signer, false},
	} {
		err := writeKey(filepath.Join(cmd.Keys, k.file), k.key)
		if errors.Is(err, os.ErrExist) && !k.always {
			continue
		}
		if errors.Is(err, os.ErrExist) {
			return &incident.Error{Kind: incident.Refused, Key: "cli.keys.exists", Args: map[string]any{"Value": k.file}}
		}
		if err != nil {
			return fmt.Errorf("make keys: %w", err)
		}
	}
	t.say("cli.keys.made", "Folder", cmd.Keys)
	return KeysListCmd{cmd.keyFolder}.Run(t)
}

// writeKey writes a new file that only its owner may read.
func writeKey(path string, key any) error {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	err = pem.Encode(f, &pem.Block{Type: "PRIVATE KEY", Bytes: der})
	return errors.Join(err, f.Sync(), f.Close())
}

// Run prints the DNS records, ready for a zone file, and the public key by
// which notices are checked.
func (cmd KeysListCmd) Run(t *terminal) error {
	keys, err := loadKeys(cmd.Keys)
	if err != nil {
		return err
	}
	for _, k := range keys {
		name, text, err := k.Record()
		if err != nil {
			return err
		}
		fmt.Fprintf(t.out, "%s. IN TXT %s\n", name, quoteTXT(text))
	}
	signer, err := readKey(filepath.Join(cmd.Keys, signerPEM))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	pub, ok := signer.Public().(ed25519.PublicKey)
	if !ok {
		return fmt.Errorf("%s: not an Ed25519 key", signerPEM)
	}
	sum := sha256.Sum256(pub)
	fmt.Fprintf(t.out, "; %s ed25519 %s sha256:%s\n", signerPEM, base64.StdEncoding.EncodeToString(pub), hex.EncodeToString(sum[:]))
	return nil
}

// quoteTXT writes a DNS text in strings of at most 255 bytes.
func quoteTXT(text string) string {
	const most = 255
	var parts []string
	for len(text) > most {
		parts = append(parts, `"`+text[:most]+`"`)
		text = text[most:]
	}
	parts = append(parts, `"`+text+`"`)
	if len(parts) == 1 {
		return parts[0]
	}
	return "( " + strings.Join(parts, " ") + " )"
}

// loadKeys reads the DKIM keys of a folder; "" is no folder and no keys. A key
// that others may read is refused.
func loadKeys(dir string) ([]notify.Key, error) {
	if dir == "" {
		return nil, nil
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"+dkimMark+"*.pem"))
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(dir); err != nil {
		return nil, fmt.Errorf("read keys: %w", err)
	}
	var keys []notify.Key
	for _, file := range files {
		selector, domain, _ := strings.Cut(strings.TrimSuffix(filepath.Base(file), ".pem"), dkimMark)
		signer, err := readKey(file)
		if err != nil {
			return nil, err
		}
		keys = append(keys, notify.Key{Domain: domain, Selector: selector, Signer: signer})
	}
	return keys, nil
}

func readKey(file string) (crypto.Signer, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, fmt.Errorf("read key: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, &incident.Error{Kind: incident.Refused, Key: "cli.keys.open", Args: map[string]any{"Value": file}}
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read key: %w", err)
	}
	signer, err := notify.ParseKey(data)
	if err != nil {
		return nil, fmt.Errorf("read key %s: %w", file, err)
	}
	return signer, nil
}
