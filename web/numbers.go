package web

import (
	"bytes"
	"context"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
	"hatakello/incident/risk"
	"hatakello/templates"
)

// numbersRoutes are the addresses of what the years' cases come to.
func (s *Server) numbersRoutes() []route {
	return []route{
		{"GET", "/numbers", "read", 0, s.numbers},
		{"GET", "/numbers/year.pdf", "read", 0, s.yearPDF},
	}
}

// numbersPage shows one year in figures.
type numbersPage struct {
	page
	Year    int
	Years   []int
	F       *incident.Figures
	Spreads []spreadView
	Counts  []countView
	Actions []*incident.Action
	Agreed  agreement
	Erased  []countView // rows, by kind of data
}

// spreadView is a distribution as a picture and as a table row.
type spreadView struct {
	Key     string
	Spread  incident.Spread
	Plot    *templates.Plot
	Picture template.HTML
}

// countView counts cases by a key.
type countView struct {
	Key string
	N   int
}

// agreement is how second looks came out: there is no share of fewer than ten.
type agreement struct{ Drawn, Looked, Agree int }

func (s *Server) numbersPage(c *gin.Context) (*numbersPage, error) {
	ctx := c.Request.Context()
	p := &numbersPage{page: s.page(c, "year.page")}
	p.Section = "numbers"
	years, err := s.Read.Years(ctx)
	if err != nil {
		return nil, err
	}
	now := p.Now.In(p.zone()).Year()
	if !slices.Contains(years, now) {
		years = append([]int{now}, years...)
	}
	year := years[0]
	if asked := c.Query("year"); asked != "" {
		if year, err = strconv.Atoi(asked); err != nil || !slices.Contains(years, year) {
			return nil, unknown(c)
		}
	}
	p.Year, p.Years = year, years
	if p.F, err = s.Read.Figures(ctx, year, p.Now); err != nil {
		return nil, err
	}
	for _, x := range []struct {
		key   string
		all   []time.Duration
		limit time.Duration
	}{{"notify", p.F.ToNotify, 0}, {"ack", p.F.ToAck, 0}} {
		v := spreadView{Key: x.key, Spread: incident.SpreadOf(slices.Clone(x.all))}
		v.Plot = s.Words.SpreadPlot(p.Lang, s.Words.Say(p.Lang, "year.to_"+x.key), x.all, x.limit)
		v.Picture = v.Plot.SVG(x.key)
		p.Spreads = append(p.Spreads, v)
	}
	p.Counts = counted(p.F)
	if p.Actions, err = s.Read.OpenActions(ctx); err != nil {
		return nil, err
	}
	if p.Erased, err = s.erasedIn(ctx, year, p.zone()); err != nil {
		return nil, err
	}
	p.Agreed, err = s.agreement(ctx, year)
	return p, err
}

// erasedIn counts what was erased in a year.
func (s *Server) erasedIn(ctx context.Context, year int, zone *time.Location) ([]countView, error) {
	by, err := s.Read.ErasedIn(ctx, time.Date(year, 1, 1, 0, 0, 0, 0, zone), time.Date(year+1, 1, 1, 0, 0, 0, 0, zone))
	var all []countView
	for _, kind := range slices.Sorted(maps.Keys(by)) {
		all = append(all, countView{kind, by[kind]})
	}
	return all, err
}

// counted are the kinds of breach and what brought them about, as the answers
// about the risk say; a case may be of several kinds.
func counted(f *incident.Figures) []countView {
	n := map[string]int{}
	for _, a := range f.Answers {
		facts, err := risk.Parse([]byte(a))
		if a == "" || err != nil {
			facts = risk.Facts{}
		}
		if len(facts.Breach) == 0 {
			n["kind.unknown"]++
		}
		for _, k := range facts.Breach {
			n["kind."+k]++
		}
		switch {
		case facts.Malicious == nil:
			n["cause.unknown"]++
		case *facts.Malicious:
			n["cause.harmful"]++
		default:
			n["cause.accident"]++
		}
	}
	n["cause.chain"] = f.Chain
	var all []countView
	for _, k := range []string{"kind.confidentiality", "kind.integrity", "kind.availability", "kind.unknown",
		"cause.harmful", "cause.accident", "cause.unknown", "cause.chain"} {
		all = append(all, countView{k, n[k]})
	}
	return all
}

