package web

import (
	"path"
	"slices"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// sidePage is a page behind a controller's link: in the language of the link
// unless another is asked for, and about her record alone.
type sidePage struct {
	page
	Base    string
	Relaxed bool
	Name    string // of the controller
	Number  string // of the case
	At      string // which of the pages behind the link it is
	rec     *incident.Record
}

// sideParts are the pages behind a link between which she can go.
var sideParts = []string{"form", "questions", "assessment"}

// Sides are those pages.
func (p sidePage) Sides() []string { return sideParts }

// Sides are the pages behind the link.
func (p *noticeLink) Sides() []string { return sideParts }

// Sides are the pages behind the link.
func (p *companionPage) Sides() []string { return sideParts }

func (s *Server) sidePage(c *gin.Context, g *guest, at, title string) (sidePage, error) {
	p := sidePage{page: s.page(c, title), Base: g.Base(), Relaxed: g.Relaxed, At: at}
	p.Bare, p.Wide, p.Lang = true, "narrow", g.Link.Lang
	if lang := c.Query("lang"); known(lang) {
		p.Lang = lang
	}
	p.Title = s.Words.Say(p.Lang, title)
	var err error
	if p.rec, err = s.Read.Record(c.Request.Context(), g.Link.Record); err != nil {
		return p, err
	}
	inc, err := s.Read.Incident(c.Request.Context(), g.Link.Incident)
	if err != nil {
		return p, err
	}
	p.Name, p.Number = p.rec.Name, inc.Number
	return p, nil
}

// nextSide is the page to which a visitor goes once the code has been taken:
// the one that she came from, or "", the page about the notice.
func nextSide(c *gin.Context) string {
	if next := c.Query("next"); slices.Contains(sideParts, next) {
		return next
	}
	return ""
}

// andNext adds where to go to an address that has a query.
func andNext(next string) string {
	if next == "" {
		return ""
	}
	return "&next=" + next
}

// pathEnd is the last part of the address that was asked for.
func pathEnd(c *gin.Context) string { return path.Base(c.Request.URL.Path) }

// sideRoutes are the addresses of what controllers ask, assess and confirm,
// and of what staff do about it.
func (s *Server) sideRoutes() []route {
	return []route{
		{"GET", "/n/:secret/questions", anyone, 0, s.behind(s.guestQuestions)},
		{"POST", "/n/:secret/questions", anyone, formLimit, s.behind(s.guestAsk)},
		{"POST", "/n/:secret/replies/:reply", anyone, formLimit, s.behind(s.guestOpenReply)},

		{"GET", contactPath, anyone, 0, s.showContacts},
		{"POST", contactPath, anyone, formLimit, s.doContacts},
		{"GET", "/customers/contacts", "read", 0, s.contacts},
		{"POST", "/customers/contacts", "contacts", formLimit, s.askContacts},
		{"GET", "/settings/customers", "setting", 0, s.sideSettingsForm},
		{"POST", "/settings/customers", "setting", formLimit, s.saveSideSettings},
		{"GET", "/received", "receive", 0, s.receiveForm},
		{"POST", "/received", "receive", fileLimit, s.receive},
		{"GET", "/received/:id", "read", 0, s.showReceived},
		{"POST", "/received/:id", "receive", formLimit, s.confirmReceived},
		{"GET", "/received/:id/file", "read", 0, s.receivedBytes},
		{"GET", "/n/:secret/assess", anyone, 0, s.behind(s.sideShow)},
		{"POST", "/n/:secret/assess", anyone, formLimit, s.behind(s.sideDo)},
		{"GET", "/n/:secret/assessment", anyone, 0, s.behind(s.sideJudgement)},
		{"POST", "/n/:secret/assessment", anyone, formLimit, s.behind(s.sideDecide)},
		{"POST", "/records/:id/offer", "describe", formLimit, s.offerFacts},
		{"GET", "/requests", "read", 0, s.requests},
		{"POST", "/requests", "request", formLimit, s.addRequest},
		{"GET", "/requests/:id", "read", 0, s.showRequest},
		{"POST", "/requests/:id", "request", formLimit, s.changeRequest},
		{"GET", "/questions", "read", 0, s.allQuestions},
		{"GET", "/incidents/:id/questions", "read", 0, s.caseQuestions},
		{"POST", "/incidents/:id/questions", "answer", formLimit, s.gatherQuestions},
		{"GET", "/incidents/:id/reply", "answer", 0, s.replyForm},
		{"POST", "/incidents/:id/reply", "answer", formLimit, s.reply},
		{"GET", "/replies/:id", "read", 0, s.showReply},
		{"POST", "/replies/:id", "decline", formLimit, s.decideReply},
	}
}
