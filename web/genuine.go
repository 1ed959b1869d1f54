package web

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// genuineRoutes are the addresses by which anybody can check a notice.
func (s *Server) genuineRoutes() []route {
	return []route{
		{"GET", "/check", anyone, 0, s.checkForm},
		{"POST", "/check", anyone, formLimit, s.check},
		{"GET", "/.well-known/hatakello-keys.json", anyone, 0, s.signKeys},
		{"GET", "/.well-known/hatakello-checkpoint", anyone, 0, s.checkpoint},
		{"GET", "/.well-known/hatakello-consistency", anyone, 0, s.consistency},
		{"GET", "/n/:secret/notice.json", anyone, 0, s.behind(s.signedNotice)},
	}
}

// genuinePage says whether a notice was sent with a code, and no more of it than
// who sent it, when, and its number.
type genuinePage struct {
	page
	Asked bool
	Found []*incident.Notice
	Site  string // how every link of ours begins
	Here  string // always ""
}

func (s *Server) genuinePage(c *gin.Context) *genuinePage {
	p := &genuinePage{page: s.page(c, "genuine.title"), Site: s.BaseURL + "/"}
	p.Bare, p.Wide, p.User = true, "narrow", nil
	if lang := c.Query("lang"); known(lang) {
		p.Lang = lang
		p.Title = s.Words.Say(lang, "genuine.title")
	}
	return p
}

func (s *Server) checkForm(c *gin.Context) error {
	return s.render(c, http.StatusOK, "genuine", s.genuinePage(c))
}

// check changes nothing. It is a POST so that codes do not stand in addresses.
func (s *Server) check(c *gin.Context) error {
	if !s.public.allow("check "+network(c.ClientIP()), s.Desk.Now()) {
		return errSlow
	}
	p := s.genuinePage(c)
	p.Asked, p.Form = true, typed(c)
	code := strings.ToUpper(strings.Join(strings.Fields(c.PostForm("code")), ""))
	found, err := s.Read.NoticesByCode(c.Request.Context(), code)
	if err != nil {
		return err
	}
	for _, n := range found {
		if sameCode(n.Code, code) {
			p.Found = append(p.Found, n)
		}
	}
	return s.render(c, http.StatusOK, "genuine", p)
}

// sameCode compares in a time that does not depend on the codes.
func sameCode(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// signKeys publishes the keys by which signed notices are checked.
func (s *Server) signKeys(c *gin.Context) error {
	keys, err := s.Read.SignKeys(c.Request.Context())
	if err != nil {
		return err
	}
	data, err := json.MarshalIndent(incident.Publish(keys), "", "  ")
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "public, max-age=3600")
	c.Header("Cross-Origin-Resource-Policy", "cross-origin")
	c.Data(http.StatusOK, "application/json", append(data, '\n'))
	return nil
}

// signedNotice gives the notice of a link for machines.
func (s *Server) signedNotice(c *gin.Context, g *guest) error {
	ctx := c.Request.Context()
	if s.SignKey == nil {
		return unknown(c)
	}
	n, err := s.Read.Notice(ctx, g.Link.Notice)
	if err != nil {
		return err
	}
	r, err := s.Read.Record(ctx, n.Record)
	if err != nil {
		return err
	}
	inc, err := s.Read.Incident(ctx, n.Incident)
	if err != nil {
		return err
	}
	org, err := s.Read.Organisation(ctx)
	if err != nil {
		return err
	}
	data, err := incident.SignNotice(incident.DocumentOf(org, inc.Number, r.Name, n), s.SignKey)
	if err != nil {
		return err
	}
	c.Header("Content-Disposition", `attachment; filename="`+inc.Number+`-v`+strconv.Itoa(n.N)+`.json"`)
	c.Data(http.StatusOK, "application/json", data)
	return nil
}
