package web

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// regimeJSON is a law with the question that switches it on, and its duties.
type regimeJSON struct {
	Key      string     `json:"key"`
	Name     string     `json:"name"`
	Question string     `json:"question"`
	On       bool       `json:"on"`
	Always   bool       `json:"always"`
	Proposed bool       `json:"proposed"`
	Duties   []dutyJSON `json:"duties"`
}

// dutyJSON is one obligation of a law.
type dutyJSON struct {
	Key      string  `json:"key"`
	Name     string  `json:"name"`
	Text     string  `json:"text"`
	Basis    string  `json:"basis"`
	To       string  `json:"to"`
	Ours     bool    `json:"ours"`
	From     string  `json:"from"`
	Within   string  `json:"within"`
	Since    *string `json:"valid_from"`
	Until    *string `json:"valid_until"`
	Recalled bool    `json:"unchecked"`
}

func (a *api) showRegime(lang string, g incident.Regime, on []string) regimeJSON {
	out := regimeJSON{Key: g.Key, Name: a.Words.Say(lang, "regime."+g.Key+".name"), On: g.Always || slices.Contains(on, g.Key), Always: g.Always, Proposed: g.Proposed}
	if q := "regime." + g.Key + ".question"; a.Words.Has(lang, q) {
		out.Question = a.Words.Say(lang, q)
	}
	out.Duties = each(g.Duties, func(d incident.Duty) dutyJSON {
		return dutyJSON{d.Key, a.Words.Say(lang, "duty."+d.Key+".name"), a.Words.Say(lang, "duty."+d.Key+".text"), d.Basis, string(d.To), d.Ours,
			string(d.From), d.Within.String(), instant(d.Since), instant(d.Until), d.Recalled}
	})
	return out
}

// regimes lists all laws that the program knows and says which bind the case.
func (a *api) regimes(c *gin.Context, ask request) error {
	inc, err := a.find(c)
	if err != nil {
		return err
	}
	return answerList(a, c, each(incident.Laws, func(g incident.Regime) regimeJSON { return a.showRegime(ask.lang, g, inc.Regimes) }), "")
}

// regimesBody answers the questions: the keys of the laws that bind the case.
type regimesBody struct {
	Regimes []string `json:"regimes"`
}

func (a *api) setRegimes(c *gin.Context, ask request) error {
	var b regimesBody
	return a.actOnCase(c, ask, &b, http.StatusOK, func(inc *incident.Incident) error {
		return a.Desk.SetRegimes(c.Request.Context(), ask.by, inc.ID, b.Regimes)
	})
}

// comparedJSON is one record's clock under the rules in force and under others.
type comparedJSON struct {
	Record     string        `json:"record"`
	Controller holderJSON    `json:"controller"`
	Duty       string        `json:"duty"`
	Basis      string        `json:"basis"`
	Now        *deadlineJSON `json:"now"`
	Then       *deadlineJSON `json:"then"`
}

// compare shows a case under rules that do not bind it. It touches nothing.
func (a *api) compare(c *gin.Context, _ request) error {
	law, ok := incident.Law(c.DefaultQuery("regime", incident.Omnibus.Key))
	if !ok {
		return apiInvalid("regime", "regime.unknown", "key", clipped(c.Query("regime")))
	}
	inc, page, err := a.findPage(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	lines, next, err := a.Read.Lines(ctx, inc.ID, incident.LineFilter{}, page)
	if err != nil {
		return err
	}
	rs, err := a.Read.Records(ctx, inc.ID, each(lines, func(l *incident.Line) string { return l.ID }))
	if err != nil {
		return err
	}
	shown := func(d *incident.Deadline) *deadlineJSON {
		if d == nil {
			return nil
		}
		out := showDeadline(d)
		return &out
	}
	items := []comparedJSON{}
	for _, r := range rs {
		for _, x := range incident.Under(r, law, a.Desk.Now()) {
			items = append(items, comparedJSON{r.ID, holderJSON{r.Controller, r.Name, r.Lang}, x.Duty, x.Basis, shown(x.Now), shown(x.Then)})
		}
	}
	return answerList(a, c, items, next)
}
