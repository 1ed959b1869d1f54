package main

import (
	"bufio"
	"context"
	"fmt"
	"net/mail"
	"slices"
	"strings"

	"golang.org/x/term"

	"hatakello/incident"
	"hatakello/web"
)

// UserCmd looks after users from the machine itself: the first administrator
// is made here, since no password is known to anybody beforehand.
type UserCmd struct {
	Add  UserAddCmd  `cmd:"" help:"${user_add}"`
	List UserListCmd `cmd:"" help:"${user_list}"`
}

// UserAddCmd adds a user.
type UserAddCmd struct {
	database
	Login         string          `arg:"" help:"${login}"`
	Name          string          `help:"${user_name}" required:""`
	Role          []incident.Role `help:"${user_role}" enum:"reporter,handler,privacy,approver,auditor,admin" required:""`
	PasswordStdin bool            `help:"${password_stdin}"`
}

// Run asks for the password and saves the user.
func (cmd UserAddCmd) Run(ctx context.Context, t *terminal) error {
	login := strings.ToLower(strings.TrimSpace(cmd.Login))
	if a, err := mail.ParseAddress(login); err != nil || a.Address != login {
		return &incident.Error{Kind: incident.Invalid, Field: "login", Key: "cli.user.login", Args: map[string]any{"Value": cmd.Login}}
	}
	h, err := t.open(ctx, cmd.database)
	if err != nil {
		return err
	}
	defer h.close()
	if err := cmd.fits(ctx, h, login); err != nil {
		return err
	}
	hash, err := cmd.password(t, login)
	if err != nil {
		return err
	}
	u := &incident.User{ID: h.desk.NewID(), Login: login, Name: cmd.Name, Roles: cmd.Role, Lang: t.lang, Password: hash, Made: h.desk.Now().UTC()}
	if err := h.desk.SaveUser(ctx, operator(), u); err != nil {
		return err
	}
	t.say("cli.user.added", "Login", login, "Roles", roleList(cmd.Role))
	return nil
}

// fits reports why this user cannot be added now, before a password is asked.
func (cmd UserAddCmd) fits(ctx context.Context, h *house, login string) error {
	users, err := h.db.Users(ctx)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(users, func(u *incident.User) bool { return u.Login == login }) {
		return &incident.Error{Kind: incident.Refused, Field: "login", Key: "cli.user.known", Args: map[string]any{"Value": login}}
	}
	if len(users) == 0 && !slices.Contains(cmd.Role, incident.Admin) {
		return &incident.Error{Kind: incident.Refused, Field: "role", Key: "cli.user.first"}
	}
	return nil
}

// password gets a password and returns its hash.
func (cmd UserAddCmd) password(t *terminal, login string) (string, error) {
	if cmd.PasswordStdin {
		line, err := bufio.NewReader(t.in).ReadString('\n')
		if err != nil && line == "" {
			return "", fmt.Errorf("read password: %w", err)
		}
		return web.HashPassword(strings.TrimRight(line, "\r\n"))
	}
	if !term.IsTerminal(int(t.in.Fd())) {
		return "", &incident.Error{Kind: incident.Invalid, Field: "password", Key: "cli.password.terminal"}
	}
	for {
		first, err := t.hidden("cli.password.ask", "Login", login)
		if err != nil {
			return "", err
		}
		if err := web.CheckPassword(first); err != nil {
			t.explain(err)
			continue
		}
		again, err := t.hidden("cli.password.again")
		if err != nil {
			return "", err
		}
		if first == again {
			return web.HashPassword(first)
		}
		t.say("cli.password.differs")
	}
}

// hidden asks for a line that is not shown while it is typed.
func (t *terminal) hidden(key string, pairs ...any) (string, error) {
	fmt.Fprint(t.err, t.words.Say(t.lang, key, pairs...))
	line, err := term.ReadPassword(int(t.in.Fd()))
	fmt.Fprintln(t.err)
	if err != nil {
		return "", fmt.Errorf("read password: %w", err)
	}
	return string(line), nil
}

// UserListCmd lists the users.
type UserListCmd struct {
	database
}

// Run prints one user on a line.
func (cmd UserListCmd) Run(ctx context.Context, t *terminal) error {
	h, err := t.open(ctx, cmd.database)
	if err != nil {
		return err
	}
	defer h.close()
	users, err := h.db.Users(ctx)
	if err != nil {
		return err
	}
	for _, u := range users {
		state := ""
		if u.Disabled {
			state = t.words.Say(t.lang, "cli.state.disabled")
		}
		fmt.Fprintf(t.out, "%s\t%s\t%s\t%s\n", u.Login, u.Name, roleList(u.Roles), state)
	}
	return nil
}

func roleList(roles []incident.Role) string {
	var all []string
	for _, r := range roles {
		all = append(all, string(r))
	}
	return strings.Join(all, ", ")
}
