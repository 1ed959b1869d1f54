package web

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// regimeView is a law that may be switched on, with what it would demand.
type regimeView struct {
	Key    string
	Chosen bool
	Duties []incident.Duty
}

// regimeViews are the laws that are switched on by questions.
func regimeViews(chosen []string) []regimeView {
	var all []regimeView
	for _, g := range incident.Laws {
		if !g.Always && !g.Proposed {
			all = append(all, regimeView{g.Key, slices.Contains(chosen, g.Key), g.Duties})
		}
	}
	return all
}

// regimesPage asks which other laws bind the case.
type regimesPage struct {
	casePart
	Regimes []regimeView
	Own     *incident.Record // the company's record, or nil
	Clocks  []clock          // of the other laws
	Missing []incident.Moment
}

func (s *Server) regimesPage(c *gin.Context) (*regimesPage, error) {
	part, err := s.casePart(c, "regimes.title")
	if err != nil {
		return nil, err
	}
	p := &regimesPage{casePart: *part, Regimes: regimeViews(part.Inc.Regimes)}
	p.Form = p.filled(map[string][]string{"regimes": part.Inc.Regimes})
	p.Own, err = s.Read.RecordOf(c.Request.Context(), p.Inc.ID, incident.Own)
	if incident.KindOf(err) == incident.NotFound {
		return p, nil
	}
	if err != nil {
		return nil, err
	}
	for _, d := range p.Own.Deadlines {
		if _, regime, ok := incident.DutyOf(d.Duty); ok && regime != "gdpr" {
			p.Clocks = append(p.Clocks, clock{d, p.Now})
		}
	}
	p.Missing = missingStarts(p.Own)
	return p, nil
}

// missingStarts are the moments from which clocks of the case's laws would
// run, and which nobody has recorded.
func missingStarts(own *incident.Record) []incident.Moment {
	var all []incident.Moment
	for _, key := range own.Regimes {
		g, _ := incident.Law(key)
		for _, d := range g.Duties {
			k, ok := own.At(d.From)
			if (!ok || k.At.IsZero()) && slices.Contains(caseMoments, d.From) && !slices.Contains(all, d.From) {
				all = append(all, d.From)
			}
		}
	}
	return all
}

func (s *Server) regimesForm(c *gin.Context) error {
	p, err := s.regimesPage(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "regimes", p)
}

func (s *Server) setRegimes(c *gin.Context) error {
	err := s.Desk.SetRegimes(c.Request.Context(), actor(c), c.Param("id"), c.PostFormArray("regimes"))
	if err == nil {
		return s.redirect(c, "/incidents/"+c.Param("id")+"/regimes?said=saved")
	}
	p, err2 := s.regimesPage(c)
	if err2 != nil || !s.again(c, &p.page, err) {
		return err
	}
	return s.render(c, statusOf(err), "regimes", p)
}

// comparedLine is one record under the rules in force and under others.
type comparedLine struct {
	Rec *incident.Record
	incident.Compared
	Hours int // of the other rules
}

// comparePage shows a case under rules that are not in force. It touches
// nothing.
type comparePage struct {
	casePart
	pager
	Regime string
	Lines  []comparedLine
}

func (s *Server) compare(c *gin.Context) error {
	ctx := c.Request.Context()
	part, err := s.casePart(c, "compare.title")
	if err != nil {
		return err
	}
	law := incident.Omnibus
	p := &comparePage{casePart: *part, Regime: law.Key}
	p.Wide = ""
	lines, next, err := s.Read.Lines(ctx, p.Inc.ID, incident.LineFilter{}, cut(c, clockRows))
	if err != nil {
		return err
	}
	ids := []string{}
	for _, l := range lines {
		ids = append(ids, l.ID)
	}
	rs, err := s.Read.Records(ctx, p.Inc.ID, ids)
	if err != nil {
		return err
	}
	for _, r := range rs {
		for _, x := range incident.Under(r, law, p.Now) {
			l := comparedLine{Rec: r, Compared: x}
			if x.Then != nil {
				l.Hours = x.Then.Within.Hours
			}
			p.Lines = append(p.Lines, l)
		}
	}
	p.pager = pages(c, next)
	return s.render(c, http.StatusOK, "compare", p)
}
