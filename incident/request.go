package incident

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Request is what a data subject asks under Chapter III of the GDPR. Only the
// controller may answer it; a processor passes it on without delay (Art.
// 28(3)(e)). It names the person by words of ours, never by an identity code.
type Request struct {
	ID         string
	Kind       string // one of RequestKinds
	Incident   string // that it came up with, or ""
	Controller string // id; "" while it is not known whom it concerns
	Name       string // of the controller, as it was
	Label      string // how we know whose request it is
	Channel    string // how it came
	Received   time.Time
	By         string // who took it
	Due        time.Time
	Extended   string // why two further months are taken, or ""
	Passed     time.Time
	PassedTo   string
	Proof      string // how it was passed on, in words
	Delivery   string // id of the mail that passed it on, or ""
	Answered   time.Time
	AnsweredBy string // "controller" or "us"
	Answer     string // how, in words
	Ring       time.Time
	Version    int
}

// RequestKinds are the rights that are asked for, in the order of the law.
var RequestKinds = []string{"access", "rectification", "erasure", "restriction", "portability", "objection", "automated", "other"}

// answerers are who may have answered.
var answerers = []string{"controller", "us"}

// Periods of Art. 12(3): one month, and with reasons two more.
var (
	requestPeriod   = Period{Months: 1}
	requestExtended = Period{Months: 3}
)

// Lead times of the alarms about requests.
const (
	passWithin = 24 * time.Hour     // until it is passed on
	dueAhead   = 7 * 24 * time.Hour // before it is due
)

// RequestStore keeps requests of data subjects.
type RequestStore interface {
	Request(ctx context.Context, id string) (*Request, error)
	// Requests lists those that wait, the nearest limit first, or those that
	// were answered, newest first; at most n.
	Requests(ctx context.Context, open bool, n int) ([]*Request, error)
	// RequestsToRing returns up to n whose Ring has come, oldest first.
	RequestsToRing(ctx context.Context, now time.Time, n int) ([]*Request, error)
}

// Open reports whether the person still waits for an answer.
func (r *Request) Open() bool { return r.Answered.IsZero() }

// Late reports whether the limit has passed without an answer.
func (r *Request) Late(now time.Time) bool { return r.Open() && now.After(r.Due) }

// plan sets when staff are alarmed next, after now.
func (r *Request) plan(now time.Time) {
	r.Ring = time.Time{}
	if !r.Open() {
		return
	}
	var at []time.Time
	if r.Passed.IsZero() && r.Controller != Own {
		at = append(at, r.Received.Add(passWithin))
	}
	at = append(at, r.Due.Add(-dueAhead), r.Due)
	for _, t := range at {
		if t.After(now) && (r.Ring.IsZero() || t.Before(r.Ring)) {
			r.Ring = t
		}
	}
	if r.Ring.IsZero() {
		r.Ring = now.Add(24 * time.Hour) // late: every day
	}
}

// limits computes when the answer is due: a month from receipt, counted as the
// calendar counts, or three with reasons.
func (r *Request) limits() {
	p := requestPeriod
	if r.Extended != "" {
		p = requestExtended
	}
	r.Due = p.After(r.Received, helsinki)
}

