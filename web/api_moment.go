package web

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// momentJSON is a moment with its newest mark and those that it corrected,
// oldest first.
type momentJSON struct {
	Moment  string     `json:"moment"`
	Name    string     `json:"name"`
	Newest  *markJSON  `json:"newest"`
	Earlier []markJSON `json:"earlier"`
}

func (a *api) showMoments(lang string, of []incident.Moment, marks []incident.Mark) []momentJSON {
	for _, k := range marks {
		if !slices.Contains(of, k.Moment) {
			of = append(slices.Clone(of), k.Moment)
		}
	}
	return each(of, func(m incident.Moment) momentJSON {
		out := momentJSON{Moment: string(m), Name: a.Words.Moment(lang, string(m)), Earlier: []markJSON{}}
		for _, k := range marks {
			if k.Moment != m {
				continue
			}
			if out.Newest != nil {
				out.Earlier = append(out.Earlier, *out.Newest)
			}
			shown := showMark(k)
			out.Newest = &shown
		}
		return out
	})
}

func (a *api) caseMoments(c *gin.Context, ask request) error {
	inc, err := a.find(c)
	if err != nil {
		return err
	}
	return answerList(a, c, a.showMoments(ask.lang, caseMoments, inc.Marks), "")
}

func (a *api) recordMoments(c *gin.Context, ask request) error {
	r, err := a.findRecord(c)
	if err != nil {
		return err
	}
	return answerList(a, c, a.showMoments(ask.lang, recordMoments, r.Marks), "")
}

// markBody sets or corrects a moment. A correction needs its reason.
type markBody struct {
	Moment string `json:"moment"`
	At     string `json:"at"`
	Sure   string `json:"sure"`
	Why    string `json:"why"`
}

// mark reads the body as a mark of one of the moments.
func (b markBody) mark(of []incident.Moment) (incident.Mark, error) {
	m := incident.Mark{Moment: incident.Moment(b.Moment), Sure: incident.Sure(b.Sure), Text: b.At, Why: b.Why}
	if !slices.Contains(of, m.Moment) {
		return m, &incident.Error{Kind: incident.Invalid, Field: "moment", Key: "moment.unknown"}
	}
	if b.Sure == "" {
		m.Sure = incident.Known
	}
	if !slices.Contains([]incident.Sure{incident.Known, incident.Assumed, incident.Unknown, incident.Ongoing}, m.Sure) {
		return m, apiInvalid("sure", "api.choice", "text", clipped(b.Sure), "known", "known, assumed, unknown, ongoing")
	}
	var err error
	m.At, err = readInstant("at", b.At)
	return m, err
}

func (a *api) markCase(c *gin.Context, ask request) error {
	var b markBody
	return a.actOnCase(c, ask, &b, http.StatusCreated, func(inc *incident.Incident) error {
		m, err := b.mark(caseMoments)
		if err != nil {
			return err
		}
		return a.Desk.MarkIncident(c.Request.Context(), ask.by, inc.ID, m)
	})
}

func (a *api) markRecord(c *gin.Context, ask request) error {
	var b markBody
	return a.actOnRecord(c, ask, &b, func(id string) error {
		m, err := b.mark(recordMoments)
		if err != nil {
			return err
		}
		return a.Desk.MarkRecord(c.Request.Context(), ask.by, id, m)
	})
}

// inquiryJSON is the state "under short investigation".
type inquiryJSON struct {
	Since   *string `json:"since"`
	Owner   string  `json:"owner"`
	Remind  *string `json:"remind_at"`
	Ended   *string `json:"ended_at"`
	Outcome string  `json:"outcome"`
	Reason  string  `json:"reason"`
	By      string  `json:"by"`
}

func showInquiry(q incident.Inquiry) *inquiryJSON {
	if q.Since.IsZero() {
		return nil
	}
	return &inquiryJSON{instant(q.Since), q.Owner, instant(q.Remind), instant(q.Ended), q.Outcome, q.Reason, q.By}
}

// outcomeBody leaves the short investigation.
type outcomeBody struct {
	Outcome string `json:"outcome"`
	Reason  string `json:"reason"`
	At      string `json:"at"`
}

func (a *api) endInquiry(c *gin.Context, ask request) error {
	var b outcomeBody
	return a.actOnCase(c, ask, &b, http.StatusOK, func(inc *incident.Incident) error {
		at, err := readInstant("at", b.At)
		if err != nil {
			return err
		}
		return a.Desk.EndInquiry(c.Request.Context(), ask.by, inc.ID, b.Outcome, b.Reason, at)
	})
}
