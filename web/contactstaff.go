package web

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// contactsPage is who of the customers' contacts has been silent since when,
// and which customers want a second address.
type contactsPage struct {
	page
	pager
	All  []*incident.Reach
	Due  int // customers whose turn it is
	Here string
}

func (s *Server) contactsPage(c *gin.Context) (*contactsPage, error) {
	p := &contactsPage{page: s.page(c, "contacts.staff")}
	p.Section = "customers"
	ctx := c.Request.Context()
	ks, next, err := s.Read.ContactTroubles(ctx, incident.SilentBefore(p.Now), cut(c, customerRows))
	if err != nil {
		return nil, err
	}
	if p.All, err = s.reaches(ctx, ks); err != nil {
		return nil, err
	}
	p.pager = pages(c, next)
	p.Due, err = s.Read.ContactsDueCount(ctx, p.Org.ContactsSince(p.Now))
	return p, err
}

// reaches says how well customers can be reached.
func (s *Server) reaches(ctx context.Context, ks []*incident.Controller) ([]*incident.Reach, error) {
	ids := make([]string, len(ks))
	for i, k := range ks {
		ids[i] = k.ID
	}
	links, err := s.Read.ContactLinks(ctx, ids)
	return incident.Reaches(ks, links, s.Desk.Now()), err
}

// quiet marks the lines of a list whose controllers' contacts are silent.
func (s *Server) quiet(ctx context.Context, lines []line) error {
	ids := make([]string, len(lines))
	for i, l := range lines {
		ids[i] = l.Controller
	}
	ks, err := s.Read.Controllers(ctx, ids)
	if err != nil {
		return err
	}
	all, err := s.reaches(ctx, ks)
	quiet := map[string]bool{}
	for _, r := range all {
		quiet[r.Controller.ID] = r.Quiet()
	}
	for i := range lines {
		lines[i].Quiet = quiet[lines[i].Controller]
	}
	return err
}

func (s *Server) contacts(c *gin.Context) error {
	p, err := s.contactsPage(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "contactstaff", p)
}

// askContacts asks one customer, or those whose turn it is, or ends a
// correction that was made sure of by telephone.
func (s *Server) askContacts(c *gin.Context) error {
	ctx, by, said := c.Request.Context(), actor(c), "contacts_asked"
	var err error
	switch c.PostForm("do") {
	case "due":
		_, _, err = s.Desk.AskDueContacts(ctx, by)
	case "accept":
		said, err = "saved", s.Desk.AcceptContacts(ctx, by, c.PostForm("customer"))
	default:
		err = s.Desk.AskContacts(ctx, by, c.PostForm("customer"))
	}
	if err == nil {
		return s.redirect(c, "/customers/contacts?said="+said)
	}
	p, err2 := s.contactsPage(c)
	if err2 != nil || !s.again(c, &p.page, err) {
		return err
	}
	return s.render(c, statusOf(err), "contactstaff", p)
}
