package incident

import (
	"context"
	"encoding/json"
	"net/url"
	"time"
)

// Webhook is an endpoint of a machine that wants to be told: the staff's own,
// or a customer's, which is told of that customer's record alone.
type Webhook struct {
	ID         string
	Controller string // "" is the organisation's own
	URL        string // https
	Secret     string // signs what is sent; kept as it is, because signing needs it
	Made       time.Time
	By         string
	Ended      time.Time
}

// eventSchema is the version of Event. Fields may be added to it; none is
// removed or changes its meaning.
const eventSchema = 1

// Event is what an endpoint is sent; see docs/webhooks.md. An alarm names no
// customer, and a notice comes from one customer's View alone.
type Event struct {
	Schema int          `json:"schema"`
	ID     string       `json:"id"`    // of the delivery, the same for every attempt
	Event  string       `json:"event"` // "alarm" or "notice"
	At     time.Time    `json:"at"`
	Case   string       `json:"case"`
	Alarm  *EventAlarm  `json:"alarm,omitempty"`
	Notice *EventNotice `json:"notice,omitempty"`
}

// EventAlarm is what staff are told.
type EventAlarm struct {
	Key     string    `json:"key"`
	Duty    string    `json:"duty,omitempty"`
	Records int       `json:"records,omitempty"`
	Due     time.Time `json:"due,omitzero"`
}

// EventNotice is what one controller is told.
type EventNotice struct {
	N            int       `json:"n"`
	Controller   string    `json:"controller"`
	Lang         string    `json:"lang"`
	Organisation string    `json:"organisation"`
	Email        string    `json:"email,omitempty"`
	Phone        string    `json:"phone,omitempty"`
	Services     []string  `json:"services,omitempty"`
	Said         string    `json:"said"`
	Code         string    `json:"code"`
	NextUpdate   time.Time `json:"next_update,omitzero"`
	Stated
}

// alarmEvent is an alarm as a machine reads it.
func alarmEvent(a Alarm) (Letter, error) {
	raw, err := json.Marshal(Event{Schema: eventSchema, ID: a.ID, Event: "alarm", At: a.At, Case: a.Number,
		Alarm: &EventAlarm{a.Key, a.Duty, a.Records, a.Due}})
	return Letter{Raw: raw}, err
}

// tellMachines puts notice n into the outbox for the endpoints of r's
// controller. That a machine has taken it informs nobody: the duty is met by
// mail or telephone.
func (d *Desk) tellMachines(c *Change, b *briefing, r *Record, n *Notice) error {
	for _, k := range b.hooks[r.Controller] {
		v := b.view(r, n, Contact{})
		dl := &Delivery{ID: d.NewID(), Incident: r.Incident, Record: r.ID, Route: ByWebhook, Address: k.URL, Name: k.ID, Fate: Pending,
			Urgency: r.urgency(c.At.AddDate(1, 0, 0)), Due: c.At, Made: c.At}
		raw, err := json.Marshal(Event{Schema: eventSchema, ID: dl.ID, Event: "notice", At: c.At, Case: v.Number,
			Notice: &EventNotice{N: v.N, Controller: v.Controller, Lang: v.Lang, Organisation: v.Organisation.Name,
				Email: v.Organisation.Email, Phone: v.Organisation.Phone, Services: v.Services, Said: v.Said, Code: v.Code,
				NextUpdate: v.NextUpdate, Stated: v.Stated}})
		if err != nil {
			return err
		}
		dl.Body = raw
		c.Deliveries = append(c.Deliveries, dl)
	}
	return nil
}

// hooksOf loads the endpoints of controllers, "" being our own.
func (d *Desk) hooksOf(ctx context.Context, controllers []string) (map[string][]*Webhook, error) {
	all, err := d.Store.Webhooks(ctx, controllers)
	by := map[string][]*Webhook{}
	for _, k := range all {
		by[k.Controller] = append(by[k.Controller], k)
	}
	return by, err
}

// AddWebhook makes an endpoint for a controller, "" being our own. Its secret
// is in the result.
func (d *Desk) AddWebhook(ctx context.Context, by Actor, controller, address string) (*Webhook, error) {
	if u, err := url.Parse(address); err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Fragment != "" || len(address) > 2000 {
		return nil, Errors{invalid("url", "webhook.url")}
	}
	if controller != "" {
		found, err := d.Store.Controllers(ctx, []string{controller})
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, notFound("controller.unknown")
		}
	}
	k := &Webhook{ID: d.NewID(), Controller: controller, URL: address, Secret: "whs_" + d.NewSecret(), Made: d.now(), By: by.Name}
	return k, d.saveWebhook(ctx, by, k)
}

// EndWebhook stops an endpoint; what waits for it is refused.
func (d *Desk) EndWebhook(ctx context.Context, by Actor, id string) error {
	k, err := d.Store.Webhook(ctx, id)
	if err != nil || !k.Ended.IsZero() {
		return err
	}
	k.Ended = d.now()
	return d.saveWebhook(ctx, by, k)
}

func (d *Desk) saveWebhook(ctx context.Context, by Actor, k *Webhook) error {
	_, err := d.act(ctx, by, "webhook", "", func(c *Change) error {
		c.Webhooks, c.Result = []*Webhook{k}, k.ID
		c.What = map[string]any{"webhook": k.ID, "controller": k.Controller, "url": k.URL, "ended": !k.Ended.IsZero()}
		return nil
	})
	return err
}
