package web

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
	"hatakello/templates"
)

// companionRoutes are the addresses of the controller's side: behind the link
// in a mail, and the same for staff where the record is the company's own or
// it has a mandate.
func (s *Server) companionRoutes() []route {
	return []route{
		{"POST", "/n/:secret/code", anyone, formLimit, s.askCode},
		{"POST", "/n/:secret/open", anyone, formLimit, s.openLink},
		{"POST", "/n/:secret/leave", anyone, formLimit, s.leaveLink},
		{"GET", "/n/:secret/form", anyone, 0, s.behind(s.guestForm)},
		{"POST", "/n/:secret/form", anyone, formLimit, s.behind(s.guestAnswers)},
		{"POST", "/n/:secret/filing", anyone, formLimit, s.behind(s.guestFiling)},

		{"GET", "/records/:id/form", "form", 0, s.staffForm},
		{"POST", "/records/:id/form", "form", formLimit, s.staffAnswers},
		{"POST", "/records/:id/revoke", "revoke", formLimit, s.revokeLinks},
	}
}

// companionPage is one part of an authority's form, filled as far as the
// record goes.
type companionPage struct {
	page
	guest      *guest // nil for staff
	Relaxed    bool
	Base, Back string
	Draft      string // names the draft that the browser keeps
	Name       string
	Number     string
	Rec        *incident.Record
	FormTitle  string
	FormNote   string
	Address    string
	Secure     string
	SecureNote string
	Annex      []string
	Parts      []partLink
	Part       filledPart
	PartTitle  string
	Fields     []askedField
	Handovers  []*incident.Handover

	form   *templates.AuthorityForm
	parts  companionParts
	filled []filledPart
}

type partLink struct {
	ID, Title string
	Asked     int
	Here      bool
}

// askedField is a field in the words of the page's language.
type askedField struct {
	filledField
	Label, Question, Text, Typed, Fault string
	Choices                             []fieldChoice
	Folded                              bool // the answer is given; correcting it is a click away
}

// fieldChoice is as the templates "options" and "radios" draw it.
type fieldChoice struct {
	Name, Value, Label string
	Chosen             bool
}

// companion reads everything of a record's form.
func (s *Server) companion(c *gin.Context, p *companionPage, record string) error {
	ctx := c.Request.Context()
	rec, err := s.Read.Record(ctx, record)
	if err != nil {
		return err
	}
	if rec.Part == incident.AsEntity {
		return unknown(c)
	}
	p.Rec, p.Name = rec, rec.Name
	if p.parts, err = s.companionParts(ctx, rec); err != nil {
		return err
	}
	if p.Handovers, err = s.Read.Handovers(ctx, record); err != nil {
		return err
	}
	p.Number = p.parts.Incident.Number
	p.form = formFor(s.forms(), rec.CompetentAuthority(), s.Desk.Now())
	p.Title = s.Words.Say(p.Lang, "companion.title")
	s.fillCompanion(p, c.Query("part"))
	return nil
}

// companionParts reads what a form is filled from.
func (s *Server) companionParts(ctx context.Context, rec *incident.Record) (companionParts, error) {
	p := companionParts{Now: s.Desk.Now()}
	var err error
	if p.reportParts, err = s.reportParts(ctx, rec); err != nil {
		return p, err
	}
	if p.Answers, err = s.Read.FormAnswers(ctx, rec.ID); err != nil {
		return p, err
	}
	if p.Controller != nil && p.us() {
		p.Mandate = p.Controller.Mandate.Document
	}
	if a := p.Answers["notification_type"]; a.Value != "" {
		p.Kind = a.Value
	}
	return p, nil
}

// fillCompanion fills the form and shows one part of it, the first by default.
func (s *Server) fillCompanion(p *companionPage, part string) {
	lang, zone := p.Lang, reportZone(p.parts.Org)
	p.filled = fillForm(p.form, p.parts)
	if n := len(p.Handovers); n > 0 && p.parts.kind() == "supplementary" {
		p.parts.Changes = p.news(p.Handovers[n-1], zone)
		p.filled = fillForm(p.form, p.parts)
	}
	f := p.form
	p.FormTitle, p.FormNote, p.Address = f.Title[lang], f.Note[lang], f.Address[lang]
	p.Secure, p.SecureNote = f.SecureTitle(p.party().Name, p.Now, zone), f.SecureNote[lang]
	if len(p.filled) == 0 {
		return
	}
	p.Part = p.filled[0]
	for _, x := range p.filled {
		if x.ID == part {
			p.Part = x
		}
	}
	for _, x := range p.filled {
		p.Parts = append(p.Parts, partLink{x.ID, x.Title[lang], x.Asked, x.ID == p.Part.ID})
		for _, y := range x.Fields {
			if y.Annex && y.Value != "" {
				p.Annex = append(p.Annex, y.FormField.Label[lang])
			}
		}
	}
	p.PartTitle = p.Part.Title[lang]
	for _, x := range p.Part.Fields {
		p.Fields = append(p.Fields, p.asked(x, zone))
	}
}

