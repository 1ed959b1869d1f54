package incident

import (
	"context"
	"time"
)

// giveUp is how long a notice is tried at one address before the next contact
// is asked and, when there is none, a person must phone.
const giveUp = 24 * time.Hour

// worrying is the number of failed tries after which staff hear of it.
const worrying = 6

// waits are the pauses after each failed try; the last repeats.
var waits = []time.Duration{5 * time.Second, 15 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute, 15 * time.Minute}

// Settle records how attempts ended, many in one transaction for each case: a
// server's acceptance marks the controller as informed and so starts its
// clock, a refusal goes to the next contact, anything else is put off.
func (d *Desk) Settle(ctx context.Context, outs []Outcome) error {
	var order []string
	by := map[string][]Outcome{}
	for _, o := range outs {
		id := o.Delivery.Incident
		if by[id] == nil {
			order = append(order, id)
		}
		by[id] = append(by[id], o)
	}
	for _, id := range order {
		if _, err := d.act(ctx, Program, "settle", "", func(c *Change) error { return d.settle(ctx, c, id, by[id]) }); err != nil {
			return err
		}
	}
	return nil
}

// settling is one run of Settle for one incident.
type settling struct {
	*Desk
	c       *Change
	records map[string]*Record
	before  map[string]Tally
	bounced []*settledNotice
	stalled int
	org     Organisation
}

// settledNotice is a delivery that will not arrive. Late ones had been
// accepted before.
type settledNotice struct {
	r    *Record
	dl   *Delivery
	late bool
	sure Sure // how surely it came back
}

func (d *Desk) settle(ctx context.Context, c *Change, incident string, outs []Outcome) error {
	s := &settling{Desk: d, c: c, before: map[string]Tally{}}
	if err := s.load(ctx, incident, outs); err != nil {
		return err
	}
	for _, o := range outs {
		s.one(o)
	}
	if err := s.posted(ctx, incident, outs); err != nil {
		return err
	}
	if err := s.nextContacts(ctx, incident); err != nil {
		return err
	}
	for _, id := range sortedKeys(s.records) {
		if r := s.records[id]; r != nil {
			d.keep(c, r, s.before[id])
		}
	}
	for _, o := range outs {
		if o.Noted {
			c.Noted = append(c.Noted, o.Delivery.ID)
		}
	}
	c.About = incident
	c.What = receiptDigests(c.Receipts, c.Settled)
	if s.stalled > 0 && incident != "" {
		return s.raise(ctx, incident, "stalled", s.stalled)
	}
	return nil
}

// load reads the records that the outcomes are about.
func (s *settling) load(ctx context.Context, incident string, outs []Outcome) error {
	s.records = map[string]*Record{}
	var ids []string
	for _, o := range outs {
		id := o.Delivery.Record
		if _, seen := s.records[id]; id != "" && !seen {
			s.records[id] = nil
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	rs, err := s.Store.Records(ctx, incident, ids)
	if err != nil {
		return err
	}
	for _, r := range rs {
		s.records[r.ID], s.before[r.ID] = r, r.tally()
	}
	s.org, err = s.Store.Organisation(ctx)
	return err
}

// one settles a single attempt.
func (s *settling) one(o Outcome) {
	was := *o.Delivery // the caller's stays as it was leased: an act may run twice
	dl := &was
	s.c.Settled = append(s.c.Settled, dl)
	if o.Untried {
		dl.Fate, dl.Due = Pending, s.c.At.Add(max(o.After, waits[0]))
		return
	}
	dl.Tries++
	o.Receipt.Delivery, o.Receipt.Try = dl.ID, dl.Tries
	s.c.Receipts = append(s.c.Receipts, o.Receipt)
	switch {
	case o.Receipt.OK:
		dl.Fate, dl.Settled = Taken, s.c.At
		s.accepted(dl, o.Receipt)
	case o.Refused:
		dl.Fate, dl.Settled = Bounced, s.c.At
		s.lost(dl, o.Delivery.Reached())
	case s.c.At.Sub(dl.Made) > giveUp:
		dl.Fate, dl.Settled = Dead, s.c.At
		s.lost(dl, false)
	default:
		dl.Fate, dl.Due = Pending, s.c.At.Add(max(o.After, pause(dl)))
		if dl.Tries == worrying && dl.Notice != "" {
			s.stalled++
		}
	}
}

// accepted marks that the controller could first have been informed now.
func (s *settling) accepted(dl *Delivery, rc Receipt) {
	r := s.told(dl)
	if r == nil {
		return
	}
	if k, ok := r.At(ControllerInformed); !ok || k.At.IsZero() {
		r.Marks = append(r.Marks, Mark{Moment: ControllerInformed, At: rc.Ended.UTC().Truncate(time.Millisecond), Sure: Assumed,
			Why: "accepted", By: Program.Name, Made: s.c.At})
	}
	if r.Stage == Untold || r.Stage == Queued || r.Stage == Failed {
		r.Stage, r.Call = Accepted, time.Time{}
	}
	s.chasing(r, dl)
	s.entry(s.c, r.Incident, r.ID, "notice.accepted", "name", r.Name, "address", dl.Address, "reply", rc.Reply)
}

// lost notes a delivery that will not arrive; its next contact is found later,
// for all of them at once.
func (s *settling) lost(dl *Delivery, late bool) {
	r := s.told(dl)
	if r == nil && dl.Record != "" && dl.Route == ByMail {
		s.strayed(dl)
	} else if r == nil && dl.Record != "" {
		s.entry(s.c, dl.Incident, dl.Record, "webhook."+string(dl.Fate), "address", dl.Address)
	}
	if r == nil {
		return
	}
	s.entry(s.c, r.Incident, r.ID, "notice."+string(dl.Fate), "name", r.Name, "address", dl.Address)
	s.bounced = append(s.bounced, &settledNotice{r, dl, late, Known})
}

// nextContacts sends each lost notice to the next contact, or puts the
// controller on the call sheet and alarms staff.
func (s *settling) nextContacts(ctx context.Context, incident string) error {
	if len(s.bounced) == 0 {
		return nil
	}
	inc, err := s.Store.Incident(ctx, incident)
	if err != nil {
		return err
	}
	var records []*Record
	var notices []string
	for _, l := range s.bounced {
		records, notices = append(records, l.r), append(notices, l.dl.Notice)
	}
	b, err := s.briefing(ctx, inc, records, Notify{})
	if err != nil {
		return err
	}
	tried, err := s.Store.Tried(ctx, notices)
	if err != nil {
		return err
	}
	failed := 0
	for _, l := range s.bounced {
		more, err := s.next(ctx, b, l, tried[l.dl.Notice])
		if err != nil {
			return err
		}
		if !more {
			failed++
		}
	}
	if failed == 0 {
		return nil
	}
	return s.raise(ctx, incident, "failed", failed)
}

// next tries the first contact that has not been tried and reports whether
// there was one.
func (s *settling) next(ctx context.Context, b *briefing, l *settledNotice, tried []string) (bool, error) {
	if l.late {
		if err := s.takeBack(ctx, l); err != nil {
			return false, err
		}
	}
	i := firstAddress(b.controllers[l.r.Controller], tried)
	if i < 0 || !b.incident.Open() {
		l.r.fail(s.c.At)
		s.entry(s.c, l.r.Incident, l.r.ID, "notice.nobody_left", "name", l.r.Name)
		return false, nil
	}
	n, err := s.Store.Notice(ctx, l.dl.Notice)
	if err != nil {
		return false, err
	}
	return true, s.deliver(s.c, b, l.r, n, i)
}
