package web

import (
	"context"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// sendNotices makes the notices that have been looked at, once however often
// the button is pressed.
func (s *Server) sendNotices(c *gin.Context, p *notifyPage, in incident.Notify) error {
	ctx, done := c.Request.Context(), "/incidents/"+p.Inc.ID+"?said=sent"
	was, err := s.Read.Outcome(ctx, actor(c).ID, "notify", in.Key)
	if err != nil {
		return err
	}
	if was != "" { // a double click: those chosen first are no longer untold
		return s.redirect(c, done)
	}
	if in.Records, err = s.chosen(ctx, p); err != nil {
		return err
	}
	sent, err := s.Desk.Notify(ctx, actor(c), p.Inc.ID, in)
	if err == nil && sent.Proposal != "" {
		return s.redirect(c, "/waiting/"+sent.Proposal)
	}
	if incident.KindOf(err) == incident.Invalid {
		if stopped, err := s.stopped(c, p, in); stopped || err != nil {
			return err
		}
	}
	if err != nil && s.again(c, &p.page, err) {
		return s.render(c, statusOf(err), "notify", p)
	}
	if err != nil {
		return err
	}
	return s.redirect(c, done)
}

// chosen lists the records that a notice goes to, or nil for all.
func (s *Server) chosen(ctx context.Context, p *notifyPage) ([]string, error) {
	if p.One != nil {
		return []string{p.One.ID}, nil
	}
	stage, part := stageOf[p.To]
	if !part || p.To == "untold" && p.Untold == p.All {
		return nil, nil
	}
	ids := []string{}
	for after := ""; ; {
		all, next, err := s.Read.Lines(ctx, p.Inc.ID, incident.LineFilter{Stage: stage}, incident.Cut{After: after, Limit: 500})
		if err != nil {
			return nil, err
		}
		for _, l := range all {
			if l.Controller != incident.Own && l.Certainty != incident.NotAffected {
				ids = append(ids, l.ID)
			}
		}
		if next == "" {
			break
		}
		after = next
	}
	if len(ids) == 0 {
		return nil, &incident.Error{Kind: incident.Refused, Key: "notice.nobody"}
	}
	return ids, nil
}
