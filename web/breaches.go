package web

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// breachesPage is the register of breaches (Art. 33(5)).
type breachesPage struct {
	page
	pager
	Rows     []*incident.Breach
	Years    []int // the newest first
	Filtered bool
	Query    string // of the filter, for the exports
}

// firstYear is from when on years are offered: the regulation's.
const firstYear = 2018

// States and the others are the choices of the filter.
func (breachesPage) States() []string    { return incident.SummaryStates }
func (breachesPage) Kinds() []string     { return incident.SummaryKinds }
func (breachesPage) Decisions() []string { return incident.SummaryDecisions }
func (breachesPage) Sides() []string     { return incident.SummaryParts }

// breachQuery is the filter's part of the address.
func breachQuery(c *gin.Context) url.Values {
	v := url.Values{}
	for _, name := range []string{"year", "state", "kind", "decision", "part"} {
		if x := c.Query(name); x != "" {
			v.Set(name, x)
		}
	}
	return v
}

// breachFilter reads the filter from the address. A year is one of the
// organisation's zone.
func (p *page) breachFilter(c *gin.Context) (incident.BreachFilter, error) {
	f := incident.BreachFilter{Summary: incident.Summary{State: c.Query("state"), Kind: c.Query("kind"), Decision: c.Query("decision"), Part: c.Query("part")}}
	if text := c.Query("year"); text != "" {
		year, err := strconv.Atoi(text)
		if err != nil || year < 1 || year > 9998 {
			return f, &incident.Error{Kind: incident.Invalid, Field: "year", Key: "breaches.year_unknown"}
		}
		f.From = time.Date(year, 1, 1, 0, 0, 0, 0, p.zone())
		f.Until = time.Date(year+1, 1, 1, 0, 0, 0, 0, p.zone())
	}
	if !f.Valid() {
		return f, &incident.Error{Kind: incident.Invalid, Field: "state", Key: "breaches.filter"}
	}
	return f, nil
}

func (s *Server) breaches(c *gin.Context) error {
	p := &breachesPage{page: s.page(c, "breaches.title")}
	p.Section = "breaches"
	p.Form = p.filled(c.Request.URL.Query())
	p.Filtered, p.Query = len(breachQuery(c)) > 0, breachQuery(c).Encode()
	for y := p.Now.In(p.zone()).Year(); y >= firstYear; y-- {
		p.Years = append(p.Years, y)
	}
	f, err := p.breachFilter(c)
	if err == nil {
		var next string
		if p.Rows, next, err = s.Read.Breaches(c.Request.Context(), f, cut(c, boardRows)); err == nil {
			p.pager = pages(c, next)
			return s.render(c, http.StatusOK, "breaches", p)
		}
	}
	if incident.KindOf(err) != incident.Invalid {
		return err
	}
	p.Form.Faults = s.faults(p.Lang, err)
	return s.render(c, http.StatusUnprocessableEntity, "breaches", p)
}

// Endings are the forms in which the register leaves.
func (breachesPage) Endings() []string { return []string{"pdf", "xlsx", "csv", "json"} }
