package web

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// recordPart is a page about one controller's record.
type recordPart struct {
	page
	Inc  *incident.Incident
	Rec  *incident.Record
	Held []heldFile // files that were sent with a form that had to be shown again
}

func (s *Server) recordPart(c *gin.Context, title string) (*recordPart, error) {
	ctx := c.Request.Context()
	rec, err := s.Read.Record(ctx, c.Param("id"))
	if err != nil {
		return nil, err
	}
	inc, err := s.Read.Incident(ctx, rec.Incident)
	if err != nil {
		return nil, err
	}
	if rec.Name == "" { // the organisation has not said its name yet
		rec.Name = s.Words.Say(s.lang(c), "clock.own")
	}
	p := &recordPart{page: s.page(c, title, "Name", rec.Name), Inc: inc, Rec: rec}
	p.Section, p.Wide = "board", "narrow"
	return p, nil
}

// recordPage shows everything that is known of one controller's breach.
type recordPage struct {
	recordPart
	Colour     string
	Tight      *clock
	Clocks     []clock
	Moments    []moment
	Facts      incident.Facts // own over shared
	Controller *incident.Controller
	Notices    []*incident.Notice
	Deliveries []delivery
	Entries    []entryLine
	Own        bool
	Shares     []*incident.OwnShare // what the controller has shown of her own assessment
	Mandated   bool                 // ours to assess although we are the processor
}

// moment is the newest mark of a moment, and the older ones that it corrected.
type moment struct {
	incident.Mark
	Older []incident.Mark
}

// moments gathers marks by moment, in the order in which a case runs.
func moments(marks ...[]incident.Mark) []moment {
	var all []moment
	for _, m := range incident.Moments {
		var of []incident.Mark
		for _, list := range marks { // the record's own stand last and win
			for _, k := range list {
				if k.Moment == m {
					of = append(of, k)
				}
			}
		}
		if len(of) > 0 {
			all = append(all, moment{of[len(of)-1], slices.Clone(of[:len(of)-1])})
		}
	}
	return all
}

func (s *Server) showRecord(c *gin.Context) error {
	ctx := c.Request.Context()
	part, err := s.recordPart(c, "record.title")
	if err != nil {
		return err
	}
	r := part.Rec
	p := &recordPage{recordPart: *part, Colour: stageColour[r.Stage], Tight: tightest(r.Deadlines, part.Now),
		Clocks: clocks(r.Deadlines, part.Now), Moments: moments(r.Shared, r.Marks), Facts: r.Facts.Over(part.Inc.Facts),
		Own: r.Part == incident.AsController}
	p.Wide = ""
	if p.Notices, err = s.Read.Notices(ctx, r.ID); err != nil {
		return err
	}
	if p.Shares, err = s.Read.OwnShares(ctx, r.ID); err != nil {
		return err
	}
	known, err := s.Read.Controllers(ctx, []string{r.Controller})
	if err != nil {
		return err
	}
	if len(known) > 0 {
		p.Controller = known[0]
		p.Mandated = !p.Own && known[0].Mandate.Given()
	}
	sent, _, err := s.Read.Deliveries(ctx, r.Incident, r.ID, incident.Cut{Limit: deliveryRows})
	if err != nil {
		return err
	}
	p.Deliveries = s.deliveriesOf(c, sent, p.Notices)
	entries, _, err := s.Read.Entries(ctx, r.Incident, r.ID, incident.Cut{Limit: entryRows})
	if err != nil {
		return err
	}
	p.Entries = s.entries(&p.page, entries)
	return s.render(c, http.StatusOK, "record", p)
}

// recordForm is one form about a record: its page, what stands in it at first,
// and the act that it does.
type recordForm struct {
	name  string // of the template; the title is "NAME.title"
	need  string
	start func(*recordPart)
	act   func(*Server, *gin.Context, *recordPart) error
	limit int64 // of the body, in bytes; 0: formLimit
}

// recordForms are the forms of a record, each at /records/ID/NAME.
var recordForms = []recordForm{
	{"certainty", "affect", func(p *recordPart) { p.Form = p.filled(values("certainty", string(p.Rec.Certainty))) },
		func(s *Server, c *gin.Context, p *recordPart) error {
			return s.Desk.SetCertainty(c.Request.Context(), actor(c), p.Rec.ID, incident.Certainty(c.PostForm("certainty")), c.PostForm("reason"))
		}, 0},
	{"filing", "report", func(p *recordPart) { p.Form = p.filled(values("lang", p.Rec.Lang)) }, (*Server).file, filingLimit},
	{"hold", "hold", nil, (*Server).hold, 0},
	{"order", "order", nil, (*Server).order, 0},
	{"decision", "decide", nil,
		func(s *Server, c *gin.Context, p *recordPart) error {
			return s.Desk.Decide(c.Request.Context(), actor(c), p.Rec.ID, incident.Decision{Kind: c.PostForm("kind"),
				Reason: c.PostForm("reason"), Approver: c.PostForm("approver"), DPO: c.PostForm("dpo")})
		}, 0},
	{"call", "phone", nil, (*Server).call, 0},
	{"numbers", "describe", func(p *recordPart) { p.Form = p.filled(factValues(p.Lang, p.Rec.Facts, p.Rec.Version)) }, (*Server).describeRecord, 0},
}

// recordRoutes are two for each form: one shows it, one does it.
func (s *Server) recordRoutes() []route {
	var all []route
	for _, f := range recordForms {
		path := "/records/:id/" + f.name
		all = append(all, route{"GET", path, f.need, 0, s.showForm(f)}, route{"POST", path, f.need, cmp.Or(f.limit, formLimit), s.doForm(f)})
	}
	return all
}

func (s *Server) showForm(f recordForm) func(*gin.Context) error {
	return func(c *gin.Context) error {
		p, err := s.recordPart(c, f.name+".title")
		if err != nil {
			return err
		}
		if f.start != nil {
			f.start(p)
		}
		return s.render(c, http.StatusOK, f.name, p)
	}
}

func (s *Server) doForm(f recordForm) func(*gin.Context) error {
	return func(c *gin.Context) error {
		p, err := s.recordPart(c, f.name+".title")
		if err != nil {
			return err
		}
		if err = f.act(s, c, p); err == nil {
			return s.redirect(c, "/records/"+p.Rec.ID+"?said=saved")
		}
		if !s.again(c, &p.page, err) {
			return err
		}
		if incident.KindOf(err) == incident.Conflict {
			s.bothVersions(&p.page, factValues(p.Lang, p.Rec.Facts, p.Rec.Version))
		}
		return s.render(c, statusOf(err), f.name, p)
	}
}

// bothVersions shows what somebody else saved beside what was typed; saving
// again then replaces it knowingly.
func (s *Server) bothVersions(p *page, saved map[string][]string) {
	p.Form.Saved = saved
	p.Form.Values.Set("version", p.Form.Saved.Get("version"))
}

func (s *Server) call(c *gin.Context, p *recordPart) error {
	at, wrong := p.time(c, "at")
	if err := join(wrong); err != nil {
		return err
	}
	return s.Desk.Phone(c.Request.Context(), actor(c), p.Rec.ID, incident.Call{At: at, Who: c.PostForm("who"),
		Said: c.PostForm("said"), Key: c.PostForm("key")})
}
