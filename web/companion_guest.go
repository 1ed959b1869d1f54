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
	if err = s.fileTheirs(c, g, p); err != nil && s.again(c, &p.page, err) {
		p.LateAsked = p.LateAsked || p.Form.Fault("late_reason") != ""
		return s.render(c, statusOf(err), "companion", p)
	}
	if err != nil {
		return err
	}
	return s.redirect(c, p.Base+"/form?lang="+p.Lang+"&said=filed#filing")
}

// fileTheirs records what she says. The program's report is frozen as it stands
// now, beside the files that she has added.
func (s *Server) fileTheirs(c *gin.Context, g *guest, p *companionPage) error {
	files, held, lost, err := s.filingUploads(c, "link "+g.Link.Record, p.Now)
	p.Held = held
	if err != nil {
		return err
	}
	at, wrong := p.time(c, "at")
	if err := join(wrong, lost); err != nil {
		return err
	}
	f := incident.Filing{Kind: c.PostForm("kind"), At: at, Channel: c.PostForm("channel"), Reference: c.PostForm("reference"),
		Receipt: c.PostForm("answer"), LateReason: c.PostForm("late_reason"), Files: files}
	if err := s.freezeReport(c, p.Rec, &f, p.Lang); err != nil {
		return err
	}
	by := g.actor("")
	by.Name = strings.TrimSpace(c.PostForm("name"))
	return s.Desk.ReportTheirs(c.Request.Context(), by, p.Rec.ID, f)
}

// guestFile hands out a file that was frozen with one of her record's filings.
func (s *Server) guestFile(c *gin.Context, g *guest) error {
	rec, err := s.Read.Record(c.Request.Context(), g.Link.Record)
	if err != nil {
		return err
	}
	return s.sendFile(c, rec, c.Param("hash"))
}
