package incident

import (
	"cmp"
	"context"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
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
	checkpoint  *Checkpoint            // the newest, or nil
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
	if b.checkpoint, err = d.Store.NewestCheckpoint(ctx); err != nil {
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

// draft is a notice that has not been composed yet.
type draft struct {
	view View
	n    *Notice   // gets the words
	dl   *Delivery // gets the bytes; nil where there is no address
}

// compose words the draft and freezes its bytes, unless those are left for when
// a courier takes the mail.
func (d *Desk) compose(dr draft) error {
	letter, err := d.Compose(dr.view)
	if err != nil {
		return err
	}
	dr.n.Subject, dr.n.Text = letter.Subject, WithoutSecret(letter.Text, dr.view.Secret)
	if dr.dl != nil && dr.dl.Unwritten == nil {
		dr.dl.Body = letter.Raw
	}
	return nil
}

// wordAll words drafts whose bytes are written later. The first of each
// language is written whole, to see that it can be.
func (d *Desk) wordAll(drafts []draft) error {
	tried := map[string]bool{}
	for i := range drafts {
		lang := drafts[i].view.Lang
		drafts[i].view.Dry = tried[lang] || drafts[i].dl == nil
		tried[lang] = tried[lang] || drafts[i].dl != nil
	}
	return inParallel(len(drafts), func(i int) error { return d.compose(drafts[i]) })
}

// inParallel does n things on all processors. Of several errors it returns the
// first one's.
func inParallel(n int, do func(i int) error) error {
	errs := make([]error, n)
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				errs[i] = do(i)
			}
		})
	}
	all.Wait()
	return cmp.Or(errs...)
}

// address puts notice n for the i-th contact of r's controller into the outbox,
// with a link that is that person's own. Its bytes are still to be composed.
func (d *Desk) address(c *Change, b *briefing, r *Record, n *Notice, i int) draft {
	contact := b.controllers[r.Controller].Contacts[i]
	v := b.view(r, n, contact)
	v.Secret, v.Delivery = d.NewSecret(), d.NewID()
	dl := &Delivery{ID: v.Delivery, Incident: r.Incident, Record: r.ID, Notice: n.ID,
		Route: ByMail, Address: contact.Email, Name: contact.Name, Rank: i, Fate: Pending,
		Urgency: r.urgency(c.At.AddDate(1, 0, 0)), Due: c.At, Token: HashSecret(v.Secret), Made: c.At}
	c.Deliveries = append(c.Deliveries, dl)
	return draft{v, n, dl}
}

// beside puts notice n into the outbox for those contacts, too, whom a
// correction behind a link has taken away and whose time is not over: a notice
// must not depend on a correction that nobody has had time to object to.
func (d *Desk) beside(c *Change, b *briefing, r *Record, n *Notice, first int) []draft {
	var all []draft
	for i, k := range b.controllers[r.Controller].Contacts {
		if i == first || !k.Usable() || !k.Leaving() {
			continue
		}
		also := *n // what it said is kept once
		dr := d.address(c, b, r, n, i)
		dr.n = &also
		all = append(all, dr)
	}
	return all
}

// deliver sends notice n, which others have had, to one more contact.
func (d *Desk) deliver(c *Change, b *briefing, r *Record, n *Notice, i int) error {
	sent := *n // what it said first stays
	dr := d.address(c, b, r, n, i)
	dr.n = &sent
	return d.compose(dr)
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
		Stated: *n.Facts, Was: n.Was, N: n.N, Said: n.Said, NextUpdate: n.NextUpdate, Contact: to, Code: n.Code, At: n.At,
		Checkpoint: b.checkpoint.Short()}
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
		if contact.Usable() && !containsFold(tried, contact.Email) {
			return i
		}
	}
	return -1
}
