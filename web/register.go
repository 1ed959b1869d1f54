package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// customersPage lists the register of controllers.
type customersPage struct {
	page
	pager
	Q         string
	Customers []*incident.Controller
	Reach     map[string]*incident.Reach // by id
}

func (s *Server) customers(c *gin.Context) error {
	p := customersPage{page: s.page(c, "customers.title"), Q: c.Query("q")}
	p.Section = "customers"
	all, next, err := s.Read.Customers(c.Request.Context(), p.Q, cut(c, customerRows))
	if err != nil {
		return err
	}
	p.Customers, p.pager = all, pages(c, next)
	reaches, err := s.reaches(c.Request.Context(), all)
	if err != nil {
		return err
	}
	p.Reach = map[string]*incident.Reach{}
	for _, r := range reaches {
		p.Reach[r.Controller.ID] = r
	}
	return s.render(c, http.StatusOK, "customers", p)
}

// customerPage adds or changes one customer.
type customerPage struct {
	page
	ID          string   // "" for a new one
	Authorities []string // beside the Ombudsman
	Rows        []int    // numbers of the contacts' rows
	Services    []*incident.Service
}

// spareContacts is how many empty rows the form has beyond the contacts.
const spareContacts = 2

// contactsMax bounds the rows that are read from a form.
const contactsMax = 30

func (s *Server) customerPage(c *gin.Context, title string) (*customerPage, error) {
	p := &customerPage{page: s.page(c, title), ID: c.Param("id")}
	p.Section, p.Wide = "customers", "narrow"
	var err error
	p.Services, err = s.Read.Services(c.Request.Context())
	p.Rows = rowNumbers(0)
	for _, a := range incident.AuthoritiesAt(p.Now) {
		if a.DataProtection && a.Key != incident.Ombudsman {
			p.Authorities = append(p.Authorities, a.Key)
		}
	}
	return p, err
}

func rowNumbers(contacts int) []int {
	rows := make([]int, contacts+spareContacts)
	for i := range rows {
		rows[i] = i
	}
	return rows
}

func (s *Server) newCustomer(c *gin.Context) error {
	p, err := s.customerPage(c, "customer.title.new")
	if err != nil {
		return err
	}
	p.Form = p.filled(values("lang", "fi"))
	return s.render(c, http.StatusOK, "customer", p)
}

func (s *Server) editCustomer(c *gin.Context) error {
	p, err := s.customerPage(c, "customer.title")
	if err != nil {
		return err
	}
	known, err := s.Read.Controllers(c.Request.Context(), []string{p.ID})
	if err != nil {
		return err
	}
	if len(known) != 1 {
		return unknown(c)
	}
	p.Title, p.Rows = known[0].Name, rowNumbers(len(known[0].Contacts))
	p.Form = p.filled(controllerValues(known[0]))
	p.mandateValues(p.Form.Values, known[0].Mandate)
	return s.render(c, http.StatusOK, "customer", p)
}

// controllerValues fills the form of a customer.
func controllerValues(k *incident.Controller) url.Values {
	v := values("name", k.Name, "business_id", k.BusinessID, "lang", k.Lang, "authority", k.Authority, "version", strconv.Itoa(k.Version))
	if k.OpenLink {
		v.Set("open_link", "yes")
	}
	if k.Hours > 0 {
		v.Set("hours", strconv.Itoa(k.Hours))
	}
	for i, x := range k.Contacts {
		v.Set(numbered("name", i), x.Name)
		v.Set(numbered("email", i), x.Email)
		v.Set(numbered("phone", i), x.Phone)
	}
	for _, u := range k.Uses {
		v.Add("services", u.Service)
		v.Set("tenant_"+u.Service, u.Tenant)
	}
	return v
}

func numbered(name string, i int) string { return fmt.Sprintf("%s_%d", name, i) }

