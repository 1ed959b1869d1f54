package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"hatakello/incident"
	"hatakello/notify"
)

// returns is where mail that comes back is taken in.
type returns struct {
	BounceListen   string `help:"${bounce_listen}" env:"HATAKELLO_BOUNCE_LISTEN"`
	BounceTo       string `help:"${bounce_to}" env:"HATAKELLO_BOUNCE_TO"`
	BounceIMAP     string `name:"bounce-imap" help:"${bounce_imap}" env:"HATAKELLO_BOUNCE_IMAP"`
	BounceIMAPFile string `name:"bounce-imap-file" help:"${bounce_imap_file}" env:"HATAKELLO_BOUNCE_IMAP_FILE" placeholder:"FILE"`
}

// listens reports whether the listening address can be one.
func (r returns) listens() bool {
	if r.BounceListen == "" {
		return true
	}
	_, err := notify.ParseListen(r.BounceListen)
	return err == nil
}

// reads reports whether the mailbox can be one, with a password in a file.
func (r returns) reads() bool {
	if r.BounceIMAP == "" {
		return r.BounceIMAPFile == ""
	}
	_, err := r.box()
	return err == nil
}

// box returns the mailbox to read.
func (r returns) box() (notify.IMAPBox, error) {
	b, err := notify.ParseIMAP(r.BounceIMAP)
	if err != nil {
		return b, err
	}
	password, err := os.ReadFile(r.BounceIMAPFile)
	b.Password = strings.TrimSpace(string(password))
	if err == nil && b.Password == "" {
		err = fmt.Errorf("%s is empty", r.BounceIMAPFile)
	}
	return b, err
}

// isReturn reports whether s is an address or a whole domain, as @example.fi.
func isReturn(s string) bool {
	if domain, ok := strings.CutPrefix(s, "@"); ok {
		s = "x@" + domain
	}
	_, err := notify.Mailbox(s)
	return err == nil
}

// sender is the envelope sender, to which mail is returned: the address for
// that if there is one, or the sender whom people see. Each mail has a return
// path of its own where a whole domain comes back to us, and where the address
// is written with a plus: bounce+@example.fi.
func (s settings) sender() (address string, verp bool) {
	switch local, domain, _ := strings.Cut(s.BounceTo, "@"); {
	case s.BounceTo == "":
		return mailbox(s.From).Address, false
	case local == "":
		return "bounce@" + domain, true
	default:
		return strings.TrimSuffix(local, "+") + "@" + domain, strings.HasSuffix(local, "+")
	}
}

// takeIn opens the ways by which returned mail comes.
func (h *house) takeIn(r returns) error {
	in := notify.NewIntake(h.desk, time.Now, slog.Default())
	if r.BounceListen != "" {
		l, err := notify.ParseListen(r.BounceListen)
		if err != nil {
			return err
		}
		ln, err := l.Open()
		if err != nil {
			return &incident.Error{Kind: incident.Refused, Field: "bounce-listen", Key: "cli.serve.taken", Args: map[string]any{"Value": r.BounceListen}}
		}
		h.loops = append(h.loops, func(ctx context.Context) {
			if err := in.ServeMail(ctx, ln, l.Protocol, strings.Replace(r.BounceTo, "+@", "@", 1)); err != nil {
				slog.Error("take in returned mail", "err", err)
			}
		})
	}
	if r.BounceIMAP != "" {
		b, err := r.box()
		if err != nil {
			return err
		}
		h.loops = append(h.loops, func(ctx context.Context) { in.ServeBox(ctx, b) })
	}
	return nil
}