// agreement reads how the second looks at a year's decisions came out.
func (s *Server) agreement(ctx context.Context, year int) (agreement, error) {
	var a agreement
	for q := 1; q <= 4; q++ {
		samples, err := s.Read.Samples(ctx, fmt.Sprintf("%d-Q%d", year, q))
		if err != nil {
			return a, err
		}
		for _, x := range samples {
			a.Drawn++
			if !x.LookedAt.IsZero() {
				a.Looked++
			}
			if x.Verdict == incident.Agree {
				a.Agree++
			}
		}
	}
	return a, nil
}

func (s *Server) numbers(c *gin.Context) error {
	p, err := s.numbersPage(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "year", p)
}

// yearPDF is the yearly report.
func (s *Server) yearPDF(c *gin.Context) error {
	p, err := s.numbersPage(c)
	if err != nil {
		return err
	}
	var buf bytes.Buffer
	by := templates.Printed{Author: p.Org.Name, Subject: fmt.Sprint(p.Year), Made: p.Now, Zone: reportZone(p.Org)}
	if err := s.yearReport(p).WritePDF(&buf, by); err != nil {
		return err
	}
	c.Header("Content-Disposition", fmt.Sprintf(`attachment; filename="year-%d.pdf"`, p.Year))
	c.Header("Cache-Control", "no-store")
	c.Data(http.StatusOK, "application/pdf", buf.Bytes())
	return nil
}

// yearReport is the year's figures as a document.
func (s *Server) yearReport(p *numbersPage) templates.Document {
	l := templates.Lang(p.Lang)
	say := func(key string, pairs ...any) string { return s.Words.Say(p.Lang, key, pairs...) }
	count := func(n int) string { return templates.Number(l, n) }
	doc := templates.Document{Lang: p.Lang, Title: say("year.year", "Year", strconv.Itoa(p.F.Year))}
	cols := []float64{330, 0}
	doc.Add(templates.Block{Text: say("year.text")}, templates.Block{Table: &templates.Grid{Cols: cols, Head: []string{say("year.what"), say("stat.n")}, Rows: [][]string{
		{say("year.cases"), count(p.F.Cases)}, {say("year.open"), count(p.F.Open)}, {say("year.nobreach"), count(p.F.NoBreach)},
		{say("year.records"), count(p.F.Records)}, {say("year.actions"), count(len(p.Actions))}}}})
	spreads := &templates.Grid{Cols: []float64{200, 45, 75, 75, 0}, Head: []string{say("stat.step"), say("stat.n"), say("stat.median"), say("stat.p90"), say("stat.most")}}
	for _, v := range p.Spreads {
		doc.Add(templates.Block{Level: 2, Text: say("year.to_" + v.Key)}, templates.Block{Plot: v.Plot})
		if v.Spread.N > 0 {
			spreads.Rows = append(spreads.Rows, append([]string{say("year.to_" + v.Key)}, spreadCells(p.Lang, v.Spread)...))
		}
	}
	doc.Add(templates.Block{Table: spreads, Text: say("debrief.minutes.none")})
	kept := &templates.Grid{Cols: []float64{230, 60, 70, 60, 0}, Head: []string{say("year.duty"), say("stat.n"), say("year.intime"), say("year.late"), say("year.running")}}
	for _, k := range p.F.Kept {
		kept.Rows = append(kept.Rows, []string{s.dutyName(p.Lang, k.Duty, contractHours(k)), count(k.N), count(k.InTime), count(k.Late), count(k.Running)})
	}
	doc.Add(templates.Block{Level: 2, Text: say("year.kept")}, templates.Block{Table: kept, Text: say("debrief.minutes.none")})
	kinds := &templates.Grid{Cols: cols, Head: []string{say("year.what"), say("stat.n")}}
	for _, x := range p.Counts {
		kinds.Rows = append(kinds.Rows, []string{say("year." + x.Key), count(x.N)})
	}
	doc.Add(templates.Block{Level: 2, Text: say("year.kinds")}, templates.Block{Table: kinds})
	doc.Add(templates.Block{Level: 2, Text: say("year.agreed")},
		templates.Block{Text: say("year.agreed.text", "Drawn", p.Agreed.Drawn, "Looked", p.Agreed.Looked, "Agree", p.Agreed.Agree)})
	erased := &templates.Grid{Cols: cols, Head: []string{say("year.what"), say("year.erased.rows")}}
	for _, x := range p.Erased {
		erased.Rows = append(erased.Rows, []string{say("retain.kind." + x.Key), count(x.N)})
	}
	doc.Add(templates.Block{Level: 2, Text: say("year.erased")}, templates.Block{Table: erased, Text: say("erase.list.none")})
	return doc
}

// contractHours names the hours only where a contract set them.
func contractHours(k incident.Kept) int {
	if k.Duty == "contract.notice" {
		return k.Hours
	}
	return 0
}
