package web

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
	"hatakello/templates"
)

// jointMost is how many controllers the form of joint ones offers at a time.
const jointMost = 40

// partiesPage says who stands behind a breach beside its controllers: the
// sub-processor that it came from, and which controllers decide together.
type partiesPage struct {
	casePart
	Q         string
	Lines     []*incident.Line // that may be chosen
	Groups    []jointGroup
	Kept      []keptView // groups of the register that the case touches
	Chain     []link
	ToldFirst bool // it told us before we are said to have known
	Joined    bool // whether the form of joint controllers was sent
}

// jointGroup is a group of joint controllers.
type jointGroup struct {
	Records []*incident.Record
	Lead    string // name of the lead, or ""
	Open    bool   // no arrangement: each stays open
}

// link is one party of the chain from the sub-processor to the controllers.
type link struct {
	Key   string // of "chain.KEY"
	Name  string
	At    time.Time // when it knew
	Limit time.Time // until when it had to tell the next, or zero
	Hours int       // agreed for that
	Told  time.Time // when it told the next
	Late  bool
	N     int // how many parties it stands for
}

func (s *Server) partiesPage(c *gin.Context) (*partiesPage, error) {
	part, err := s.casePart(c, "parties.title")
	if err != nil {
		return nil, err
	}
	p := &partiesPage{casePart: *part, Q: c.Query("q"), Joined: c.FullPath() == "/incidents/:id/joint"}
	ctx := c.Request.Context()
	if p.Lines, _, err = s.Read.Lines(ctx, p.Inc.ID, incident.LineFilter{Search: p.Q}, incident.Cut{Limit: jointMost}); err != nil {
		return nil, err
	}
	if err := s.jointGroups(c, p); err != nil {
		return nil, err
	}
	if err := s.proposed(c, p); err != nil {
		return nil, err
	}
	tallies, err := s.Read.Duties(ctx, p.Inc.ID, p.Now)
	if err != nil {
		return nil, err
	}
	aware, ok := p.Inc.At(incident.ProcessorAware)
	p.ToldFirst = ok && p.Inc.Source.TheyTold.Before(aware.At)
	p.Chain = chain(p.Inc, tallies, p.Org.Name, p.Now)
	p.Form = p.filled(p.sourceValues())
	return p, nil
}

// jointGroups gathers the groups of a case.
func (s *Server) jointGroups(c *gin.Context, p *partiesPage) error {
	rs, err := s.Read.JointRecords(c.Request.Context(), p.Inc.ID, jointMost)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, r := range rs {
		if seen[r.ID] {
			continue
		}
		g := jointGroup{Open: r.Joint.Unarranged()}
		for _, o := range rs {
			if o.ID == r.ID || slices.Contains(r.Joint.With, o.ID) {
				seen[o.ID] = true
				g.Records = append(g.Records, o)
				if o.Joint.Lead {
					g.Lead = o.Name
				}
			}
		}
		p.Groups = append(p.Groups, g)
	}
	return nil
}

// sourceValues fills the form of the sub-processor.
func (p *partiesPage) sourceValues() map[string][]string {
	x, l := p.Inc.Source, templates.Lang(p.Lang)
	v := values("name", x.Name, "country", x.Country)
	for name, t := range map[string]time.Time{"their_aware": x.TheirAware, "they_told": x.TheyTold} {
		if !t.IsZero() {
			v.Set(name, templates.DateTime(l, t, p.zone()))
		}
	}
	if x.Hours > 0 {
		v.Set("hours", strconv.Itoa(x.Hours))
	}
	return v
}

// chain draws who told whom: the sub-processor us, and we the controllers,
// with the limits of both contracts and what they add up to.
func chain(inc *incident.Incident, tallies []*incident.DutyTally, us string, now time.Time) []link {
	if !inc.Source.Known() {
		return nil
	}
	x := inc.Source
	aware, _ := inc.At(incident.ProcessorAware)
	links := []link{{Key: "source", Name: x.Name, At: x.TheirAware, Limit: x.Limit(), Hours: x.Hours, Told: x.TheyTold, Late: x.Late(now), N: 1}}
	ours := link{Key: "us", Name: us, At: aware.At, N: 1}
	var stacked []link
	for _, t := range tallies {
		if t.Duty != "contract.notice" {
			continue
		}
		due := (&incident.Deadline{Within: t.Within}).LimitFrom(aware.At)
		if ours.Limit.IsZero() || due.Before(ours.Limit) {
			ours.Limit, ours.Hours, ours.Late = due, t.Within.Hours, t.Late+t.MetLate > 0
		}
		stacked = append(stacked, link{Key: "controllers", Hours: t.Within.Hours, Limit: x.Stacked(t.Within.Hours), N: t.N})
	}
	slices.SortFunc(stacked, func(a, b link) int { return a.Hours - b.Hours })
	if len(stacked) == 0 {
		stacked = []link{{Key: "controllers", N: inc.Tally.Records}}
	}
	return append(append(links, ours), stacked...)
}

func (s *Server) parties(c *gin.Context) error {
	p, err := s.partiesPage(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "parties", p)
}

// partied answers a form of the page.
func (s *Server) partied(c *gin.Context, p *partiesPage, err error) error {
	if err == nil {
		return s.redirect(c, "/incidents/"+p.Inc.ID+"/parties?said=saved")
	}
	filled := p.Form.Values
	if !s.again(c, &p.page, err) {
		return err
	}
	for name, v := range filled { // the other form of the page stays as it was
		if _, ok := p.Form.Values[name]; !ok && p.Joined {
			p.Form.Values[name] = v
		}
	}
	return s.render(c, statusOf(err), "parties", p)
}

func (s *Server) setSource(c *gin.Context) error {
	p, err := s.partiesPage(c)
	if err != nil {
		return err
	}
	x := incident.Source{Name: c.PostForm("name"), Country: c.PostForm("country"), Hours: number(c, "hours")}
	var bad1, bad2 *incident.Error
	x.TheirAware, bad1 = p.time(c, "their_aware")
	x.TheyTold, bad2 = p.time(c, "they_told")
	if err = join(bad1, bad2); err == nil {
		err = s.Desk.SetSource(c.Request.Context(), actor(c), p.Inc.ID, x)
	}
	return s.partied(c, p, err)
}

func (s *Server) setJoint(c *gin.Context) error {
	p, err := s.partiesPage(c)
	if err != nil {
		return err
	}
	if record := c.PostForm("end"); record != "" {
		return s.partied(c, p, s.Desk.EndJoint(c.Request.Context(), actor(c), p.Inc.ID, record))
	}
	return s.partied(c, p, s.Desk.SetJoint(c.Request.Context(), actor(c), p.Inc.ID, incident.Joining{
		Records: c.PostFormArray("records"), Lead: c.PostForm("lead"), Arranged: c.PostForm("arranged") == "yes"}))
}