// LogRequest notes that a data subject has asked for something. The month runs
// from its receipt.
func (d *Desk) LogRequest(ctx context.Context, by Actor, in Request) (*Request, error) {
	in.Label, in.Channel = strings.TrimSpace(in.Label), strings.TrimSpace(in.Channel)
	errs := in.check(d.now())
	if len(errs) > 0 {
		return nil, errs
	}
	var made *Request
	c, err := d.act(ctx, by, "request", "", func(c *Change) error {
		r := &Request{ID: d.NewID(), Kind: in.Kind, Incident: in.Incident, Label: in.Label, Channel: in.Channel,
			Received: in.Received.UTC(), By: c.By.Name}
		if err := d.direct(ctx, r, in.Controller); err != nil {
			return err
		}
		if r.Incident != "" {
			if _, err := d.Store.Incident(ctx, r.Incident); err != nil {
				return err
			}
		}
		r.limits()
		r.plan(c.At)
		made, c.Requests, c.Result = r, []*Request{r}, r.ID
		c.What = map[string]any{"request": r.ID, "kind": r.Kind, "received": r.Received, "due": r.Due, "controller": r.Controller}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if made == nil {
		return d.Store.Request(ctx, c.Result)
	}
	return made, nil
}

func (r *Request) check(now time.Time) Errors {
	var errs Errors
	if !slices.Contains(RequestKinds, r.Kind) {
		errs = append(errs, invalid("kind", "request.kind_empty"))
	}
	errs = append(errs, happened("received", r.Received, now)...)
	if r.Label == "" {
		errs = append(errs, invalid("label", "request.label_empty"))
	}
	return append(errs, noNumbers([]string{"label", "channel"}, r.Label, r.Channel)...)
}

// noNumbers refuses personal numbers and overlong texts in free words.
func noNumbers(fields []string, texts ...string) Errors {
	var errs Errors
	for i, text := range texts {
		switch {
		case personal(text):
			errs = append(errs, invalid(fields[i], "answer.personal"))
		case len(text) > questionMax || !utf8.ValidString(text):
			errs = append(errs, &Error{Kind: Invalid, Field: fields[i], Key: "notice.text_long", Args: map[string]any{"max": questionMax}})
		}
	}
	return errs
}

// direct says which controller a request concerns.
func (d *Desk) direct(ctx context.Context, r *Request, controller string) error {
	if r.Controller = controller; controller == "" {
		r.Name = ""
		return nil
	}
	if controller == Own {
		org, err := d.Store.Organisation(ctx)
		r.Name = org.Name
		return err
	}
	found, err := d.Store.Controllers(ctx, []string{controller})
	if err != nil {
		return err
	}
	if len(found) != 1 {
		return Errors{invalid("controller", "controller.unknown")}
	}
	r.Name = found[0].Name
	return nil
}

// changeRequest is act for one request that waits for an answer.
func (d *Desk) changeRequest(ctx context.Context, by Actor, id string, rule func(c *Change, r *Request) error) error {
	_, err := d.act(ctx, by, "request", "", func(c *Change) error {
		r, err := d.Store.Request(ctx, id)
		if err != nil {
			return err
		}
		if !r.Open() {
			return refused("request.answered")
		}
		if err := rule(c, r); err != nil || c.What == nil {
			return err
		}
		r.plan(c.At)
		c.Requests, c.Result = []*Request{r}, r.ID
		return nil
	})
	return err
}

// Pass says how a request goes to its controller.
type Pass struct {
	Controller string
	Mail       bool   // the program writes to the controller's first contact
	To         string // else: to whom it was given,
	Proof      string // how, and what shows it
}

// PassRequest passes a request on to its controller, by a mail of ours, whose
// receipt is the proof, or notes how a person has done so.
func (d *Desk) PassRequest(ctx context.Context, by Actor, id string, in Pass) error {
	in.To, in.Proof = strings.TrimSpace(in.To), strings.TrimSpace(in.Proof)
	errs := noNumbers([]string{"passed_to", "proof"}, in.To, in.Proof)
	if in.Controller == "" {
		errs = append(errs, invalid("controller", "request.controller_empty"))
	}
	if !in.Mail && in.To == "" {
		errs = append(errs, invalid("passed_to", "name.empty"))
	}
	if !in.Mail && in.Proof == "" {
		errs = append(errs, invalid("proof", "request.proof_empty"))
	}
	if len(errs) > 0 {
		return errs
	}
	return d.changeRequest(ctx, by, id, func(c *Change, r *Request) error {
		if in.Controller == Own {
			return refused("request.own")
		}
		if err := d.direct(ctx, r, in.Controller); err != nil {
			return err
		}
		r.Passed, r.PassedTo, r.Proof, r.Delivery = c.At, in.To, in.Proof, ""
		if in.Mail {
			if err := d.mailRequest(ctx, c, r); err != nil {
				return err
			}
		}
		c.What = map[string]any{"request": r.ID, "controller": r.Controller, "to": r.PassedTo, "proof": r.Proof, "delivery": r.Delivery}
		return nil
	})
}

// mailRequest writes to the first contact of the controller.
func (d *Desk) mailRequest(ctx context.Context, c *Change, r *Request) error {
	found, err := d.Store.Controllers(ctx, []string{r.Controller})
	if err != nil {
		return err
	}
	if len(found) != 1 || firstAddress(found[0], nil) < 0 {
		return Errors{invalid("controller", "request.no_address")}
	}
	org, err := d.Store.Organisation(ctx)
	if err != nil {
		return err
	}
	to := found[0].Contacts[firstAddress(found[0], nil)]
	m := Memo{Kind: "request", Organisation: org, Lang: found[0].Lang, Contact: to, Names: []string{r.Label}, Request: r.Kind,
		From: r.Received, Until: r.Due, Delivery: d.NewID(), At: c.At}
	letter, err := d.Memo(m)
	if err != nil {
		return err
	}
	r.Delivery, r.PassedTo = m.Delivery, to.Email
	c.Deliveries = append(c.Deliveries, &Delivery{ID: m.Delivery, Route: ByMail, Address: to.Email, Name: to.Name, Fate: Pending,
		Urgency: r.Due, Due: c.At, Body: letter.Raw, Made: c.At})
	return nil
}

// ExtendRequest takes two further months, with the reason that the person must
// be told within the first (Art. 12(3)).
func (d *Desk) ExtendRequest(ctx context.Context, by Actor, id, reason string) error {
	reason = strings.TrimSpace(reason)
	errs := noNumbers([]string{"reason"}, reason)
	if reason == "" {
		errs = append(errs, invalid("reason", "reason.empty"))
	}
	if len(errs) > 0 {
		return errs
	}
	return d.changeRequest(ctx, by, id, func(c *Change, r *Request) error {
		if c.At.After(requestPeriod.After(r.Received, helsinki)) {
			return refused("request.too_late")
		}
		r.Extended = reason
		r.limits()
		c.What = map[string]any{"request": r.ID, "extended": reason, "due": r.Due}
		return nil
	})
}

// AnswerRequest notes that the person has been answered, by whom and how.
func (d *Desk) AnswerRequest(ctx context.Context, by Actor, id, who, how string, at time.Time) error {
	how = strings.TrimSpace(how)
	errs := noNumbers([]string{"how"}, how)
	if !slices.Contains(answerers, who) {
		errs = append(errs, invalid("who", "request.who_empty"))
	}
	if how == "" {
		errs = append(errs, invalid("how", "request.how_empty"))
	}
	if at.After(d.now().Add(grace)) {
		errs = append(errs, invalid("answered_at", "time.future"))
	}
	if len(errs) > 0 {
		return errs
	}
	return d.changeRequest(ctx, by, id, func(c *Change, r *Request) error {
		if at.IsZero() {
			at = c.At
		}
		if at.Before(r.Received) {
			return Errors{invalid("answered_at", "request.before")}
		}
		r.Answered, r.AnsweredBy, r.Answer = at.UTC(), who, how
		c.What = map[string]any{"request": r.ID, "answered": r.Answered, "by": who, "how": how}
		return nil
	})
}

// ringRequests alarms staff about requests that were not passed on, or whose
// limit is near or past. It returns how many it spoke of.
func (d *Desk) ringRequests(ctx context.Context) (int, error) {
	due, err := d.Store.RequestsToRing(ctx, d.now(), tickBatch)
	if err != nil || len(due) == 0 {
		return 0, err
	}
	_, err = d.act(ctx, Program, "request_alarm", "", func(c *Change) error {
		c.Requests = nil
		a := Alarm{Key: "requests", Records: len(due)}
		for _, was := range due {
			r := *was
			r.plan(c.At)
			c.Requests = append(c.Requests, &r)
			if a.Due.IsZero() || r.Due.Before(a.Due) {
				a.Due, a.Left = r.Due, r.Due.Sub(c.At)
			}
		}
		org, err := d.Store.Organisation(ctx)
		if err != nil {
			return err
		}
		c.What = map[string]any{"requests": len(due)}
		return d.alarmStep(ctx, c, org, a, 0)
	})
	return len(due), err
}
