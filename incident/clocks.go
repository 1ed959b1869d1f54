package incident

import "time"

// DutyTally counts the clocks of one duty in one case. Those of a contract
// with another number of hours count apart.
type DutyTally struct {
	Duty        string
	Basis       string
	To          Party
	Ours        bool
	Within      Period
	N           int
	Running     int
	Late        int       // of those that run, past their limit
	MetLate     int       // of those that ended, after their limit
	Provisional int       // met by a server's acceptance alone
	Unexplained int       // ours, late, and no reason stands yet
	Next        time.Time // nearest limit that still runs, or zero
	Start       time.Time // of the earliest
	Due         time.Time // nearest limit of all, or zero
	Met         time.Time // when the last ended; zero while one runs
}

// ClockFilter narrows a list of clocks: to one duty and period, and to those
// that still run or have ended.
type ClockFilter struct {
	Duty   string
	Within Period
	Ended  bool
}

// Clock is a deadline with the name of the controller whose record it is.
type Clock struct {
	*Deadline
	Name string
}

// DutyOf returns a duty by its key, with its regime's key. The contract's duty
// is among them; the reminder of an investigation is not a duty.
func DutyOf(key string) (duty Duty, regime string, ok bool) {
	for _, g := range append([]Regime{contract(1)}, Laws...) {
		for _, d := range g.Duties {
			if d.Key == key {
				return d, g.Key, true
			}
		}
	}
	return Duty{}, "", false
}

// ByHand reports whether the duty is ended by a person who records that it was
// done, not by a notice, a report or a decision that has a form of its own.
func (d Duty) ByHand() bool {
	switch d.MetBy {
	case ControllerInformed, Reported, Supplemented:
		return false
	}
	return true
}

// Cause returns the mark that started d, one of r's deadlines: a controller's
// own clock may hang on its own word or on our notice.
func (r *Record) Cause(d *Deadline) (Mark, bool) {
	duty, _, ok := DutyOf(d.Duty)
	if !ok {
		return Mark{}, false
	}
	for _, m := range []Moment{duty.From, r.standIn(duty.From)} {
		if k, ok := r.At(m); ok && k.At.Equal(d.Start) && !k.At.IsZero() {
			return k, true
		}
	}
	return Mark{}, false
}

// standIn returns the moment that stands for m where m itself was not recorded,
// or came later: see start.
func (r *Record) standIn(m Moment) Moment {
	switch {
	case m != ControllerAware:
		return m
	case r.Part == AsController:
		return ProcessorAware
	}
	return ControllerInformed
}

// LimitFrom returns the limit that d would have if it had started at t, or
// zero if the law gives none.
func (d *Deadline) LimitFrom(t time.Time) time.Time {
	if d.Within.Zero() || t.IsZero() {
		return time.Time{}
	}
	return d.Within.After(t, helsinki)
}

// Reopened reports whether d, which had been met for the time being, runs
// again because our notice came back.
func (r *Record) Reopened(d *Deadline) bool {
	duty, _, ok := DutyOf(d.Duty)
	k, known := r.At(ControllerInformed)
	return ok && known && d.Running() && duty.MetBy == ControllerInformed && k.At.IsZero()
}
