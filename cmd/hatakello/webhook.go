package main

import (
	"context"
	"fmt"
	"net/netip"

	"hatakello/incident"
)

// WebhookCmd looks after the endpoints of other people's machines.
type WebhookCmd struct {
	Add    WebhookAddCmd    `cmd:"" help:"${webhook_add}"`
	List   WebhookListCmd   `cmd:"" help:"${webhook_list}"`
	Remove WebhookRemoveCmd `cmd:"" help:"${webhook_remove}"`
}

// WebhookAddCmd adds an endpoint.
type WebhookAddCmd struct {
	database
	URL      string `arg:"" help:"${webhook_url}"`
	Customer string `help:"${webhook_customer}" xor:"whose"`
	Own      bool   `help:"${webhook_own}" xor:"whose"`
}

// Run prints the secret alone on the last line. It is not printed again.
func (cmd WebhookAddCmd) Run(ctx context.Context, t *terminal) error {
	h, err := t.open(ctx, cmd.database)
	if err != nil {
		return err
	}
	defer h.close()
	if cmd.Own == (cmd.Customer != "") {
		return wrongly("--customer", "cli.webhook.whose", nil)
	}
	id := ""
	if cmd.Customer != "" {
		found, err := h.db.Match(ctx, []string{cmd.Customer})
		if err != nil {
			return err
		}
		if len(found[cmd.Customer]) != 1 {
			return &incident.Error{Kind: incident.NotFound, Key: "cli.webhook.customer", Args: map[string]any{"Value": cmd.Customer}}
		}
		id = found[cmd.Customer][0]
	}
	k, err := h.desk.AddWebhook(ctx, operator(), id, cmd.URL)
	if err != nil {
		return err
	}
	t.say("cli.webhook.added", "ID", k.ID)
	fmt.Fprintln(t.out, k.Secret)
	return nil
}

// WebhookListCmd lists the endpoints.
type WebhookListCmd struct {
	database
}

// Run prints one endpoint on a line, never a secret.
func (cmd WebhookListCmd) Run(ctx context.Context, t *terminal) error {
	h, err := t.open(ctx, cmd.database)
	if err != nil {
		return err
	}
	defer h.close()
	all, err := h.db.AllWebhooks(ctx)
	if err != nil {
		return err
	}
	names := map[string]string{"": "–"}
	for _, k := range all {
		if _, known := names[k.Controller]; known {
			continue
		}
		found, err := h.db.Controllers(ctx, []string{k.Controller})
		if err != nil {
			return err
		}
		for _, c := range found {
			names[c.ID] = c.Name
		}
	}
	for _, k := range all {
		state := ""
		if !k.Ended.IsZero() {
			state = t.words.Say(t.lang, "cli.state.revoked")
		}
		fmt.Fprintf(t.out, "%s\t%s\t%s\t%s\t%s\n", k.ID, names[k.Controller], k.URL, k.Made.Format("2006-01-02T15:04Z"), state)
	}
	return nil
}

// WebhookRemoveCmd ends an endpoint.
type WebhookRemoveCmd struct {
	database
	ID string `arg:"" help:"${webhook_id}"`
}

// Run ends it: nothing is sent to it from then on.
func (cmd WebhookRemoveCmd) Run(ctx context.Context, t *terminal) error {
	h, err := t.open(ctx, cmd.database)
	if err != nil {
		return err
	}
	defer h.close()
	if err := h.desk.EndWebhook(ctx, operator(), cmd.ID); err != nil {
		return err
	}
	t.say("cli.webhook.removed", "ID", cmd.ID)
	return nil
}

// networks reads addresses and networks, such as 10.0.0.5 and 10.0.0.0/8.
func networks(all []string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, s := range all {
		p, err := netip.ParsePrefix(s)
		if a, bare := netip.ParseAddr(s); bare == nil {
			p, err = a.Prefix(a.BitLen())
		}
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}
