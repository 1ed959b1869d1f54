package incident

import "time"

// Part is what the company is to a record's data (rule 2).
type Part string

// The parts a company can have.
const (
	AsProcessor    Part = "processor"
	AsController   Part = "controller" // own register, or joint
	AsSubprocessor Part = "subprocessor"
	AsEntity       Part = "entity" // bound by another regime, no own data hit
)

// Certainty says whether a controller's data are affected (rule 30).
type Certainty string

// The degrees; a record is never deleted, at most NotAffected.
const (
	Possible    Certainty = "possible"
	Confirmed   Certainty = "confirmed"
	NotAffected Certainty = "not_affected"
)

// Stage is how far the telling of one controller has come. It is derived from
// what the transport and people answered, never from a click.
type Stage string

// The stages of a record, in order.
const (
	Untold    Stage = "untold"   // no notice made
	Queued    Stage = "queued"   // notice made, no server has taken it
	Accepted  Stage = "accepted" // a mail server has taken it: told, provisionally
	Failed    Stage = "failed"   // no address left: to be phoned
	Phoned    Stage = "phoned"   // told by a logged call
	Acked     Stage = "acked"    // the controller has acknowledged
	Ourselves Stage = "own"      // the own company's record: nobody to tell
)

// Record is the breach record of one controller in one incident: the unit that
// is loaded, changed and saved. The own company has one, with Part
// AsController, when its own registers are hit.
type Record struct {
	ID         string
	Incident   string
	Controller string
	Name       string // of the controller, as it was
	Lang       string // "fi", "sv" or "en"
	Part       Part
	Certainty  Certainty
	Authority  string        // key of the competent authority (Art. 55–56)
	Hours      int           // agreed in the contract; 0 = none agreed
	Facts      Facts         // own, over the incident's
	Marks      []Mark        // own, beside the incident's
	Answers    string        // about the risk, as JSON of package risk; "": those of the incident
	Mandate    Mandate       // to act for the controller, as it was; zero: none
	Tier       Tier          // that holds: see tierInForce
	Assessed   []*Assessment // oldest first
	Filings    []Filing
	Decisions  []Decision
	Approvals  []Approval  // what second persons said, oldest first
	Reopenings []Reopening // oldest first
	Deadlines  []*Deadline
	Joint      Joint
	Stage      Stage
	Notices    int       // how many have been made
	Call       time.Time // since when somebody should phone; zero: nobody need
	AckedAt    time.Time
	AckedBy    string   // name and role as typed
	Shared     []Mark   // the incident's marks, for reading only; not saved with the record
	Regimes    []string // those switched on for the incident; for reading only
	Version    int
}

// At returns the newest mark of a moment: the record's own, else the incident's.
func (r *Record) At(m Moment) (Mark, bool) {
	if k, ok := newest(r.Marks, m); ok {
		return k, ok
	}
	return newest(r.Shared, m)
}

// Open reports whether the record still belongs to the affected.
func (r *Record) Open() bool { return r.Certainty != NotAffected }

// tally counts the record alone. The own company is not one of those to tell.
func (r *Record) tally() Tally {
	if !r.Open() || r.Stage == Ourselves {
		return Tally{}
	}
	t := Tally{Records: 1}
	switch r.Stage {
	case Queued:
		t.Notified = 1
	case Accepted, Phoned:
		t.Notified, t.Accepted = 1, 1
	case Failed:
		t.Notified, t.Failed = 1, 1
	case Acked:
		t.Notified, t.Accepted, t.Acked = 1, 1, 1
	}
	return t
}

// Filing is a report that a person has made to an authority. The program never
// files by itself (rule 48).
type Filing struct {
	Kind       string // "preliminary", "supplementary", "complete" or "withdrawal"
	At         time.Time
	Channel    string
	Reference  string // the authority's case number, or ""
	LateReason string // demanded past the limit (rule 45)
	Receipt    string // what the authority answered, or ""
	// Promised is when the rest will follow a preliminary report (Art. 33(4)).
	Promised time.Time
	// Due is the limit that the filing answered, as it stood then; zero if none
	// ran. A time that is corrected later does not move it.
	Due   time.Time
	Files []File // frozen with the filing
	By    string
	Made  time.Time
	Key   string `json:"-"` // of the form that it came from
}

// Late reports whether the filing came after the limit that it answered.
func (f Filing) Late() bool { return !f.Due.IsZero() && f.At.After(f.Due) }

// Decision ends a duty without a report (rule 20), or holds one back.
type Decision struct {
	Kind     string // "not_notifiable", "no_breach", or "hold" and "hold_ended" for the telling of people
	Reason   string
	Approver string
	DPO      string // consulted, and the view; or ""
	// Authority, From and Until describe a hold (recital 88): who ordered it,
	// for how long. Reason is its legal basis.
	Authority string
	From      time.Time
	Until     time.Time
	By        string
	ByID      string // of the user
	Waits     bool   // holds only once another user has approved it (four eyes)
	At        time.Time
}
