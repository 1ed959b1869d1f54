package incident

import "time"

// Memo is a short mail about a case or a contact. What it says beside its
// Kind depends on that; its words are those of its language.
type Memo struct {
	Kind         string // "reply", "contacts", "contacts_change", "contacts_new", "request"
	Organisation Organisation
	Number       string // of the case, or ""
	Lang         string
	Contact      Contact
	Head, Text   string // empty where the mail is to hold no details
	Secret       string // of the link, or ""
	Names        []string
	Coming       []string  // addresses that a correction names
	Leaving      []string  // addresses that it takes away
	Request      string    // kind of a data subject's request, or ""
	From         time.Time // when that was received
	Until        time.Time
	Delivery     string
	At           time.Time
}
