package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// sideRoutes are the API's addresses of what controllers ask and confirm, of
// data subjects' requests, and of notices that others have sent us.
func (a *api) sideRoutes() []apiRoute {
	const request, received = "/requests/:request", "/received/:received"
	return []apiRoute{
		{"GET", "/contacts", "read", "", 0, paged(), a.contactsInTrouble},
		{"POST", "/contacts/ask", "contacts", jsonKind, smallLimit, nil, a.askContacts},

		{"GET", "/questions", "read", "", 0, []string{"incident"}, a.openQuestions},
		{"POST", "/incidents/:id/replies", "answer", jsonKind, smallLimit * 2, nil, a.reply},
		{"GET", "/incidents/:id/records/:record/shares", "read", "", 0, nil, a.shares},

		{"GET", "/requests", "read", "", 0, []string{"state"}, a.subjectRequests},
		{"POST", "/requests", "request", jsonKind, smallLimit, nil, a.addRequest},
		{"POST", request + "/pass", "request", jsonKind, smallLimit, nil, a.passRequest},
		{"POST", request + "/extension", "request", jsonKind, smallLimit, nil, a.extendRequest},
		{"POST", request + "/answer", "request", jsonKind, smallLimit, nil, a.answerRequest},

		{"GET", "/received", "read", "", 0, []string{"incident"}, a.receivedList},
		{"POST", "/received", "receive", bytesKind, incident.ReceivedMax, []string{"public"}, a.receiveNotice},
		{"POST", received + "/confirmation", "receive", jsonKind, smallLimit, nil, a.confirmNotice},
	}
}

// reachJSON is how well a customer can be reached.
type reachJSON struct {
	Customer  holderJSON  `json:"customer"`
	Wanting   bool        `json:"wants_second_address"`
	Asked     *string     `json:"asked_at"`
	Confirmed *string     `json:"confirmed_at"`
	By        string      `json:"confirmed_by"`
	Contacts  []aliveJSON `json:"contacts"`
}

type aliveJSON struct {
	Name  string  `json:"name"`
	Email string  `json:"email"`
	State string  `json:"state"`
	Since *string `json:"since"`
}

func (a *api) contactsInTrouble(c *gin.Context, _ request) error {
	page, err := pageAsked(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	ks, next, err := a.Read.ContactTroubles(ctx, incident.SilentBefore(a.Desk.Now()), page)
	if err != nil {
		return err
	}
	all, err := a.reaches(ctx, ks)
	if err != nil {
		return err
	}
	return answerList(a, c, each(all, func(r *incident.Reach) reachJSON {
		k := r.Controller
		return reachJSON{holderJSON{k.ID, k.Name, k.Lang}, r.Wanting, instant(r.Asked), instant(r.Confirmed), r.By,
			each(r.Contacts, func(x incident.ContactLive) aliveJSON {
				return aliveJSON{x.Name, x.Email, string(x.State), instant(x.Since)}
			})}
	}), next)
}

// askContactsBody names one customer; none is all whose turn it is.
type askContactsBody struct {
	Customer string `json:"customer"`
}

// askedJSON says how many customers were asked, and how many are left for later.
type askedJSON struct {
	Asked int `json:"asked"`
	Left  int `json:"left"`
}

func (a *api) askContacts(c *gin.Context, ask request) error {
	var b askContactsBody
	if err := ask.read(&b); err != nil {
		return err
	}
	var out askedJSON
	var err error
	if b.Customer != "" {
		out.Asked, err = 1, a.Desk.AskContacts(c.Request.Context(), ask.by, b.Customer)
	} else {
		out.Asked, out.Left, err = a.Desk.AskDueContacts(c.Request.Context(), ask.by)
	}
	if err != nil {
		return err
	}
	return a.answer(c, http.StatusOK, out)
}

// questionJSON is a controller's question that waits.
type questionJSON struct {
	ID         string  `json:"id"`
	Incident   string  `json:"incident"`
	Record     string  `json:"record"`
	Controller string  `json:"controller"`
	Topic      string  `json:"topic"`
	Language   string  `json:"language"`
	Text       string  `json:"text"`
	By         string  `json:"asked_by"`
	At         *string `json:"asked_at"`
}

func (a *api) openQuestions(c *gin.Context, _ request) error {
	all, err := a.Read.OpenQuestions(c.Request.Context(), c.Query("incident"), questionRows)
	if err != nil {
		return err
	}
	return answerList(a, c, each(all, func(q *incident.Question) questionJSON {
		return questionJSON{q.ID, q.Incident, q.Record, q.Controller, q.Topic, q.Lang, q.Text, q.By, instant(q.At)}
	}), "")
}

// replyBody answers questions in every language that their readers need.
type replyBody struct {
	Questions []string          `json:"questions"`
	Everyone  bool              `json:"everyone"`
	Heads     map[string]string `json:"heads"`
	Texts     map[string]string `json:"texts"`
	Cleared   []string          `json:"cleared"`
}

// replyJSON is an answer: sent, or waiting for a second person.
type replyJSON struct {
	ID      string   `json:"id"`
	State   string   `json:"state"`
	Records []string `json:"records"`
}

func (a *api) reply(c *gin.Context, ask request) error {
	var b replyBody
	if err := ask.read(&b); err != nil {
		return err
	}
	r, err := a.Desk.AnswerQuestions(c.Request.Context(), ask.by, c.Param("id"), incident.Respond{Questions: b.Questions, Everyone: b.Everyone,
		Heads: b.Heads, Texts: b.Texts, Cleared: b.Cleared})
	if err != nil {
		return err
	}
	return a.answer(c, http.StatusCreated, replyJSON{r.ID, string(r.State), r.Records})
}

// shareJSON is an outcome of her own that a controller has shown us. What she
// has taken back has neither tier nor reason.
type shareJSON struct {
	Tier   string  `json:"tier"`
	Reason string  `json:"reason"`
	By     string  `json:"by"`
	At     *string `json:"at"`
	Ended  *string `json:"taken_back_at"`
}

func (a *api) shares(c *gin.Context, _ request) error {
	r, err := a.findRecord(c)
	if err != nil {
		return err
	}
	all, err := a.Read.OwnShares(c.Request.Context(), r.ID)
	if err != nil {
		return err
	}
	return answerList(a, c, each(all, func(x *incident.OwnShare) shareJSON {
		return shareJSON{string(x.Tier), x.Reason, x.By, instant(x.At), instant(x.Ended)}
	}), "")
}
