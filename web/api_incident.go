package web

import (
	"net/http"
	"regexp"
	"strings"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

func (a *api) incidents(c *gin.Context, _ request) error {
	page, err := pageAsked(c)
	if err != nil {
		return err
	}
	state, err := choice(c, "state", "", "open", "closed", "all")
	if err != nil {
		return err
	}
	f := incident.Filter{State: strings.TrimSuffix(state, "all"), Search: c.Query("search")}
	rows, next, err := a.Read.Rows(c.Request.Context(), f, page)
	if err != nil {
		return err
	}
	return answerList(a, c, each(rows, showRow), next)
}

func showRow(r *incident.Row) rowJSON {
	out := rowJSON{ID: r.ID, Number: r.Number, Title: r.Title, State: stateOf(r.ClosedAt.IsZero()), Services: r.Services,
		AwareAt: instant(r.Aware), LoggedAt: instant(r.LoggedAt), ClosedAt: instant(r.ClosedAt), Tally: showTally(r.Tally), Waiting: r.Waiting}
	if out.Services == nil {
		out.Services = []string{}
	}
	if r.Next != nil {
		d := showDeadline(r.Next)
		out.Next = &d
	}
	if r.Theirs != nil {
		d := showDeadline(r.Theirs)
		out.Theirs = &d
	}
	return out
}

// logBody opens a case.
type logBody struct {
	Title    string   `json:"title"`
	AwareAt  string   `json:"aware_at"`
	Services []string `json:"services"`
	Unclear  bool     `json:"unclear"`
}

func (a *api) logIncident(c *gin.Context, ask request) error {
	var b logBody
	if err := ask.read(&b); err != nil {
		return err
	}
	aware, err := readInstant("aware_at", b.AwareAt)
	if err != nil {
		return err
	}
	inc, err := a.Desk.Log(c.Request.Context(), ask.by, incident.Log{Title: b.Title, Aware: aware, Text: b.AwareAt, Services: b.Services, Unclear: b.Unclear})
	if err != nil {
		return err
	}
	c.Header("Location", apiBase+"/incidents/"+inc.ID)
	return a.answerIncident(c, http.StatusCreated, inc)
}

func (a *api) incident(c *gin.Context, ask request) error {
	inc, err := a.find(c)
	if err != nil {
		return err
	}
	if !ask.by.MaySee(inc) {
		return &incident.Error{Kind: incident.NotFound, Key: "case.unknown"}
	}
	return a.answerIncident(c, http.StatusOK, inc)
}

// caseNumber is how cases are called by people.
var caseNumber = regexp.MustCompile(`^\d{4}-\d{1,9}$`)

// find loads the case that the address names, by id or by number.
func (a *api) find(c *gin.Context) (*incident.Incident, error) {
	ctx, id := c.Request.Context(), c.Param("id")
	if !caseNumber.MatchString(id) {
		return a.Read.Incident(ctx, id)
	}
	page := incident.Cut{Limit: pageMost}
	for range 10 { // titles may hold the number, too
		rows, next, err := a.Read.Rows(ctx, incident.Filter{Search: id}, page)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if r.Number == id {
				return a.Read.Incident(ctx, r.ID)
			}
		}
		if page.After = next; next == "" {
			break
		}
	}
	return nil, &incident.Error{Kind: incident.NotFound, Key: "case.unknown"}
}

func (a *api) answerIncident(c *gin.Context, code int, inc *incident.Incident) error {
	names := map[string]string{}
	if len(inc.Services) > 0 {
		var err error
		if names, err = a.serviceNames(c); err != nil {
			return err
		}
	}
	out := incidentJSON{ID: inc.ID, Number: inc.Number, Title: inc.Title, State: stateOf(inc.Open()), Facts: inc.Facts,
		Services: each(inc.Services, func(id string) namedJSON { return namedJSON{id, names[id]} }),
		Marks:    each(inc.Marks, showMark), Tally: showTally(inc.Tally), Deadlines: each(inc.Deadlines, showDeadline),
		LoggedAt: instant(inc.LoggedAt), LoggedBy: inc.LoggedBy, ClosedAt: instant(inc.ClosedAt), Ended: inc.Ended, Version: inc.Version,
		Regimes: append([]string{}, inc.Regimes...), Inquiry: showInquiry(inc.Inquiry)}
	if m, ok := inc.At(incident.ProcessorAware); ok {
		out.AwareAt = instant(m.At)
	}
	return a.answer(c, code, out)
}

// closeBody ends a case.
type closeBody struct {
	Reason    string `json:"reason"`
	NoDebrief string `json:"no_debrief"`
}

func (a *api) closeIncident(c *gin.Context, ask request) error {
	var b closeBody
	return a.actOnCase(c, ask, &b, http.StatusOK, func(inc *incident.Incident) error {
		return a.Desk.Close(c.Request.Context(), ask.by, inc.ID, incident.Closing{Reason: b.Reason, NoDebrief: b.NoDebrief})
	})
}

// describeBody is what is known of the breach.
type describeBody struct {
	Version int            `json:"version"`
	Facts   incident.Facts `json:"facts"`
}

func (a *api) describeIncident(c *gin.Context, ask request) error {
	var b describeBody
	return a.actOnCase(c, ask, &b, http.StatusOK, func(inc *incident.Incident) error {
		return a.Desk.Describe(c.Request.Context(), ask.by, inc.ID, b.Version, b.Facts)
	})
}

// actOnCase reads the body, does the act on the case that the address names,
// and answers with the case as it then is.
func (a *api) actOnCase(c *gin.Context, ask request, body any, code int, act func(*incident.Incident) error) error {
	if err := ask.read(body); err != nil {
		return err
	}
	inc, err := a.find(c)
	if err != nil {
		return err
	}
	if err := act(inc); err != nil {
		return err
	}
	if inc, err = a.Read.Incident(c.Request.Context(), inc.ID); err != nil {
		return err
	}
	return a.answerIncident(c, code, inc)
}

// findPage loads the case of a list that belongs to it, and which page of the
// list is asked for.
func (a *api) findPage(c *gin.Context) (*incident.Incident, incident.Cut, error) {
	page, err := pageAsked(c)
	if err != nil {
		return nil, page, err
	}
	inc, err := a.find(c)
	return inc, page, err
}
