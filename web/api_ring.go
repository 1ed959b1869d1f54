package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// ringJSON is an alarm to staff that waits for a person.
type ringJSON struct {
	ID       string  `json:"id"`
	Incident string  `json:"incident"`
	Number   string  `json:"number"`
	About    string  `json:"about"`
	Name     string  `json:"name"`
	Records  int     `json:"records"`
	Due      *string `json:"due"`
	Step     int     `json:"step"`
	Made     *string `json:"made_at"`
	Next     *string `json:"next_at"`
	AckedAt  *string `json:"answered_at"`
	AckedBy  string  `json:"answered_by"`
}

func (a *api) showRing(lang string, r incident.Ringing) ringJSON {
	return ringJSON{r.ID, r.Incident, r.Number, r.Duty, a.ringAbout(lang, r.Duty), r.Records, instant(r.Due), r.Step + 1,
		instant(r.Made), instant(r.Next), instant(r.AckedAt), r.AckedBy}
}

// ringsShown is how many open alarms are told at once; a case has one.
const ringsShown = 200

// rings lists the alarms of open cases, those that nobody has answered first.
func (a *api) rings(c *gin.Context, ask request) error {
	all, err := a.Desk.RingingNow(c.Request.Context(), ringsShown)
	if err != nil {
		return err
	}
	return answerList(a, c, each(all, func(r incident.Ringing) ringJSON { return a.showRing(ask.lang, r) }), "")
}

// answerBody is empty: who answers is known by the token.
type answerBody struct{}

func (a *api) answerRing(c *gin.Context, ask request) error {
	var b answerBody
	if err := ask.read(&b); err != nil {
		return err
	}
	ctx, id := c.Request.Context(), c.Param("ring")
	if err := a.Desk.AnswerRing(ctx, ask.by, id); err != nil {
		return err
	}
	r, err := a.Read.Ring(ctx, id)
	if err != nil {
		return err
	}
	inc, err := a.Read.Incident(ctx, r.Incident)
	if err != nil {
		return err
	}
	return a.answer(c, http.StatusOK, a.showRing(ask.lang, incident.Ringing{Ring: r, Number: inc.Number, Title: inc.Title}))
}
