package incident

import (
	"time"
)

// Desk is where cases are worked: the one door for every act, whether it comes
// from a browser, the API, the command line, a controller's link or time
// itself. Its fields must be set before use.
type Desk struct {
	Store     Store
	Now       func() time.Time
	NewID     func() string // unique, sorts by time of making
	NewSecret func() string // 256 bits, URL-safe
	NewCode   func() string // short, readable on the phone
	NewSalt   func() []byte // 16 bytes
	// Compose words a notice for one receiver, and may be called for several at
	// once; Alarm words a message to staff.
	Compose func(View) (Letter, error)
	Alarm   func(Alarm) (Letter, error)
	// CodeMail words the mail with the code that opens a controller's page.
	CodeMail func(CodeMail) (Letter, error)
	// Memo words the short mails to controllers that are no notices.
	Memo func(Memo) (Letter, error)
	// Card words the live message of a case; nil is none.
	Card func(CardView) (Letter, error)
	// Channel is the chat channel that alarms go to; "" is none.
	Channel string
	// Pace is how many mails a minute the relay is allowed to take; 0 is no limit.
	Pace int
	// DomainPace is the same for each receiving domain.
	DomainPace int
	// Wake is called after an act left something to send. It must not block.
	Wake func()
}

// Alarm is what staff are told. It holds no name of a customer and, unless the
// organisation allows the title, no free text, because chat is not ours.
type Alarm struct {
	Key      string // "logged", "deadline", "failed", "stalled", "unanswered", "action"
	Incident string
	Number   string
	Route    Route
	Address  string
	Hook     string // id of the endpoint, for a webhook
	Lang     string
	Zone     string // in which times are told
	Way      Way    // that has closed or opened, for the keys "closed" and "opened"
	Title    string // of the case, if the organisation lets it into the chat
	Duty     string
	Records  int // how many controllers it is about
	Others   int // other duties that are open in the same case
	Due      time.Time
	Left     time.Duration // negative when late
	At       time.Time
	ID       string // of the delivery
	Ring     string // id of the ring that an answer ends
}

// Log is what opens a case.
type Log struct {
	Title    string
	Aware    time.Time
	Text     string   // the time as typed
	Services []string // ids or names; none is "not known yet"
	// Unclear opens a short investigation instead: Aware is then the time of
	// the first sign, and the clocks start when the investigation ends.
	Unclear bool
	// Controllers are those affected, by id, name or tenant id, beside those
	// that use the services. One that is not understood refuses the act.
	Controllers []string
	Certainty   Certainty // of those affected; "" is Possible
	Facts       Facts     // what is known already; numbers go to a record that is alone
	Answers     []byte    // about the risk, as JSON of package risk; nil: none yet
	Key         string    // idempotency key
}

// Affect names controllers that belong to a case: by service, or by words
// pasted from somewhere (tenant ids, names, business ids).
type Affect struct {
	Services  []string
	Words     []string
	Certainty Certainty
	Key       string
}

// Found is what Affect made of its input. Unmatched and Doubtful must be shown
// and explained: they are customers who would not hear of the breach.
type Found struct {
	Added     int
	Reopened  int // had been marked as not affected
	Already   int
	Unmatched []string
	Doubtful  []string // words that name several controllers
}

// Notify is a notice to be sent to controllers. Texts holds the staff's words
// per language; the text under "" serves every language without its own.
type Notify struct {
	Texts      map[string]string
	NextUpdate time.Time
	Records    []string // nil: all open records of which we are processor
	// Cleared holds the Keys of doubtful Flags of which a person says that they
	// are not what they look like. It is recorded who said so.
	Cleared []string
	Key     string
}

// Sent says what Notify made. Unreachable are the records without any address:
// they must be phoned.
type Sent struct {
	Notices     int
	Deliveries  int
	Unreachable []string
	// Proposal is the id of the proposal that was made instead, because a second
	// person must approve; "" otherwise.
	Proposal string `json:",omitempty"`
}

// Call is a telephone call in which a controller was told.
type Call struct {
	At   time.Time
	Who  string
	Said string
	Key  string
}
