package web

import (
	"bufio"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
	"hatakello/templates"
)

// exportRows is how many lines an export reads at a time.
const exportRows = 500

// eachEntry reads the timeline that the address asks for, oldest part last, and
// hands it over part by part.
func (s *Server) eachEntry(c *gin.Context, do func(*incident.Incident, *page, []*incident.Entry) error) error {
	inc, err := s.incident(c)
	if err != nil {
		return err
	}
	p := s.page(c, "timeline.title", "Number", inc.Number)
	f, err := p.entryFilter(c)
	if err != nil {
		return err
	}
	for at := (incident.Cut{Limit: exportRows}); ; {
		all, next, err := s.Read.Timeline(c.Request.Context(), inc.ID, f, at)
		if err != nil {
			return err
		}
		if err := do(inc, &p, all); err != nil || next == "" {
			return err
		}
		at.After = next
	}
}

// attach sets the headers of a file to be kept, which no browser opens in
// place.
func attach(c *gin.Context, name, kind string) {
	h := c.Writer.Header()
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Content-Type", kind)
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
}

// timelineColumns are the columns of the table, by key of their head.
var timelineColumns = []string{"id", "recorded_utc", "recorded", "happened_utc", "happened_typed", "kind", "controller", "by", "what", "text", "corrects", "why", "corrected_by", "evidence"}

// timelineCSV sends the timeline as a table.
func (s *Server) timelineCSV(c *gin.Context) error {
	var t *templates.CSV
	names := map[string]string{}
	err := s.eachEntry(c, func(inc *incident.Incident, p *page, all []*incident.Entry) error {
		if t == nil {
			attach(c, "timeline-"+inc.Number+".csv", "text/csv; charset=utf-8")
			t = templates.NewCSV(c.Writer)
			heads := make([]string, len(timelineColumns))
			for i, k := range timelineColumns {
				heads[i] = s.Words.Say(p.Lang, "timeline.column."+k)
			}
			t.Write(heads...)
		}
		for i, l := range s.entries(p, all) {
			e := all[i]
			name, err := s.recordName(c, names, e.Record)
			if err != nil {
				return err
			}
			t.Write(e.ID, utc(e.At), templates.DateTime(templates.Lang(p.Lang), e.At, p.zone()), utc(e.Happened), e.Typed, s.kindWord(p.Lang, e), name,
				l.By, l.What, e.Text, e.Corrects, e.Why, e.CorrectedBy, e.Evidence)
		}
		return t.Flush()
	})
	return s.cutShort(c, err)
}

// cutShort ends an answer that has begun already, so that nobody takes a part
// for the whole.
func (s *Server) cutShort(c *gin.Context, err error) error {
	if err == nil || !c.Writer.Written() {
		return err
	}
	s.Log.Error("an export broke off", "id", requestID(c), "err", err)
	panic(http.ErrAbortHandler)
}

func (s *Server) kindWord(lang string, e *incident.Entry) string {
	if e.Kind == incident.ByAct {
		return s.Words.Say(lang, "timeline.kind.acts")
	}
	return s.Words.Say(lang, "timeline.kind."+string(e.Kind))
}

// recordName is the name of the controller that an entry is about, looked up
// once.
func (s *Server) recordName(c *gin.Context, names map[string]string, id string) (string, error) {
	if id == "" {
		return "", nil
	}
	if _, ok := names[id]; !ok {
		r, err := s.Read.Record(c.Request.Context(), id)
		if err != nil {
			return "", err
		}
		names[id] = r.Name
	}
	return names[id], nil
}

// utc is an instant as tables hold it, or nothing.
func utc(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05Z")
}

// timelineJSON sends the timeline as the API tells it, whole.
func (s *Server) timelineJSON(c *gin.Context) error {
	var w *bufio.Writer
	comma := ""
	err := s.eachEntry(c, func(inc *incident.Incident, _ *page, all []*incident.Entry) error {
		if w == nil {
			attach(c, "timeline-"+inc.Number+".json", "application/json")
			w = bufio.NewWriter(c.Writer)
			head, err := json.Marshal(map[string]string{"number": inc.Number, "id": inc.ID, "made_at": utc(s.Desk.Now())})
			if err != nil {
				return err
			}
			w.WriteString(strings.TrimSuffix(string(head), "}") + `,"items":[`)
		}
		for _, e := range all {
			b, err := json.Marshal(showEntry(e))
			if err != nil {
				return err
			}
			w.WriteString(comma + "\n")
			w.Write(b)
			comma = ","
		}
		return w.Flush()
	})
	if err == nil {
		w.WriteString("\n]}\n")
		err = w.Flush()
	}
	return s.cutShort(c, err)
}
