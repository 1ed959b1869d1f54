package incident

import "time"

// Cut asks for one page of a list: rows after the cursor, at most Limit. The
// cursor of the next page comes with the rows; "" is the first page, and the
// last.
type Cut struct {
	After string
	Limit int
}

// Row is one line of the board or the register of breaches.
type Row struct {
	ID       string
	Number   string
	Title    string
	Services []string // names
	Tally    Tally
	LoggedAt time.Time
	ClosedAt time.Time
	Aware    time.Time
	Next     *Deadline // the tightest running deadline of ours with a limit, or nil
	Holder   string    // name of the record that Next belongs to
	Waiting  int       // how many records have that same limit or an earlier one
	Theirs   *Deadline // the first running deadline of a controller's own (Art. 33(1) GDPR), or nil
	Whose    string    // name of the record that Theirs belongs to
}

// Filter narrows a list of cases.
type Filter struct {
	State  string // "open", "closed" or "" for all
	Search string // in number and title
}

// Line is one controller of a case in a list.
type Line struct {
	ID         string
	Controller string
	Name       string
	Lang       string
	Part       Part
	Certainty  Certainty
	Stage      Stage
	Tier       Tier
	Hours      int
	AckedAt    time.Time
	AckedBy    string
	Contacts   int // how many contacts with an address the controller has now
	Deadlines  []*Deadline
}

// LineFilter narrows a list of controllers.
type LineFilter struct {
	Stage  Stage
	Search string // in the name
}

// Entrant is what a login needs to know of a user.
type Entrant struct {
	User     User
	Failures int // failed attempts since the window began
}

// Limit is a time by which something is due, for a calendar: how many records
// of a case share it, and no name.
type Limit struct {
	Incident string
	Number   string
	Duty     string
	Due      time.Time
	Records  int
}

// Awaiting is a judgement that waits for a second person.
type Awaiting struct {
	On       Judgement
	N        int    // which of its kind, from nought
	What     string // the tier, or the kind of decision
	Record   string
	Incident string
	Number   string
	Name     string // of the controller
	By       string // who decided
	ByID     string
	At       time.Time
}

// Hit is a text in which the words of a search were found.
type Hit struct {
	Kind     string // entry, notice, facts or customer
	Ref      string // id of the thing
	Incident string // "" for a customer
	N        int64  // the newer, the greater
}
