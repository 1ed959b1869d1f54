package incident

import (
	"slices"
	"time"
)

// Deadline is a duty whose clock runs, or ran, for one record. It ends only by
// a recorded event and keeps the rule that was valid when it started.
type Deadline struct {
	ID       string
	Incident string
	Record   string
	Duty     string // key
	Basis    string
	To       Party
	Ours     bool
	Within   Period
	Start    time.Time
	Due      time.Time // zero: without undue delay, no fixed limit
	Outer    time.Time // Regulation 1182/71; shown only as the legal outer limit
	Met      time.Time // zero while it runs
	How      string    // "", "accepted" (provisional), "acked", "phoned", "reported", "not_notifiable", "no_breach", "not_affected"
	Warn     time.Time // when to say something next; zero: never
	Reason   string    // why it was late; demanded (rules 25, 45)
}

// Running reports whether the clock still counts.
func (d *Deadline) Running() bool { return d.Met.IsZero() }

// Late reports whether the duty was or is past its limit at now.
func (d *Deadline) Late(now time.Time) bool {
	if d.Due.IsZero() {
		return false
	}
	if d.Met.IsZero() {
		return now.After(d.Due)
	}
	return d.Met.After(d.Due)
}

// warnings are the elapsed times at which staff hear about an open duty. A
// duty without a limit is pressed by elapsed time all the same (rule 19).
var warnings = []time.Duration{4 * time.Hour, 12 * time.Hour, 24 * time.Hour, 48 * time.Hour, 66 * time.Hour}

// lastCall is how long before a limit the last warnings come.
var lastCall = []time.Duration{12 * time.Hour, 2 * time.Hour, 0}

// longRun is the length beyond which a duty is not pressed by elapsed hours
// but reminded of in the days before its limit.
const longRun = 96 * time.Hour

// reminders are how long before the limit of a long duty people hear of it.
var reminders = []time.Duration{7 * 24 * time.Hour, 3 * 24 * time.Hour, 24 * time.Hour}

// nextWarning returns the first instant after t at which the deadline should
// be spoken of, or zero. After downtime it skips what was missed.
func (d *Deadline) nextWarning(t time.Time) time.Time {
	var next time.Time
	consider := func(at time.Time) {
		if at.After(t) && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	for _, w := range warnings {
		if at := d.Start.Add(w); d.Due.IsZero() || (at.Before(d.Due) && !d.long()) {
			consider(at)
		}
	}
	if d.Due.IsZero() {
		return next
	}
	before := lastCall
	if d.long() {
		before = append(slices.Clone(reminders), lastCall...)
	}
	for _, w := range before {
		if at := d.Due.Add(-w); at.After(d.Start) {
			consider(at)
		}
	}
	return next
}

// long reports whether the duty runs for many days.
func (d *Deadline) long() bool { return d.Due.Sub(d.Start) > longRun }
