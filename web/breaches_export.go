package web

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
	"hatakello/templates"
)

// printMost is how many cases are printed at once: some two thousand pages.
const printMost = 2000

// eachBreach reads what the filter in the address lets through, case by case,
// the newest first.
func (s *Server) eachBreach(c *gin.Context, p *page, do func(*breachFile) error) error {
	ctx := c.Request.Context()
	f, err := p.breachFilter(c)
	if err != nil {
		return err
	}
	names, err := s.nameOfServices(c)
	if err != nil {
		return err
	}
	for at := (incident.Cut{Limit: 200}); ; {
		rows, next, err := s.Read.Breaches(ctx, f, at)
		if err != nil {
			return err
		}
		for _, row := range rows {
			x, err := s.breachFile(ctx, row, names)
			if err != nil {
				return err
			}
			if err := do(x); err != nil {
				return err
			}
		}
		if next == "" {
			return nil
		}
		at.After = next
	}
}

func (s *Server) nameOfServices(c *gin.Context) (map[string]string, error) {
	all, err := s.Read.Services(c.Request.Context())
	names := map[string]string{}
	for _, x := range all {
		names[x.ID] = x.Name
	}
	return names, err
}

// registerName is the name of an export, with the day on which it was made.
func (p *page) registerName(ending string) string {
	return "breaches-" + p.Now.In(p.zone()).Format("2006-01-02") + "." + ending
}

func (s *Server) breachScribe(p *page) breachScribe { return breachScribe{s, p.Lang, p.zone()} }

// heads are the labels of the cells of any case.
func (w breachScribe) heads(cells []breachCell) []string {
	heads := make([]string, len(cells))
	for i, x := range cells {
		heads[i] = w.say("breaches.column." + x.Key)
	}
	return heads
}

func texts(cells []breachCell) []string {
	all := make([]string, len(cells))
	for i, x := range cells {
		all[i] = x.Text
	}
	return all
}

// emptyFile has the cells of any case, for the heads of an empty register.
var emptyFile = &breachFile{Row: &incident.Breach{Summary: incident.Summary{State: "open", Kind: "breach", Decision: "theirs", Part: "none"}}, Inc: &incident.Incident{}}

func (s *Server) breachesCSV(c *gin.Context) error {
	p := s.page(c, "breaches.title")
	w := s.breachScribe(&p)
	if _, err := p.breachFilter(c); err != nil {
		return err
	}
	attach(c, p.registerName("csv"), "text/csv; charset=utf-8")
	t := templates.NewCSV(c.Writer)
	t.Write(w.heads(w.cells(emptyFile))...)
	err := s.eachBreach(c, &p, func(f *breachFile) error {
		t.Write(texts(w.cells(f))...)
		return t.Flush()
	})
	if err == nil {
		err = t.Flush()
	}
	return s.cutShort(c, err)
}

