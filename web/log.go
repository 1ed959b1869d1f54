package web

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
	"hatakello/templates"
)

// logPage opens a case: what, when, which service. It is the page of three in
// the morning, and asks nothing else.
type logPage struct {
	page
	Services []*incident.Service
}

// notKnown is the box that says that the service is not known yet.
const notKnown = "unknown"

func (s *Server) logForm(c *gin.Context) error {
	p, err := s.logPage(c)
	if err != nil {
		return err
	}
	p.Form = p.filled(values("aware", templates.DateTime(templates.Lang(p.Lang), p.Now, p.zone())))
	return s.render(c, http.StatusOK, "log", p)
}

func (s *Server) logPage(c *gin.Context) (*logPage, error) {
	p := &logPage{page: s.page(c, "log.title")}
	p.Wide, p.Section = "narrow", "log"
	var err error
	p.Services, err = s.Read.Services(c.Request.Context())
	return p, err
}

func (s *Server) log(c *gin.Context) error {
	p, err := s.logPage(c)
	if err != nil {
		return err
	}
	in := incident.Log{Title: c.PostForm("title"), Text: c.PostForm("aware"), Key: c.PostForm("key"),
		Unclear: c.PostForm("unclear") == "yes"}
	in.Services = slices.DeleteFunc(c.PostFormArray("services"), func(id string) bool { return id == notKnown })
	at, wrong := p.time(c, "aware")
	in.Aware = at
	if in.Text != "" {
		in.Text = zoned(in.Text, p.zone())
	}
	var inc *incident.Incident
	if err = join(wrong); err == nil {
		inc, err = s.Desk.Log(c.Request.Context(), actor(c), in)
	}
	if err != nil && s.again(c, &p.page, err) {
		return s.render(c, http.StatusUnprocessableEntity, "log", p)
	}
	if err != nil {
		return err
	}
	if !actor(c).May("read") {
		return s.redirect(c, "/logged/"+inc.ID)
	}
	return s.redirect(c, "/incidents/"+inc.ID+"?said=logged")
}

// loggedPage is what somebody sees who may log a case but not read it.
type loggedPage struct {
	page
	Inc   *incident.Incident
	Aware incident.Mark
}

func (s *Server) loggedCase(c *gin.Context) error {
	inc, err := s.incident(c)
	if err != nil {
		return err
	}
	if !actor(c).MaySee(inc) {
		return unknown(c)
	}
	p := loggedPage{page: s.page(c, "logged.title", "Number", inc.Number), Inc: inc}
	p.Aware, _ = inc.At(incident.ProcessorAware)
	p.Wide = "narrow"
	return s.render(c, http.StatusOK, "logged", p)
}

// echo says back how a time that is being typed is understood.
func (s *Server) echo(c *gin.Context) error {
	p := s.page(c, "log.title")
	at, err := incident.ParseLocal(c.Query("text"), p.Now, p.zone())
	if err != nil {
		c.String(http.StatusOK, "")
		return nil
	}
	l := templates.Lang(p.Lang)
	c.String(http.StatusOK, "= %s", templates.Both(l, at, p.zone()))
	return nil
}
