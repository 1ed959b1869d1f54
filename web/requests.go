package web

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// requestRows is how many requests of data subjects a page lists.
const requestRows = 100

// requestsPage tracks what data subjects have asked for.
type requestsPage struct {
	page
	Open      []requestRow
	Answered  []requestRow
	Kinds     []string
	Customers []*incident.Controller
}

// requestRow is a request with its clock.
type requestRow struct {
	*incident.Request
	Over bool          // the limit has passed
	Left time.Duration // until the limit, negative when late
	Own  bool          // of a register of ours
}

func rowOf(r *incident.Request, now time.Time) requestRow {
	return requestRow{Request: r, Over: r.Late(now), Left: r.Due.Sub(now), Own: r.Controller == incident.Own}
}

func (s *Server) requestsPage(c *gin.Context) (*requestsPage, error) {
	p := &requestsPage{page: s.page(c, "requests.title"), Kinds: incident.RequestKinds}
	p.Section, p.Wide = "requests", "narrow"
	ctx := c.Request.Context()
	for _, x := range []struct {
		open bool
		into *[]requestRow
	}{{true, &p.Open}, {false, &p.Answered}} {
		all, err := s.Read.Requests(ctx, x.open, requestRows)
		if err != nil {
			return nil, err
		}
		for _, r := range all {
			*x.into = append(*x.into, rowOf(r, p.Now))
		}
	}
	var err error
	p.Customers, err = s.someCustomers(ctx, "")
	return p, err
}

// choiceRows is how many customers a list to choose from holds; beyond it the
// name is typed.
const choiceRows = 100

// someCustomers lists customers to choose from.
func (s *Server) someCustomers(ctx context.Context, search string) ([]*incident.Controller, error) {
	all, _, err := s.Read.Customers(ctx, search, incident.Cut{Limit: choiceRows})
	return all, err
}

func (s *Server) requests(c *gin.Context) error {
	p, err := s.requestsPage(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "requests", p)
}

// addRequest takes a request down.
func (s *Server) addRequest(c *gin.Context) error {
	p, err := s.requestsPage(c)
	if err != nil {
		return err
	}
	at, wrong := p.time(c, "received")
	err = join(wrong)
	var r *incident.Request
	if err == nil {
		by := actor(c)
		by.Request = c.PostForm("key")
		r, err = s.Desk.LogRequest(c.Request.Context(), by, incident.Request{Kind: c.PostForm("kind"), Received: at,
			Controller: c.PostForm("controller"), Label: c.PostForm("label"), Channel: c.PostForm("channel")})
	}
	if err == nil {
		return s.redirect(c, "/requests/"+r.ID+"?said=saved")
	}
	if !s.again(c, &p.page, err) {
		return err
	}
	return s.render(c, statusOf(err), "requests", p)
}

// requestPage is one request: pass it on, extend it, note the answer.
type requestPage struct {
	page
	R         requestRow
	Mails     []delivery // the mail that passed it on, if one did
	Customers []*incident.Controller
}

func (s *Server) requestPage(c *gin.Context) (*requestPage, error) {
	ctx := c.Request.Context()
	r, err := s.Read.Request(ctx, c.Param("id"))
	if err != nil {
		return nil, err
	}
	p := &requestPage{page: s.page(c, "request.title"), R: rowOf(r, s.Desk.Now())}
	p.Section, p.Wide = "requests", "narrow"
	if r.Delivery != "" {
		d, err := s.Read.Delivery(ctx, r.Delivery)
		if err != nil {
			return nil, err
		}
		p.Mails = s.deliveriesOf(c, []*incident.Delivery{d}, nil)
	}
	p.Customers, err = s.someCustomers(ctx, "")
	return p, err
}

func (s *Server) showRequest(c *gin.Context) error {
	p, err := s.requestPage(c)
	if err != nil {
		return err
	}
	p.Form = p.filled(values("controller", p.R.Controller, "way", "mail", "who", "controller"))
	return s.render(c, http.StatusOK, "request", p)
}

// changeRequest does what the pressed button says.
func (s *Server) changeRequest(c *gin.Context) error {
	p, err := s.requestPage(c)
	if err != nil {
		return err
	}
	ctx, id, by := c.Request.Context(), c.Param("id"), actor(c)
	switch c.PostForm("do") {
	case "pass":
		err = s.Desk.PassRequest(ctx, by, id, incident.Pass{Controller: c.PostForm("controller"), Mail: c.PostForm("way") == "mail",
			To: c.PostForm("passed_to"), Proof: c.PostForm("proof")})
	case "extend":
		err = s.Desk.ExtendRequest(ctx, by, id, c.PostForm("reason"))
	default:
		at, wrong := p.time(c, "answered_at")
		if err = join(wrong); err == nil {
			err = s.Desk.AnswerRequest(ctx, by, id, c.PostForm("who"), c.PostForm("how"), at)
		}
	}
	if err == nil {
		return s.redirect(c, "/requests/"+id+"?said=saved")
	}
	if !s.again(c, &p.page, err) {
		return err
	}
	return s.render(c, statusOf(err), "request", p)
}
