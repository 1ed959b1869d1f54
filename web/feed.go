package web

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
	"hatakello/templates"
)

// feedLimits is how many limits a calendar holds at most.
const feedLimits = 500

// feedPath is the address of a calendar. Whoever knows the secret reads it.
const feedPath = "/calendar/:secret"

// feedPage makes and ends the visitor's own calendar addresses.
type feedPage struct {
	page
	Feeds []*incident.Token // those that hold
	Once  string            // an address that is shown this once
}

func (s *Server) feedPage(c *gin.Context) (*feedPage, error) {
	p := &feedPage{page: s.page(c, "feed.title")}
	p.Section, p.Wide = "settings", "narrow"
	all, err := s.Read.Tokens(c.Request.Context())
	for _, t := range all {
		if t.Role == incident.Feed && t.Owner == user(c).ID && t.Revoked.IsZero() {
			p.Feeds = append(p.Feeds, t)
		}
	}
	return p, err
}

func (s *Server) feeds(c *gin.Context) error {
	p, err := s.feedPage(c)
	if err != nil {
		return err
	}
	if once, _ := s.popOnce(c); once != "" {
		p.Once = s.BaseURL + "/calendar/" + once + ".ics"
	}
	return s.render(c, http.StatusOK, "feed", p)
}

func (s *Server) changeFeeds(c *gin.Context) error {
	ctx := c.Request.Context()
	if c.PostForm("do") == "make" {
		secret, err := s.Desk.AddFeed(ctx, actor(c))
		if err != nil {
			return err
		}
		s.putOnce(c, secret, "")
		return s.redirect(c, "/calendar")
	}
	p, err := s.feedPage(c)
	if err != nil {
		return err
	}
	for _, t := range p.Feeds {
		if t.ID == c.PostForm("feed") {
			if err := s.Desk.RevokeFeed(ctx, actor(c), t); err != nil {
				return err
			}
			return s.redirect(c, "/calendar?said=saved")
		}
	}
	return unknown(c)
}

// calendar answers a calendar program: the deadlines of open cases, with
// numbers of cases and counts, and no name.
func (s *Server) calendar(c *gin.Context) error {
	ctx, now := c.Request.Context(), s.Desk.Now()
	if !s.public.allow(network(c.ClientIP()), now) {
		return errSlow
	}
	owner, err := s.feedOwner(c)
	if err != nil {
		return err
	}
	limits, err := s.Read.Limits(ctx, feedLimits)
	if err != nil {
		return err
	}
	seen := map[string]int{}
	events := make([]templates.Event, len(limits))
	for i, l := range limits {
		id := l.Incident + "-" + l.Duty
		seen[id]++
		events[i] = templates.Event{ID: fmt.Sprintf("%s-%d@hatakello", id, seen[id]), At: l.Due, Number: l.Number, Duty: l.Duty,
			Records: l.Records, URL: s.BaseURL + "/incidents/" + l.Incident + "/clocks"}
	}
	lang := owner.Lang
	if !known(lang) {
		lang = templates.Langs[0]
	}
	var buf bytes.Buffer
	if err := s.Words.WriteCalendar(&buf, lang, events, now); err != nil {
		return err
	}
	c.Header("Content-Disposition", `inline; filename="hatakello.ics"`)
	return s.send(c, http.StatusOK, "text/calendar; charset=utf-8", buf.Bytes())
}

// feedOwner finds whose calendar the address is. One that was never made, that
// was ended, or whose owner has left, does not exist.
func (s *Server) feedOwner(c *gin.Context) (*incident.User, error) {
	ctx := c.Request.Context()
	t, err := s.Read.TokenByHash(ctx, incident.HashSecret(strings.TrimSuffix(c.Param("secret"), ".ics")))
	if incident.KindOf(err) == incident.NotFound {
		return nil, unknown(c)
	}
	if err != nil {
		return nil, err
	}
	if !t.Revoked.IsZero() || !(incident.Actor{Roles: []incident.Role{t.Role}}).May("calendar") {
		return nil, unknown(c)
	}
	u, err := s.Read.User(ctx, t.Owner)
	if incident.KindOf(err) == incident.NotFound || err == nil && (u.Disabled || !(incident.Actor{Roles: u.Roles}).May("feed")) {
		return nil, unknown(c)
	}
	return u, err
}
