package incident

import (
	"context"
	"slices"
	"time"
)

// told returns the record that a notice's delivery is to tell, or nil: alarms
// and messages to machines inform no controller.
func (s *settling) told(dl *Delivery) *Record {
	if dl.Notice == "" {
		return nil
	}
	return s.records[dl.Record]
}

// takeBack corrects when a controller was first informed, after a mail that
// was said to have informed it came back.
func (s *settling) takeBack(ctx context.Context, l *settledNotice) error {
	facts, err := s.informing(ctx, l.r, l.dl.ID)
	if err != nil {
		return err
	}
	m := Mark{Moment: ControllerInformed, Sure: l.sure, Why: string(l.dl.Fate)}
	if len(facts) > 0 {
		m = slices.MinFunc(facts, func(a, b Mark) int { return a.At.Compare(b.At) })
	}
	m.By, m.Made = Program.Name, s.c.At
	l.r.takeBack(m)
	return nil
}

// takeBack adds the mark if the newest one rests on a server's word that
// nothing supports any more. If another mail, a call or an acknowledgement
// explains the moment, it stays; if one comes later, it moves there; and if
// there is none, it has not come after all and the duty is open again.
func (r *Record) takeBack(m Mark) {
	k, ok := r.At(ControllerInformed)
	if !ok || k.At.IsZero() || k.Why != string(Accepted) || (!m.At.IsZero() && !k.At.Before(m.At)) {
		return
	}
	r.Marks = append(r.Marks, m)
	if m.At.IsZero() && r.Stage == Accepted {
		r.Stage = Queued
	}
}

// informing returns all by which a controller was informed, except by one
// delivery.
func (s *settling) informing(ctx context.Context, r *Record, except string) ([]Mark, error) {
	var all []Mark
	add := func(at time.Time, sure Sure, why Stage) {
		if !at.IsZero() {
			all = append(all, Mark{Moment: ControllerInformed, At: at, Sure: sure, Why: string(why)})
		}
	}
	for _, k := range r.Marks {
		if k.Moment == ControllerPhoned {
			add(k.At, Known, Phoned)
		}
	}
	add(r.AckedAt, Known, Acked)
	for after := ""; ; {
		ds, next, err := s.Store.Deliveries(ctx, r.Incident, r.ID, Cut{After: after, Limit: 200})
		if err != nil {
			return nil, err
		}
		for _, dl := range ds {
			if dl.ID != except {
				add(s.acceptedAt(dl), Assumed, Accepted)
			}
		}
		if after = next; after == "" {
			return all, nil
		}
	}
}

// acceptedAt is when a server took a notice that has not come back, or zero.
// What this very act settles counts as it will be.
func (s *settling) acceptedAt(dl *Delivery) time.Time {
	reached, receipts := dl.Reached(), dl.Receipts
	if i := slices.IndexFunc(s.c.Settled, func(x *Delivery) bool { return x.ID == dl.ID }); i >= 0 {
		reached, receipts = s.c.Settled[i].Reached(), append(slices.Clone(receipts), s.c.Receipts...)
	}
	if dl.Notice == "" || !reached {
		return time.Time{}
	}
	for _, rc := range receipts {
		if rc.Delivery == dl.ID && rc.OK && rc.Report == "" {
			return rc.Ended.UTC().Truncate(time.Millisecond)
		}
	}
	return time.Time{}
}
