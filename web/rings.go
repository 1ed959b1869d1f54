package web

import (
	"strings"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// ringRows is how many open alarms a page shows.
const ringRows = 6

// ringView is an open alarm as the visitor may answer it.
type ringView struct {
	incident.Ringing
	About string // what it is about, in words
	Case  bool   // whether the case is named
	Mine  bool   // whether the visitor may answer
	Back  string
}

func (s *Server) ringViews(p *page, all []incident.Ringing, name bool) []ringView {
	views := make([]ringView, len(all))
	for i, r := range all {
		views[i] = ringView{r, s.ringAbout(p.Lang, r.Duty), name, p.May("ring"), p.Path}
	}
	return views
}

// ringAbout says what an alarm is about.
func (s *Server) ringAbout(lang, duty string) string {
	if key := "ring.about." + duty; s.Words.Has(lang, key) {
		return s.Words.Say(lang, key)
	}
	return s.Words.Say(lang, "duty."+duty+".name")
}

// answerRing records that the visitor is on it.
func (s *Server) answerRing(c *gin.Context) error {
	if err := s.Desk.AnswerRing(c.Request.Context(), actor(c), c.Param("id")); err != nil {
		return err
	}
	back := c.PostForm("back")
	if id, ok := strings.CutPrefix(back, "/incidents/"); !ok || strings.Trim(id, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_") != "" {
		back = "/"
	}
	return s.redirect(c, back+"?said=answered")
}
