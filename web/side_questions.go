package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// sideQuestions is what a controller has asked and been answered.
type sideQuestions struct {
	sidePage
	Open    []*incident.Question // that wait
	Answers []sideAnswer         // newest first
}

// sideAnswer is an answer with the questions of hers that it is about. Its
// words are shown once she has opened it.
type sideAnswer struct {
	*incident.ReplyCopy
	Asked []*incident.Question
}

func (s *Server) sideQuestions(c *gin.Context, g *guest) (*sideQuestions, error) {
	side, err := s.sidePage(c, g, "questions", "asked.title")
	if err != nil {
		return nil, err
	}
	p := &sideQuestions{sidePage: side}
	ctx := c.Request.Context()
	questions, err := s.Read.QuestionsOf(ctx, p.rec.ID)
	if err != nil {
		return nil, err
	}
	copies, err := s.Read.Copies(ctx, p.rec.ID)
	if err != nil {
		return nil, err
	}
	for i := len(copies) - 1; i >= 0; i-- {
		a := sideAnswer{ReplyCopy: copies[i]}
		for _, q := range questions {
			if q.Reply == a.Reply {
				a.Asked = append(a.Asked, q)
			}
		}
		p.Answers = append(p.Answers, a)
	}
	for _, q := range questions {
		if q.Open() {
			p.Open = append(p.Open, q)
		}
	}
	return p, nil
}

func (s *Server) guestQuestions(c *gin.Context, g *guest) error {
	p, err := s.sideQuestions(c, g)
	if err != nil {
		return err
	}
	p.Form = p.filled(values("name", p.rec.AckedBy))
	return s.render(c, http.StatusOK, "asked_side", p)
}

func (s *Server) guestAsk(c *gin.Context, g *guest) error {
	in := incident.Asking{Text: c.PostForm("text"), Name: c.PostForm("name"), Session: g.kept()}
	err := s.Desk.Ask(c.Request.Context(), g.actor(""), g.Link, in)
	if err == nil {
		return s.redirect(c, g.to("/questions", c, "asked"))
	}
	p, err2 := s.sideQuestions(c, g)
	if err2 != nil {
		return err2
	}
	if !s.again(c, &p.page, err) {
		return err
	}
	return s.render(c, statusOf(err), "asked_side", p)
}

// guestOpenReply shows an answer and notes that it was opened, by whom.
func (s *Server) guestOpenReply(c *gin.Context, g *guest) error {
	if err := s.Desk.OpenReply(c.Request.Context(), g.actor(""), g.Link.Record, c.Param("reply")); err != nil {
		return err
	}
	return s.redirect(c, g.to("/questions", c, "")+"#r-"+c.Param("reply"))
}
