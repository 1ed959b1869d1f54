package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// waitingPage is a notice that waits for a second person: exactly what would be
// sent to whom.
type waitingPage struct {
	page
	Inc      *incident.Incident
	P        *incident.Proposal
	Seal     string
	Changed  bool // since it was proposed
	Self     bool // the visitor has proposed it
	Preview  *preview
	Lines    []*incident.Record
	More     int
	Forecast *incident.Forecast
}

// waitingRows is how many receivers are listed; all are counted.
const waitingRows = 200

func (s *Server) waitingPage(c *gin.Context) (*waitingPage, error) {
	ctx := c.Request.Context()
	prop, seal, err := s.Desk.Review(ctx, actor(c), c.Param("id"))
	if prop == nil {
		return nil, err
	}
	p := &waitingPage{page: s.page(c, "waiting.title"), P: prop, Seal: seal, Changed: seal != "" && seal != prop.Seal,
		Self: user(c).ID == prop.ByID}
	p.Section = "board"
	if err != nil && !s.again(c, &p.page, err) {
		return nil, err
	}
	if p.Inc, err = s.Read.Incident(ctx, prop.Incident); err != nil {
		return nil, err
	}
	if prop.State != incident.ProposalWaits {
		return p, nil
	}
	return p, s.fillWaiting(c, p)
}

// fillWaiting reads the receivers, the mail of one, and how long it would take.
func (s *Server) fillWaiting(c *gin.Context, p *waitingPage) error {
	ctx := c.Request.Context()
	all, err := s.Read.Records(ctx, p.Inc.ID, p.P.In.Records)
	if err != nil {
		return err
	}
	p.Lines, p.More = all[:min(len(all), waitingRows)], max(len(all)-waitingRows, 0)
	see := c.Query("see")
	for _, r := range all {
		if r.ID != see && see != "" {
			continue
		}
		letter, contact, err := s.Desk.Preview(ctx, actor(c), r.ID, p.P.In)
		if err != nil && incident.KindOf(err) != incident.Invalid {
			return err
		}
		p.Preview = &preview{Line: r.ID, Name: r.Name, Contact: contact, Letter: letter}
		break
	}
	p.Forecast, err = s.Desk.Forecast(ctx, actor(c), p.Inc.ID, p.P.In)
	return err
}

func (s *Server) waiting(c *gin.Context) error {
	p, err := s.waitingPage(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "waiting", p)
}

// decideWaiting sends the notice, or declines it.
func (s *Server) decideWaiting(c *gin.Context) error {
	ctx, id := c.Request.Context(), c.Param("id")
	prop, err := s.Read.Proposal(ctx, id)
	if err != nil {
		return err
	}
	if c.PostForm("do") == "approve" {
		_, err = s.Desk.ApproveProposal(ctx, actor(c), id, c.PostForm("seal"))
	} else {
		err = s.Desk.DeclineProposal(ctx, actor(c), id, c.PostForm("reason"))
	}
	if err == nil {
		return s.redirect(c, "/incidents/"+prop.Incident+"?said=sent")
	}
	p, err2 := s.waitingPage(c)
	if err2 != nil || !s.again(c, &p.page, err) {
		return err
	}
	return s.render(c, statusOf(err), "waiting", p)
}
