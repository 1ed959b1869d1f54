package web

import (
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
	"hatakello/incident/risk"
)

// askPage asks about the risk: of one record, or for a whole case, whose
// answers every record starts from. What is typed is kept at each step.
type askPage struct {
	page
	Inc   *incident.Incident
	Rec   *incident.Record // nil for a whole case
	At    string           // address of the record or case
	Step  string
	Steps []stepLink
	Asks  []askView
	Group int // which group's answers are asked, from nought
	Names []string
	Score *scoreForm
	Begun bool // there is a draft
	Clash []changeLine
	last  bool
	saved string
	draft *draft
	owner string    // whose draft it is
	Side  *sidePage // where a controller's person answers for herself; nil for staff
}

// stepLink leads to a step.
type stepLink struct {
	Key string
	Now bool
}

// changeLine is one answer in two versions, in words.
type changeLine struct{ Label, Was, Is string }

func changeLines(lang string, was, is risk.Facts) []changeLine {
	var all []changeLine
	for _, ch := range risk.Compare(was, is) {
		all = append(all, changeLine{risk.Label(lang, ch.Key), risk.Say(lang, ch.Key, ch.Was), risk.Say(lang, ch.Key, ch.Is)})
	}
	return all
}

func (p *askPage) form() string {
	if p.Side != nil {
		return "answers.own"
	}
	if p.Rec != nil {
		return "answers.record." + p.Rec.ID
	}
	return "answers.case." + p.Inc.ID
}

// askRecord and askCase make the page about a record, or about a case.
func (s *Server) askRecord(c *gin.Context) (*askPage, error) {
	part, err := s.recordPart(c, "assess.title")
	if err != nil {
		return nil, err
	}
	p := &askPage{page: part.page, owner: user(c).ID, Inc: part.Inc, Rec: part.Rec, At: "/records/" + part.Rec.ID, saved: part.Rec.EffectiveAnswers(part.Inc)}
	if ours, err := s.ours(c, p.Rec); err != nil || !ours {
		return nil, orError(err, &incident.Error{Kind: incident.Refused, Key: "assess.not_ours"})
	}
	return p, s.begin(c, p)
}

func (s *Server) askCase(c *gin.Context) (*askPage, error) {
	part, err := s.casePart(c, "assess.title.case")
	if err != nil {
		return nil, err
	}
	p := &askPage{page: part.page, owner: user(c).ID, Inc: part.Inc, At: "/incidents/" + part.Inc.ID, saved: part.Inc.Answers}
	return p, s.begin(c, p)
}

func orError(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// ours reports whether we assess the risk of a record: a mandate may have been
// registered after the record was made.
func (s *Server) ours(c *gin.Context, r *incident.Record) (bool, error) {
	if r.Ours() || r.Part == incident.AsEntity {
		return r.Ours(), nil
	}
	ks, err := s.Read.Controllers(c.Request.Context(), []string{r.Controller})
	return err == nil && len(ks) == 1 && ks[0].Mandate.Given(), err
}

// begin loads what the visitor has begun.
func (s *Server) begin(c *gin.Context, p *askPage) (err error) {
	if p.draft, err = s.loadDraft(c, p.owner, p.form(), p.saved); err != nil {
		return err
	}
	p.Begun = p.draft.begun
	if p.saved == "" && !p.Begun && p.Rec != nil {
		if n := p.Rec.Facts.People; !n.Blank() {
			p.draft.Answers.fillCount(incident.Count{Low: n.Low, High: n.High, Certainty: incident.CountCertainty(n.Sure)}.String())
		}
	}
	return nil
}

// at turns the page to a step.
func (p *askPage) at(step string) {
	n := stepOf(step)
	if p.Step = askSteps[n].Key; step == "group" {
		p.Step = step
	}
	for i, s := range askSteps {
		p.Steps = append(p.Steps, stepLink{s.Key, i == n && p.Step == s.Key})
	}
	p.last = n == len(askSteps)-1
}

// Last reports whether this is the last step.
func (p *askPage) Last() bool { return p.last }

// draw fills the page with the questions of its step, as the form holds them.
func (s *Server) draw(p *askPage) {
	k := asker{s, p.Lang, p.Form, nil, false}
	if p.Rec != nil && p.Rec.Answers != "" && p.Inc.Answers != "" {
		k.shared = readAnswers(p.Inc.Answers)
	}
	switch p.Step {
	case "group":
		k.same, k.shared = true, nil
		p.Asks = k.views(commonAsks())
	case "groups":
		p.Names = p.draft.Answers.groupNames()
	case "score":
		p.Score = s.scoreForm(p.Lang, p.Form)
	default:
		p.Asks = k.views(askSteps[stepOf(p.Step)].asks)
	}
}

// fill puts the answers of the step into the page's form.
func (p *askPage) fill() {
	a := p.draft.Answers
	switch p.Step {
	case "group":
		g := a.group(p.Group)
		p.Form.Values = formOf(g, commonAsks())
		p.Form.Values.Set("name", asString(g["name"]))
	case "groups":
	case "score":
		p.Form.Values = a.scoreValues()
	default:
		p.Form.Values = formOf(a, askSteps[stepOf(p.Step)].asks)
	}
}

// take puts what the form holds into the draft.
func (p *askPage) take(c *gin.Context) []*incident.Error {
	a, v := p.draft.Answers, c.Request.PostForm
	var wrong []*incident.Error
	switch p.Step {
	case "groups":
		if name := strings.TrimSpace(v.Get("name")); name != "" {
			a.addGroup(name)
		}
	case "group":
		g := a.group(p.Group)
		if c.PostForm("do") == "dropgroup" {
			a.dropGroup(p.Group)
			break
		}
		for _, q := range commonAsks() {
			if g != nil {
				wrong = append(wrong, g.fill(q, v, ""))
			}
		}
	case "score":
		wrong = a.fillScore(v)
	default:
		for _, q := range askSteps[stepOf(p.Step)].asks {
			wrong = append(wrong, a.fill(q, v, ""))
		}
	}
	return wrong
}

// next is where a button leads: to a step, or to a group.
func (p *askPage) next(do string) string {
	to := p.Step
	switch n := slices.IndexFunc(askSteps, func(s askStep) bool { return s.Key == p.Step }); {
	case strings.HasPrefix(do, "group:"):
		return p.At + "/assess?step=group&group=" + strings.TrimPrefix(do, "group:") + p.Tail("&")
	case strings.HasPrefix(do, "go:"):
		to = askSteps[stepOf(strings.TrimPrefix(do, "go:"))].Key
	case p.Step == "group":
		to = "groups"
	case do == "next" && n >= 0 && n < len(askSteps)-1:
		to = askSteps[n+1].Key
	case do == "back" && n > 0:
		to = askSteps[n-1].Key
	}
	return p.At + "/assess?step=" + to + p.Tail("&")
}

// Tail keeps the language of a page behind a link in its addresses.
func (p *askPage) Tail(sep string) string {
	if p.Side == nil {
		return ""
	}
	return sep + "lang=" + p.Lang
}

// doneAt is where the visitor goes when the answers are saved or dropped.
func (p *askPage) doneAt() string {
	if p.Side != nil {
		return p.At + "/assessment" + p.Tail("?")
	}
	if p.Rec == nil {
		return p.At + "?said=saved"
	}
	return p.At + "/assessment"
}
