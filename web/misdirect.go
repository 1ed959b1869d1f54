package web

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
	"hatakello/incident/risk"
	"hatakello/templates"
)

// misdirectPage is the quick path for the commonest case: a message to one
// wrong recipient. One page makes the case, its facts and the answers about the
// risk; the next shows the proposal and takes the decision.
type misdirectPage struct {
	page
	Own  []*incident.Service
	Asks map[string][]askChoice
}

// theirs is the choice that the data are a customer's.
const theirs = "customer"

// misdirectAsks are the choices that are not package risk's own.
var misdirectAsks = map[string][]string{
	"who": {"trusted", "known", "unknown"}, "back": {"unopened", "written", "said", "no", ""}, "vulnerable": {"false", "true", ""},
}

func (s *Server) misdirectPage(c *gin.Context) (*misdirectPage, error) {
	p := &misdirectPage{page: s.page(c, "misdirect.title"), Asks: map[string][]askChoice{}}
	p.Wide, p.Section = "narrow", "log"
	all, err := s.Read.Services(c.Request.Context())
	for _, sv := range all {
		if sv.Own {
			p.Own = append(p.Own, sv)
		}
	}
	return p, err
}

// draw fills in the choices as the form holds them.
func (p *misdirectPage) draw(s *Server) {
	for name, all := range misdirectAsks {
		for _, v := range all {
			key := v
			if key == "" {
				key = "open"
			}
			p.Asks[name] = append(p.Asks[name], askChoice{Name: name, Value: v, Label: s.Words.Say(p.Lang, "misdirect."+name+"."+key), Chosen: p.Form.Get(name) == v && (v != "" || p.Form.Has(name, ""))})
		}
	}
	for _, w := range risk.Values("data") {
		p.Asks["data"] = append(p.Asks["data"], askChoice{Value: w, Label: risk.Words(p.Lang, "data."+w, nil), Chosen: p.Form.Has("data", w)})
	}
}

func (s *Server) misdirectForm(c *gin.Context) error {
	p, err := s.misdirectPage(c)
	if err != nil {
		return err
	}
	v := values("aware", templates.DateTime(templates.Lang(p.Lang), p.Now, p.zone()), "people", "1", "back", "", "vulnerable", "")
	if len(p.Own) == 1 {
		v.Set("whose", p.Own[0].ID)
	}
	p.Form = p.filled(v)
	p.draw(s)
	return s.render(c, http.StatusOK, "misdirect", p)
}

func (s *Server) misdirect(c *gin.Context) error {
	p, err := s.misdirectPage(c)
	if err != nil {
		return err
	}
	in, err := s.readMisdirect(c, p)
	var inc *incident.Incident
	if err == nil {
		inc, err = s.Desk.Log(c.Request.Context(), actor(c), in)
	}
	if err != nil {
		if !s.again(c, &p.page, err) {
			return err
		}
		p.draw(s)
		return s.render(c, http.StatusUnprocessableEntity, "misdirect", p)
	}
	switch {
	case !actor(c).May("read"):
		return s.redirect(c, "/logged/"+inc.ID)
	case in.Controllers != nil || !actor(c).May("assess"):
		return s.redirect(c, "/incidents/"+inc.ID+"?said=logged")
	}
	r, err := s.Read.RecordOf(c.Request.Context(), inc.ID, incident.Own)
	if err != nil {
		return err
	}
	return s.redirect(c, "/records/"+r.ID+"/assessment?said=logged")
}

