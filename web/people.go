package web

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// peopleRoutes are the addresses of telling people (Art. 34).
func (s *Server) peopleRoutes() []route {
	const at = "/records/:id/people"
	return []route{
		{"GET", at, "read", 0, s.people},
		{"POST", at, "tell", formLimit, s.tellPeople},
	}
}

// peoplePage is about telling the people whose data a breach concerns: whether
// it must be done, in what words, and who has been told.
type peoplePage struct {
	recordPart
	Duty          *clock // ours to tell them; nil: none
	Hold          *incident.Decision
	Orders        []incident.Decision // of the authority, Art. 34(4)
	Tellings      []*incident.Telling // newest first
	Told, Untold  int                 // the least that the tellings add up to
	Draft         string              // language of the draft
	Missing       []string            // fields of Art. 34(2) that the draft cannot fill
	Ours, MayTell bool
}

// peopleFacts are what Art. 34(2) wants said, beside whom to ask.
var peopleFacts = []struct {
	key string
	of  func(*incident.Facts) incident.Fact
}{
	{"nature", func(f *incident.Facts) incident.Fact { return f.Nature }},
	{"data", func(f *incident.Facts) incident.Fact { return f.Data }},
	{"consequences", func(f *incident.Facts) incident.Fact { return f.Consequences }},
	{"measures", func(f *incident.Facts) incident.Fact { return f.Measures }},
	{"advice", func(f *incident.Facts) incident.Fact { return f.Advice }},
}

func (s *Server) peoplePage(c *gin.Context) (*peoplePage, error) {
	part, err := s.recordPart(c, "people.title")
	if err != nil {
		return nil, err
	}
	r := part.Rec
	if r.Part == incident.AsEntity {
		return nil, unknown(c)
	}
	p := &peoplePage{recordPart: *part, Hold: r.Held(part.Now), Draft: r.Lang, Ours: r.Part == incident.AsController,
		MayTell: part.Inc.Open() && part.May("tell")}
	if lang := c.Query("draft"); known(lang) {
		p.Draft = lang
	}
	if d := r.Deadline("gdpr.34.1.own"); d != nil {
		p.Duty = &clock{d, p.Now}
	}
	for _, d := range r.Decisions {
		if d.Kind == "order" {
			p.Orders = append(p.Orders, d)
		}
	}
	all, err := s.Read.Tellings(c.Request.Context(), r.ID)
	if err != nil {
		return nil, err
	}
	for _, x := range all {
		p.Tellings = append([]*incident.Telling{x}, p.Tellings...)
		p.Told, p.Untold = p.Told+x.Told.Low, x.Untold.Low // the newest says who is still left out
	}
	return p, nil
}

// draftPeople writes a draft of the message and notes what it lacks.
func (s *Server) draftPeople(c *gin.Context, p *peoplePage) (string, error) {
	facts := p.Rec.Facts.Over(p.Inc.Facts)
	args := []any{"Name", p.Rec.Name}
	add := func(key, text string) {
		if text == "" {
			p.Missing, text = append(p.Missing, s.Words.Say(p.Lang, "people.part."+key)), incident.Gap
		}
		args = append(args, key, text)
	}
	for _, x := range peopleFacts {
		fact := x.of(&facts)
		if fact.Blank() {
			fact.Text = ""
		}
		add(x.key, fact.Text)
	}
	org, err := s.Read.Organisation(c.Request.Context())
	if err != nil {
		return "", err
	}
	contact := ""
	if p.Ours {
		contact = strings.Join(filledOnly(org.DPO, org.Phone, org.Email), ", ")
	}
	add("contact", contact)
	return s.Words.Say(p.Draft, "people.draft", args...), nil
}

// filledOnly leaves out what is empty.
func filledOnly(all ...string) []string {
	var some []string
	for _, s := range all {
		if s != "" {
			some = append(some, s)
		}
	}
	return some
}

func (s *Server) people(c *gin.Context) error {
	p, err := s.peoplePage(c)
	if err != nil {
		return err
	}
	draft, err := s.draftPeople(c, p)
	if err != nil {
		return err
	}
	p.Form = p.filled(values("text", draft))
	return s.render(c, http.StatusOK, "people", p)
}

func (s *Server) tellPeople(c *gin.Context) error {
	p, err := s.peoplePage(c)
	if err != nil {
		return err
	}
	if err = s.telling(c, p); err == nil {
		return s.redirect(c, "/records/"+p.Rec.ID+"/people?said=saved")
	}
	if !s.again(c, &p.page, err) {
		return err
	}
	return s.render(c, statusOf(err), "people", p)
}

// telling reads the form and does the act.
func (s *Server) telling(c *gin.Context, p *peoplePage) error {
	at, bad1 := p.time(c, "at")
	told, bad2 := amount(c, "told")
	untold, bad3 := amount(c, "untold")
	if err := join(bad1, bad2, bad3); err != nil {
		return err
	}
	return s.Desk.TellPeople(c.Request.Context(), actor(c), p.Rec.ID, incident.Telling{At: at, Channel: c.PostForm("channel"), Safe: c.PostForm("safe"),
		Despite: c.PostForm("despite"), People: c.PostForm("people"), Told: told, Untold: untold, Why: c.PostForm("why"),
		Text: c.PostForm("text"), Finished: c.PostForm("finished") == "yes", Key: c.PostForm("key")})
}

// order records what the authority has ordered about telling people.
func (s *Server) order(c *gin.Context, p *recordPart) error {
	from, bad1 := p.time(c, "from")
	until, bad2 := p.later(c, "until")
	if err := join(bad1, bad2); err != nil {
		return err
	}
	return s.Desk.Order(c.Request.Context(), actor(c), p.Rec.ID, incident.Decision{Authority: c.PostForm("authority"), Reason: c.PostForm("reason"),
		From: from, Until: until})
}
