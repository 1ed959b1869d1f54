package web

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// line is a controller of a case in a list.
type line struct {
	*incident.Line
	Clock *clock // its tightest, or nil
	Quiet bool   // a contact has been silent, or its mail came back
}

// stageColour is the colour that helps the word of a stage.
var stageColour = map[incident.Stage]string{
	incident.Untold: "soon", incident.Queued: "run", incident.Accepted: "run", incident.Failed: "late",
	incident.Phoned: "done", incident.Acked: "done",
}

// Colour is the one of the line's stage.
func (l line) Colour() string { return stageColour[l.Stage] }

func linesAt(all []*incident.Line, now time.Time) []line {
	lines := make([]line, len(all))
	for i, l := range all {
		lines[i] = line{Line: l, Clock: tightest(l.Deadlines, now)}
	}
	return lines
}

// stages lists the stages by which the controllers of a case can be filtered.
var stages = []incident.Stage{incident.Untold, incident.Queued, incident.Accepted, incident.Failed, incident.Phoned, incident.Acked}

// recordsPage lists the controllers of a case.
type recordsPage struct {
	casePart
	pager
	Stage  incident.Stage
	Stages []incident.Stage
	Q      string
	Lines  []line
	Found  *found // what has just been added, and what was not understood
}

func (s *Server) records(c *gin.Context) error {
	part, err := s.casePart(c, "records.title")
	if err != nil {
		return err
	}
	p := recordsPage{casePart: *part, Stage: incident.Stage(c.Query("stage")), Stages: stages, Q: c.Query("q")}
	p.Wide = ""
	all, next, err := s.Read.Lines(c.Request.Context(), p.Inc.ID, incident.LineFilter{Stage: p.Stage, Search: p.Q}, cut(c, recordRows))
	if err != nil {
		return err
	}
	p.Lines, p.pager = linesAt(all, p.Now), pages(c, next)
	if err := s.quiet(c.Request.Context(), p.Lines); err != nil {
		return err
	}
	p.Found = s.popFound(c, p.Inc.ID)
	return s.render(c, http.StatusOK, "records", p)
}
