package templates

import "time"

// Report is what a controller needs for its notification to the supervisory
// authority (Art. 33(3)), from one controller's record alone. Empty fields are
// not yet known; a report of a case of which nothing is known is valid
// (Art. 33(4)).
type Report struct {
	Kind      string // "preliminary", "supplementary", "complete" or "withdrawal"
	Number    string // of the case in this program
	Authority string // key; "" is the Data Protection Ombudsman
	Part      string // what the organisation is: "processor", "subprocessor" or "controller"
	Certainty string // whether the controller's data are hit: "possible", "confirmed" or "not_affected"
	Made      time.Time
	Zone      *time.Location

	Controller ReportParty
	Processor  ReportParty   // the zero value if the organisation is the controller
	Joint      []ReportJoint // with whom the controller decides together (Art. 26)
	Arranged   bool          // whether their arrangement has been seen
	Source     ReportSource  // the sub-processor that the breach came from, or the zero value
	Services   []string
	Times      []ReportTime // in the order in which they are printed

	Nature       ReportFact
	Groups       ReportFact // categories of data subjects
	People       ReportCount
	Data         ReportFact // categories of personal data
	Records      ReportCount
	Consequences ReportFact
	Measures     ReportFact

	Risk      *ReportRisk // nil: not assessed
	Limit     *ReportLimit
	Told      ReportTime // when the data subjects were told
	Promised  ReportTime // when the next supplement is to come
	Filings   []ReportFiling
	Decisions []ReportDecision
	Notices   []ReportNotice // sent to this controller
}

// ReportParty is an organisation and how to reach it.
type ReportParty struct {
	Name, BusinessID, Contact, Email, Phone, DPO string
}

// ReportJoint is one of several joint controllers. The lead notifies for all.
type ReportJoint struct {
	Name string
	Lead bool
}

// ReportSource is the sub-processor in whose hands the breach happened, with
// its own times.
type ReportSource struct {
	Name, Country string
	Aware, Told   time.Time // when it became aware, and when it told the processor; zero: not known
}

// ReportFact is a description. Assumed says that it is not confirmed.
type ReportFact struct {
	Text    string
	Assumed bool
}

// ReportCount is a number of people or of records; Sure is "exact", "about",
// "range" or anything else for unknown.
type ReportCount struct {
	Low, High int
	Sure      string
}

func (c ReportCount) known() bool {
	return c.Sure == "exact" || c.Sure == "about" || c.Sure == "range"
}

// ReportTime is a moment of the case, as its newest mark gives it.
type ReportTime struct {
	Moment  string    // key
	At      time.Time // zero: not known
	Assumed bool
	Ongoing bool        // it has not come yet: the breach goes on
	Unknown bool        // somebody has said that it is not known
	Why     string      // how it is known
	Earlier []time.Time // what was recorded before, oldest first
}

// ReportRisk is the newest assessment of the risk for people.
type ReportRisk struct {
	Tier     string // "unlikely_risk", "risk" or "high_risk"
	Reason   string
	By       string
	Approver string
	DPO      string // the data protection officer's view
	At       time.Time
}

// ReportLimit is the clock of the notification to the authority.
type ReportLimit struct {
	Due   time.Time // strict: Start and 72 hours of elapsed time
	Outer time.Time // Regulation 1182/71; zero if it adds nothing
	Start time.Time
	Met   time.Time // zero while it runs
	Late  string    // the reasons for the delay, if recorded
}

// late reports whether the limit was, or is at now, exceeded.
func (l *ReportLimit) late(now time.Time) bool {
	if l == nil || l.Due.IsZero() {
		return false
	}
	if l.Met.IsZero() {
		return now.After(l.Due)
	}
	return l.Met.After(l.Due)
}

// ReportFiling is a notification to the authority that a person has recorded.
type ReportFiling struct {
	Kind, Channel, Reference, LateReason string
	At                                   time.Time
}

// ReportDecision is a recorded decision: "not_notifiable" or "no_breach", or
// "hold" and "hold_ended" for the telling of people, which an authority may
// have asked to put off (recital 88).
type ReportDecision struct {
	Kind, Reason, By, Approver, DPO, Authority string
	At, Until                                  time.Time
}

// hold reports whether the decision is about the telling of people.
func (d ReportDecision) hold() bool {
	return d.Kind == "hold" || d.Kind == "hold_ended" || d.Kind == "order"
}

// ReportNotice is a notice to this controller. Taken is zero until a mail
// server has accepted it or a call was logged.
type ReportNotice struct {
	N       int
	Made    time.Time
	Taken   time.Time
	Phoned  bool
	AckedAt time.Time
	AckedBy string
}

// rulesAsOf is the day on which the law behind the report was last checked.
var rulesAsOf = time.Date(2026, time.November, 22, 0, 0, 0, 0, time.UTC)
