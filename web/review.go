package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// awaitingRows is how many judgements that wait are shown.
const awaitingRows = 100

// reviewPage lists what waits for a second person: judgements to approve, and
// lenient decisions that were drawn for a second look.
type reviewPage struct {
	page
	Awaiting []*incident.Awaiting
	Open     []*incident.Sample
	Quarters []quarterView
}

// quarterView is one quarter's draw and what the second looks said.
type quarterView struct {
	*incident.Draw
	Looked, Agreed int
	Percent        int // of those looked at; 0 where they are too few to say
}

// fewLooks is how many second looks a percentage needs: of fewer it would say
// more than is known.
const fewLooks = 5

func (s *Server) review(c *gin.Context) error {
	ctx := c.Request.Context()
	p := &reviewPage{page: s.page(c, "review.title")}
	p.Section, p.Wide = "review", "narrow"
	var err error
	if p.Awaiting, err = s.Read.Awaiting(ctx, awaitingRows); err != nil {
		return err
	}
	draws, err := s.Read.Draws(ctx)
	if err != nil {
		return err
	}
	for _, d := range draws {
		all, err := s.Read.Samples(ctx, d.Quarter)
		if err != nil {
			return err
		}
		p.add(d, all)
	}
	return s.render(c, http.StatusOK, "review", p)
}

// add counts a quarter's second looks.
func (p *reviewPage) add(d *incident.Draw, all []*incident.Sample) {
	q := quarterView{Draw: d}
	for _, x := range all {
		if x.LookedAt.IsZero() {
			p.Open = append(p.Open, x)
			continue
		}
		q.Looked++
		if x.Verdict == incident.Agree {
			q.Agreed++
		}
	}
	if q.Looked >= fewLooks {
		q.Percent = (200*q.Agreed + q.Looked) / (2 * q.Looked)
	}
	p.Quarters = append(p.Quarters, q)
}

// lookPage shows one decision that was drawn, and takes the second look.
type lookPage struct {
	page
	Sample  *incident.Sample
	Inc     *incident.Incident
	Rec     *incident.Record // nil for an inquiry
	Version *incident.Assessment
	Decided *incident.Decision
	Mine    bool // the visitor had a part in the decision
}

func (s *Server) lookPage(c *gin.Context) (*lookPage, error) {
	ctx := c.Request.Context()
	x, err := s.Read.Sample(ctx, c.Param("id"))
	if err != nil {
		return nil, err
	}
	p := &lookPage{page: s.page(c, "look.title", "Quarter", x.Quarter), Sample: x}
	p.Section, p.Wide = "review", "narrow"
	p.Mine = x.ByID != "" && x.ByID == user(c).ID
	if p.Inc, err = s.Read.Incident(ctx, x.Incident); err != nil || x.Record == "" {
		return p, err
	}
	if p.Rec, err = s.Read.Record(ctx, x.Record); err != nil {
		return nil, err
	}
	if x.Kind == "unlikely" && x.N < len(p.Rec.Assessed) {
		p.Version = p.Rec.Assessed[x.N]
	} else if x.Kind != "unlikely" && x.N < len(p.Rec.Decisions) {
		p.Decided = &p.Rec.Decisions[x.N]
	}
	return p, nil
}

func (s *Server) showLook(c *gin.Context) error {
	p, err := s.lookPage(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "look", p)
}

func (s *Server) look(c *gin.Context) error {
	err := s.Desk.SecondLook(c.Request.Context(), actor(c), c.Param("id"), incident.Look(c.PostForm("verdict")), c.PostForm("reason"))
	if err == nil {
		return s.redirect(c, "/review?said=saved")
	}
	p, err2 := s.lookPage(c)
	if err2 != nil || !s.again(c, &p.page, err) {
		return err
	}
	return s.render(c, statusOf(err), "look", p)
}
