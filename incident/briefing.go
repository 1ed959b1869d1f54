package incident

import (
	"context"
	"strings"
)

// briefing is what the notices of one act share.
type briefing struct {
	incident    *Incident
	org         Organisation
	in          Notify
	controllers map[string]*Controller
	services    map[string]string      // name by id
	last        map[string]*Stated     // by record: what its newest notice said
	phrases     map[string][]PhraseUse // by language
	hooks       map[string][]*Webhook  // by controller
}

func (d *Desk) briefing(ctx context.Context, inc *Incident, records []*Record, in Notify) (*briefing, error) {
	b := &briefing{incident: inc, in: in, controllers: map[string]*Controller{}, services: map[string]string{}}
	ids := recordNames(records)
	controllers, err := d.Store.Controllers(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, k := range controllers {
		b.controllers[k.ID] = k
	}
	services, err := d.Store.Services(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range services {
		b.services[s.ID] = s.Name
	}
	if b.org, err = d.Store.Organisation(ctx); err != nil {
		return nil, err
	}
	if b.hooks, err = d.hooksOf(ctx, ids); err != nil {
		return nil, err
	}
	var told []string
	for _, r := range records {
		if r.Notices > 0 {
			told = append(told, r.ID)
		}
	}
	b.last, err = d.Store.LastFacts(ctx, told)
	return b, err
}

// deliver composes notice n for the i-th contact of r's controller and puts it
// into the outbox, with a link that is that person's own.
func (d *Desk) deliver(c *Change, b *briefing, r *Record, n *Notice, i int) (Letter, error) {
	contact := b.controllers[r.Controller].Contacts[i]
	v := b.view(r, n, contact)
	v.Secret, v.Delivery = d.NewSecret(), d.NewID()
	letter, err := d.Compose(v)
	if err != nil {
		return letter, err
	}
	letter.Text = WithoutSecret(letter.Text, v.Secret)
	c.Deliveries = append(c.Deliveries, &Delivery{ID: v.Delivery, Incident: r.Incident, Record: r.ID, Notice: n.ID,
		Route: ByMail, Address: contact.Email, Name: contact.Name, Rank: i, Fate: Pending,
		Urgency: r.urgency(c.At.AddDate(1, 0, 0)), Due: c.At, Token: HashSecret(v.Secret), Body: letter.Raw, Made: c.At})
	return letter, nil
}

// WithoutSecret takes the secret of a link out of a text that is kept or passed
// on: only the receiver's own mail holds it, and we keep its hash.
func WithoutSecret(text, secret string) string {
	if secret == "" {
		return text
	}
	return strings.ReplaceAll(text, secret, "…")
}

// stated is what a notice to r says is known now.
func (b *briefing) stated(r *Record) *Stated {
	s := &Stated{Facts: r.Facts.Over(b.incident.Facts)}
	for _, x := range []struct {
		to     *Told
		moment Moment
	}{{&s.From, OccurredFrom}, {&s.To, OccurredTo}, {&s.Aware, ProcessorAware}} {
		mark, _ := r.At(x.moment)
		*x.to = mark.Tell()
	}
	return s
}

// view is what the controller of r may see: what the notice said was known when
// it was made, however often it is sent.
func (b *briefing) view(r *Record, n *Notice, to Contact) View {
	if n.Facts == nil { // of a notice from before facts were kept with it
		n.Facts = b.stated(r)
	}
	v := View{Organisation: b.org, Number: b.incident.Number, Controller: r.Name, Lang: r.Lang,
		Stated: *n.Facts, Was: n.Was, N: n.N, Said: n.Said, NextUpdate: n.NextUpdate, Contact: to, Code: n.Code, At: n.At}
	used := map[string]bool{}
	if k := b.controllers[r.Controller]; k != nil {
		for _, u := range k.Uses {
			used[u.Service] = true
		}
	}
	for _, id := range b.incident.Services {
		if used[id] {
			v.Services = append(v.Services, b.services[id])
		}
	}
	return v
}

// firstAddress returns the index of the first contact with an address that has
// not been tried, or -1.
func firstAddress(k *Controller, tried []string) int {
	if k == nil {
		return -1
	}
	for i, contact := range k.Contacts {
		if contact.Email != "" && !containsFold(tried, contact.Email) {
			return i
		}
	}
	return -1
}
