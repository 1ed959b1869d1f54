package main

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"time"

	"hatakello/incident"
	"hatakello/notify"
)

// BounceCmd is "hatakello bounce": it takes in one returned mail, as a mail
// server hands it to a pipe.
type BounceCmd struct {
	database
	speech
	File string `arg:"" optional:"" default:"-" help:"${bounce_file}"`
	To   string `help:"${bounce_rcpt}"`
}

// speech is what a command needs that may have to write to people.
type speech struct {
	URL          string `name:"url" help:"${url}" env:"HATAKELLO_URL" required:""`
	From         string `help:"${from}" env:"HATAKELLO_FROM" required:""`
	SlackChannel string `help:"${slack_channel}" env:"HATAKELLO_SLACK_CHANNEL"`
	Keys         string `help:"${keys_dir}" env:"HATAKELLO_KEYS" placeholder:"FOLDER"`
	SignKey      string `name:"sign-key" help:"${sign_key}" env:"HATAKELLO_SIGN_KEY" placeholder:"FILE"`
	SMIMECert    string `name:"smime-cert" help:"${smime_cert}" env:"HATAKELLO_SMIME_CERT" placeholder:"FILE"`
	SMIMEKey     string `name:"smime-key" help:"${smime_key}" env:"HATAKELLO_SMIME_KEY" placeholder:"FILE"`
}

// The exit codes of sysexits that a mail server understands.
const (
	dataError = 65 // never bring it again
	tempFail  = 75 // bring it again later
)

// sysexit is an error with one of those codes.
type sysexit struct {
	code  int
	cause error
}

// Error says what went wrong.
func (e sysexit) Error() string { return e.cause.Error() }

// Unwrap gives the cause.
func (e sysexit) Unwrap() error { return e.cause }

// ExitCode is for the mail server.
func (e sysexit) ExitCode() int { return e.code }

// Run takes the mail in. Its exit code is 0 when it was taken, 65 when it is
// no report on a mail of ours, and 75 when it must be brought again.
func (cmd BounceCmd) Run(ctx context.Context, t *terminal) error {
	err := cmd.take(ctx, t)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, notify.ErrNotReport), errors.Is(err, notify.ErrMalformed):
		return sysexit{dataError, err}
	}
	return sysexit{tempFail, err}
}

func (cmd BounceCmd) take(ctx context.Context, t *terminal) error {
	in := io.Reader(t.in)
	if cmd.File != "-" {
		f, err := os.Open(cmd.File)
		if err != nil {
			return fmt.Errorf("bounce: %w", err)
		}
		defer f.Close()
		in = f
	}
	raw, err := io.ReadAll(io.LimitReader(in, notify.BounceMax))
	if err != nil {
		return fmt.Errorf("bounce: %w", err)
	}
	_, _ = io.Copy(io.Discard, in) // a mail server whose pipe breaks counts that as a failure
	h, err := t.openSpeaking(ctx, cmd.database, cmd.speech)
	if err != nil {
		return err
	}
	defer h.close()
	return notify.NewIntake(h.desk, time.Now, slog.New(slog.DiscardHandler)).Take(ctx, raw, cmd.To)
}

// openSpeaking opens the database for a command that may leave messages to
// send. The server's courier finds them there.
func (t *terminal) openSpeaking(ctx context.Context, d database, s speech) (*house, error) {
	h, err := t.open(ctx, d)
	if err != nil {
		return nil, err
	}
	keys, err := loadKeys(s.Keys)
	if err != nil {
		h.close()
		return nil, err
	}
	seal, err := outgoing{SMIMECert: s.SMIMECert, SMIMEKey: s.SMIMEKey}.seal(s.From)
	if err != nil {
		h.close()
		return nil, err
	}
	c := &composer{words: t.words, from: mailbox(s.From), site: s.URL, keys: keys, seal: seal, sign: t.publishedKey(ctx, h, d, s)}
	h.desk.Compose, h.desk.CodeMail, h.desk.Memo, h.desk.Alarm, h.desk.Channel = c.notice, c.code, c.memo, c.alarm, s.SlackChannel
	return h, nil
}

// publishedKey is the key with which the server signs notices, so that those
// which a command leaves in the outbox carry the same signed file. A key that
// the server has not published, or that cannot be read, signs nothing: the
// notice goes out all the same.
func (t *terminal) publishedKey(ctx context.Context, h *house, d database, s speech) ed25519.PrivateKey {
	file, _ := settings{database: d, SignKey: s.SignKey, Keys: s.Keys}.signKeyFile()
	if file == "" {
		return nil
	}
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) && s.SignKey == "" {
		return nil // no server has run here
	}
	var key ed25519.PrivateKey
	if err == nil {
		key, err = incident.ParseSignKey(data)
	}
	if err != nil {
		t.say("cli.unsigned", "Value", file)
		return nil
	}
	all, err := h.db.SignKeys(ctx)
	id := incident.KeyID(key.Public().(ed25519.PublicKey))
	if err != nil || !slices.ContainsFunc(all, func(k incident.SignKey) bool { return k.ID == id && k.Until.IsZero() }) {
		t.say("cli.unsigned", "Value", file)
		return nil
	}
	return key
}
