package web

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// A throttle refuses log-ins after so many failures within a while: by one
// network to one account, so that a stranger cannot lock a colleague out, by
// one network in all, and to one account from everywhere.
type throttle struct {
	name  string
	limit int
	key   func(account, net string) string
}

const throttleWindow = 15 * time.Minute

var throttles = []throttle{
	{"pair", 5, func(account, net string) string { return "pair:" + account + ":" + net }},
	{"network", 50, func(_, net string) string { return "net:" + net }},
	{"account", 100, func(account, _ string) string { return "account:" + account }},
}

// loginPage asks who the visitor is.
type loginPage struct {
	page
	Next string
}

func (s *Server) loginForm(c *gin.Context) error {
	p := loginPage{s.page(c, "login.title"), local(c.Query("next"))}
	p.Wide = "narrow"
	return s.render(c, http.StatusOK, "login", p)
}

// local returns a path of this site, or "/" for anything that leads elsewhere.
func local(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t") {
		return "/"
	}
	return path
}

func (s *Server) login(c *gin.Context) error {
	login := strings.ToLower(strings.TrimSpace(c.PostForm("login")))
	u, err := s.verify(c, login, c.PostForm("password"))
	if err != nil {
		p := loginPage{s.page(c, "login.title"), local(c.PostForm("next"))}
		p.Wide = "narrow"
		if !s.again(c, &p.page, err) {
			return err
		}
		p.Form.Values.Del("password")
		code := http.StatusUnprocessableEntity
		if incident.KindOf(err) == incident.Refused {
			code = http.StatusTooManyRequests
		}
		return s.render(c, code, "login", p)
	}
	ctx := c.Request.Context()
	if err := s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	s.sessions.Put(ctx, sessionUser, u.ID)
	s.sessions.Put(ctx, sessionSeen, s.Desk.Now().Unix())
	s.sessions.Put(ctx, sessionStamp, passwordStamp(u))
	s.Log.Info("logged in", "user", u.ID, "network", network(c.ClientIP()))
	return s.redirect(c, local(c.PostForm("next")))
}

// verify finds the user whose password this is. One password is hashed at a
// time, and the failures are counted while waiting for nobody else, so that
// parallel guesses are throttled too. An unknown name takes as long.
func (s *Server) verify(c *gin.Context, login, password string) (*incident.User, error) {
	ctx, now := c.Request.Context(), s.Desk.Now()
	select {
	case s.hashing <- struct{}{}:
		defer func() { <-s.hashing }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	sum := sha256.Sum256([]byte(login))
	account, net := hex.EncodeToString(sum[:12]), network(c.ClientIP())
	for _, t := range throttles {
		n, err := s.Read.Failures(ctx, t.key(account, net), now.Add(-throttleWindow))
		if err != nil {
			return nil, err
		}
		if n >= t.limit {
			s.Log.Warn("log-in throttled", "by", t.name, "network", net)
			return nil, &incident.Error{Kind: incident.Refused, Key: "login.slow", Args: map[string]any{"N": int(throttleWindow.Minutes())}}
		}
	}
	u, err := s.Read.UserByLogin(ctx, login)
	if err != nil && incident.KindOf(err) != incident.NotFound {
		return nil, err
	}
	hash := dummyHash
	if u != nil && !u.Disabled && u.Password != "" {
		hash = u.Password
	}
	ok, err := checkHash(hash, clip(password))
	if err != nil {
		return nil, err
	}
	if ok && hash != dummyHash {
		return u, s.Read.Forgive(ctx, throttles[0].key(account, net))
	}
	for _, t := range throttles {
		if err := s.Read.Fail(ctx, t.key(account, net), now); err != nil {
			return nil, err
		}
	}
	s.Log.Warn("log-in failed", "network", net)
	return nil, &incident.Error{Kind: incident.Invalid, Field: "login", Key: "login.wrong"}
}

// clip keeps a password from costing more than any password may.
func clip(password string) string { return password[:min(len(password), passwordMax+1)] }

func (s *Server) logout(c *gin.Context) error {
	if err := s.sessions.Destroy(c.Request.Context()); err != nil {
		return err
	}
	return s.redirect(c, "/login")
}

// language remembers in which language the visitor reads.
func (s *Server) language(c *gin.Context) error {
	if lang := c.PostForm("lang"); known(lang) {
		http.SetCookie(c.Writer, &http.Cookie{Name: s.cookieName("lang"), Value: lang, Path: "/", MaxAge: 365 * 24 * 3600,
			Secure: s.secure(), HttpOnly: true, SameSite: http.SameSiteLaxMode})
	}
	return s.redirect(c, local(c.PostForm("back")))
}

// passwordStamp changes with the password, and ends older sessions with it.
func passwordStamp(u *incident.User) string {
	sum := sha256.Sum256([]byte(u.Password))
	return hex.EncodeToString(sum[:8])
}

// passwordPage changes the visitor's own password.
type passwordPage struct {
	page
	Min int
}

func (s *Server) passwordForm(c *gin.Context) error {
	p := passwordPage{s.page(c, "password.title"), passwordMin}
	p.Wide, p.Section = "narrow", "settings"
	return s.render(c, http.StatusOK, "password", p)
}

func (s *Server) setPassword(c *gin.Context) error {
	err := s.changePassword(c)
	p := passwordPage{s.page(c, "password.title"), passwordMin}
	if err != nil && s.again(c, &p.page, err) {
		p.Wide, p.Section = "narrow", "settings"
		p.Form.Values = values()
		return s.render(c, http.StatusUnprocessableEntity, "password", p)
	}
	if err != nil {
		return err
	}
	return s.redirect(c, "/?said=password")
}

// changePassword lets every user change the one thing that is theirs. The act
// needs a role that few have, so it is done as the program, under their name.
func (s *Server) changePassword(c *gin.Context) error {
	ctx := c.Request.Context()
	if _, err := s.verify(c, user(c).Login, c.PostForm("old")); err != nil {
		if incident.KindOf(err) == incident.Invalid {
			return &incident.Error{Kind: incident.Invalid, Field: "old", Key: "password.wrong"}
		}
		return err
	}
	hash, err := HashPassword(c.PostForm("password"))
	if err != nil {
		return err
	}
	u := *user(c)
	u.Password = hash
	by := incident.Actor{ID: u.ID, Name: u.Name, Via: incident.Program.Via}
	if err := s.Desk.SaveUser(ctx, by, &u); err != nil {
		return err
	}
	if err := s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	s.sessions.Put(ctx, sessionStamp, passwordStamp(&u))
	return nil
}
