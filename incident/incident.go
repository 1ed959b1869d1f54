// Package incident holds the rules of a personal data breach: what happened,
// whom it affects, who must be told by when, and what was done. It reads no
// clock, database or network; every act goes through a Desk.
package incident

import "time"

// Incident is what happened, once. It does not hold its records: ten thousand
// controllers must not be loaded to settle one delivery.
type Incident struct {
	ID       string
	Number   string // "2026-014", by year of logging in the organisation's zone
	Title    string // for staff only; never sent to a controller
	Services []string
	Facts    Facts    // shared; a record may hold its own
	Answers  string   // about the risk, shared, as JSON of package risk; "": none yet
	Regimes  []string // other laws that were switched on (rule 59)
	Inquiry  Inquiry
	Source   Source // a sub-processor that it came from
	Marks    []Mark
	// Deadlines are the incident's own clocks, beside those of its records.
	Deadlines []*Deadline
	Tally     Tally
	LoggedAt  time.Time
	LoggedBy  string    // name, as it was
	Logger    string    // id of the user or token
	ClosedAt  time.Time // zero while open
	Ended     string    // why it was closed, in one sentence
	Older     *Older    // unless nil, the case comes from an older register
	Version   int
}

// Inquiry is the state "under short investigation" (rule 13): it is not yet
// clear whether there was a breach. Leaving it needs a dated decision.
type Inquiry struct {
	Since   time.Time // zero: there was none
	Owner   string
	Remind  time.Time
	Ended   time.Time
	Outcome string // "breach", "no_breach" or "unclear"
	Reason  string
	By      string
}

// Running reports whether the investigation goes on.
func (q Inquiry) Running() bool { return !q.Since.IsZero() && q.Ended.IsZero() }

// Open reports whether the case is still worked on.
func (i *Incident) Open() bool { return i.ClosedAt.IsZero() }

// At returns the newest mark of a moment, and whether there is one.
func (i *Incident) At(m Moment) (Mark, bool) { return newest(i.Marks, m) }

// Tally counts an incident's records by how far they have come. It is kept by
// adding to it, never by counting rows.
type Tally struct {
	Records  int // affected or possibly affected controllers
	Notified int // a notice has been made
	Accepted int // a mail server has taken the notice, or a call was logged
	Acked    int // the controller has acknowledged
	Failed   int // nobody reached by mail: to be phoned
}

// Add returns the sum of two tallies.
func (t Tally) Add(u Tally) Tally {
	return Tally{t.Records + u.Records, t.Notified + u.Notified, t.Accepted + u.Accepted, t.Acked + u.Acked, t.Failed + u.Failed}
}

// Sub returns t less u.
func (t Tally) Sub(u Tally) Tally {
	return Tally{t.Records - u.Records, t.Notified - u.Notified, t.Accepted - u.Accepted, t.Acked - u.Acked, t.Failed - u.Failed}
}
