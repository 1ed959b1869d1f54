package incident

import (
	"cmp"
	"context"
	"slices"
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
	reached := map[string]bool{}
	for _, k := range controllers {
		reached[k.ID] = firstAddress(k, nil) >= 0
	}
	records = slices.DeleteFunc(records, func(r *Record) bool { return !reached[r.Controller] })
	pending, err := d.Store.PendingBy(ctx, ByMail)
	if err != nil {
		return nil, err
	}
	now := d.now()
	f := &Forecast{Mails: len(records), Ahead: len(pending)}
	if f.Rate, f.Measured, err = d.rate(ctx, now); err != nil {
		return nil, err
	}
	f.project(now, records, pending)
	return f, nil
}

// project sends all mails in the order of the queue, one each 1/Rate minutes.
func (f *Forecast) project(now time.Time, records []*Record, pending []*Delivery) {
	slices.SortStableFunc(records, moreUrgent)
	slices.SortStableFunc(pending, func(a, b *Delivery) int { return a.Urgency.Compare(b.Urgency) })
	step := time.Duration(float64(time.Minute) / f.Rate)
	f.Finish = now
	ahead := 0
	for i, r := range records {
		for ahead < len(pending) && !pending[ahead].Urgency.After(r.urgency(now.AddDate(1, 0, 0))) {
			ahead++
		}
		f.Finish = now.Add(time.Duration(ahead+i) * step)
		if dl := r.Deadline("contract.notice"); dl != nil && dl.Running() && f.Finish.After(dl.Due) {
			f.Late = append(f.Late, LateMail{r.ID, r.Name, dl.Due, f.Finish})
		}
	}
}
