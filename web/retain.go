package web

import (
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

func (s *Server) retainRoutes() []route {
	return []route{
		{"GET", "/settings/retention", "read", 0, s.retention},
		{"POST", "/settings/retention", "retain", formLimit, s.saveRetention},
		{"GET", "/incidents/:id/preserve", "read", 0, s.preserveForm},
		{"POST", "/incidents/:id/preserve", "preserve", formLimit, s.preserve},
	}
}

// retentionPage is for how long kinds of data are kept, what would be erased
// when, and which cases are on hold.
type retentionPage struct {
	page
	Kinds []*incident.Expiry
	Holds []*incident.LegalHold
	N     int // rows that have just been erased
}

func (s *Server) retentionPage(c *gin.Context) (*retentionPage, error) {
	p := &retentionPage{page: s.page(c, "retain.title")}
	p.Section = "settings"
	p.N, _ = strconv.Atoi(c.Query("n"))
	var err error
	if p.Kinds, err = s.Desk.Expiries(c.Request.Context()); err != nil {
		return nil, err
	}
	v := values()
	for _, x := range p.Kinds {
		if x.Days > 0 {
			v.Set("days_"+x.Kind, strconv.Itoa(x.Days))
		}
	}
	p.Form = p.filled(v)
	p.Holds, err = s.Read.LegalHolds(c.Request.Context())
	return p, err
}

func (s *Server) retention(c *gin.Context) error {
	p, err := s.retentionPage(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "retention", p)
}

// saveRetention keeps the periods, or erases what is due now.
func (s *Server) saveRetention(c *gin.Context) error {
	if c.PostForm("do") == "now" {
		n, err := s.Desk.Expire(c.Request.Context(), actor(c))
		if err != nil {
			return err
		}
		return s.redirect(c, "/settings/retention?said=timeup&n="+strconv.Itoa(n))
	}
	days := map[string]int{}
	for _, r := range incident.Retentions {
		days[r.Kind] = number(c, "days_"+r.Kind)
	}
	err := s.Desk.SaveRetention(c.Request.Context(), actor(c), days)
	if err == nil {
		return s.redirect(c, "/settings/retention?said=saved")
	}
	p, err2 := s.retentionPage(c)
	if err2 != nil || !s.again(c, &p.page, err) {
		return err
	}
	return s.render(c, statusOf(err), "retention", p)
}

// preservePage puts a case on hold.
type preservePage struct {
	casePart
	Hold *incident.LegalHold
}

func (s *Server) preservePage(c *gin.Context) (*preservePage, error) {
	base, err := s.casePart(c, "preserve.title")
	if err != nil {
		return nil, err
	}
	p := &preservePage{casePart: *base}
	p.Hold, err = s.Read.LegalHold(c.Request.Context(), p.Inc.ID)
	return p, err
}

func (s *Server) preserveForm(c *gin.Context) error {
	p, err := s.preservePage(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "preserve", p)
}

func (s *Server) preserve(c *gin.Context) error {
	p, err := s.preservePage(c)
	if err != nil {
		return err
	}
	err = s.Desk.Preserve(c.Request.Context(), actor(c), p.Inc.ID, c.PostForm("reason"), c.PostForm("do") == "end")
	if err == nil {
		return s.redirect(c, "/incidents/"+p.Inc.ID+"/preserve?said=saved")
	}
	if !s.again(c, &p.page, err) {
		return err
	}
	return s.render(c, statusOf(err), "preserve", p)
}