func (s *Server) saveCustomer(c *gin.Context) error {
	k, err := readController(c)
	if err == nil {
		k.Mandate, err = s.page(c, "customer.title").mandate(c)
	}
	if err == nil {
		err = s.Desk.SaveController(c.Request.Context(), actor(c), k)
	}
	if err == nil {
		return s.redirect(c, "/customers/edit/"+k.ID+"?said=saved")
	}
	title := "customer.title"
	if c.Param("id") == "" {
		title = "customer.title.new"
	}
	p, err2 := s.customerPage(c, title)
	if err2 != nil || !s.again(c, &p.page, err) {
		return err
	}
	p.Rows = rowNumbers(len(contactRows(c)))
	return s.render(c, statusOf(err), "customer", p)
}

// contactRows lists the rows in which something stands.
func contactRows(c *gin.Context) []int {
	var rows []int
	for i := range contactsMax {
		if c.PostForm(numbered("name", i))+c.PostForm(numbered("email", i))+c.PostForm(numbered("phone", i)) != "" {
			rows = append(rows, i)
		}
	}
	return rows
}

func readController(c *gin.Context) (*incident.Controller, error) {
	k := &incident.Controller{ID: c.Param("id"), Name: c.PostForm("name"), Lang: c.PostForm("lang"), Authority: c.PostForm("authority"),
		Hours: number(c, "hours"), Version: max(number(c, "version"), 0), OpenLink: c.PostForm("open_link") == "yes"}
	var wrong *incident.Error
	if text := strings.TrimSpace(c.PostForm("business_id")); text != "" {
		id, err := incident.ParseBusinessID(text)
		if err != nil {
			wrong = &incident.Error{Kind: incident.Invalid, Field: "business_id", Key: businessFault(err), Args: map[string]any{"text": text}}
		}
		k.BusinessID = id
	}
	for _, i := range contactRows(c) {
		k.Contacts = append(k.Contacts, incident.Contact{Name: strings.TrimSpace(c.PostForm(numbered("name", i))),
			Email: strings.TrimSpace(c.PostForm(numbered("email", i))), Phone: strings.TrimSpace(c.PostForm(numbered("phone", i)))})
	}
	for _, id := range c.PostFormArray("services") {
		k.Uses = append(k.Uses, incident.Use{Service: id, Tenant: strings.TrimSpace(c.PostForm("tenant_" + id))})
	}
	return k, join(wrong)
}

// businessFault is the key of the sentence about a Business ID.
func businessFault(err error) string {
	switch {
	case errors.Is(err, incident.ErrBusinessIDCheck):
		return "import.business_id_check"
	case errors.Is(err, incident.ErrBusinessIDNeverIssued):
		return "import.business_id_never"
	default:
		return "import.business_id"
	}
}

// servicesPage lists what the company runs, and its own registers.
type servicesPage struct {
	page
	Services []*incident.Service
}

func (s *Server) servicesPage(c *gin.Context) (*servicesPage, error) {
	p := &servicesPage{page: s.page(c, "services.title")}
	p.Section, p.Wide = "customers", "narrow"
	var err error
	p.Services, err = s.Read.Services(c.Request.Context())
	return p, err
}

func (s *Server) services(c *gin.Context) error {
	p, err := s.servicesPage(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "services", p)
}

func (s *Server) saveService(c *gin.Context) error {
	p, err := s.servicesPage(c)
	if err != nil {
		return err
	}
	x := &incident.Service{ID: c.PostForm("id"), Name: c.PostForm("name"), Own: c.PostForm("own") == "yes"}
	if i := slices.IndexFunc(p.Services, func(o *incident.Service) bool { return o.ID == x.ID }); i >= 0 {
		x.Own = p.Services[i].Own // what a service is does not change with its name
	} else {
		x.ID = ""
	}
	if err = s.Desk.SaveService(c.Request.Context(), actor(c), x); err == nil {
		return s.redirect(c, "/services?said=saved")
	}
	if !s.again(c, &p.page, err) {
		return err
	}
	return s.render(c, statusOf(err), "services", p)
}
