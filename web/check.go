package web

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// checkNotices is the page on which one sees exactly who gets exactly what.
func (s *Server) checkNotices(c *gin.Context, p *notifyPage, in incident.Notify, act, arg string) error {
	ctx := c.Request.Context()
	p.Title = s.Words.Say(p.Lang, "notify.check.title")
	p.Wide = ""
	p.Form = typed(c)
	if p.Form.Key == "" {
		p.Form.Key = s.Desk.NewID()
	}
	see := ""
	after := c.PostForm("after")
	switch act {
	case "more":
		after = arg
	case "see":
		see = arg
	}
	p.Form.Values.Set("after", after)
	if p.One != nil {
		see = p.One.ID
	} else if err := s.receivers(ctx, p, after); err != nil {
		return err
	}
	if see == "" && len(p.Lines) > 0 {
		see = p.Lines[0].ID
	}
	if see == "" {
		return &incident.Error{Kind: incident.Refused, Key: "notice.nobody"}
	}
	letter, contact, err := s.Desk.Preview(ctx, actor(c), see, in)
	if err != nil {
		return err
	}
	r, err := s.Read.Record(ctx, see)
	if err != nil || r.Incident != p.Inc.ID {
		return unknown(c)
	}
	p.Preview = &preview{Line: see, Name: r.Name, Contact: contact, Letter: letter}
	if p.Forecast, err = s.Desk.Forecast(ctx, actor(c), p.Inc.ID, in); err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "check", p)
}

// stageOf is the stage of those that a notice goes to; "" is all of them.
var stageOf = map[string]incident.Stage{"untold": incident.Untold, "failed": incident.Failed}

// receivers reads one part of the list of receivers.
func (s *Server) receivers(ctx context.Context, p *notifyPage, after string) error {
	all, next, err := s.Read.Lines(ctx, p.Inc.ID, incident.LineFilter{Stage: stageOf[p.To]}, incident.Cut{After: after, Limit: 20})
	if err != nil {
		return err
	}
	p.Next = next
	for _, l := range linesAt(all, p.Now) {
		if l.Controller != incident.Own && l.Certainty != incident.NotAffected {
			p.Lines = append(p.Lines, l)
		}
	}
	return nil
}
