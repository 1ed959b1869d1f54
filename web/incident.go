package web

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// incident loads the case that the address names.
func (s *Server) incident(c *gin.Context) (*incident.Incident, error) {
	return s.Read.Incident(c.Request.Context(), c.Param("id"))
}

// casePage leads through one case.
type casePage struct {
	page
	Inc       *incident.Incident
	Services  []string // names
	Aware     incident.Mark
	Step      step
	Tight     *clock // the tightest limit, or nil
	Holder    string // whose it is, when it is one's alone
	Waiting   int    // how many share it
	Watch     *clock // the first of the controllers' own limits (Art. 33(1)), or nil
	Whose     string // the controller whose it is
	Figures   []figure
	Attention []line
	Blanks    []blank
	Entries   []entryLine
	Seers     []seer
	Chain     []link // who told whom, where it came from a sub-processor
	Received  []*incident.Received
	Asked     int        // questions of controllers that wait; at most questionRows
	Rings     []ringView // alarms about the case that wait for somebody
}

// figure is a number that changes while one looks.
type figure struct {
	Key string
	N   int
	To  string // the list of those counted
}

// seer says who may see a case by a role.
type seer struct {
	Role  incident.Role
	Names []string
}

func (s *Server) showCase(c *gin.Context) error {
	p, err := s.casePage(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "case", p)
}

func (s *Server) casePage(c *gin.Context) (*casePage, error) {
	ctx := c.Request.Context()
	inc, err := s.incident(c)
	if err != nil {
		return nil, err
	}
	p := &casePage{page: s.page(c, "case.title", "Number", inc.Number, "Title", inc.Title), Inc: inc, Blanks: blanks(inc)}
	p.Section = "board"
	p.Aware, _ = inc.At(incident.ProcessorAware)
	if p.Services, err = s.serviceNames(c, inc.Services); err != nil {
		return nil, err
	}
	lines, _, err := s.Read.Lines(ctx, inc.ID, incident.LineFilter{}, incident.Cut{Limit: 8})
	if err != nil {
		return nil, err
	}
	if err := s.tightestOf(c, p); err != nil {
		return nil, err
	}
	rings, err := s.Desk.RingingIn(ctx, inc.ID)
	if err != nil {
		return nil, err
	}
	p.Rings = s.ringViews(&p.page, rings, false)
	asked, err := s.Read.OpenQuestions(ctx, inc.ID, questionRows)
	if err != nil {
		return nil, err
	}
	p.Asked = len(asked)
	if p.Chain, err = s.chainOf(c, inc, p.Org.Name, p.Now); err != nil {
		return nil, err
	}
	if p.Received, err = s.Read.ReceivedOf(ctx, inc.ID, receivedRows); err != nil {
		return nil, err
	}
	p.Step = situation{inc, ownLine(lines)}.next()
	p.Figures = figures(inc)
	if p.Attention, err = s.attention(c, inc, lines, p.Now); err != nil {
		return nil, err
	}
	entries, _, err := s.Read.Entries(ctx, inc.ID, "", incident.Cut{Limit: gatherRead})
	if err != nil {
		return nil, err
	}
	p.Entries = s.gathered(&p.page, entries)
	p.Seers, err = s.seers(c)
	return p, err
}

// tightestOf finds the limit that presses most and the first of the
// controllers' own, as the board shows them.
func (s *Server) tightestOf(c *gin.Context, p *casePage) error {
	rows, _, err := s.Read.Rows(c.Request.Context(), incident.Filter{Search: p.Inc.Number}, incident.Cut{Limit: 5})
	if err != nil {
		return err
	}
	for _, r := range rows {
		if r.ID != p.Inc.ID {
			continue
		}
		if r.Next != nil {
			p.Tight, p.Holder, p.Waiting = &clock{r.Next, p.Now}, r.Holder, r.Waiting
		}
		if r.Theirs != nil {
			p.Watch, p.Whose = &clock{r.Theirs, p.Now}, r.Whose
		}
	}
	return nil
}

func ownLine(lines []*incident.Line) *incident.Line {
	i := slices.IndexFunc(lines, func(l *incident.Line) bool { return l.Controller == incident.Own })
	if i < 0 {
		return nil
	}
	return lines[i]
}

