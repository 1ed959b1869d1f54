package web

import (
	"crypto/rand"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// settingsPage holds who the company is and who works here.
type settingsPage struct {
	page
	Users  []*incident.User
	Tokens []*incident.Token
	Roles  []incident.Role
	Once   string // a secret that is shown this once
	OnceOf string // whose it is
}

func (s *Server) settingsPage(c *gin.Context) (*settingsPage, error) {
	p := &settingsPage{page: s.page(c, "settings.title"), Roles: incident.Roles}
	p.Section, p.Wide = "settings", "narrow"
	var err error
	if p.Users, err = s.Read.Users(c.Request.Context()); err != nil {
		return nil, err
	}
	if p.Tokens, err = s.Read.Tokens(c.Request.Context()); err != nil {
		return nil, err
	}
	p.Form = p.filled(values("name", p.Org.Name, "email", p.Org.Email, "phone", p.Org.Phone, "dpo", p.Org.DPO,
		"zone", p.zone().String(), "alarm", strings.Join(p.Org.Alarm, "\n"), "four_eyes", ticked(p.Org.FourEyes),
		"two_to_send", ticked(p.Org.TwoToSend), "chat_off", ticked(p.Org.ChatOff), "chat_details", ticked(p.Org.ChatDetails), "lang", p.Org.Lang))
	for _, u := range p.Users {
		p.Form.Values.Set("slack_"+u.ID, u.Slack)
	}
	return p, nil
}

func (s *Server) settings(c *gin.Context) error {
	p, err := s.settingsPage(c)
	if err != nil {
		return err
	}
	p.Once, p.OnceOf = s.popOnce(c)
	return s.render(c, http.StatusOK, "settings", p)
}

// settled answers a form of the settings page.
func (s *Server) settled(c *gin.Context, err error) error {
	if err == nil {
		return s.redirect(c, "/settings?said=saved")
	}
	p, err2 := s.settingsPage(c)
	if err2 != nil {
		return err
	}
	org := p.Form.Values
	if !s.again(c, &p.page, err) {
		return err
	}
	if c.FullPath() != "/settings" { // another form of the page: the organisation stays as it is
		for name, v := range org {
			if _, ok := p.Form.Values[name]; !ok {
				p.Form.Values[name] = v
			}
		}
	}
	return s.render(c, statusOf(err), "settings", p)
}

func (s *Server) saveOrganisation(c *gin.Context) error {
	ctx := c.Request.Context()
	o, err := s.Read.Organisation(ctx) // what the form does not show stays
	if err != nil {
		return err
	}
	o.Name, o.Email, o.Phone, o.DPO = c.PostForm("name"), strings.TrimSpace(c.PostForm("email")), c.PostForm("phone"), c.PostForm("dpo")
	o.Alarm = strings.FieldsFunc(c.PostForm("alarm"), func(r rune) bool { return strings.ContainsRune("\r\n,; ", r) })
	o.Zone = strings.TrimSpace(c.PostForm("zone"))
	o.FourEyes, o.TwoToSend, o.ChatOff = c.PostForm("four_eyes") != "", c.PostForm("two_to_send") != "", c.PostForm("chat_off") != ""
	o.ChatDetails, o.Lang = c.PostForm("chat_details") != "", c.PostForm("lang")
	if _, err := time.LoadLocation(o.Zone); err != nil {
		return s.settled(c, &incident.Error{Kind: incident.Invalid, Field: "zone", Key: "zone.unknown"})
	}
	return s.settled(c, s.Desk.SaveOrganisation(ctx, actor(c), o))
}

// addUser makes a member of staff with a password that is shown once.
func (s *Server) addUser(c *gin.Context) error {
	u := &incident.User{Login: c.PostForm("user_login"), Name: strings.TrimSpace(c.PostForm("user_name")), Lang: c.PostForm("user_lang")}
	for _, r := range c.PostFormArray("roles") {
		u.Roles = append(u.Roles, incident.Role(r))
	}
	if u.Name == "" {
		return s.settled(c, &incident.Error{Kind: incident.Invalid, Field: "user_name", Key: "name.empty"})
	}
	if old, err := s.Read.UserByLogin(c.Request.Context(), strings.ToLower(strings.TrimSpace(u.Login))); err == nil && old != nil {
		return s.settled(c, &incident.Error{Kind: incident.Invalid, Field: "user_login", Key: "user.exists"})
	}
	return s.settled(c, renamed(s.saveWithPassword(c, u), "login", "user_login"))
}

// renamed gives errors about one field the name that it has in a larger form.
func renamed(err error, from, to string) error {
	many, ok := err.(incident.Errors) //nolint:errorlint // the Desk returns them bare
	if !ok {
		return err
	}
	many = slices.Clone(many)
	for i, e := range many {
		if e.Field == from {
			x := *e
			x.Field = to
			many[i] = &x
		}
	}
	return many
}

// saveWithPassword gives a user a new password and keeps it for one look.
func (s *Server) saveWithPassword(c *gin.Context, u *incident.User) error {
	password := strings.ToLower(rand.Text()[:20])
	hash, err := hashPassword(password)
	if err != nil {
		return err
	}
	u.Password = hash
	if err := s.Desk.SaveUser(c.Request.Context(), actor(c), u); err != nil {
		return err
	}
	s.putOnce(c, password, u.Login)
	return nil
}

// changeUser gives a user a new password, or shuts or opens the door.
func (s *Server) changeUser(c *gin.Context) error {
	found, err := s.Read.User(c.Request.Context(), c.Param("id"))
	if err != nil {
		return err
	}
	u := *found
	switch c.PostForm("do") {
	case "password":
		return s.settled(c, s.saveWithPassword(c, &u))
	case "disable", "enable":
		u.Disabled = c.PostForm("do") == "disable"
		if u.Disabled && u.ID == user(c).ID {
			return s.settled(c, &incident.Error{Kind: incident.Refused, Key: "user.self"})
		}
		return s.settled(c, s.Desk.SaveUser(c.Request.Context(), actor(c), &u))
	case "slack":
		field := "slack_" + u.ID
		u.Slack = strings.ToUpper(strings.TrimSpace(c.PostForm(field)))
		if other, err := s.Read.UserBySlack(c.Request.Context(), u.Slack); err == nil && other.ID != u.ID {
			return s.settled(c, &incident.Error{Kind: incident.Invalid, Field: field, Key: "slack.taken"})
		}
		return s.settled(c, renamed(s.Desk.SaveUser(c.Request.Context(), actor(c), &u), "slack", field))
	}
	return unknown(c)
}

func (s *Server) addToken(c *gin.Context) error {
	name := c.PostForm("token_name")
	secret, err := s.Desk.AddToken(c.Request.Context(), actor(c), name, incident.Role(c.PostForm("token_role")))
	if err != nil {
		return s.settled(c, renamed(renamed(err, "name", "token_name"), "role", "token_role"))
	}
	s.putOnce(c, secret, name)
	return s.settled(c, nil)
}

func (s *Server) revokeToken(c *gin.Context) error {
	all, err := s.Read.Tokens(c.Request.Context())
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(t *incident.Token) bool { return t.ID == c.Param("id") })
	if i < 0 {
		return unknown(c)
	}
	return s.settled(c, s.Desk.RevokeToken(c.Request.Context(), actor(c), all[i]))
}

// A secret for one look lies in the session between the redirect and the page.
const (
	sessionOnce   = "once"
	sessionOnceOf = "onceof"
)

func (s *Server) putOnce(c *gin.Context, secret, of string) {
	s.sessions.Put(c.Request.Context(), sessionOnce, secret)
	s.sessions.Put(c.Request.Context(), sessionOnceOf, of)
}

func (s *Server) popOnce(c *gin.Context) (secret, of string) {
	if c.Request.Method != http.MethodGet {
		return "", ""
	}
	ctx := c.Request.Context()
	if !s.sessions.Exists(ctx, sessionOnce) {
		return "", ""
	}
	return s.sessions.PopString(ctx, sessionOnce), s.sessions.PopString(ctx, sessionOnceOf)
}

// ticked is what stands in a form for a box.
func ticked(yes bool) string {
	if yes {
		return "yes"
	}
	return ""
}
