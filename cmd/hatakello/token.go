package main

import (
	"context"
	"fmt"

	"hatakello/incident"
)

// TokenCmd looks after the API's tokens.
type TokenCmd struct {
	Add    TokenAddCmd    `cmd:"" help:"${token_add}"`
	List   TokenListCmd   `cmd:"" help:"${token_list}"`
	Revoke TokenRevokeCmd `cmd:"" help:"${token_revoke}"`
}

// TokenAddCmd makes a token.
type TokenAddCmd struct {
	database
	Name string        `arg:"" help:"${token_name}"`
	Role incident.Role `help:"${token_role}" enum:"reporter,handler,privacy,approver,auditor,admin" required:""`
}

// Run prints the secret alone on the last line. Nobody can print it again: only
// its hash is stored.
func (cmd TokenAddCmd) Run(ctx context.Context, t *terminal) error {
	h, err := t.open(ctx, cmd.database)
	if err != nil {
		return err
	}
	defer h.close()
	secret, err := h.desk.AddToken(ctx, operator(), cmd.Name, cmd.Role)
	if err != nil {
		return err
	}
	t.say("cli.token.added", "Name", cmd.Name, "Role", cmd.Role)
	fmt.Fprintln(t.out, secret)
	return nil
}

// TokenListCmd lists the tokens.
type TokenListCmd struct {
	database
}

// Run prints one token on a line, never a secret.
func (cmd TokenListCmd) Run(ctx context.Context, t *terminal) error {
	h, err := t.open(ctx, cmd.database)
	if err != nil {
		return err
	}
	defer h.close()
	tokens, err := h.db.Tokens(ctx)
	if err != nil {
		return err
	}
	for _, k := range tokens {
		state := ""
		if !k.Revoked.IsZero() {
			state = t.words.Say(t.lang, "cli.state.revoked")
		}
		fmt.Fprintf(t.out, "%s\t%s\t%s\t%s\t%s\n", k.ID, k.Name, k.Role, k.Made.Format("2006-01-02T15:04Z"), state)
	}
	return nil
}

// TokenRevokeCmd ends a token.
type TokenRevokeCmd struct {
	database
	Which string `arg:"" help:"${token_which}"`
}

// Run ends the token; programs that use it are refused from then on.
func (cmd TokenRevokeCmd) Run(ctx context.Context, t *terminal) error {
	h, err := t.open(ctx, cmd.database)
	if err != nil {
		return err
	}
	defer h.close()
	tokens, err := h.db.Tokens(ctx)
	if err != nil {
		return err
	}
	var found []*incident.Token
	for _, k := range tokens {
		if k.Revoked.IsZero() && (k.ID == cmd.Which || k.Name == cmd.Which) {
			found = append(found, k)
		}
	}
	if len(found) != 1 {
		return &incident.Error{Kind: incident.NotFound, Key: "cli.token.unknown", Args: map[string]any{"Value": cmd.Which}}
	}
	if err := h.desk.RevokeToken(ctx, operator(), found[0]); err != nil {
		return err
	}
	t.say("cli.token.revoked", "Name", found[0].Name)
	return nil
}
