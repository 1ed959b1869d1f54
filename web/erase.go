package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// eraseRows is how many places a page shows.
const eraseRows = 300

func (s *Server) eraseRoutes() []route {
	return []route{
		{"GET", "/erase", "read", 0, s.eraseForm},
		{"POST", "/erase", incident.EraseAct, formLimit, s.erase},
	}
}

// erasePage finds a person, and takes them out of the record. What is looked
// for never stands in an address, which logs and browsers keep.
type erasePage struct {
	page
	pager
	Looked   bool
	Terms    []string
	Places   []placeView
	Total    int // how many there are, also those that are not shown
	Blocked  bool
	Proofs   bool // evidence is among the places
	Erased   []*incident.Erasure
	Subjects []string
	Bases    []string
}

// placeView is a place, and whether somebody else stands there.
type placeView struct {
	*incident.Place
	Spared bool
}

// More is how many places are not shown.
func (p *erasePage) More() int { return p.Total - len(p.Places) }

func (s *Server) erasePage(c *gin.Context) (*erasePage, error) {
	p := &erasePage{page: s.page(c, "erase.title"), Subjects: incident.ErasedSubjects, Bases: incident.ErasureBases}
	p.Section = "erase"
	var next string
	var err error
	p.Erased, next, err = s.Read.Erasures(c.Request.Context(), cut(c, boardRows))
	p.pager = pages(c, next)
	return p, err
}

// eraseForm shows what has been erased, and asks whom to look for: a contact
// or a user may be named by id.
func (s *Server) eraseForm(c *gin.Context) error {
	p, err := s.erasePage(c)
	if err != nil {
		return err
	}
	if kind := c.Query("kind"); kind != "" && p.May(incident.EraseAct) {
		terms, err := s.Desk.TermsOf(c.Request.Context(), kind, c.Query("of"), c.Query("n"))
		if err != nil {
			return err
		}
		p.Form = p.filled(values("terms", strings.Join(terms, "\n"), "subject", kind))
	}
	return s.render(c, http.StatusOK, "erase", p)
}

func (s *Server) erase(c *gin.Context) error {
	p, err := s.erasePage(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	terms := strings.ReplaceAll(strings.Join(c.PostFormArray("terms"), "\n"), "\r", "")
	c.Request.PostForm.Set("terms", terms)
	p.Form = p.filled(c.Request.PostForm)
	seek := incident.Seek{Terms: strings.Split(terms, "\n"), Inside: c.PostForm("inside") != ""}
	if c.PostForm("do") == "erase" {
		_, err = s.Desk.Erase(ctx, actor(c), incident.Erasing{Seek: seek, Subject: c.PostForm("subject"), Reason: c.PostForm("reason"), Basis: c.PostForm("basis"),
			Second: c.PostForm("second"), Spare: c.PostFormArray("spare"), Proofs: c.PostForm("proofs") != "", Key: c.PostForm("key")})
		if err == nil {
			return s.redirect(c, "/erase?said=erased")
		}
	}
	if err2 := s.lookFor(c, p, seek); err == nil {
		err = err2
	}
	if err != nil && s.again(c, &p.page, err) {
		return s.render(c, statusOf(err), "erase", p)
	}
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "erase", p)
}

// lookFor fills in where a person stands.
func (s *Server) lookFor(c *gin.Context, p *erasePage, seek incident.Seek) error {
	all, err := s.Desk.Find(c.Request.Context(), actor(c), seek)
	if err != nil {
		return err
	}
	p.Looked, p.Terms, p.Total = true, seek.Terms, len(all)
	for i, x := range all {
		p.Blocked, p.Proofs = p.Blocked || x.Blocked, p.Proofs || x.Proof
		if i < eraseRows {
			p.Places = append(p.Places, placeView{x, slices.Contains(c.PostFormArray("spare"), x.ID())})
		}
	}
	return nil
}

// Rows counts what an erasure changed.
func (erasePage) Rows(x *incident.Erasure) int { return sum(x.Changed) }

// Kept counts the evidence that an erasure left.
func (erasePage) Kept(x *incident.Erasure) int { return sum(x.Kept) }

func sum(by map[string]int) int {
	n := 0
	for _, x := range by {
		n += x
	}
	return n
}