func (p *companionPage) party() templates.ReportParty { return p.parts.party(false) }

// asked words a field. What stands in the input is her answer only; a fact of
// ours is shown above it and stays ours.
func (p *companionPage) asked(x filledField, zone *time.Location) askedField {
	a := askedField{filledField: x, Label: x.FormField.Label[p.Lang], Question: x.FormField.Question[p.Lang],
		Text: x.Show(p.Lang, x.Value, zone), Folded: !x.Ask}
	answer := p.parts.Answers[x.Answer].Value
	a.Typed = answer
	if at, err := time.Parse(time.RFC3339, answer); err == nil && x.Kind == "time" {
		a.Typed = at.In(zone).Format("2.1.2006 klo 15.04")
	}
	for _, o := range x.Allowed(p.parts.preliminary()) {
		a.Choices = append(a.Choices, fieldChoice{Value: o.Code, Label: o.Label(p.Lang), Chosen: containsWord(answer, o.Code)})
	}
	return a
}

func containsWord(words, word string) bool {
	for w := range strings.FieldsSeq(words) {
		if w == word {
			return true
		}
	}
	return false
}

// guestPage begins the page of a guest.
func (s *Server) guestPage(c *gin.Context, g *guest) (*companionPage, error) {
	p := &companionPage{page: s.page(c, "companion.title"), guest: g, Relaxed: g.Relaxed, Base: g.Base(), Draft: g.Link.Record}
	p.Bare, p.Wide, p.Lang = true, "narrow", g.Link.Lang
	if lang := c.Query("lang"); known(lang) {
		p.Lang = lang
	}
	p.Back = p.Base + "?lang=" + p.Lang
	return p, s.companion(c, p, g.Link.Record)
}

func (s *Server) guestForm(c *gin.Context, g *guest) error {
	p, err := s.guestPage(c, g)
	if err != nil {
		return err
	}
	p.Form = p.filing(p.Rec)
	return s.render(c, http.StatusOK, "companion", p)
}

// filing proposes what stands in the form of a filing.
func (p *companionPage) filing(rec *incident.Record) templates.Form {
	return p.page.filled(values("kind", p.parts.kind(), "name", rec.AckedBy))
}

func (s *Server) guestAnswers(c *gin.Context, g *guest) error {
	p, err := s.guestPage(c, g)
	if err != nil {
		return err
	}
	return s.saveAnswers(c, p, g.actor(p.Rec.AckedBy), g.kept())
}

// saveAnswers keeps what was typed into one part and goes on to the next.
func (s *Server) saveAnswers(c *gin.Context, p *companionPage, by incident.Actor, session *incident.LinkSession) error {
	answers, err := p.answers(c)
	if err == nil {
		err = s.Desk.AnswerForm(c.Request.Context(), by, p.Rec.ID, answers, session)
	}
	if err != nil && s.again(c, &p.page, err) {
		p.retype(c)
		return s.render(c, statusOf(err), "companion", p)
	}
	if err != nil {
		return err
	}
	return s.redirect(c, p.Base+"/form?lang="+p.Lang+"&part="+p.next()+"&said=saved")
}

// answers reads the fields of the part that was sent. What the browser did not
// show stays as it was.
func (p *companionPage) answers(c *gin.Context) ([]incident.FormAnswer, error) {
	var all []incident.FormAnswer
	var errs []*incident.Error
	for _, x := range p.Part.Fields {
		if !containsKey(c.PostFormArray("key"), x.Answer) {
			continue
		}
		value, err := p.value(c, x)
		if err != nil {
			err.Field = x.Answer
		}
		errs = append(errs, err)
		all = append(all, incident.FormAnswer{Key: x.Answer, Value: value, Done: c.PostForm("done."+x.Answer) == "yes"})
	}
	return all, join(errs...)
}

func containsKey(keys []string, key string) bool {
	for _, k := range keys {
		if k == key {
			return true
		}
	}
	return false
}

