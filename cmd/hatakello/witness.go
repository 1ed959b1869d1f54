package main

import (
	"context"
	"log/slog"
	"net/http"
	"net/mail"
	"net/url"
	"time"

	"hatakello/incident"
	"hatakello/notify"
	"hatakello/templates"
)

// witnesses is who keeps checkpoints outside the house, beside every
// controller that gets a notice.
type witnesses struct {
	Witness []string `help:"${witness}" env:"HATAKELLO_WITNESS" placeholder:"ADDRESS"`
	TSA     string   `name:"tsa" help:"${tsa}" env:"HATAKELLO_TSA" placeholder:"URL"`
}

const (
	checkpointEvery = 10 * time.Second // changes of so long share a checkpoint
	stampEvery      = time.Hour        // a trusted time authority is not asked more often
)

// witness logs the ends of the chains while the server runs, has checkpoints
// stamped and once a day sends the newest to named people.
func (h *house) witness(ctx context.Context, s settings, c *composer) {
	each := time.NewTicker(checkpointEvery)
	defer each.Stop()
	var stamped time.Time
	for {
		if err := h.checkpoint(ctx, s); err != nil && ctx.Err() == nil {
			slog.Error("log the ends of the chains", "err", err)
		}
		if now := h.desk.Now(); s.TSA != "" && now.Sub(stamped) >= stampEvery {
			if err := h.stamp(ctx, s.TSA); err != nil && ctx.Err() == nil {
				slog.Error("have a checkpoint stamped", "err", err)
			}
			stamped = now
		}
		if err := h.tellWitnesses(ctx, s, c); err != nil && ctx.Err() == nil {
			slog.Error("send the checkpoint of the day", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-each.C:
		}
	}
}

// origin names the log in its checkpoints: the site's host.
func (s settings) origin() string {
	if u, err := url.Parse(s.URL); err == nil && u.Host != "" {
		return u.Host + "/hatakello"
	}
	return "hatakello"
}

// checkpoint logs what has happened since the last one.
func (h *house) checkpoint(ctx context.Context, s settings) error {
	_, err := h.db.Checkpoint(ctx, h.desk.Now(), func(k *incident.Checkpoint) string {
		return incident.SignCheckpoint(s.origin(), k, h.signKey)
	})
	return err
}

// stamp has the newest checkpoint stamped, unless it is already.
func (h *house) stamp(ctx context.Context, tsa string) error {
	k, err := h.db.NewestCheckpoint(ctx)
	if err != nil || k == nil || k.Stamp != nil {
		return err
	}
	token, err := notify.Stamp(ctx, http.DefaultClient, tsa, []byte(k.Note))
	if err != nil {
		return err
	}
	return h.db.StampCheckpoint(ctx, k.Size, token)
}

// tellWitnesses sends the newest checkpoint to named people, once a day.
func (h *house) tellWitnesses(ctx context.Context, s settings, c *composer) error {
	if len(s.Witness) == 0 {
		return nil
	}
	k, err := h.db.NewestCheckpoint(ctx)
	if err != nil || k == nil {
		return err
	}
	org, err := h.db.Organisation(ctx)
	if err != nil {
		return err
	}
	return h.desk.TellWitnesses(ctx, k, s.Witness, func(id, address string) ([]byte, error) {
		return c.witness(org, k, id, address)
	})
}

// witness composes the mail with the checkpoint of the day.
func (c *composer) witness(org incident.Organisation, k *incident.Checkpoint, id, address string) ([]byte, error) {
	from, _ := c.sender(org)
	lang := templates.Langs[0]
	return c.freeze(notify.Message{
		ID: id, From: from, To: mail.Address{Address: address}, Lang: lang, Date: k.At,
		Subject: oneLine(c.words.Say(lang, "mail.witness.subject", "Name", org.Name, "Short", k.Short())),
		Text:    plain(c.words.Say(lang, "mail.witness.text", "Short", k.Short(), "Note", k.Note)),
	})
}

// isTSA reports whether s is an address that a request for a time stamp can be
// sent to.
func isTSA(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

// allMailboxes reports whether mail can be sent to all of them.
func allMailboxes(all []string) bool {
	for _, a := range all {
		if !isMailbox(a) {
			return false
		}
	}
	return true
}
