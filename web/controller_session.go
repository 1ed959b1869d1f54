package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// A guest is a controller's person behind the link in her mail. The link alone
// shows that there is a notice; details and files need a session, which a code
// from the same mailbox opens, unless the organisation has agreed otherwise
// with the customer.
type guest struct {
	Secret  string
	Link    *incident.Link
	Session *incident.LinkSession // nil: not open
	Relaxed bool                  // the link alone is enough
}

// Open reports whether details may be shown.
func (g guest) Open() bool { return g.Session != nil || g.Relaxed }

// Base is the address of everything behind the link.
func (g guest) Base() string { return "/n/" + g.Secret }

// kept is the session that the database knows, or nil.
func (g guest) kept() *incident.LinkSession {
	if g.Relaxed {
		return nil
	}
	return g.Session
}

// actor is the guest as the Desk knows her: she may touch one record. The name
// is hers as typed, else the one under which the notice was addressed.
func (g guest) actor(name string) incident.Actor {
	by := incident.Outsider
	by.Name, by.Record = name, g.Link.Record
	if by.Name == "" {
		by.Name = g.Link.Name
	}
	if by.Name == "" {
		by.Name = g.Link.Address
	}
	return by
}

// linkCookie names the cookie of a guest's session.
func (s *Server) linkCookie() string { return s.cookieName("hatakello-link") }

// guest finds who is behind a link, slowly for those who try many. A secret
// that is none, one that was revoked and one that has run out are the same
// "not found".
func (s *Server) guest(c *gin.Context) (*guest, error) {
	ctx, now := c.Request.Context(), s.Desk.Now()
	if !s.public.allow(network(c.ClientIP()), now) {
		return nil, errSlow
	}
	g := &guest{Secret: c.Param("secret")}
	var err error
	g.Link, err = s.Read.Link(ctx, incident.HashSecret(g.Secret))
	if incident.KindOf(err) == incident.NotFound || err == nil && !g.Link.Alive(now) {
		return nil, unknown(c)
	}
	if err != nil {
		return nil, err
	}
	if g.Relaxed, err = s.relaxed(c, g.Link.Record); err != nil {
		return nil, err
	}
	g.Session, err = s.controllerSession(c, g.Link)
	return g, err
}

// door is guest for a page that has found the notice already.
func (s *Server) door(c *gin.Context, n *incident.Notice, r *incident.Record) (*guest, error) {
	ctx := c.Request.Context()
	g := &guest{Secret: c.Param("secret")}
	var err error
	g.Link, err = s.Read.Link(ctx, incident.HashSecret(g.Secret))
	if incident.KindOf(err) == incident.NotFound || err == nil && (!g.Link.Alive(s.Desk.Now()) || g.Link.Record != r.ID || g.Link.Notice != n.ID) {
		return nil, unknown(c)
	}
	if err != nil {
		return nil, err
	}
	if g.Relaxed, err = s.relaxed(c, r.ID); err != nil {
		return nil, err
	}
	g.Session, err = s.controllerSession(c, g.Link)
	return g, err
}

// relaxed reports whether the link alone opens the details of a record.
func (s *Server) relaxed(c *gin.Context, record string) (bool, error) {
	r, err := s.Read.Record(c.Request.Context(), record)
	if err != nil {
		return false, err
	}
	ks, err := s.Read.Controllers(c.Request.Context(), []string{r.Controller})
	return err == nil && len(ks) == 1 && ks[0].OpenLink, err
}

// controllerSession returns the session that a code has opened for this link
// and no other, or nil.
func (s *Server) controllerSession(c *gin.Context, l *incident.Link) (*incident.LinkSession, error) {
	secret, err := c.Cookie(s.linkCookie())
	if err != nil || secret == "" {
		return nil, nil //nolint:nilerr // no cookie, no session
	}
	x, err := s.Read.LinkSession(c.Request.Context(), incident.HashSecret(secret))
	if incident.KindOf(err) == incident.NotFound {
		return nil, nil
	}
	if err != nil || x.Link != l.Hash || x.Record != l.Record || !x.Live(s.Desk.Now()) {
		return nil, err
	}
	return x, nil
}

// behind is a handler of what needs a session. Without one the visitor goes to
// the page on which a code can be asked for.
func (s *Server) behind(do func(*gin.Context, *guest) error) func(*gin.Context) error {
	return func(c *gin.Context) error {
		g, err := s.guest(c)
		if err != nil {
			return err
		}
		if !g.Open() {
			return s.redirect(c, g.to("", c, "expired")+"&next="+pathEnd(c))
		}
		return do(c, g)
	}
}

// askCode mails a code. The answer is always the same.
func (s *Server) askCode(c *gin.Context) error {
	g, err := s.guest(c)
	if err != nil {
		return err
	}
	if err := s.Desk.AskCode(c.Request.Context(), g.Secret); err != nil {
		return err
	}
	return s.redirect(c, g.to("", c, "code")+andNext(nextSide(c))+"#door")
}

// openLink takes the code and opens the session.
func (s *Server) openLink(c *gin.Context) error {
	p, err := s.findNotice(c)
	if err != nil {
		return err
	}
	session, err := s.Desk.OpenLink(c.Request.Context(), p.Secret, c.PostForm("code"))
	if err != nil && s.again(c, &p.page, err) {
		return s.render(c, http.StatusUnprocessableEntity, "public", p)
	}
	if err != nil {
		return err
	}
	s.setLinkCookie(c, session, 0)
	if next := nextSide(c); next != "" {
		return s.redirect(c, p.Door.to("/"+next, c, ""))
	}
	return s.redirect(c, p.Door.to("", c, ""))
}

// leaveLink ends the session.
func (s *Server) leaveLink(c *gin.Context) error {
	g, err := s.guest(c)
	if err != nil {
		return err
	}
	if x := g.kept(); x != nil {
		if err := s.Desk.Leave(c.Request.Context(), x); err != nil {
			return err
		}
	}
	s.setLinkCookie(c, "", -1)
	return s.redirect(c, g.to("", c, "left"))
}

// setLinkCookie keeps the secret of a session in the browser until it is
// closed; when it ends is kept by us.
func (s *Server) setLinkCookie(c *gin.Context, secret string, age int) {
	http.SetCookie(c.Writer, &http.Cookie{Name: s.linkCookie(), Value: secret, Path: "/", MaxAge: age,
		Secure: s.secure(), HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// to is an address behind the link, in the language of the page.
func (g guest) to(path string, c *gin.Context, said string) string {
	to := g.Base() + path
	sep := "?"
	if lang := c.Query("lang"); known(lang) {
		to, sep = to+sep+"lang="+lang, "&"
	}
	if said != "" {
		to += sep + "said=" + said
	}
	return to
}
