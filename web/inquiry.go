package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// inquiryPage ends a short investigation by a dated decision.
type inquiryPage struct {
	casePart
	Signal incident.Mark
}

func (s *Server) inquiryPage(c *gin.Context) (*inquiryPage, error) {
	part, err := s.casePart(c, "inquiry.title")
	if err != nil {
		return nil, err
	}
	p := &inquiryPage{casePart: *part}
	p.Signal, _ = p.Inc.At(incident.Signal)
	return p, nil
}

func (s *Server) inquiryForm(c *gin.Context) error {
	p, err := s.inquiryPage(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "inquiry", p)
}

func (s *Server) endInquiry(c *gin.Context) error {
	p, err := s.inquiryPage(c)
	if err != nil {
		return err
	}
	at, wrong := p.time(c, "at")
	if err = join(wrong); err == nil {
		err = s.Desk.EndInquiry(c.Request.Context(), actor(c), p.Inc.ID, c.PostForm("outcome"), c.PostForm("reason"), at)
	}
	if err == nil {
		return s.redirect(c, "/incidents/"+p.Inc.ID+"?said=saved")
	}
	if !s.again(c, &p.page, err) {
		return err
	}
	return s.render(c, statusOf(err), "inquiry", p)
}
