package incident

import (
	"slices"
	"time"
)

// reckon brings r's deadlines in line with its moments, its part and what has
// been decided. It is the only place that knows how clocks start and end. A
// clock never vanishes: one that no longer applies ends with the reason.
func (r *Record) reckon(regimes []Regime, now time.Time, newID func() string) {
	for _, g := range regimes {
		for _, duty := range g.Duties {
			r.reckonDuty(duty, now, newID)
		}
	}
}

func (r *Record) reckonDuty(duty Duty, now time.Time, newID func() string) {
	d := r.Deadline(duty.Key)
	start, begun := r.start(duty.From)
	applies := r.Open() && duty.If(r)
	if d == nil {
		if !applies || !begun || !duty.inForce(start) {
			return
		}
		d = &Deadline{ID: newID(), Incident: r.Incident, Record: r.ID, Duty: duty.Key, Basis: duty.Basis,
			To: duty.To, Ours: duty.Ours, Within: duty.Within}
		r.Deadlines = append(r.Deadlines, d)
	}
	was := *d
	if begun && !start.Equal(d.Start) {
		d.begin(start)
	}
	if k, ok := r.At(duty.By); ok && duty.By != "" {
		d.Due, d.Outer = k.At, k.At
	}
	d.Met, d.How = r.end(duty, applies && begun, now, d)
	d.Warn = time.Time{}
	if d.Ours && d.Running() {
		d.Warn = r.warnAt(d, was, now)
	}
}

// warnAt returns when staff are next warned of a clock that has just been
// reckoned; was is how it was before. A warning that has come, or that quiet
// hours put off, is not lost by an act in between, and a clock that turns out
// to be late already is spoken of at once. While telling people is on hold
// nobody is warned; at its end somebody is.
func (r *Record) warnAt(d *Deadline, was Deadline, now time.Time) time.Time {
	if h := r.Held(now); h != nil && d.To == ToSubjects && h.Until.After(now) {
		return h.Until
	}
	same := was.Running() && was.Start.Equal(d.Start) && was.Due.Equal(d.Due)
	next := d.nextWarning(now)
	switch {
	case same && !was.Warn.IsZero() && (next.IsZero() || was.Warn.Before(next)):
		return was.Warn
	case !same && d.Late(now):
		return now
	}
	return next
}

// begin starts the clock at an instant. Hours are elapsed time; the limit is
// never moved for weekends or holidays.
func (d *Deadline) begin(start time.Time) {
	d.Start = start
	d.Due, d.Outer = time.Time{}, time.Time{}
	if !d.Within.Zero() {
		d.Due = d.Within.After(start, helsinki)
		d.Outer = d.Within.Outer(start, helsinki)
	}
}

// start returns when the clocks that run from m began. A controller is aware
// at the latest when it was informed (rule 9), and earlier if it says so (rule
// 11); the own company is aware when the processor, which it is, was aware.
func (r *Record) start(m Moment) (time.Time, bool) {
	k, ok := r.At(m)
	at := k.At
	if other := r.standIn(m); other != m {
		if o, known := r.At(other); known && !o.At.IsZero() && (at.IsZero() || o.At.Before(at)) {
			at, ok = o.At, true
		}
	}
	return at, ok && !at.IsZero()
}

// end returns when and how a duty ended, or zero while it runs.
func (r *Record) end(duty Duty, applies bool, now time.Time, d *Deadline) (time.Time, string) {
	if k, ok := r.At(duty.MetBy); ok && !k.At.IsZero() {
		return k.At, r.how(duty.MetBy)
	}
	if dec := r.decided(); dec != nil && duty.To == ToAuthority {
		return dec.At, dec.Kind
	}
	if applies {
		return time.Time{}, ""
	}
	why := r.why(duty)
	if !d.Met.IsZero() && d.How == why {
		return d.Met, d.How // it had ended for the same reason before
	}
	return now, why
}

// holds reports whether the i-th decision needs nobody's approval any more and
// nothing new has become known since.
func (r *Record) holds(i int) bool {
	return (!r.Decisions[i].Waits || r.Consent(ADecision, i) == Approved) && !r.overtaken(ADecision, i)
}

// decided returns the newest decision that ends the duty to report, or nil.
func (r *Record) decided() *Decision {
	for i := len(r.Decisions) - 1; i >= 0; i-- {
		if slices.Contains(decisionKinds, r.Decisions[i].Kind) && r.holds(i) {
			return &r.Decisions[i]
		}
	}
	return nil
}

// Held returns the hold on telling people that is in force at now, or nil. The
// clock towards the authority goes on (rule 55).
func (r *Record) Held(now time.Time) *Decision {
	for i := len(r.Decisions) - 1; i >= 0; i-- {
		switch d := &r.Decisions[i]; d.Kind {
		case "hold_ended":
			return nil
		case "hold":
			if !now.Before(d.From) && (d.Until.IsZero() || now.Before(d.Until)) {
				return d
			}
			return nil
		}
	}
	return nil
}

// how names the event that met a duty.
func (r *Record) how(m Moment) string {
	if m != ControllerInformed {
		return string(m)
	}
	switch r.Stage {
	case Acked, Phoned:
		return string(r.Stage)
	}
	return string(Accepted) // provisional: a bounce opens it again
}

// why names the reason for which a duty no longer applies.
func (r *Record) why(duty Duty) string {
	if !r.Open() {
		return string(NotAffected)
	}
	if e := r.Exempted(); e != nil && duty.To == ToSubjects {
		return "exempt_" + e.Ground
	}
	if r.Part == AsController || duty.To == ToAuthority && r.Tier == Unlikely {
		return "assessed"
	}
	return "withdrawn"
}

// Deadline returns the record's clock for a duty, or nil.
func (r *Record) Deadline(duty string) *Deadline {
	for _, d := range r.Deadlines {
		if d.Duty == duty {
			return d
		}
	}
	return nil
}

// urgency is the tightest limit of ours that still runs, or fallback.
func (r *Record) urgency(fallback time.Time) time.Time {
	tightest := fallback
	for _, d := range r.Deadlines {
		if d.Ours && d.Running() && !d.Due.IsZero() && d.Due.Before(tightest) {
			tightest = d.Due
		}
	}
	return tightest
}
