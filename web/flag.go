package web

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
	"hatakello/templates"
)

// flagRow is something that stops a notice: what it is, and where it is put
// right. A doubtful one has a box in which a person says that it is not what
// it looks like.
type flagRow struct {
	incident.Flag
	Text string
	To   string // address of the form with the words; "" is this one
}

// stopped shows the form again if the words hold something that must not leave.
func (s *Server) stopped(c *gin.Context, p *notifyPage, in incident.Notify) (bool, error) {
	stop, _, err := s.Desk.Inspect(c.Request.Context(), actor(c), p.Inc.ID, in)
	if err != nil && s.again(c, &p.page, err) {
		return true, s.render(c, statusOf(err), "notify", p)
	}
	if err != nil || len(stop) == 0 {
		return false, err
	}
	p.Form = typed(c)
	if p.Form.Key == "" {
		p.Form.Key = s.Desk.NewID()
	}
	seen := map[string]bool{}
	for _, f := range stop {
		row := flagRow{Flag: f, Text: s.sayError(p.Lang, f.Error())}
		switch {
		case strings.HasPrefix(f.Field, "text_"):
			p.Form.Faults = append(p.Form.Faults, templates.Fault{Field: f.Field, Text: row.Text})
		case f.Field == "services":
			row.To = "/services"
		case f.Record != "":
			row.To = "/records/" + f.Record + "/numbers"
		default:
			row.To = "/incidents/" + p.Inc.ID + "/facts"
		}
		if f.Certain && row.To == "" || !f.Certain && seen[f.Key] {
			continue
		}
		seen[f.Key] = true
		p.Flags = append(p.Flags, row)
	}
	return true, s.render(c, http.StatusUnprocessableEntity, "notify", p)
}
