package incident

import "time"

// Route is a way out of the building.
type Route string

// The routes.
const (
	ByMail    Route = "mail"
	BySlack   Route = "slack"
	ByWebhook Route = "webhook"
)

// Fate is where a delivery stands.
type Fate string

// The fates. A pending delivery is due at Due; a leased one is being sent.
const (
	Pending   Fate = "pending"
	Leased    Fate = "leased"
	Taken     Fate = "accepted"  // the server has taken it
	Delivered Fate = "delivered" // a later report says that it is in the mailbox
	Bounced   Fate = "bounced"   // refused for good, at once or by a later report
	Dead      Fate = "dead"      // given up after too long
	Cancelled Fate = "cancelled" // no longer needed
)

// Delivery is one message on its way to one address by one route. Its ID is the
// Message-ID of the mail and the key by which a repeat is recognised.
type Delivery struct {
	ID       string
	Incident string // "" for messages about no case
	Record   string // "" for alarms to staff
	Notice   string // "" for alarms to staff
	Route    Route
	Address  string // frozen when the notice was approved
	Name     string // of the receiver
	Rank     int    // of the contact: 0 is the first choice
	Fate     Fate
	Urgency  time.Time // tightest deadline; the queue's order
	Due      time.Time // not before
	Lease    time.Time // until when a courier holds it
	Tries    int
	Token    string // SHA-256 of the secret in the receiver's link, hex; "" for alarms
	Body     []byte // exact bytes
	// Unwritten is what the bytes will be written from, before there are any;
	// it is only set when the delivery is made.
	Unwritten *Unwritten
	Made      time.Time
	Settled   time.Time
	Receipts  []Receipt // oldest first; loaded only where shown
}

// Reached reports whether the other side has taken the message and no report
// has said since that it did not arrive.
func (d *Delivery) Reached() bool { return d.Fate == Taken || d.Fate == Delivered }

// Receipt is what the transport answered to one attempt, or what a report said
// of it later.
type Receipt struct {
	Delivery string
	Try      int
	OK       bool
	Code     int    // SMTP or HTTP status; 0 when there was none
	Reply    string // the server's line, cleaned and bounded
	Queue    string // queue id or Slack timestamp
	Server   string // who answered
	TLS      string // "TLS 1.3", or "" for none
	SHA256   string // of the bytes, hex; of a report, its own
	Report   Verdict
	Began    time.Time
	Ended    time.Time
}

// Outcome is one attempt's end, as a courier tells it to the Desk.
type Outcome struct {
	Delivery *Delivery
	Receipt  Receipt
	Refused  bool          // for good; otherwise, when not OK, it is put off
	After    time.Duration // the other side's wish (Retry-After); 0 is none
	Untried  bool          // the way out was closed: not counted as a try
	Noted    bool          // it is durable already, by Ended
}
