package incident

import (
	"context"
	"maps"
	"net/mail"
	"slices"
	"strings"
)

// langs are the languages that a controller or a user may have.
var langs = []string{"fi", "sv", "en"}

// SaveController adds or changes a customer. An empty ID makes a new one; its
// id is then set. A mandate that was given or withdrawn holds at once in the
// cases that are open.
func (d *Desk) SaveController(ctx context.Context, by Actor, k *Controller) error {
	k.Name = strings.TrimSpace(k.Name)
	if errs := checkController(k); len(errs) > 0 {
		return errs
	}
	return d.register(ctx, by, func(c *Change) error {
		if k.ID == "" {
			k.ID = d.NewID()
		} else if err := d.mandated(ctx, c, k); err != nil {
			return err
		}
		was, err := d.Store.Controllers(ctx, []string{k.ID})
		if err != nil {
			return err
		}
		for _, w := range was {
			for i, contact := range k.Contacts {
				if j := slices.IndexFunc(w.Contacts, contact.same); j >= 0 {
					k.Contacts[i].standAs(w.Contacts[j])
				}
			}
		}
		c.Register.Controllers = []*Controller{k}
		c.Result = k.ID
		c.What = map[string]any{"controller": k}
		return nil
	})
}

func checkController(k *Controller) Errors {
	var errs Errors
	if k.Name == "" {
		errs = append(errs, invalid("name", "name.empty"))
	}
	if !slices.Contains(langs, k.Lang) {
		errs = append(errs, invalid("lang", "lang.unknown"))
	}
	if k.Hours < 0 || k.Hours > 720 {
		errs = append(errs, invalid("hours", "hours.range"))
	}
	k.Mandate.Document, k.Mandate.Scope = strings.TrimSpace(k.Mandate.Document), strings.TrimSpace(k.Mandate.Scope)
	switch m := k.Mandate; {
	case m.Document == "" && (m.Scope != "" || !m.Date.IsZero()):
		errs = append(errs, invalid("mandate", "mandate.document_empty"))
	case m.Document != "" && m.Date.IsZero():
		errs = append(errs, invalid("mandate_date", "mandate.date_empty"))
	}
	if k.Authority != "" && !competent(k.Authority) {
		errs = append(errs, invalid("authority", "authority.unknown"))
	}
	for i, contact := range k.Contacts {
		if contact.Email != "" && !validAddress(contact.Email) {
			errs = append(errs, &Error{Kind: Invalid, Field: "email_" + itoa(i), Key: "email.bad", Args: map[string]any{"email": contact.Email}})
		}
	}
	return errs
}

// validAddress reports whether mail can be sent to the bare address.
func validAddress(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Name == "" && a.Address == s && !strings.ContainsAny(s, "\r\n\x00 ") &&
		strings.IndexFunc(s[:strings.LastIndexByte(s, '@')], func(r rune) bool { return r > 126 }) < 0
}

// SaveService adds or changes a service or an own register.
func (d *Desk) SaveService(ctx context.Context, by Actor, s *Service) error {
	if s.Name = strings.TrimSpace(s.Name); s.Name == "" {
		return Errors{invalid("name", "name.empty")}
	}
	return d.register(ctx, by, func(c *Change) error {
		if s.ID == "" {
			s.ID = d.NewID()
		}
		c.Register.Services = []*Service{s}
		c.Result = s.ID
		c.What = map[string]any{"service": s}
		return nil
	})
}

// SaveOrganisation changes who speaks in the notices and who is alarmed.
func (d *Desk) SaveOrganisation(ctx context.Context, by Actor, o Organisation) error {
	var errs Errors
	if o.Name = strings.TrimSpace(o.Name); o.Name == "" {
		errs = append(errs, invalid("name", "name.empty"))
	}
	if o.Email != "" && !validAddress(o.Email) {
		errs = append(errs, &Error{Kind: Invalid, Field: "email", Key: "email.bad", Args: map[string]any{"email": o.Email}})
	}
	for _, a := range o.Alarm {
		if !validAddress(a) {
			errs = append(errs, &Error{Kind: Invalid, Field: "alarm", Key: "email.bad", Args: map[string]any{"email": a}})
		}
	}
	if o.Lang != "" && !slices.Contains(langs, o.Lang) {
		errs = append(errs, invalid("lang", "lang.unknown"))
	}
	errs = append(errs, o.checkAlarms()...)
	if len(errs) > 0 {
		return errs
	}
	_, err := d.act(ctx, by, "setting", "", func(c *Change) error {
		c.Setting = &o
		was, err := d.Store.Organisation(ctx)
		if err != nil {
			return err
		}
		if o.ChatOff && !was.ChatOff {
			if err := d.leaveChat(ctx, c, o); err != nil {
				return err
			}
		}
		c.What = map[string]any{"organisation": o}
		return nil
	})
	return err
}

