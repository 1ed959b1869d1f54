package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// requestJSON is a data subject's request under Chapter III of the GDPR.
type requestJSON struct {
	ID         string    `json:"id"`
	Kind       string    `json:"kind"`
	Incident   string    `json:"incident"`
	Controller namedJSON `json:"controller"`
	Label      string    `json:"label"`
	Channel    string    `json:"channel"`
	Received   *string   `json:"received_at"`
	Due        *string   `json:"due"`
	Extended   string    `json:"extended_reason"`
	Passed     *string   `json:"passed_at"`
	PassedTo   string    `json:"passed_to"`
	Proof      string    `json:"proof"`
	Delivery   string    `json:"delivery"`
	Answered   *string   `json:"answered_at"`
	AnsweredBy string    `json:"answered_by"`
	Answer     string    `json:"answer"`
}

func showRequest(r *incident.Request) requestJSON {
	return requestJSON{r.ID, r.Kind, r.Incident, namedJSON{r.Controller, r.Name}, r.Label, r.Channel, instant(r.Received), instant(r.Due),
		r.Extended, instant(r.Passed), r.PassedTo, r.Proof, r.Delivery, instant(r.Answered), r.AnsweredBy, r.Answer}
}

func (a *api) subjectRequests(c *gin.Context, _ request) error {
	state := c.Query("state")
	if state != "" && state != "open" && state != "answered" {
		return incident.Errors{apiInvalid("state", "state.unknown")}
	}
	all, err := a.Read.Requests(c.Request.Context(), state != "answered", questionRows)
	if err != nil {
		return err
	}
	return answerList(a, c, each(all, showRequest), "")
}

// requestBody takes a request down.
type requestBody struct {
	Kind       string `json:"kind"`
	Received   string `json:"received_at"`
	Incident   string `json:"incident"`
	Controller string `json:"controller"`
	Label      string `json:"label"`
	Channel    string `json:"channel"`
}

func (a *api) addRequest(c *gin.Context, ask request) error {
	var b requestBody
	if err := ask.read(&b); err != nil {
		return err
	}
	in := incident.Request{Kind: b.Kind, Incident: b.Incident, Controller: b.Controller, Label: b.Label, Channel: b.Channel}
	var err error
	if in.Received, err = optionalInstant("received_at", b.Received); err != nil {
		return err
	}
	r, err := a.Desk.LogRequest(c.Request.Context(), ask.by, in)
	if err != nil {
		return err
	}
	return a.answer(c, http.StatusCreated, showRequest(r))
}

// changedRequest answers with the request as it is after an act.
func (a *api) changedRequest(c *gin.Context, err error) error {
	if err != nil {
		return err
	}
	r, err := a.Read.Request(c.Request.Context(), c.Param("request"))
	if err != nil {
		return err
	}
	return a.answer(c, http.StatusOK, showRequest(r))
}

// passBody says how a request went, or is to go, to its controller.
type passBody struct {
	Controller string `json:"controller"`
	Mail       bool   `json:"mail"`
	To         string `json:"passed_to"`
	Proof      string `json:"proof"`
}

func (a *api) passRequest(c *gin.Context, ask request) error {
	var b passBody
	if err := ask.read(&b); err != nil {
		return err
	}
	return a.changedRequest(c, a.Desk.PassRequest(c.Request.Context(), ask.by, c.Param("request"), incident.Pass(b)))
}

// extendBody is why two further months are taken.
type extendBody struct {
	Reason string `json:"reason"`
}

func (a *api) extendRequest(c *gin.Context, ask request) error {
	var b extendBody
	if err := ask.read(&b); err != nil {
		return err
	}
	return a.changedRequest(c, a.Desk.ExtendRequest(c.Request.Context(), ask.by, c.Param("request"), b.Reason))
}

// answeredBody is who answered a request, how and when.
type answeredBody struct {
	Who string `json:"who"`
	How string `json:"how"`
	At  string `json:"answered_at"`
}

func (a *api) answerRequest(c *gin.Context, ask request) error {
	var b answeredBody
	if err := ask.read(&b); err != nil {
		return err
	}
	at, err := optionalInstant("answered_at", b.At)
	if err != nil {
		return err
	}
	return a.changedRequest(c, a.Desk.AnswerRequest(c.Request.Context(), ask.by, c.Param("request"), b.Who, b.How, at))
}

// receivedJSON is a notice that somebody who processes data for us has sent,
// and what was read in it.
type receivedJSON struct {
	ID       string           `json:"id"`
	Incident string           `json:"incident"`
	Reading  incident.Reading `json:"reading"`
	SHA256   string           `json:"sha256"`
	Size     int              `json:"size"`
	By       string           `json:"by"`
	At       *string          `json:"brought_at"`
	Came     *string          `json:"came_at"`
}

func showReceived(x *incident.Received) receivedJSON {
	return receivedJSON{x.ID, x.Incident, x.Reading, x.SHA256, x.Size, x.By, instant(x.At), instant(x.Came)}
}

func (a *api) receivedList(c *gin.Context, _ request) error {
	all, err := a.Read.ReceivedOf(c.Request.Context(), c.Query("incident"), receivedRows)
	if err != nil {
		return err
	}
	return answerList(a, c, each(all, showReceived), "")
}

func (a *api) receiveNotice(c *gin.Context, ask request) error {
	x, err := a.Desk.Receive(c.Request.Context(), ask.by, ask.body, c.Query("public"))
	if err != nil {
		return err
	}
	return a.answer(c, http.StatusCreated, showReceived(x))
}

// confirmBody is what a person says of a notice that was read.
type confirmBody struct {
	Incident   string   `json:"incident"`
	Title      string   `json:"title"`
	Sender     string   `json:"sender"`
	Country    string   `json:"country"`
	TheirAware string   `json:"their_aware_at"`
	Came       string   `json:"came_at"`
	Nature     string   `json:"nature"`
	Services   []string `json:"services"`
	Unclear    bool     `json:"unclear"`
}

func (a *api) confirmNotice(c *gin.Context, ask request) error {
	var b confirmBody
	if err := ask.read(&b); err != nil {
		return err
	}
	in := incident.Confirm{Incident: b.Incident, Title: b.Title, Sender: b.Sender, Country: b.Country, CameText: b.Came, Nature: b.Nature,
		Services: b.Services, Unclear: b.Unclear}
	var err error
	if in.TheirAware, err = optionalInstant("their_aware_at", b.TheirAware); err != nil {
		return err
	}
	if in.Came, err = optionalInstant("came_at", b.Came); err != nil {
		return err
	}
	ctx := c.Request.Context()
	if _, err := a.Desk.ConfirmReceived(ctx, ask.by, c.Param("received"), in); err != nil {
		return err
	}
	x, err := a.Read.Received(ctx, c.Param("received"))
	if err != nil {
		return err
	}
	return a.answer(c, http.StatusOK, showReceived(x))
}
