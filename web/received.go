package web

import (
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
	"hatakello/templates"
)

// receivedRows is how many notices of others a page lists.
const receivedRows = 50

// receivePage takes in a notice that our processor or sub-processor has sent.
type receivePage struct {
	page
	Waiting []*incident.Received
	Max     int // MiB
}

func (s *Server) receivePage(c *gin.Context) (*receivePage, error) {
	p := &receivePage{page: s.page(c, "receive.title"), Max: incident.ReceivedMax >> 20}
	p.Section, p.Wide = "receive", "narrow"
	var err error
	p.Waiting, err = s.Read.ReceivedOf(c.Request.Context(), "", receivedRows)
	return p, err
}

func (s *Server) receiveForm(c *gin.Context) error {
	p, err := s.receivePage(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "receive", p)
}

// receive reads a file, or words that were pasted.
func (s *Server) receive(c *gin.Context) error {
	p, err := s.receivePage(c)
	if err != nil {
		return err
	}
	file, err := receivedFile(c)
	if err != nil {
		return err
	}
	x, err := s.Desk.Receive(c.Request.Context(), actor(c), file, c.PostForm("public"))
	if err == nil {
		return s.redirect(c, "/received/"+x.ID)
	}
	if !s.again(c, &p.page, err) {
		return err
	}
	return s.render(c, statusOf(err), "receive", p)
}

// receivedFile is what was uploaded, else what was pasted.
func receivedFile(c *gin.Context) ([]byte, error) {
	head, err := c.FormFile("file")
	if err != nil || head.Size == 0 {
		return []byte(c.PostForm("text")), nil //nolint:nilerr // no file: the words
	}
	f, err := head.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, incident.ReceivedMax+1))
}

// receivedPage shows what was read in a notice and asks to confirm it.
type receivedPage struct {
	page
	X        *incident.Received
	Inc      *incident.Incident // that it led to, or nil
	Services []*incident.Service
	Open     []*incident.Row // cases to which it may belong
}

func (s *Server) receivedPage(c *gin.Context) (*receivedPage, error) {
	ctx := c.Request.Context()
	x, err := s.Read.Received(ctx, c.Param("id"))
	if err != nil {
		return nil, err
	}
	p := &receivedPage{page: s.page(c, "received.title"), X: x}
	p.Section, p.Wide = "receive", "narrow"
	if x.Incident != "" {
		p.Inc, err = s.Read.Incident(ctx, x.Incident)
		return p, err
	}
	if p.Services, err = s.Read.Services(ctx); err != nil {
		return nil, err
	}
	p.Open, _, err = s.Read.Rows(ctx, incident.Filter{State: "open"}, incident.Cut{Limit: boardRows})
	return p, err
}

func (s *Server) showReceived(c *gin.Context) error {
	p, err := s.receivedPage(c)
	if err != nil {
		return err
	}
	r, l := p.X.Reading, templates.Lang(p.Lang)
	v := values("title", r.Subject, "sender", r.Sender, "nature", r.Text)
	if !r.Sent.IsZero() { // a mail is there when it was sent, unless somebody knows better
		v.Set("came", templates.DateTime(l, r.Sent, p.zone()))
	}
	p.Form = p.filled(v)
	return s.render(c, http.StatusOK, "received", p)
}

// confirmReceived opens the case, or adds the notice to one.
func (s *Server) confirmReceived(c *gin.Context) error {
	p, err := s.receivedPage(c)
	if err != nil {
		return err
	}
	in := incident.Confirm{Incident: c.PostForm("incident"), Title: c.PostForm("title"), Sender: c.PostForm("sender"), Country: c.PostForm("country"),
		Nature: c.PostForm("nature"), Services: c.PostFormArray("services"), Unclear: c.PostForm("unclear") != "", Key: c.PostForm("key")}
	came, wrong := p.time(c, "came")
	passes := p.Passes
	theirs, wrong2 := p.time(c, "their_aware")
	if wrong != nil {
		p.Passes = passes
	}
	in.Came, in.TheirAware = came, theirs
	if text := c.PostForm("came"); text != "" {
		in.CameText = zoned(text, p.zone())
	}
	id := ""
	if err = join(wrong, wrong2); err == nil {
		id, err = s.Desk.ConfirmReceived(c.Request.Context(), actor(c), p.X.ID, in)
	}
	if err == nil {
		return s.redirect(c, "/incidents/"+id+"?said=logged")
	}
	if !s.again(c, &p.page, err) {
		return err
	}
	return s.render(c, statusOf(err), "received", p)
}

// receivedBytes gives a notice as it came, to be kept and not to be opened here.
func (s *Server) receivedBytes(c *gin.Context) error {
	x, err := s.Read.Received(c.Request.Context(), c.Param("id"))
	if err != nil {
		return err
	}
	raw, err := s.Read.ReceivedBytes(c.Request.Context(), x.ID)
	if err != nil {
		return err
	}
	name := map[string]string{"signed": "notice.json", "mail": "notice.eml"}[x.Reading.Kind]
	if name == "" {
		name = "notice.txt"
	}
	c.Header("Content-Disposition", `attachment; filename="`+name+`"`)
	c.Header("Content-Length", strconv.Itoa(len(raw)))
	return s.send(c, http.StatusOK, "application/octet-stream", raw)
}

// chainOf draws who told whom, for the page of a case; nobody else is nil.
func (s *Server) chainOf(c *gin.Context, inc *incident.Incident, us string, now time.Time) ([]link, error) {
	if !inc.Source.Known() {
		return nil, nil
	}
	tallies, err := s.Read.Duties(c.Request.Context(), inc.ID, now)
	if err != nil {
		return nil, err
	}
	all := chain(inc, tallies, us, now)
	if last := len(all) - 1; all[last].Key == "controllers" && all[last].N == 0 {
		all = all[:last]
	}
	return all, nil
}
