package web

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
	"hatakello/templates"
)

// guestPage begins the page of a guest.
func (s *Server) guestPage(c *gin.Context, g *guest) (*companionPage, error) {
	p := &companionPage{page: s.page(c, "companion.title"), guest: g, Relaxed: g.Relaxed, Base: g.Base(), Draft: g.Link.Record}
	p.Bare, p.Wide, p.Lang = true, "narrow", g.Link.Lang
	if lang := c.Query("lang"); known(lang) {
		p.Lang = lang
	}
	p.Back = p.Base + "?lang=" + p.Lang
	return p, s.companion(c, p, g.Link.Record)
}

func (s *Server) guestForm(c *gin.Context, g *guest) error {
	p, err := s.guestPage(c, g)
	if err != nil {
		return err
	}
	p.Form = p.filing(p.Rec)
	return s.renderForm(c, p)
}

// renderForm shows the part that was asked for, or the start of the form.
func (s *Server) renderForm(c *gin.Context, p *companionPage) error {
	if p.Here != "" {
		return s.render(c, http.StatusOK, "companionpart", p)
	}
	return s.render(c, http.StatusOK, "companion", p)
}

// filing proposes what stands in the form of a filing.
func (p *companionPage) filing(rec *incident.Record) templates.Form {
	return p.page.filled(values("kind", p.parts.kind(), "name", rec.AckedBy,
		"late_reason", p.parts.Answers["delay_reason"].Value))
}

func (s *Server) guestAnswers(c *gin.Context, g *guest) error {
	p, err := s.guestPage(c, g)
	if err != nil {
		return err
	}
	if p.Here == "" {
		return unknown(c)
	}
	return s.saveAnswers(c, p, g.actor(p.Rec.AckedBy), g.kept())
}

// guestFiling takes the controller's word that she has filed.
func (s *Server) guestFiling(c *gin.Context, g *guest) error {
	p, err := s.guestPage(c, g)
	if err != nil {
		return err
	}
	at, wrong := p.time(c, "at")
	err = join(wrong)
	if err == nil {
		by := g.actor("")
		by.Name = strings.TrimSpace(c.PostForm("name"))
		err = s.Desk.ReportTheirs(c.Request.Context(), by, p.Rec.ID, incident.Filing{Kind: c.PostForm("kind"), At: at,
			Channel: c.PostForm("channel"), Reference: c.PostForm("reference"), Receipt: c.PostForm("receipt"),
			LateReason: c.PostForm("late_reason")})
	}
	if err != nil && s.again(c, &p.page, err) {
		p.LateAsked = p.LateAsked || p.Form.Fault("late_reason") != ""
		return s.render(c, statusOf(err), "companion", p)
	}
	if err != nil {
		return err
	}
	return s.redirect(c, p.Base+"/form?lang="+p.Lang+"&said=filed#filing")
}
