package web

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
	"hatakello/incident/risk"
	"hatakello/templates"
)

func (a *api) records(c *gin.Context, _ request) error {
	stage, err := choice(c, "stage", "", "untold", "queued", "accepted", "failed", "phoned", "acked", "own")
	if err != nil {
		return err
	}
	inc, page, err := a.findPage(c)
	if err != nil {
		return err
	}
	f := incident.LineFilter{Stage: incident.Stage(stage), Search: c.Query("search")}
	lines, next, err := a.Read.Lines(c.Request.Context(), inc.ID, f, page)
	if err != nil {
		return err
	}
	return answerList(a, c, each(lines, showLine), next)
}

// findRecord loads the record that the address names. It must belong to the
// case that the address names, or it is as if it did not exist.
func (a *api) findRecord(c *gin.Context) (*incident.Record, error) {
	inc, err := a.find(c)
	if err != nil {
		return nil, err
	}
	r, err := a.Read.Record(c.Request.Context(), c.Param("record"))
	if err != nil {
		return nil, err
	}
	if r.Incident != inc.ID {
		return nil, &incident.Error{Kind: incident.NotFound, Key: "record.unknown"}
	}
	return r, nil
}

func (a *api) record(c *gin.Context, _ request) error {
	r, err := a.findRecord(c)
	if err != nil {
		return err
	}
	return a.answer(c, http.StatusOK, showRecord(r))
}

// report hands out the report for the authority, in the language asked for or
// else the controller's own.
func (a *api) report(c *gin.Context, _ request) error {
	lang, err := choice(c, "lang", append([]string{""}, templates.Langs...)...)
	if err != nil {
		return err
	}
	r, err := a.findRecord(c)
	if err != nil {
		return err
	}
	done, err := a.slot(c.Request.Context())
	if err != nil {
		return err
	}
	defer done()
	return a.sendReport(c, r, lang)
}

// actOnRecord reads the body, does the act on the record that the address
// names, and answers with the record as it then is.
func (a *api) actOnRecord(c *gin.Context, ask request, body any, act func(id string) error) error {
	if err := ask.read(body); err != nil {
		return err
	}
	r, err := a.findRecord(c)
	if err != nil {
		return err
	}
	return a.actAndShow(c, r.ID, act)
}

// actAndShow does an act on a record and answers with the record as it then is.
func (a *api) actAndShow(c *gin.Context, id string, act func(id string) error) error {
	if err := act(id); err != nil {
		return err
	}
	r, err := a.Read.Record(c.Request.Context(), id)
	if err != nil {
		return err
	}
	return a.answer(c, http.StatusCreated, showRecord(r))
}

// assessBody is a judgement of the risk for people.
type assessBody struct {
	Tier     string          `json:"tier"`
	Reason   string          `json:"reason"`
	Approver string          `json:"approver"`
	DPO      string          `json:"dpo"`
	Facts    json.RawMessage `json:"facts"`

	Exemption      string `json:"exempt"`
	ExemptionFacts string `json:"exempt_facts"`
}

func (a *api) assess(c *gin.Context, ask request) error {
	var b assessBody
	return a.actOnRecord(c, ask, &b, func(id string) error {
		judged := incident.Assessment{Tier: incident.Tier(b.Tier), Reason: b.Reason, Approver: b.Approver, DPO: b.DPO,
			Exempt: incident.Exemption{Ground: b.Exemption, Facts: b.ExemptionFacts}}
		if len(b.Facts) > 0 && string(b.Facts) != "null" {
			if _, err := parseFacts("facts", b.Facts); err != nil {
				return err
			}
			judged.Facts = b.Facts
		}
		return a.Desk.Assess(c.Request.Context(), ask.by, id, judged)
	})
}

// parseFacts reads facts in the words of package risk.
func parseFacts(field string, data []byte) (risk.Facts, error) {
	facts, err := risk.Parse(data)
	var wrong *risk.InputError
	if errors.As(err, &wrong) {
		err = &factsFault{field, wrong}
	}
	return facts, err
}

func (a *api) previewAssessment(c *gin.Context, ask request) error {
	facts, err := parseFacts("", ask.body)
	if err != nil {
		return err
	}
	return a.answer(c, http.StatusOK, risk.Assess(facts).In(ask.lang))
}

// decideBody ends a duty without a report.
type decideBody struct {
	Kind     string `json:"kind"`
	Reason   string `json:"reason"`
	Approver string `json:"approver"`
	DPO      string `json:"dpo"`
}

func (a *api) decide(c *gin.Context, ask request) error {
	var b decideBody
	return a.actOnRecord(c, ask, &b, func(id string) error {
		return a.Desk.Decide(c.Request.Context(), ask.by, id, incident.Decision{Kind: b.Kind, Reason: b.Reason, Approver: b.Approver, DPO: b.DPO})
	})
}

// callBody is a telephone call in which a controller was told.
type callBody struct {
	At   string `json:"at"`
	Who  string `json:"who"`
	Said string `json:"said"`
}

func (a *api) call(c *gin.Context, ask request) error {
	var b callBody
	return a.actOnRecord(c, ask, &b, func(id string) error {
		at, err := readInstant("at", b.At)
		if err != nil {
			return err
		}
		return a.Desk.Phone(c.Request.Context(), ask.by, id, incident.Call{At: at, Who: b.Who, Said: b.Said})
	})
}
