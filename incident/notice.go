package incident

import "time"

// Notice is what was said to one controller, numbered v1, v2 … It is frozen
// when made; later information is a further notice (rule 26).
type Notice struct {
	ID         string
	Incident   string
	Record     string
	N          int // 1 is the first, later ones are supplements
	Lang       string
	Subject    string
	Text       string // as sent, plain text
	Said       string // the part written by staff
	NextUpdate time.Time
	Code       string // short code by which the mail can be checked
	At         time.Time
	By         string
	AckedAt    time.Time
	AckedBy    string
	Phoned     bool // told by telephone, no mail
}

// View is what one controller may see: built from its record alone, so that no
// other customer's name, data or number can slip in (rule 24).
type View struct {
	Organisation Organisation
	Number       string // of the incident
	Controller   string
	Lang         string
	Services     []string // names, only those that this controller uses
	Facts        Facts
	Occurred     [2]Mark // from, to
	Aware        Mark
	N            int
	Said         string
	NextUpdate   time.Time
	Contact      Contact // the receiver
	Secret       string  // of the link; each receiver has its own
	Code         string
	Delivery     string // id of the delivery that this is composed for
	At           time.Time
}

// Letter is a composed notice: words for one receiver.
type Letter struct {
	Subject string
	Text    string
	Raw     []byte // the exact bytes to send
}