// readMisdirect makes a whole case of the few answers.
func (s *Server) readMisdirect(c *gin.Context, p *misdirectPage) (incident.Log, error) {
	at, wrong := p.time(c, "aware")
	errs := []*incident.Error{wrong}
	need := func(field, key string) {
		if strings.TrimSpace(c.PostForm(field)) == "" {
			errs = append(errs, &incident.Error{Kind: incident.Invalid, Field: field, Key: key})
		}
	}
	need("whose", "misdirect.whose_empty")
	need("who", "misdirect.who_empty")
	if c.PostForm("whose") == theirs {
		need("controllers", "misdirect.customer_empty")
	}
	if back := c.PostForm("back"); back == "unopened" || back == "written" {
		need("back_by", "misdirect.back_by_empty")
	}
	people, bad := amount(c, "people")
	errs = append(errs, bad)
	in := incident.Log{Title: strings.TrimSpace(c.PostForm("title")), Aware: at, Text: c.PostForm("aware"), Certainty: incident.Confirmed, Key: c.PostForm("key")}
	if in.Title == "" {
		in.Title = s.Words.Say(p.Lang, "misdirect.case")
	}
	if whose := c.PostForm("whose"); whose == theirs {
		in.Controllers = []string{strings.TrimSpace(c.PostForm("controllers"))}
	} else if whose != "" {
		in.Services = []string{whose}
	}
	in.Facts = s.misdirectFacts(c, p.Lang)
	in.Facts.People = people
	var err error
	if in.Answers, err = json.Marshal(p.answers(c)); err != nil {
		return in, err
	}
	return in, join(slices.DeleteFunc(errs, func(e *incident.Error) bool { return e == nil })...)
}

// answers are the few answers in the words of package risk. What the page does
// not ask follows from what it is about: nothing was lost and nobody meant harm.
func (p *misdirectPage) answers(c *gin.Context) answers {
	a := answers{"breach": []any{"confidentiality"}, "malicious": false,
		"protection":   map[string]any{"encrypted": "no"},
		"availability": map[string]any{"loss": "none", "hours": 0.0, "effect": "none"}}
	form := c.Request.PostForm
	a.fill(question{path: "data", kind: askSet}, form, "")
	a.fillCount(c.PostForm("people")) // what is wrong with it is said of the facts
	a.set("people.vulnerable", map[string]any{"true": true, "false": false}[c.PostForm("vulnerable")])
	by := strings.TrimSpace(c.PostForm("back_by"))
	switch c.PostForm("who") {
	case "trusted", "known":
		a.set("exposure.recipients", "known")
		a.set("exposure.recipient_trusted", c.PostForm("who") == "trusted")
	case "unknown":
		a.set("exposure.recipients", "unknown")
	}
	a.set("exposure.exfiltration", "confirmed")
	switch c.PostForm("back") {
	case "unopened": // nobody has read it, and somebody says so
		a.set("exposure.recipients", "none")
		a.set("exposure.exfiltration", "excluded")
		a.set("exposure.return_confirmed", true)
		a.say("exposure.recipients", "known", by)
	case "written":
		a.set("exposure.return_confirmed", true)
	case "said": // word of mouth is an assumption until it is written
		a.set("exposure.return_confirmed", true)
		a.say("exposure.return_confirmed", "assumed", by)
	case "no":
		a.set("exposure.return_confirmed", false)
	}
	if by != "" {
		a.set("evidence.deletion_confirmed_by", by)
	}
	return a
}

// misdirectFacts words the facts that Art. 33(5) wants documented.
func (s *Server) misdirectFacts(c *gin.Context, lang string) incident.Facts {
	t := func(key string, pairs ...any) string { return s.Words.Say(lang, key, pairs...) }
	known := func(text string) incident.Fact { return incident.Fact{Text: text, Sure: incident.Known} }
	var kinds []string
	for _, w := range c.PostFormArray("data") {
		kinds = append(kinds, risk.Words(lang, "data."+w, nil))
	}
	f := incident.Facts{Nature: known(strings.TrimSpace(t("misdirect.case") + ". " + c.PostForm("title")))}
	if kinds != nil {
		f.Data = known(strings.Join(kinds, ", "))
	}
	if text := strings.TrimSpace(c.PostForm("harm")); text != "" {
		f.Consequences = incident.Fact{Text: text, Sure: incident.Assumed}
	}
	if back := c.PostForm("back"); back != "" {
		f.Measures = known(t("misdirect.back."+back) + ". " + strings.TrimSpace(c.PostForm("back_by")))
	}
	return f
}
