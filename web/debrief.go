package web

import (
	"cmp"
	"encoding/csv"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
	"hatakello/templates"
)

// debriefRoutes are the addresses of what was learnt from cases.
func (s *Server) debriefRoutes() []route {
	const one = "/incidents/:id/debrief"
	return []route{
		{"GET", one, "read", 0, s.debrief},
		{"POST", one, "debrief", formLimit, s.saveDebrief},
		{"POST", one + "/actions", "debrief", formLimit, s.addAction},
		{"POST", "/actions/:id", "action", formLimit, s.endAction},
		{"GET", one + "/legs.csv", "read", 0, s.legsCSV},
		{"GET", one + "/review.pdf", "read", 0, s.debriefFile},
		{"GET", one + "/review.odt", "read", 0, s.debriefFile},
	}
}

// debriefPage is the post-incident review of a case, as one reader sees it.
type debriefPage struct {
	casePart
	B         *incident.Debrief
	For       incident.Audience
	Asked     []questionView
	Stretches []incident.Stretch
	Slow      []*incident.Leg
	More      int
	Picture   template.HTML
	Duties    []*incident.DutyTally
	Staff     []*incident.User
	Blocks    []templates.Block // what others than staff see
}

// questionView is a question with what has been answered.
type questionView struct {
	Key    string
	Others bool // whether somebody else than staff reads an answer, or one was typed
}

// slowRows is how many controllers the page names; the table has all.
const slowRows = 12

func (s *Server) debriefPage(c *gin.Context) (*debriefPage, error) {
	part, err := s.casePart(c, "debrief.title")
	if err != nil {
		return nil, err
	}
	p := &debriefPage{casePart: *part, For: incident.Audience(c.DefaultQuery("for", string(incident.ForStaff)))}
	p.Wide = ""
	if !slices.Contains(incident.Audiences, p.For) {
		return nil, unknown(c)
	}
	told, err := s.debriefParts(c, p.Inc)
	if err != nil {
		return nil, err
	}
	p.B, p.Duties, p.Stretches = told.b, told.duties, incident.Stretches(told.aware, told.legs)
	p.Picture = s.Words.CasePlot(p.Lang, told.plot(s, p.Lang, p.Now)).SVG("case")
	p.Slow = slices.SortedStableFunc(slices.Values(told.legs), slower)
	p.More = max(len(p.Slow)-slowRows, 0)
	p.Slow = p.Slow[:len(p.Slow)-p.More]
	if p.For != incident.ForStaff {
		p.Blocks = told.document(s, p.Lang, p.For, p.Now).Blocks
		return p, nil
	}
	p.Form = p.filled(p.passages())
	if p.Staff, err = s.Read.Users(c.Request.Context()); err != nil {
		return nil, err
	}
	p.Staff = slices.DeleteFunc(p.Staff, func(u *incident.User) bool { return u.Disabled })
	p.ask()
	return p, nil
}

// slower puts those first that have not been told, then those told last.
func slower(a, b *incident.Leg) int {
	if a.Accepted.IsZero() != b.Accepted.IsZero() {
		if a.Accepted.IsZero() {
			return -1
		}
		return 1
	}
	return cmp.Or(b.Accepted.Compare(a.Accepted), cmp.Compare(a.Record, b.Record))
}

// passages are the texts as a form holds them.
func (p *debriefPage) passages() url.Values {
	v := values("version", strconv.Itoa(p.B.Version), "reader", string(incident.ForStaff))
	for _, x := range p.B.Passages {
		v.Set(x.Question+"_"+string(x.Reader), x.Text)
	}
	return v
}

// ask lists the questions; it must follow what was typed.
func (p *debriefPage) ask() {
	p.Asked = nil
	for _, q := range incident.Questions {
		others := p.Form.Get(q+"_controller")+p.Form.Get(q+"_public") != ""
		p.Asked = append(p.Asked, questionView{q, others})
	}
}

func (s *Server) debrief(c *gin.Context) error {
	p, err := s.debriefPage(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "debrief", p)
}

