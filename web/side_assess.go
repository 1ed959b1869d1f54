package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
	"hatakello/incident/risk"
)

// sideJudge is what a controller judges for herself: what her answers suggest,
// what she has decided, and what of it she shows to the processor.
type sideJudge struct {
	sidePage
	Own      *incident.OwnAssessment
	Proposal *proposalView
	Shared   *incident.OwnShare // that stands now, or nil
	Was      bool               // something was shared before
	Offered  *incident.OfferedFacts
	Begun    bool
}

// ownOf finds her assessment by her link, or an empty one.
func (s *Server) ownOf(c *gin.Context, g *guest) (*incident.OwnAssessment, error) {
	own, err := s.Read.OwnAssessment(c.Request.Context(), g.Link.Hash)
	if incident.KindOf(err) == incident.NotFound {
		return &incident.OwnAssessment{Record: g.Link.Record}, nil
	}
	return own, err
}

// owner is whose drafts a guest's are: her record's, which no login has.
func (g guest) owner() string { return "link " + g.Link.Record }

func (s *Server) sideAsk(c *gin.Context, g *guest) (*askPage, error) {
	side, err := s.sidePage(c, g, "assessment", "own.title")
	if err != nil {
		return nil, err
	}
	own, err := s.ownOf(c, g)
	if err != nil {
		return nil, err
	}
	p := &askPage{page: side.page, Side: &side, At: g.Base(), saved: own.Answers, owner: g.owner()}
	return p, s.begin(c, p)
}

// sideShow and sideDo are the wizard of the assessment behind a link.
func (s *Server) sideShow(c *gin.Context, g *guest) error {
	return s.showAsk(func(c *gin.Context) (*askPage, error) { return s.sideAsk(c, g) })(c)
}

func (s *Server) sideDo(c *gin.Context, g *guest) error {
	find := func(c *gin.Context) (*askPage, error) { return s.sideAsk(c, g) }
	return s.doAsk(find, func(s *Server, c *gin.Context, p *askPage, f risk.Facts) error {
		return s.Desk.AnswerOwn(c.Request.Context(), g.actor(""), g.Link, p.draft.Base, f)
	})(c)
}

func (s *Server) sideJudge(c *gin.Context, g *guest) (*sideJudge, error) {
	side, err := s.sidePage(c, g, "assessment", "own.title")
	if err != nil {
		return nil, err
	}
	p, ctx := &sideJudge{sidePage: side}, c.Request.Context()
	if p.Own, err = s.ownOf(c, g); err != nil {
		return nil, err
	}
	if p.Own.Answers != "" {
		f, err := readAnswers(p.Own.Answers).facts()
		if err != nil {
			return nil, err
		}
		p.Proposal = s.viewProposal(p.Lang, f)
	}
	shares, err := s.Read.OwnShares(ctx, p.rec.ID)
	if err != nil {
		return nil, err
	}
	for _, x := range shares {
		if p.Was = true; x.Ended.IsZero() {
			p.Shared = x
		}
	}
	if p.Offered, err = s.Read.OfferedFacts(ctx, p.rec.ID); err != nil {
		return nil, err
	}
	draft, err := s.Read.LoadDraft(ctx, g.owner(), "answers.own")
	p.Begun = draft != ""
	return p, err
}

func (s *Server) sideJudgement(c *gin.Context, g *guest) error {
	p, err := s.sideJudge(c, g)
	if err != nil {
		return err
	}
	p.Form = p.filled(values("tier", string(p.Own.Tier), "reason", p.Own.Reason))
	return s.render(c, http.StatusOK, "ownjudge", p)
}

// sideDecide does what the pressed button says: decide, share, take back, use
// in the form, or begin from what the processor has offered.
func (s *Server) sideDecide(c *gin.Context, g *guest) error {
	ctx, by := c.Request.Context(), g.actor("")
	p, err := s.sideJudge(c, g)
	if err != nil {
		return err
	}
	to := "/assessment"
	switch c.PostForm("do") {
	case "share":
		err = s.Desk.ShareOwn(ctx, by, g.Link, true)
	case "unshare":
		err = s.Desk.ShareOwn(ctx, by, g.Link, false)
	case "form":
		to, err = "/form", s.useInForm(c, g, p)
	case "start":
		to, err = "/assess", s.startFromOffer(c, g, p)
	default:
		err = s.Desk.DecideOwn(ctx, by, g.Link, incident.Tier(c.PostForm("tier")), c.PostForm("reason"))
	}
	if err == nil {
		return s.redirect(c, g.to(to, c, "saved"))
	}
	if !s.again(c, &p.page, err) {
		return err
	}
	return s.render(c, statusOf(err), "ownjudge", p)
}

// formTiers are her decisions as the authority's form codes them.
var formTiers = map[incident.Tier]string{incident.Unlikely: "none", incident.Likely: "risk", incident.High: "high"}

// useInForm writes her decision into the form. She presses the button: what
// stands in the form is kept with the pack that she takes.
func (s *Server) useInForm(c *gin.Context, g *guest, p *sideJudge) error {
	code := formTiers[p.Own.Tier]
	if code == "" {
		return &incident.Error{Kind: incident.Refused, Key: "own.undecided"}
	}
	return s.Desk.AnswerForm(c.Request.Context(), g.actor(""), p.rec.ID, []incident.FormAnswer{{Key: "risk_level", Value: code}}, g.kept())
}

// startFromOffer begins her answers from what the processor has offered, each
// marked as its word. Answers that she has given stay.
func (s *Server) startFromOffer(c *gin.Context, g *guest, p *sideJudge) error {
	if p.Offered == nil {
		return &incident.Error{Kind: incident.Refused, Key: "own.nothing"}
	}
	a := readAnswers(p.Offered.Answers)
	source := s.Words.Say(p.Lang, "own.source", "Name", p.Org.Name)
	for _, step := range askSteps {
		for _, q := range step.asks {
			if q.sure && a.get(q.path) != nil {
				a.say(q.path, "assumed", source)
			}
		}
	}
	if _, err := a.facts(); err != nil {
		return err
	}
	return s.saveDraft(c, g.owner(), "answers.own", &draft{Base: incident.Fingerprint(p.Own.Answers), Answers: a})
}

// offerFacts puts our answers at a controller's disposal.
func (s *Server) offerFacts(c *gin.Context) error {
	id := c.Param("id")
	if err := s.Desk.OfferFacts(c.Request.Context(), actor(c), id); err != nil {
		return err
	}
	return s.redirect(c, "/records/"+id+"?said=saved")
}
