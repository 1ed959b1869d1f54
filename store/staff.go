package store

import (
	"context"
	"database/sql"
	"strings"

	"hatakello/incident"
)

// users adds or changes members of staff. Two cannot share a login.
func (w *write) users(ctx context.Context, c conn) error {
	for _, u := range w.Users {
		login := strings.ToLower(u.Login)
		taken, err := list(ctx, c, text, `select id from staff where login = ?1 and id <> ?2 order by id`, login, u.ID)
		if err != nil {
			return err
		}
		if len(taken) > 0 {
			return &incident.Error{Kind: incident.Conflict, Key: "login.taken", Field: "login"}
		}
		taken, err = list(ctx, c, text, `select id from staff where slack = ?1 and slack <> '' and id <> ?2 order by id`, u.Slack, u.ID)
		if err != nil {
			return err
		}
		if len(taken) > 0 {
			return &incident.Error{Kind: incident.Conflict, Key: "slack.taken", Field: "slack"}
		}
		roles, err := asJSON(u.Roles)
		if err != nil {
			return err
		}
		_, err = c.exec(ctx, `
			insert into staff (`+userColumns+`) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
			on conflict (id) do update set login = excluded.login, name = excluded.name, roles = excluded.roles, lang = excluded.lang,
				password = excluded.password, disabled = excluded.disabled, slack = excluded.slack`,
			u.ID, login, u.Name, roles, u.Lang, u.Password, u.Disabled, orNever(u.Made), u.Slack)
		if err == nil {
			err = c.bindRow(ctx, "staff", u.ID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

const userColumns = `id, login, name, roles, lang, password, disabled, made, slack`

func readUser(rows *sql.Rows) (*incident.User, error) {
	u := &incident.User{}
	return u, rows.Scan(&u.ID, &u.Login, &u.Name, document(&u.Roles), &u.Lang, &u.Password, &u.Disabled, when(&u.Made), &u.Slack)
}

// User loads one member of staff.
func (db *DB) User(ctx context.Context, id string) (*incident.User, error) {
	return only(ctx, db.conn(), "user.unknown", readUser, `select `+userColumns+` from staff where id = ?1`, id)
}

// UserByLogin finds a member of staff by e-mail address, in any case.
func (db *DB) UserByLogin(ctx context.Context, login string) (*incident.User, error) {
	return only(ctx, db.conn(), "user.unknown", readUser, `select `+userColumns+` from staff where login = ?1`, strings.ToLower(login))
}

// UserBySlack finds a member of staff by their id in Slack.
func (db *DB) UserBySlack(ctx context.Context, member string) (*incident.User, error) {
	return only(ctx, db.conn(), "user.unknown", readUser, `select `+userColumns+` from staff where slack = ?1 and slack <> ''`, member)
}

// Users loads all staff, ordered by login.
func (db *DB) Users(ctx context.Context) ([]*incident.User, error) {
	return list(ctx, db.conn(), readUser, `select `+userColumns+` from staff order by login`)
}

// tokens adds tokens, or revokes them. A token's hash never changes.
func (w *write) tokens(ctx context.Context, c conn) error {
	for _, t := range w.Tokens {
		_, err := c.exec(ctx, `
			insert into token (id, name, role, hash, made, revoked, owner) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
			on conflict (id) do update set name = excluded.name, role = excluded.role, revoked = excluded.revoked`,
			t.ID, t.Name, string(t.Role), t.Hash, orNever(t.Made), instant(t.Revoked), t.Owner)
		if err == nil {
			err = c.bindRow(ctx, "token", t.ID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

const tokenColumns = `id, name, role, hash, made, revoked, owner`

func readToken(rows *sql.Rows) (*incident.Token, error) {
	t := &incident.Token{}
	return t, rows.Scan(&t.ID, &t.Name, &t.Role, &t.Hash, when(&t.Made), when(&t.Revoked), &t.Owner)
}

// TokenByHash finds a token, revoked ones too.
func (db *DB) TokenByHash(ctx context.Context, hash string) (*incident.Token, error) {
	t, err := recollect(&db.recall, "token "+hash, func() (incident.Token, error) { return tokenByHash(ctx, db.conn(), hash) })
	if err != nil {
		return nil, err
	}
	return &t, nil
}

func tokenByHash(ctx context.Context, c conn, hash string) (t incident.Token, err error) {
	role := ""
	found, err := c.one(ctx, `select `+tokenColumns+` from token where hash = ?1`, []any{hash},
		&t.ID, &t.Name, &role, &t.Hash, when(&t.Made), when(&t.Revoked), &t.Owner)
	if err == nil && !found {
		err = &incident.Error{Kind: incident.NotFound, Key: "token.unknown"}
	}
	t.Role = incident.Role(role)
	return t, err
}

// Tokens loads all tokens, newest first.
func (db *DB) Tokens(ctx context.Context) ([]*incident.Token, error) {
	return list(ctx, db.conn(), readToken, `select `+tokenColumns+` from token order by made desc, id desc`)
}