func (s *Server) breachesXLSX(c *gin.Context) error {
	p := s.page(c, "breaches.title")
	w := s.breachScribe(&p)
	sheet, err := templates.NewSheet(s.Words.Say(p.Lang, "breaches.sheet"), w.heads(w.cells(emptyFile)))
	if err != nil {
		return err
	}
	defer sheet.Close()
	if err := s.eachBreach(c, &p, func(f *breachFile) error { return sheet.Row(texts(w.cells(f))) }); err != nil {
		return err
	}
	var buf bytes.Buffer
	if err := sheet.Write(&buf); err != nil {
		return fmt.Errorf("write the sheet: %w", err)
	}
	attach(c, p.registerName("xlsx"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	c.Data(http.StatusOK, c.Writer.Header().Get("Content-Type"), buf.Bytes())
	return nil
}

func (s *Server) breachesPDF(c *gin.Context) error {
	p := s.page(c, "breaches.title")
	w := s.breachScribe(&p)
	r := templates.BreachRegister{Organisation: p.Org.Name, Title: p.Title, Made: p.Now, Zone: p.zone()}
	err := s.eachBreach(c, &p, func(f *breachFile) error {
		if len(r.Cases) == printMost {
			return &incident.Error{Kind: incident.Invalid, Field: "year", Key: "breaches.too_many", Args: map[string]any{"max": printMost}}
		}
		one := templates.BreachCase{Title: f.Row.Number + " " + f.Inc.Title}
		for _, x := range w.cells(f) {
			if x.Key != "number" && x.Key != "title" {
				one.Cells = append(one.Cells, [2]string{w.say("breaches.column." + x.Key), x.Text})
			}
		}
		r.Cases = append(r.Cases, one)
		return nil
	})
	if err != nil {
		return err
	}
	var buf bytes.Buffer
	if err := s.Words.WriteBreachRegister(&buf, p.Lang, r); err != nil {
		return fmt.Errorf("print the register: %w", err)
	}
	attach(c, p.registerName("pdf"), "application/pdf")
	c.Data(http.StatusOK, "application/pdf", buf.Bytes())
	return nil
}

// breachJSON is a case of the register for machines: values, not words.
type breachJSON struct {
	ID          string           `json:"id"`
	Number      string           `json:"number"`
	Dated       *string          `json:"dated"`
	Title       string           `json:"title"`
	State       string           `json:"state"`
	Kind        string           `json:"kind"`
	Decision    string           `json:"decision"`
	Part        string           `json:"part"`
	Services    []string         `json:"services"`
	Marks       []markJSON       `json:"marks"`
	Facts       incident.Facts   `json:"facts"`
	Tally       tallyJSON        `json:"tally"`
	Assessments []assessmentJSON `json:"assessments"`
	Decisions   []decisionJSON   `json:"decisions"`
	Filings     []filingJSON     `json:"filings"`
	Imported    *incident.Older  `json:"imported"`
	LoggedAt    *string          `json:"logged_at"`
	LoggedBy    string           `json:"logged_by"`
	ClosedAt    *string          `json:"closed_at"`
	Ended       string           `json:"closed_reason"`
}

func showBreach(f *breachFile) breachJSON {
	out := breachJSON{ID: f.Inc.ID, Number: f.Row.Number, Dated: instant(f.Row.Dated), Title: f.Inc.Title, State: f.Row.Summary.State, Kind: f.Row.Summary.Kind,
		Decision: f.Row.Summary.Decision, Part: f.Row.Summary.Part, Services: append([]string{}, f.Services...), Marks: each(f.Inc.Marks, showMark),
		Facts: f.Inc.Facts, Tally: showTally(f.Row.Tally), Assessments: []assessmentJSON{}, Decisions: []decisionJSON{}, Filings: []filingJSON{},
		Imported: f.Inc.Older, LoggedAt: instant(f.Inc.LoggedAt), LoggedBy: f.Inc.LoggedBy, ClosedAt: instant(f.Inc.ClosedAt), Ended: f.Inc.Ended}
	if f.Own != nil {
		out.Facts = f.Own.Facts.Over(f.Inc.Facts)
		out.Marks = append(out.Marks, each(f.Own.Marks, showMark)...)
		out.Assessments, out.Decisions, out.Filings = showAssessments(f.Own), showDecisions(f.Own), each(f.Own.Filings, showFiling)
	}
	return out
}

func (s *Server) breachesJSON(c *gin.Context) error {
	p := s.page(c, "breaches.title")
	if _, err := p.breachFilter(c); err != nil {
		return err
	}
	attach(c, p.registerName("json"), "application/json")
	w := bufio.NewWriter(c.Writer)
	fmt.Fprintf(w, `{"made_at":%q,"items":[`, utc(p.Now))
	comma := "\n"
	err := s.eachBreach(c, &p, func(f *breachFile) error {
		b, err := json.Marshal(showBreach(f))
		if err != nil {
			return err
		}
		w.WriteString(comma)
		w.Write(b)
		comma = ",\n"
		return nil
	})
	if err == nil {
		w.WriteString("\n]}\n")
		err = w.Flush()
	}
	return s.cutShort(c, err)
}