func (s *Server) saveDebrief(c *gin.Context) error {
	var texts []incident.Passage
	for _, q := range incident.Questions {
		for _, a := range incident.Audiences {
			texts = append(texts, incident.Passage{Question: q, Reader: a, Text: c.PostForm(q + "_" + string(a))})
		}
	}
	ctx, id := c.Request.Context(), c.Param("id")
	err := s.Desk.SaveDebrief(ctx, actor(c), id, texts, number(c, "version"))
	if err == nil && c.PostForm("do") == "finish" {
		var b *incident.Debrief
		if b, err = s.Read.Debrief(ctx, id); err != nil {
			return err
		}
		err = s.Desk.FinishDebrief(ctx, actor(c), id, b.Version)
	}
	return s.debriefDone(c, id, err)
}

// debriefDone leads back to the page, or shows what was typed with its faults.
func (s *Server) debriefDone(c *gin.Context, id string, err error) error {
	if err == nil {
		return s.redirect(c, "/incidents/"+id+"/debrief?said=debrief")
	}
	p, err2 := s.debriefPage(c)
	if err2 != nil {
		return errors.Join(err, err2)
	}
	was, version := p.Form.Values, p.B.Version
	if !s.again(c, &p.page, err) {
		return err
	}
	for name, v := range was { // the other form of the page keeps what is saved
		if _, sent := p.Form.Values[name]; !sent {
			p.Form.Values[name] = v
		}
	}
	if incident.KindOf(err) != incident.Refused {
		p.Form.Values.Set("version", strconv.Itoa(version))
	}
	if incident.KindOf(err) == incident.Conflict {
		p.Form.Saved = was
	}
	p.ask()
	return s.render(c, statusOf(err), "debrief", p)
}

func (s *Server) addAction(c *gin.Context) error {
	a := incident.Action{Incident: c.Param("id"), Text: c.PostForm("action_text"), Owner: c.PostForm("owner"), Reader: incident.Audience(c.PostForm("reader"))}
	p := s.page(c, "debrief.title")
	due, err := p.day(c, "due")
	if err == nil {
		if !due.IsZero() {
			a.Due = due.AddDate(0, 0, 1).Add(-time.Minute)
		}
		err = s.Desk.SaveAction(c.Request.Context(), actor(c), a)
	}
	return s.debriefDone(c, a.Incident, err)
}

// day reads a day typed into a field, as its beginning in the organisation's
// zone. Nothing typed is the zero time.
func (p page) day(c *gin.Context, field string) (time.Time, error) {
	text := c.PostForm(field)
	if text == "" {
		return time.Time{}, nil
	}
	at, err := incident.ParseLocalDay(text, p.Now, p.zone())
	var doubt *incident.LocalTimeError
	if errors.As(err, &doubt) {
		return at, incident.Errors{{Kind: incident.Invalid, Field: field, Key: "action.due"}}
	}
	local := at.In(p.zone())
	return time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, p.zone()), err
}

// endAction says what came of an action.
func (s *Server) endAction(c *gin.Context) error {
	ctx := c.Request.Context()
	a, err := s.Read.Action(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	c.Params = append(c.Params[:0], gin.Param{Key: "id", Value: a.Incident})
	err = s.Desk.EndAction(ctx, actor(c), a.ID, c.PostForm("result"), number(c, "action_version"))
	return s.debriefDone(c, a.Incident, err)
}

// legsCSV is every controller's way, for a table program.
func (s *Server) legsCSV(c *gin.Context) error {
	inc, err := s.incident(c)
	if err != nil {
		return err
	}
	legs, err := s.Read.Legs(c.Request.Context(), inc.ID)
	if err != nil {
		return err
	}
	c.Header("Content-Type", "text/csv; charset=utf-8")
	c.Header("Content-Disposition", `attachment; filename="`+inc.Number+`.csv"`)
	w := csv.NewWriter(c.Writer)
	rows := [][]string{{"controller", "contract_hours", "known", "drafted", "approved", "sent", "accepted", "acknowledged"}}
	for _, l := range legs {
		row := []string{templates.PlainCell(l.Name), strconv.Itoa(l.Hours)}
		for _, t := range []time.Time{l.Known, l.Drafted, l.Approved, l.Sent, l.Accepted, l.Acked} {
			row = append(row, stampOr(t))
		}
		rows = append(rows, row)
	}
	return w.WriteAll(rows)
}

// stampOr is an instant in UTC as programs read it, or "".
func stampOr(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
