package incident

import "time"

// Own is the id of the own company in the register of controllers.
const Own = "own"

// Controller is a customer whose data the company processes (Art. 4(7)), or,
// with the id Own, the company itself.
type Controller struct {
	ID         string
	Name       string
	BusinessID string // Y-tunnus, normalised, or ""
	Lang       string // "fi", "sv" or "en"
	Authority  string // key of the competent authority; "" is the Ombudsman
	Hours      int    // agreed notice time; 0 = none agreed
	Contacts   []Contact
	Uses       []Use
	Mandate    Mandate // to assess and report for it; zero: none
	OpenLink   bool    // the link alone opens the details, without a code
	Version    int
}

// Contact is a person or mailbox of a controller that is told of breaches.
// Contacts are ordered: the first is tried first.
type Contact struct {
	Name  string
	Email string
	Phone string
	Lang  string `json:",omitempty"` // in which it is asked about itself; "" is the controller's
	// Awaits means that a link named the address and that nobody there has
	// answered yet: no notice goes to it.
	Awaits bool `json:",omitempty"`
	// Ends says that a link took the address away: until then notices go to it
	// beside the others. The zero time is a contact that stays.
	Ends time.Time `json:",omitzero"`
}

// Usable reports whether a notice may go to the contact's address.
func (c Contact) Usable() bool { return c.Email != "" && !c.Awaits }

// Leaving reports whether the contact was taken away and is still used.
func (c Contact) Leaving() bool { return !c.Ends.IsZero() }

// Use says that a controller uses a service, and how its tenant is called there.
type Use struct {
	Service string // id
	Tenant  string // tenant id in the service, or ""
}

// Service is something the company runs for its customers, or with Own set a
// register of its own.
type Service struct {
	ID    string
	Name  string
	Own   bool
	Users int // how many controllers use it; kept by the store
}

// Organisation is the company that runs the program: who speaks in a notice.
type Organisation struct {
	Name  string `json:"name"`
	Email string `json:"email"` // contact point for questions, Art. 33(3)(b)
	Phone string `json:"phone"`
	// Retain is for how many days kinds of data are kept (see Retentions); a
	// kind that is not in it is kept for good.
	Retain map[string]int `json:"retain,omitempty"`
	DPO    string         `json:"dpo"`  // name or title of the data protection officer
	Zone   string         `json:"zone"` // IANA name; "" is Europe/Helsinki
	// Alarm holds the addresses that are told when a case is logged or a
	// deadline nears.
	Alarm []string `json:"alarm"`
	// Plan is the escalation plan; empty means one step to all of Alarm.
	Plan    []Step   `json:"plan,omitempty"`
	Rota    []Shift  `json:"rota,omitempty"`
	Quiet   Quiet    `json:"quiet,omitzero"`
	Regimes []string `json:"regimes,omitempty"` // other laws that bind the company
	// FourEyes means that an assessment, or a decision that no report is due,
	// holds only once another user has approved it.
	FourEyes bool `json:"four_eyes,omitempty"`
	// ChaseAfter is how long a notice may stay unanswered, counted in the hours
	// of Day, before the next contact gets it; zero is four hours.
	ChaseAfter time.Duration `json:"chase_after,omitempty"`
	// AnswerAfter is how long a controller's question may wait, counted in the
	// hours of Day, before staff are alarmed; zero is four hours.
	AnswerAfter time.Duration `json:"answer_after,omitempty"`
	// ReplyInMail means that the mail about an answer holds its words, too;
	// otherwise it only leads to the page behind the link.
	ReplyInMail bool `json:"reply_in_mail,omitempty"`
	// Day are the hours in which answers are expected, in minutes after midnight
	// in the organisation's zone; the zero value is seven to twenty-one.
	Day Quiet `json:"day,omitzero"`
	// ChatOff means that the chat may be read by strangers: nothing goes there.
	ChatOff bool `json:"chat_off,omitempty"`
	// ChatDetails lets the title of a case into the chat; otherwise only numbers,
	// clocks and links go there.
	ChatDetails bool `json:"chat_details,omitempty"`
	// Lang is the language of alarms and of the chat; "" is Finnish.
	Lang string `json:"lang,omitempty"`
	// TwoToSend means that a notice is sent only once another user has approved
	// it. It is apart from FourEyes, for at night it can delay the notice.
	TwoToSend bool `json:"two_to_send,omitempty"`
	// AskContacts means that customers are asked, every ContactDays, who is told
	// of breaches. While it is off no such mail is sent.
	AskContacts bool `json:"ask_contacts,omitempty"`
	ContactDays int  `json:"contact_days,omitempty"` // zero is half a year
}

// User is a member of staff who can log in.
type User struct {
	ID       string
	Login    string // e-mail address, lower case
	Name     string
	Roles    []Role
	Lang     string
	Password string // Argon2id in PHC form
	Disabled bool
	Made     time.Time
	Slack    string // id of the member in Slack, or ""
}

// Token lets a program use the API with one role.
type Token struct {
	ID      string
	Name    string
	Role    Role
	Hash    string // SHA-256 of the secret, hex
	Made    time.Time
	Revoked time.Time
	Owner   string // id of the member of staff whose calendar it is, or ""
}
