package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"hatakello/incident"
)

// signKeyFile is where the key lies that signs notices: the one given, else in
// the folder of keys, else beside the database. A database on a server has no beside; then nothing is
// signed until a key is given, because each node would make its own.
func (s settings) signKeyFile() (file string, make bool) {
	switch {
	case s.SignKey != "":
		return s.SignKey, false
	case s.Keys != "":
		if file := filepath.Join(s.Keys, signerPEM); exists(file) {
			return file, false
		}
	}
	switch {
	case s.postgres():
		return "", false
	}
	return strings.TrimPrefix(s.DB, "sqlite:") + ".sign.pem", true
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

// signKey reads the key that signs notices, or makes it on the first start. It
// returns nil where there is none.
func (s settings) signKey() (ed25519.PrivateKey, error) {
	file, mayMake := s.signKeyFile()
	if file == "" {
		return nil, nil
	}
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) && mayMake {
		return makeSignKey(file)
	}
	var key ed25519.PrivateKey
	if err == nil {
		key, err = incident.ParseSignKey(data)
	}
	if err != nil {
		return nil, wrongSetting("sign-key", "cli.setting.signkey", file)
	}
	return key, nil
}

// makeSignKey writes a new key that only the program's own user can read.
func makeSignKey(file string) (ed25519.PrivateKey, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	data, err := incident.EncodeSignKey(key)
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	if _, err := f.Write(data); err != nil {
		_ = f.Close()
		return nil, err
	}
	return key, errors.Join(f.Sync(), f.Close())
}

// adoptKey makes the key that signs notices the one that is published.
func (h *house) adoptKey(ctx context.Context, s settings) error {
	key, err := s.signKey()
	if err != nil || key == nil {
		return err
	}
	h.signKey = key
	return h.desk.AdoptKey(ctx, key.Public().(ed25519.PublicKey))
}
