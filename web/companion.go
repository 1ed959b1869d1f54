package web

import (
	"context"
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
		{"POST", "/n/:secret/filing", anyone, filingLimit, s.behind(s.guestFiling)},
		{"GET", "/n/:secret/files/:hash", anyone, 0, s.behind(s.guestFile)},

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
	Annex      []string // labels of what goes into the secret annex
	Parts      []partLink
	Here       string // the part that is shown; "" is the start of the form
	Part       filledPart
	PartTitle  string
	Nth        int       // of the part, from 1
	Before     *partLink // the part before this one, or nil
	First      *partLink // the first part in which something is asked, or nil
	Fields     []askedField
	Handovers  []*incident.Handover
	LateAsked  bool // a filing now needs the reasons for the delay
	Held       []heldFile

	// What is done and what is not, over all parts.
	Asked, Ready, All, Ticked int

	form   *templates.AuthorityForm
	parts  companionParts
	filled []filledPart
}

type partLink struct {
	ID, Title string
	Asked     int // questions without an answer
	Here      bool
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

// fillCompanion fills the form and shows one part of it, or with "" the start: what
// there is to do, part by part.
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
	p.LateAsked = p.parts.late() && len(p.Rec.Filings) == 0
	for i, x := range p.filled {
		p.count(x, i, part)
	}
	if p.Here == "" {
		return
	}
	p.PartTitle = p.Part.Title[lang]
	for _, x := range p.Part.Fields {
		p.Fields = append(p.Fields, p.asked(x, zone))
	}
}

// count adds a part to the table of contents and to what is done.
func (p *companionPage) count(x filledPart, i int, here string) {
	link := partLink{x.ID, x.Title[p.Lang], x.Asked, x.ID == here}
	if link.Here {
		p.Here, p.Part, p.Nth = x.ID, x, i+1
		if i > 0 {
			before := p.Parts[i-1]
			p.Before = &before
		}
	}
	if x.Asked > 0 && p.First == nil {
		p.First = &link
	}
	p.Parts = append(p.Parts, link)
	p.Asked += x.Asked
	for _, y := range x.Fields {
		p.All++
		if !y.Ask {
			p.Ready++
		}
		if y.Done {
			p.Ticked++
		}
		if y.Annex && y.Value != "" {
			p.Annex = append(p.Annex, y.FormField.Label[p.Lang])
		}
	}
}

func (p *companionPage) party() templates.ReportParty { return p.parts.party(false) }

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
