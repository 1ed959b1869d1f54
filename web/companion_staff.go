package web

import (
	"github.com/gin-gonic/gin"
)

// staffPage begins the page for staff. The form is the controller's: staff see
// it only where the company is the controller itself or acts for it.
func (s *Server) staffPage(c *gin.Context) (*companionPage, error) {
	p := &companionPage{page: s.page(c, "companion.title")}
	id := c.Param("id")
	p.Section, p.Wide, p.Base, p.Back, p.Draft = "board", "narrow", "/records/"+id, "/records/"+id, id
	if err := s.companion(c, p, id); err != nil {
		return nil, err
	}
	if p.parts.us() && p.parts.Mandate == "" {
		return nil, unknown(c)
	}
	return p, nil
}

func (s *Server) staffForm(c *gin.Context) error {
	p, err := s.staffPage(c)
	if err != nil {
		return err
	}
	return s.renderForm(c, p)
}

func (s *Server) staffAnswers(c *gin.Context) error {
	p, err := s.staffPage(c)
	if err != nil {
		return err
	}
	if p.Here == "" {
		return unknown(c)
	}
	return s.saveAnswers(c, p, actor(c), nil)
}

// revokeLinks ends the links to a record.
func (s *Server) revokeLinks(c *gin.Context) error {
	id := c.Param("id")
	if err := s.Desk.RevokeLinks(c.Request.Context(), actor(c), id); err != nil {
		return err
	}
	return s.redirect(c, "/records/"+id+"?said=revoked")
}
