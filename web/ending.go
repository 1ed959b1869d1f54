package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// donePage records that a duty was done which has no report or notice of its
// own.
type donePage struct {
	recordPart
	Duty  string
	Clock *clock
}

func (s *Server) donePage(c *gin.Context) (*donePage, error) {
	part, err := s.recordPart(c, "done.title")
	if err != nil {
		return nil, err
	}
	p := &donePage{recordPart: *part, Duty: c.Query("duty")}
	d := part.Rec.Deadline(p.Duty)
	duty, _, ok := incident.DutyOf(p.Duty)
	if d == nil || !ok || !duty.ByHand() {
		return nil, unknown(c)
	}
	p.Clock = &clock{d, p.Now}
	return p, nil
}

func (s *Server) doneForm(c *gin.Context) error {
	p, err := s.donePage(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "done", p)
}

func (s *Server) complete(c *gin.Context) error {
	p, err := s.donePage(c)
	if err != nil {
		return err
	}
	m, err := p.typedMark(c, "")
	m.Sure = incident.Known
	if err == nil {
		err = s.Desk.Complete(c.Request.Context(), actor(c), p.Rec.ID, p.Duty, incident.Completion{Mark: m, LateReason: c.PostForm("late_reason")})
	}
	if err == nil {
		return s.redirect(c, "/records/"+p.Rec.ID+"/clocks?said=saved")
	}
	if !s.again(c, &p.page, err) {
		return err
	}
	return s.render(c, statusOf(err), "done", p)
}

// hold records or ends a ban on telling people.
func (s *Server) hold(c *gin.Context, p *recordPart) error {
	from, bad1 := p.time(c, "from")
	until, bad2 := p.later(c, "until")
	if err := join(bad1, bad2); err != nil {
		return err
	}
	return s.Desk.Hold(c.Request.Context(), actor(c), p.Rec.ID, incident.Decision{Kind: c.PostForm("kind"), Authority: c.PostForm("authority"),
		Reason: c.PostForm("reason"), DPO: c.PostForm("dpo"), From: from, Until: until})
}

// explainPage asks why duties of ours were late.
type explainPage struct {
	casePart
	Groups []lateGroup
	Duty   string // about which was typed
}

// lateGroup is a duty that was late, with some of those whom it concerns.
type lateGroup struct {
	*incident.DutyTally
	Clocks []clockView
}

func (s *Server) explainPage(c *gin.Context) (*explainPage, error) {
	ctx := c.Request.Context()
	part, err := s.casePart(c, "explain.title")
	if err != nil {
		return nil, err
	}
	p := &explainPage{casePart: *part, Duty: c.PostForm("duty")}
	tallies, err := s.Read.Duties(ctx, p.Inc.ID, p.Now)
	if err != nil {
		return nil, err
	}
	for _, t := range tallies {
		if t.Unexplained == 0 {
			continue
		}
		g := lateGroup{DutyTally: t}
		for _, ended := range []bool{false, true} {
			some, _, err := s.Read.Clocks(ctx, p.Inc.ID, incident.ClockFilter{Duty: t.Duty, Within: t.Within, Ended: ended}, incident.Cut{Limit: clockRows})
			if err != nil {
				return nil, err
			}
			for _, k := range some {
				if k.Late(p.Now) && k.Reason == "" && len(g.Clocks) < 10 {
					g.Clocks = append(g.Clocks, clockView{clock: clock{k.Deadline, p.Now}, Name: k.Name})
				}
			}
		}
		p.Groups = append(p.Groups, g)
	}
	return p, nil
}

func (s *Server) explainForm(c *gin.Context) error {
	p, err := s.explainPage(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "explain", p)
}

func (s *Server) explain(c *gin.Context) error {
	_, err := s.Desk.Explain(c.Request.Context(), actor(c), c.Param("id"), c.PostForm("duty"), c.PostForm("reason"))
	if err == nil {
		return s.redirect(c, "/incidents/"+c.Param("id")+"/explain?said=saved")
	}
	p, err2 := s.explainPage(c)
	if err2 != nil || !s.again(c, &p.page, err) {
		return err
	}
	return s.render(c, statusOf(err), "explain", p)
}

// closePage closes a case, or lists what is in the way.
type closePage struct {
	casePart
	InWay   []inWay
	Debrief bool // whether what was learnt has been written down
}

// inWay is something that keeps a case open, and where it is put right.
type inWay struct{ Text, To string }

// mended are the pages on which each obstacle is put right.
var mended = map[string]string{
	"close.unreached": "/records", "close.running": "/clocks", "close.unexplained": "/explain", "close.inquiry": "/inquiry",
	"close.no_nature": "/facts#f-nature", "close.no_consequences": "/facts#f-consequences", "close.no_measures": "/facts#f-measures",
}

func (s *Server) closePage(c *gin.Context) (*closePage, error) {
	part, err := s.casePart(c, "close.title")
	if err != nil {
		return nil, err
	}
	p := &closePage{casePart: *part}
	all, err := s.Desk.InWay(c.Request.Context(), p.Inc)
	for _, e := range all {
		p.InWay = append(p.InWay, inWay{s.sayError(p.Lang, e), "/incidents/" + p.Inc.ID + mended[e.Key]})
	}
	if err != nil {
		return nil, err
	}
	b, err := s.Read.Debrief(c.Request.Context(), p.Inc.ID)
	if err != nil {
		return nil, err
	}
	p.Debrief = !b.Done.IsZero() || p.Inc.NoBreach()
	return p, nil
}

func (s *Server) closeForm(c *gin.Context) error {
	p, err := s.closePage(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "close", p)
}

func (s *Server) closeCase(c *gin.Context) error {
	err := s.Desk.Close(c.Request.Context(), actor(c), c.Param("id"), incident.Closing{Reason: c.PostForm("reason"), NoDebrief: c.PostForm("no_debrief")})
	if err == nil {
		return s.redirect(c, "/incidents/"+c.Param("id")+"?said=closed")
	}
	p, err2 := s.closePage(c)
	if err2 != nil || !s.again(c, &p.page, err) {
		return err
	}
	return s.render(c, statusOf(err), "close", p)
}
