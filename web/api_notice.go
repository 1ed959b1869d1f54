package web

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
	"hatakello/templates"
)

// affectBody names controllers that belong to a case.
type affectBody struct {
	Services  []string `json:"services"`
	Words     []string `json:"words"`
	Certainty string   `json:"certainty"`
}

// foundJSON is what became of the names.
type foundJSON struct {
	Added     int      `json:"added"`
	Reopened  int      `json:"reopened"`
	Already   int      `json:"already"`
	Unmatched []string `json:"unmatched"`
	Doubtful  []string `json:"doubtful"`
}

func (a *api) affect(c *gin.Context, ask request) error {
	var b affectBody
	if err := ask.read(&b); err != nil {
		return err
	}
	if b.Certainty != "" && b.Certainty != string(incident.Possible) && b.Certainty != string(incident.Confirmed) {
		return apiInvalid("certainty", "api.choice", "text", clipped(b.Certainty), "known", "possible, confirmed")
	}
	if len(b.Services)+len(b.Words) == 0 {
		return apiInvalid("services", "api.affect_empty")
	}
	inc, err := a.find(c)
	if err != nil {
		return err
	}
	found, err := a.Desk.Affect(c.Request.Context(), ask.by, inc.ID,
		incident.Affect{Services: b.Services, Words: b.Words, Certainty: incident.Certainty(b.Certainty)})
	if err != nil {
		return err
	}
	return a.answer(c, http.StatusOK, foundJSON{found.Added, found.Reopened, found.Already, orEmpty(found.Unmatched), orEmpty(found.Doubtful)})
}

// noticeBody is a notice to be sent: one text for all languages, or one each.
type noticeBody struct {
	Text       string            `json:"text"`
	Texts      map[string]string `json:"texts"`
	NextUpdate string            `json:"next_update"`
	Records    []string          `json:"records"`
}

// texts joins the two ways of giving words.
func (b noticeBody) texts() (map[string]string, error) {
	all := map[string]string{}
	for lang, text := range b.Texts {
		if !known(lang) {
			return nil, apiInvalid("texts."+clipped(lang), "api.unknown", "known", strings.Join(templates.Langs, ", "))
		}
		all[lang] = text
	}
	if b.Text != "" {
		all[""] = b.Text
	}
	return all, nil
}

// sentJSON is what became of the notice.
type sentJSON struct {
	Notices     int      `json:"notices"`
	Deliveries  int      `json:"deliveries"`
	Unreachable []string `json:"unreachable"`
}

func (a *api) notify(c *gin.Context, ask request) error {
	var b noticeBody
	if err := ask.read(&b); err != nil {
		return err
	}
	texts, err := b.texts()
	if err != nil {
		return err
	}
	update, err := readInstant("next_update", b.NextUpdate)
	if err != nil {
		return err
	}
	if b.Records != nil && len(b.Records) == 0 {
		return apiInvalid("records", "api.records_empty")
	}
	inc, err := a.find(c)
	if err != nil {
		return err
	}
	sent, err := a.Desk.Notify(c.Request.Context(), ask.by, inc.ID, incident.Notify{Texts: texts, NextUpdate: update, Records: b.Records})
	if err != nil {
		return err
	}
	return a.answer(c, http.StatusAccepted, sentJSON{sent.Notices, sent.Deliveries, orEmpty(sent.Unreachable)})
}

type deliveryJSON struct {
	ID         string        `json:"id"`
	Record     *string       `json:"record"`
	Controller *holderJSON   `json:"controller"`
	Notice     *string       `json:"notice"`
	Route      string        `json:"route"`
	Address    string        `json:"address"`
	Name       string        `json:"name"`
	State      string        `json:"state"`
	MessageID  string        `json:"message_id"`
	Tries      int           `json:"tries"`
	Made       *string       `json:"made_at"`
	Due        *string       `json:"due_at"`
	Settled    *string       `json:"settled_at"`
	Receipts   []receiptJSON `json:"receipts"`
}

type receiptJSON struct {
	Try    int     `json:"try"`
	OK     bool    `json:"ok"`
	Code   int     `json:"code"`
	Reply  string  `json:"reply"`
	Queue  string  `json:"queue_id"`
	Server string  `json:"server"`
	TLS    string  `json:"tls"`
	SHA256 string  `json:"sha256"`
	Began  *string `json:"began_at"`
	Ended  *string `json:"ended_at"`
	Report string  `json:"report"`
}

func (a *api) deliveries(c *gin.Context, _ request) error {
	inc, page, err := a.findPage(c)
	if err != nil {
		return err
	}
	found, next, err := a.Read.Deliveries(c.Request.Context(), inc.ID, c.Query("record"), page)
	if err != nil {
		return err
	}
	holders, err := a.holders(c, inc.ID, found)
	if err != nil {
		return err
	}
	return answerList(a, c, each(found, func(d *incident.Delivery) deliveryJSON { return a.showDelivery(d, holders) }), next)
}

// holders maps the records of deliveries to their controllers.
func (a *api) holders(c *gin.Context, id string, found []*incident.Delivery) (map[string]holderJSON, error) {
	by := map[string]holderJSON{}
	var ids []string
	for _, d := range found {
		if _, ok := by[d.Record]; !ok && d.Record != "" {
			by[d.Record] = holderJSON{}
			ids = append(ids, d.Record)
		}
	}
	if len(ids) == 0 {
		return by, nil
	}
	records, err := a.Read.Records(c.Request.Context(), id, ids)
	for _, r := range records {
		by[r.ID] = holderJSON{r.Controller, r.Name, r.Lang}
	}
	return by, err
}

func (a *api) showDelivery(d *incident.Delivery, holders map[string]holderJSON) deliveryJSON {
	out := deliveryJSON{ID: d.ID, Route: string(d.Route), Address: d.Address, Name: d.Name, State: string(d.Fate), Tries: d.Tries,
		Made: instant(d.Made), Due: instant(d.Due), Settled: instant(d.Settled), MessageID: a.messageID(d)}
	if d.Record != "" {
		h := holders[d.Record]
		out.Record, out.Controller = &d.Record, &h
	}
	if d.Notice != "" {
		out.Notice = &d.Notice
	}
	out.Receipts = each(d.Receipts, func(r incident.Receipt) receiptJSON {
		return receiptJSON{r.Try, r.OK, r.Code, r.Reply, r.Queue, r.Server, r.TLS, r.SHA256, instant(r.Began), instant(r.Ended), string(r.Report)}
	})
	return out
}

// messageID is the id under which the receiver's mail system knows a mail: the
// delivery's, at the sender's domain. Other routes have none, and so has a
// server that makes no mails.
func (a *api) messageID(d *incident.Delivery) string {
	_, domain, ok := strings.Cut(a.From, "@")
	if d.Route != incident.ByMail || !ok {
		return ""
	}
	return "<" + d.ID + "@" + domain + ">"
}

func orEmpty(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}