// figures are the counters of a case, each leading to those counted.
func figures(inc *incident.Incident) []figure {
	to := "/incidents/" + inc.ID + "/records"
	t := inc.Tally
	return []figure{
		{"records", t.Records, to}, {"notified", t.Notified, to}, {"accepted", t.Accepted, to + "?stage=accepted"},
		{"acked", t.Acked, to + "?stage=acked"}, {"failed", t.Failed, to + "?stage=failed"},
	}
}

// attention lists the controllers that need somebody: those nobody could
// reach first, then those whose clocks press most.
func (s *Server) attention(c *gin.Context, inc *incident.Incident, lines []*incident.Line, now time.Time) ([]line, error) {
	var failed []*incident.Line
	if inc.Tally.Failed > 0 {
		var err error
		failed, _, err = s.Read.Lines(c.Request.Context(), inc.ID, incident.LineFilter{Stage: incident.Failed}, incident.Cut{Limit: 5})
		if err != nil {
			return nil, err
		}
	}
	for _, l := range lines {
		seen := slices.ContainsFunc(failed, func(f *incident.Line) bool { return f.ID == l.ID })
		if !seen && len(failed) < 6 && l.Certainty != incident.NotAffected && (owed(l) || l.Contacts == 0) {
			failed = append(failed, l)
		}
	}
	some := linesAt(failed, now)
	return some, s.quiet(c.Request.Context(), some)
}

// serviceNames gives the names of services.
func (s *Server) serviceNames(c *gin.Context, ids []string) ([]string, error) {
	all, err := s.Read.Services(c.Request.Context())
	if err != nil {
		return nil, err
	}
	var names []string
	for _, x := range all {
		if slices.Contains(ids, x.ID) {
			names = append(names, x.Name)
		}
	}
	return names, nil
}

// seers answers who sees a case, and by which role.
func (s *Server) seers(c *gin.Context) ([]seer, error) {
	users, err := s.Read.Users(c.Request.Context())
	if err != nil {
		return nil, err
	}
	var all []seer
	for _, role := range incident.Roles {
		if !(incident.Actor{Roles: []incident.Role{role}}).May("read") {
			continue
		}
		x := seer{Role: role}
		for _, u := range users {
			if !u.Disabled && slices.Contains(u.Roles, role) {
				x.Names = append(x.Names, u.Name)
			}
		}
		if len(x.Names) > 0 {
			all = append(all, x)
		}
	}
	return all, nil
}

// casePart is a page about one side of a case.
type casePart struct {
	page
	Inc *incident.Incident
}

func (s *Server) casePart(c *gin.Context, title string) (*casePart, error) {
	inc, err := s.incident(c)
	if err != nil {
		return nil, err
	}
	p := &casePart{s.page(c, title, "Number", inc.Number), inc}
	p.Section, p.Wide = "board", "narrow"
	return p, nil
}

// live answers an open page with the figures as they stand now. It keeps no
// session awake.
func (s *Server) live(c *gin.Context) error {
	inc, err := s.incident(c)
	if err != nil {
		return err
	}
	out := liveState{Text: map[string]string{}, Fates: map[string][2]string{}}
	lang := s.lang(c)
	for _, f := range figures(inc) {
		out.Text[f.Key] = strconv.Itoa(f.N)
	}
	ds, _, err := s.Read.Deliveries(c.Request.Context(), inc.ID, c.Query("record"), cut(c, deliveryRows))
	if err != nil {
		return err
	}
	for _, d := range ds {
		out.Fates[d.ID] = [2]string{fateColour[d.Fate], s.Words.Say(lang, "fate."+string(d.Fate))}
	}
	out.Busy = inc.Tally.Notified > inc.Tally.Accepted+inc.Tally.Failed
	c.JSON(http.StatusOK, out)
	return nil
}

// livePath is what open pages ask again and again.
const livePath = "/incidents/:id/live"

// liveState is what an open page learns.
type liveState struct {
	Text  map[string]string    `json:"text"`  // figures by key
	Fates map[string][2]string `json:"fates"` // colour and word of each delivery
	Busy  bool                 `json:"busy"`  // whether something is still on its way
}
