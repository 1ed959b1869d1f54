package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
	"hatakello/templates"
)

// jointRoutes are the addresses of kept groups of joint controllers.
func (s *Server) jointRoutes() []route {
	const kept = "/customers/groups"
	return []route{
		{"GET", kept, "read", 0, s.keptGroups},
		{"GET", kept + "/:group", "read", 0, s.keptGroup},
		{"POST", kept + "/:group", "register", formLimit, s.saveGroup},
		{"POST", "/incidents/:id/joint/kept", "affect", formLimit, s.useGroup},
	}
}

// newGroup stands for the id of a group that is being made.
const newGroup = "new"

// keptView is a kept group with the names of its members.
type keptView struct {
	*incident.JointGroup
	Names  []string
	LeadIs string
}

// keptViews names the members of groups.
func (s *Server) keptViews(c *gin.Context, all []*incident.JointGroup) ([]keptView, error) {
	ids := []string{}
	for _, g := range all {
		ids = append(ids, g.Members...)
	}
	slices.Sort(ids)
	ks, err := s.Read.Controllers(c.Request.Context(), slices.Compact(ids))
	names := map[string]string{}
	for _, k := range ks {
		names[k.ID] = k.Name
	}
	views := make([]keptView, len(all))
	for i, g := range all {
		views[i] = keptView{JointGroup: g, LeadIs: names[g.Lead]}
		for _, id := range g.Members {
			views[i].Names = append(views[i].Names, names[id])
		}
		slices.Sort(views[i].Names)
	}
	return views, err
}

// groupsPage lists the kept groups.
type groupsPage struct {
	page
	Groups []keptView
}

func (s *Server) keptGroups(c *gin.Context) error {
	p := groupsPage{page: s.page(c, "groups.title")}
	p.Section, p.Wide = "customers", "narrow"
	all, err := s.Read.JointGroups(c.Request.Context(), incident.JointGroupIn{Controller: c.Query("customer"), Ended: true})
	if err == nil {
		p.Groups, err = s.keptViews(c, all)
	}
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "groups", p)
}

// groupPage adds or changes one kept group.
type groupPage struct {
	page
	ID string // "" for a new one
}

func (s *Server) groupPage(c *gin.Context) *groupPage {
	p := &groupPage{page: s.page(c, "group.title.new"), ID: strings.TrimPrefix(c.Param("group"), newGroup)}
	p.Section, p.Wide = "customers", "narrow"
	if p.ID != "" {
		p.Title = s.Words.Say(p.Lang, "group.title")
	}
	return p
}

func (s *Server) keptGroup(c *gin.Context) error {
	p := s.groupPage(c)
	if p.ID == "" {
		return s.render(c, http.StatusOK, "group", p)
	}
	g, err := s.Read.JointGroup(c.Request.Context(), p.ID)
	if err != nil {
		return err
	}
	views, err := s.keptViews(c, []*incident.JointGroup{g})
	if err != nil {
		return err
	}
	v := values("name", g.Name, "members", strings.Join(views[0].Names, "\n"), "lead", views[0].LeadIs, "arrangement", g.Arrangement, "version", strconv.Itoa(g.Version))
	if !g.Arranged.IsZero() {
		v.Set("arranged", templates.Date(templates.Lang(p.Lang), g.Arranged, p.zone()))
	}
	if !g.Ended.IsZero() {
		v.Set("ended", "yes")
	}
	p.Form = p.filled(v)
	return s.render(c, http.StatusOK, "group", p)
}

func (s *Server) saveGroup(c *gin.Context) error {
	p := s.groupPage(c)
	in := incident.Grouping{ID: p.ID, Version: number(c, "version"), Name: c.PostForm("name"), Lead: c.PostForm("lead"),
		Members: strings.Split(c.PostForm("members"), "\n"), Arrangement: c.PostForm("arrangement"), Ended: c.PostForm("ended") == "yes"}
	var err error
	if text := strings.TrimSpace(c.PostForm("arranged")); text != "" {
		if in.Arranged, err = incident.ParseLocalDay(text, p.Now, p.zone()); err != nil {
			err = &incident.Error{Kind: incident.Invalid, Field: "arranged", Key: "time.unparsable"}
		}
	}
	if err == nil {
		by := actor(c)
		by.Request = c.PostForm("key")
		_, err = s.Desk.SaveJointGroup(c.Request.Context(), by, in)
	}
	if err == nil {
		return s.redirect(c, "/customers/groups?said=saved")
	}
	if !s.again(c, &p.page, err) {
		return err
	}
	return s.render(c, statusOf(err), "group", p)
}

// useGroup takes a kept group over into a case.
func (s *Server) useGroup(c *gin.Context) error {
	p, err := s.partiesPage(c)
	if err != nil {
		return err
	}
	return s.partied(c, p, s.Desk.UseJointGroup(c.Request.Context(), actor(c), p.Inc.ID, c.PostForm("group")))
}

// proposed are the kept groups that the case touches and that it does not
// follow yet.
func (s *Server) proposed(c *gin.Context, p *partiesPage) error {
	ctx := c.Request.Context()
	kept, err := s.Read.JointGroups(ctx, incident.JointGroupIn{Incident: p.Inc.ID})
	if err != nil {
		return err
	}
	kept = slices.DeleteFunc(kept, func(g *incident.JointGroup) bool {
		return slices.ContainsFunc(p.Groups, func(here jointGroup) bool { return here.is(g) })
	})
	p.Kept, err = s.keptViews(c, kept)
	return err
}

// is reports whether a group of the case is the kept one.
func (g jointGroup) is(kept *incident.JointGroup) bool {
	if len(g.Records) != len(kept.Members) {
		return false
	}
	for _, r := range g.Records {
		if !slices.Contains(kept.Members, r.Controller) || r.Joint.Lead != (r.Controller == kept.Lead) {
			return false
		}
	}
	return true
}
