package incident

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
)

// Forecast says when the last of some mails will have gone out, at the rate of
// late, and which contracts would then be late.
type Forecast struct {
	Mails    int     // of this notice
	Ahead    int     // that wait already
	Rate     float64 // mails a minute
	Measured bool    // from what went out; otherwise the configured limit, or a guess
	Finish   time.Time
	Late     []LateMail // in the order of sending
}

// LateMail is a notice that would go out after its contract's limit.
type LateMail struct {
	Record string
	Name   string
	Due    time.Time
	At     time.Time // when it would go out
}

// usualRate is believed of a relay of which nothing is known, in mails a minute.
const usualRate = 600

// The measure of the rate: how far back it looks, how many mails it wants, and
// the pause that ends a run of sending.
const (
	rateSpan  = 24 * time.Hour
	rateMails = 500
	rateLeast = 10
	rateGap   = 30 * time.Second
)

// rateOf measures the mails a minute of the last run of sending. ends are the
// times of acceptance, newest first; ok is false if they are too few.
func rateOf(ends []time.Time) (rate float64, ok bool) {
	n := 1
	for n < len(ends) && ends[n-1].Sub(ends[n]) <= rateGap {
		n++
	}
	if n < rateLeast || n > len(ends) {
		return 0, false
	}
	span := ends[0].Sub(ends[n-1])
	if span <= 0 {
		return 0, false
	}
	return float64(n-1) / span.Minutes(), true
}

// rate returns how fast mails go out: as measured, but never faster than the
// relay is allowed to take them.
func (d *Desk) rate(ctx context.Context, now time.Time) (float64, bool, error) {
	ends, err := d.Store.Ends(ctx, now.Add(-rateSpan), rateMails)
	if err != nil {
		return 0, false, err
	}
	limit := float64(d.Pace)
	if rate, ok := rateOf(ends); ok && (d.Pace == 0 || rate < limit) {
		return rate, true, nil
	}
	return cmp.Or(limit, usualRate), false, nil
}

// Forecast says when a notice would have reached everybody if it were sent now.
func (d *Desk) Forecast(ctx context.Context, by Actor, incident string, in Notify) (*Forecast, error) {
	if !by.May("read") {
		return nil, &Error{Kind: Forbidden, Key: "act.forbidden"}
	}
	records, err := d.receivers(ctx, incident, in.Records)
	if err != nil {
		return nil, err
	}
	controllers, err := d.Store.Controllers(ctx, recordNames(records))
	if err != nil {
		return nil, err
	}
	domains := map[string]string{} // by controller
	for _, k := range controllers {
		if i := firstAddress(k, nil); i >= 0 {
			domains[k.ID] = domainOf(k.Contacts[i].Email)
		}
	}
	records = slices.DeleteFunc(records, func(r *Record) bool { return domains[r.Controller] == "" })
	pending, err := d.Store.Waiting(ctx, ByMail)
	if err != nil {
		return nil, err
	}
	now := d.now()
	f := &Forecast{Mails: len(records), Ahead: len(pending)}
	if f.Rate, f.Measured, err = d.rate(ctx, now); err != nil {
		return nil, err
	}
	f.project(now, records, pending, newFlow(f.Rate, d.DomainPace, domains))
	return f, nil
}

// Queue says when the mails that wait now will have gone out, of all cases.
func (d *Desk) Queue(ctx context.Context, by Actor) (*Forecast, error) {
	if !by.May("read") {
		return nil, &Error{Kind: Forbidden, Key: "act.forbidden"}
	}
	pending, err := d.Store.Waiting(ctx, ByMail)
	if err != nil {
		return nil, err
	}
	now := d.now()
	f := &Forecast{Mails: len(pending), Finish: now}
	if f.Rate, f.Measured, err = d.rate(ctx, now); err != nil {
		return nil, err
	}
	slices.SortStableFunc(pending, func(a, b *Delivery) int { return a.Urgency.Compare(b.Urgency) })
	fl := newFlow(f.Rate, d.DomainPace, nil)
	for _, dl := range pending {
		if at := now.Add(fl.one(domainOf(dl.Address))); at.After(f.Finish) {
			f.Finish = at
		}
	}
	return f, nil
}

// domainOf is the part of an address that names its server.
func domainOf(address string) string {
	return strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
}

// flow says when mails go that leave one after another, where each domain may
// take only so many a minute. A domain that must wait holds up no other.
type flow struct {
	step, domainStep time.Duration
	domains          map[string]string        // of controllers
	sent             time.Duration            // when the next could go
	next             map[string]time.Duration // when the next to a domain could go
}

func newFlow(rate float64, domainPace int, domains map[string]string) *flow {
	fl := &flow{step: time.Duration(float64(time.Minute) / rate), domains: domains, next: map[string]time.Duration{}}
	if domainPace > 0 {
		fl.domainStep = time.Minute / time.Duration(domainPace)
	}
	return fl
}

// one sends a mail and returns when it goes, from now.
func (fl *flow) one(domain string) time.Duration {
	at := fl.sent
	fl.sent += fl.step
	if fl.domainStep > 0 {
		at = max(at, fl.next[domain])
		fl.next[domain] = at + fl.domainStep
	}
	return at
}

// project sends all mails in the order of the queue.
func (f *Forecast) project(now time.Time, records []*Record, pending []*Delivery, fl *flow) {
	slices.SortStableFunc(records, moreUrgent)
	slices.SortStableFunc(pending, func(a, b *Delivery) int { return a.Urgency.Compare(b.Urgency) })
	f.Finish = now
	for _, r := range records {
		for len(pending) > 0 && !pending[0].Urgency.After(r.urgency(now.AddDate(1, 0, 0))) {
			fl.one(domainOf(pending[0].Address))
			pending = pending[1:]
		}
		at := now.Add(fl.one(fl.domains[r.Controller]))
		if at.After(f.Finish) {
			f.Finish = at
		}
		if dl := r.Deadline("contract.notice"); dl != nil && dl.Running() && at.After(dl.Due) {
			f.Late = append(f.Late, LateMail{r.ID, r.Name, dl.Due, at})
		}
	}
}