// value reads one answer in the form in which it is kept.
func (p *companionPage) value(c *gin.Context, x filledField) (string, *incident.Error) {
	name := "a." + x.Answer
	text := strings.TrimSpace(c.PostForm(name))
	switch {
	case x.Choice():
		text = strings.Join(c.PostFormArray(name), " ")
		if strings.TrimSpace(text) != "" && !x.Takes(text, p.open(c)) {
			return "", &incident.Error{Kind: incident.Invalid, Key: "answer.choice"}
		}
		return strings.TrimSpace(text), nil
	case text == "":
		return "", nil
	case x.Kind == "time":
		at, err := p.time(c, name)
		if err != nil {
			return "", err
		}
		return at.UTC().Format(time.RFC3339), nil
	case x.Kind == "number":
		n, err := incident.ParseCount(text)
		if err != nil {
			_, bad := amount(c, name)
			return "", bad
		}
		return strings.TrimPrefix(n.String(), "~"), nil
	}
	return text, nil
}

// open reports whether matters may be left open: as the type of notification
// says that was sent with the answers, else as it was before.
func (p *companionPage) open(c *gin.Context) bool {
	if kind := c.PostForm("a.notification_type"); kind != "" {
		return kind == "preliminary"
	}
	return p.parts.preliminary()
}

// retype puts what was typed back into the fields.
func (p *companionPage) retype(c *gin.Context) {
	for i := range p.Fields {
		f := &p.Fields[i]
		name := "a." + f.Answer
		f.Fault, f.Typed = p.Form.Fault(f.Answer), c.PostForm(name)
		f.Folded = f.Folded && f.Fault == ""
		f.Done = c.PostForm("done."+f.Answer) == "yes"
		for j := range f.Choices {
			f.Choices[j].Chosen = containsKey(c.PostFormArray(name), f.Choices[j].Value)
		}
	}
}

// next is the part after this one; after the last comes the first.
func (p *companionPage) next() string {
	for i, x := range p.filled {
		if x.ID == p.Part.ID {
			return p.filled[(i+1)%len(p.filled)].ID
		}
	}
	return ""
}

// guestFiling takes the controller's word that she has filed.
func (s *Server) guestFiling(c *gin.Context, g *guest) error {
	p, err := s.guestPage(c, g)
	if err != nil {
		return err
	}
	at, wrong := p.time(c, "at")
	err = join(wrong)
	if err == nil {
		by := g.actor("")
		by.Name = strings.TrimSpace(c.PostForm("name"))
		err = s.Desk.ReportTheirs(c.Request.Context(), by, p.Rec.ID, incident.Filing{Kind: c.PostForm("kind"), At: at,
			Channel: c.PostForm("channel"), Reference: c.PostForm("reference"), Receipt: c.PostForm("receipt")})
	}
	if err != nil && s.again(c, &p.page, err) {
		return s.render(c, statusOf(err), "companion", p)
	}
	if err != nil {
		return err
	}
	return s.redirect(c, p.Base+"/form?lang="+p.Lang+"&said=filed")
}

// staffPage begins the page for staff. The form is the controller's: staff see
// it only where the company is the controller itself or acts for it.
func (s *Server) staffPage(c *gin.Context) (*companionPage, error) {
	p := &companionPage{page: s.page(c, "companion.title")}
	id := c.Param("id")
	p.Section, p.Wide, p.Base, p.Back, p.Draft = "board", "narrow", "/records/"+id, "/records/"+id, id
	if err := s.companion(c, p, id); err != nil {
		return nil, err
	}
	if p.parts.us() && p.parts.Mandate == "" {
		return nil, unknown(c)
	}
	return p, nil
}

func (s *Server) staffForm(c *gin.Context) error {
	p, err := s.staffPage(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "companion", p)
}

func (s *Server) staffAnswers(c *gin.Context) error {
	p, err := s.staffPage(c)
	if err != nil {
		return err
	}
	return s.saveAnswers(c, p, actor(c), nil)
}

// revokeLinks ends the links to a record.
func (s *Server) revokeLinks(c *gin.Context) error {
	id := c.Param("id")
	if err := s.Desk.RevokeLinks(c.Request.Context(), actor(c), id); err != nil {
		return err
	}
	return s.redirect(c, "/records/"+id+"?said=revoked")
}

// news names the fields that say something else than in the pack before.
func (p *companionPage) news(before *incident.Handover, zone *time.Location) string {
	changes, err := packChanges(p.form, before.Facts, packFacts(p.filled), p.Lang, zone)
	if err != nil {
		return ""
	}
	labels := make([]string, len(changes))
	for i, c := range changes {
		labels[i] = c.Label
	}
	return strings.Join(labels, "; ")
}
