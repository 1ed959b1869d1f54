package web

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/alexedwards/scs/v2/memstore"
	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// How long a log-in holds: without a visit, and in all.
const (
	idleLimit    = 12 * time.Hour
	sessionLimit = 7 * 24 * time.Hour
	touchEvery   = 5 * time.Minute // how often a visit is written down
)

// What a session holds.
const (
	sessionUser  = "user"  // id
	sessionStamp = "stamp" // of the password at log-in
	sessionSeen  = "seen"  // Unix seconds of the last visit that was written down
)

func (s *Server) newSessions() *scs.SessionManager {
	m := scs.New()
	if own, ok := m.Store.(*memstore.MemStore); ok {
		own.StopCleanup()
	}
	m.Store = s.Sessions
	m.HashTokenInStore = true
	m.Lifetime = sessionLimit
	m.Cookie.Name = s.cookieName("hatakello")
	m.Cookie.Secure = s.secure()
	m.Cookie.HttpOnly = true
	m.Cookie.SameSite = http.SameSiteLaxMode
	m.Cookie.Persist = true
	m.ErrorFunc = func(w http.ResponseWriter, _ *http.Request, err error) {
		s.Log.Error("session failed", "err", err)
		http.Error(w, "500", http.StatusInternalServerError)
	}
	return m
}

// cookieName binds a cookie to this host alone where TLS allows that.
func (s *Server) cookieName(name string) string {
	if s.secure() {
		return "__Host-" + name
	}
	return name
}

// userKey is under which gate leaves the visitor for the handlers.
const userKey = "user"

// user returns who is logged in, or nil.
func user(c *gin.Context) *incident.User {
	u, _ := c.Value(userKey).(*incident.User)
	return u
}

// actor returns the visitor as the Desk knows them.
func actor(c *gin.Context) incident.Actor {
	u := user(c)
	if u == nil {
		return incident.Actor{Via: "web"}
	}
	return incident.Actor{ID: u.ID, Name: u.Name, Roles: u.Roles, Via: "web"}
}

// gate lets a visitor in who may come, and takes no more than the route allows.
func (s *Server) gate(r route) gin.HandlerFunc {
	return s.do(func(c *gin.Context) error {
		if r.need != anyone {
			if err := s.enter(c); err != nil {
				return err
			}
		}
		if r.need != anyone && r.need != staff && !actor(c).May(r.need) {
			return &incident.Error{Kind: incident.Forbidden, Key: "fault.403"}
		}
		if c.Request.Body == nil || c.Request.Method == http.MethodGet || c.Request.Method == http.MethodHead {
			return nil
		}
		c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, r.limit)
		return readForm(c.Request)
	})
}

// enter finds the visitor by the session. A user who was disabled is out at
// the next click.
func (s *Server) enter(c *gin.Context) error {
	ctx := c.Request.Context()
	id := s.sessions.GetString(ctx, sessionUser)
	if id == "" {
		return errLogin
	}
	now := s.Desk.Now()
	seen := time.Unix(s.sessions.GetInt64(ctx, sessionSeen), 0)
	if now.Sub(seen) > idleLimit {
		return s.leave(ctx)
	}
	u, err := s.Read.User(ctx, id)
	if incident.KindOf(err) == incident.NotFound || err == nil && (u.Disabled || s.sessions.GetString(ctx, sessionStamp) != passwordStamp(u)) {
		return s.leave(ctx)
	}
	if err != nil {
		return err
	}
	if now.Sub(seen) > touchEvery && c.FullPath() != livePath {
		s.sessions.Put(ctx, sessionSeen, now.Unix())
	}
	c.Set(userKey, u)
	return nil
}

// leave ends a session that no longer holds.
func (s *Server) leave(ctx context.Context) error {
	if err := s.sessions.Destroy(ctx); err != nil {
		return err
	}
	return errLogin
}

// toLogin sends the visitor to the log-in page and back afterwards. What was
// typed into a form is kept by the browser's draft.
func (s *Server) toLogin(c *gin.Context) {
	to := "/login"
	if p := c.Request.URL.Path; p != "/" && c.Request.Method == http.MethodGet && c.FullPath() != "" {
		to += "?next=" + url.QueryEscape(p)
	}
	c.Redirect(http.StatusSeeOther, to)
}
