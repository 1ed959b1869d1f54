package web

import (
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
	"hatakello/incident/risk"
)

// assessRoutes are the pages about the risk for people.
func (s *Server) assessRoutes() []route {
	record, incident := s.askRecord, s.askCase
	return []route{
		{"GET", "/log/misdirected", "log", 0, s.misdirectForm},
		{"POST", "/log/misdirected", "log", formLimit, s.misdirect},
		{"GET", "/incidents/:id/assess", "assess", 0, s.showAsk(incident)},
		{"POST", "/incidents/:id/assess", "assess", formLimit, s.doAsk(incident, (*Server).answerCase)},
		{"GET", "/records/:id/assess", "assess", 0, s.showAsk(record)},
		{"POST", "/records/:id/assess", "assess", formLimit, s.doAsk(record, (*Server).answerRecord)},
		{"GET", "/records/:id/assessment", "read", 0, s.showJudge},
		{"POST", "/records/:id/assessment", "assess", formLimit, s.judge},
		{"POST", "/records/:id/approval", "approve", formLimit, s.approve},
		{"GET", "/records/:id/assessment.txt", "read", 0, s.memo},
		{"GET", "/records/:id/versions", "read", 0, s.versions},
		{"GET", "/review", "read", 0, s.review},
		{"GET", "/review/:id", "read", 0, s.showLook},
		{"POST", "/review/:id", "review", formLimit, s.look},
	}
}

func (s *Server) showAsk(find func(*gin.Context) (*askPage, error)) func(*gin.Context) error {
	return func(c *gin.Context) error {
		p, err := find(c)
		if err != nil {
			return err
		}
		p.at(c.Query("step"))
		if p.Group, _ = strconv.Atoi(c.Query("group")); p.Step == "group" && p.draft.Answers.group(p.Group) == nil {
			return unknown(c)
		}
		p.fill()
		s.draw(p)
		return s.render(c, http.StatusOK, "ask", p)
	}
}

// doAsk keeps what a step holds and goes where the pressed button says.
func (s *Server) doAsk(find func(*gin.Context) (*askPage, error), commit func(*Server, *gin.Context, *askPage, risk.Facts) error) func(*gin.Context) error {
	return func(c *gin.Context) error {
		p, err := find(c)
		if err != nil {
			return err
		}
		if c.PostForm("do") == "drop" {
			return orError(s.dropDraft(c, p.owner, p.form()), s.redirect(c, p.doneAt()))
		}
		p.at(c.PostForm("step"))
		p.Group, _ = strconv.Atoi(c.PostForm("group"))
		wrong := p.take(c)
		f, err := p.draft.Answers.facts()
		if err == nil {
			if err := s.saveDraft(c, p.owner, p.form(), p.draft); err != nil {
				return err
			}
		}
		if c.PostForm("autosave") != "" {
			c.Status(http.StatusNoContent)
			return nil
		}
		if err == nil {
			err = join(wrong...)
		}
		if err == nil && c.PostForm("do") != "done" {
			return s.redirect(c, p.next(c.PostForm("do")))
		}
		if err == nil {
			err = commit(s, c, p, f)
		}
		if err == nil {
			return orError(s.dropDraft(c, p.owner, p.form()), s.redirect(c, p.doneAt()))
		}
		return s.askAgain(c, p, err)
	}
}

// askAgain shows the step once more with what was wrong. Where somebody else
// has saved other answers, both stand side by side, and saving again replaces
// theirs knowingly.
func (s *Server) askAgain(c *gin.Context, p *askPage, err error) error {
	if !s.again(c, &p.page, err) {
		return err
	}
	if incident.KindOf(err) == incident.Conflict {
		if mine, bad := p.draft.Answers.facts(); bad == nil {
			theirs, _ := readAnswers(p.saved).facts()
			p.Clash = changeLines(p.Lang, theirs, mine)
		}
		p.draft.Base = incident.Fingerprint(p.saved)
		if err := s.saveDraft(c, p.owner, p.form(), p.draft); err != nil {
			return err
		}
	}
	s.draw(p)
	return s.render(c, statusOf(err), "ask", p)
}

func (s *Server) answerRecord(c *gin.Context, p *askPage, f risk.Facts) error {
	return s.Desk.Answer(c.Request.Context(), actor(c), p.Rec.ID, p.draft.Base, f)
}

func (s *Server) answerCase(c *gin.Context, p *askPage, f risk.Facts) error {
	return s.Desk.AnswerShared(c.Request.Context(), actor(c), p.Inc.ID, p.draft.Base, f)
}
