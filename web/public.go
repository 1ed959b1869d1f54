package web

import (
	"net/http"

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
	Told   *clock // the same as it runs from our notice, where she knew earlier; else nil
	Secret string
	Door   *guest
	Next   string    // where a code leads; "" is the page itself
	Signed bool      // the notice can be had signed, for machines
	Case   *toldCase // nil while the details are closed
	Check  string    // address of the page on which the code can be checked
	Coded  bool      // a code has just been asked for
	Here   string    // always ""
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
	if p.Said == "code" { // said where the code is typed, further down
		p.Said, p.Coded = "", true
	}
	p.Signed, p.Check = s.SignKey != nil, s.BaseURL+"/check"
	if p.Door, err = s.door(c, n, r); err != nil {
		return nil, err
	}
	answers := map[string]incident.FormAnswer{}
	if p.Door.Open() {
		if answers, err = s.Read.FormAnswers(ctx, r.ID); err != nil {
			return nil, err
		}
	}
	p.Clock, p.Told = herClock(r, answers, now, p.zone())
	return p, s.showTold(c, p, r)
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