// SaveUser adds or changes a member of staff. The password is already hashed.
func (d *Desk) SaveUser(ctx context.Context, by Actor, u *User) error {
	u.Login = strings.ToLower(strings.TrimSpace(u.Login))
	var errs Errors
	if !validAddress(u.Login) {
		errs = append(errs, &Error{Kind: Invalid, Field: "login", Key: "email.bad", Args: map[string]any{"email": u.Login}})
	}
	if len(u.Roles) == 0 || slices.ContainsFunc(u.Roles, func(r Role) bool { return !KnownRole(r) }) {
		errs = append(errs, invalid("roles", "role.unknown"))
	}
	if u.Slack != "" && !slackMember(u.Slack) {
		errs = append(errs, invalid("slack", "slack.member"))
	}
	if len(errs) > 0 {
		return errs
	}
	_, err := d.act(ctx, by, "user", "", func(c *Change) error {
		if u.ID == "" {
			u.ID, u.Made = d.NewID(), c.At
		}
		c.Users, c.Result = []*User{u}, u.ID
		c.What = map[string]any{"user": u.ID, "login": u.Login, "roles": u.Roles, "disabled": u.Disabled, "slack": u.Slack}
		return nil
	})
	return err
}

// slackMember reports whether s has the form of a member's id in Slack, such as
// U024BE7LH; a name like @aino is none.
func slackMember(s string) bool {
	return len(s) >= 6 && len(s) <= 40 && (s[0] == 'U' || s[0] == 'W') && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

// AddToken makes an API token. The secret is returned once and kept as a hash.
func (d *Desk) AddToken(ctx context.Context, by Actor, name string, role Role) (secret string, err error) {
	if name = strings.TrimSpace(name); name == "" {
		return "", Errors{invalid("name", "name.empty")}
	}
	if !KnownRole(role) {
		return "", Errors{&Error{Kind: Invalid, Field: "role", Key: "role.unknown", Args: map[string]any{"role": role}}}
	}
	secret = "hk_" + d.NewSecret()
	return secret, d.saveToken(ctx, by, &Token{ID: d.NewID(), Name: name, Role: role, Hash: HashSecret(secret), Made: d.now()})
}

// AddFeed makes the secret of a calendar address for the actor. Whoever has it
// reads deadlines, without names, until it is revoked.
func (d *Desk) AddFeed(ctx context.Context, by Actor) (secret string, err error) {
	secret = d.NewSecret()
	t := &Token{ID: d.NewID(), Name: by.Name, Role: Feed, Owner: by.ID, Hash: HashSecret(secret), Made: d.now()}
	_, err = d.act(ctx, by, "feed", "", func(c *Change) error {
		c.Tokens, c.Result = []*Token{t}, t.ID
		c.What = map[string]any{"feed": t.ID, "name": t.Name}
		return nil
	})
	return secret, err
}

// RevokeFeed ends one of the actor's own calendar addresses at once.
func (d *Desk) RevokeFeed(ctx context.Context, by Actor, t *Token) error {
	if t.Role != Feed || t.Owner != by.ID {
		return notFound("token.unknown")
	}
	ended := *t
	ended.Revoked = d.now()
	_, err := d.act(ctx, by, "feed", "", func(c *Change) error {
		c.Tokens, c.Result = []*Token{&ended}, t.ID
		c.What = map[string]any{"feed": t.ID, "revoked": true}
		return nil
	})
	return err
}

// RevokeToken ends a token at once.
func (d *Desk) RevokeToken(ctx context.Context, by Actor, t *Token) error {
	ended := *t
	ended.Revoked = d.now()
	return d.saveToken(ctx, by, &ended)
}

func (d *Desk) saveToken(ctx context.Context, by Actor, t *Token) error {
	_, err := d.act(ctx, by, "token", "", func(c *Change) error {
		c.Tokens, c.Result = []*Token{t}, t.ID
		c.What = map[string]any{"token": t.ID, "name": t.Name, "role": t.Role, "revoked": !t.Revoked.IsZero()}
		return nil
	})
	return err
}

// register is act for the register of customers and services.
func (d *Desk) register(ctx context.Context, by Actor, rule func(c *Change) error) error {
	_, err := d.act(ctx, by, "register", "", rule)
	return err
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func containsFold(list []string, s string) bool {
	return slices.ContainsFunc(list, func(t string) bool { return strings.EqualFold(s, t) })
}
