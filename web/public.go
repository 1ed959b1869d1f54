package web

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// noticeLink is what somebody sees who follows the link in a mail: that there
// is a notice, and how long the controller has. What happened stands in the
// mail; a link that lives for weeks must not show it. Looking changes nothing,
// because mail scanners follow links; only the button does.
type noticeLink struct {
	page
	Number string
	Name   string
	Notice *incident.Notice
	Clock  *clock // the controller's own 72 hours, or nil when it has not begun
	Secret string
	Door   *guest
	Next   string // where a code leads
	Signed bool   // the notice can be had signed, for machines
}

// acknowledgePath is that of the link in the mail.
const acknowledgePath = "/n/:secret"

func (s *Server) noticeLink(c *gin.Context) error {
	p, err := s.findNotice(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "public", p)
}

// findNotice looks a notice up by the secret of its link, slowly for those who
// try many.
func (s *Server) findNotice(c *gin.Context) (*noticeLink, error) {
	ctx, now := c.Request.Context(), s.Desk.Now()
	if !s.public.allow(network(c.ClientIP()), now) {
		return nil, errSlow
	}
	secret := c.Param("secret")
	n, err := s.Read.NoticeByToken(ctx, incident.HashSecret(secret))
	if incident.KindOf(err) == incident.NotFound {
		return nil, unknown(c)
	}
	if err != nil {
		return nil, err
	}
	r, err := s.Read.Record(ctx, n.Record)
	if err != nil {
		return nil, err
	}
	inc, err := s.Read.Incident(ctx, n.Incident)
	if err != nil {
		return nil, err
	}
	p := &noticeLink{page: s.page(c, "public.title"), Number: inc.Number, Name: r.Name, Notice: n, Secret: secret}
	p.Bare, p.Wide, p.Lang = true, "narrow", n.Lang
	if lang := c.Query("lang"); known(lang) {
		p.Lang = lang
	}
	p.Title = s.Words.Say(p.Lang, "public.title")
	p.Next = nextSide(c)
	p.Clock, p.Signed = theirClock(r, now), s.SignKey != nil
	if p.Door, err = s.door(c, n, r); err != nil {
		return nil, err
	}
	return p, nil
}

// theirClock is the controller's own clock towards the authority.
func theirClock(r *incident.Record, now time.Time) *clock {
	for _, d := range r.Deadlines {
		if d.To == incident.ToAuthority && !d.Ours && !d.Due.IsZero() {
			return &clock{d, now}
		}
	}
	return nil
}

func (s *Server) acknowledge(c *gin.Context) error {
	p, err := s.findNotice(c)
	if err != nil {
		return err
	}
	_, err = s.Desk.Acknowledge(c.Request.Context(), p.Secret, c.PostForm("name"))
	if err != nil && s.again(c, &p.page, err) {
		return s.render(c, http.StatusUnprocessableEntity, "public", p)
	}
	if err != nil {
		return err
	}
	return s.redirect(c, "/n/"+p.Secret+"?lang="+p.Lang)
}
