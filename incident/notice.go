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
	// Facts are those that it says, Was those of the controller's notice before.
	// Either is nil if it was not kept.
	Facts   *Stated
	Was     *Stated
	Phrases []PhraseUse // approved sentences in it
	Chase   time.Time   // when it goes to the next contact unless it is answered; zero: never
}

// Stated is what a notice says was known when it was made.
type Stated struct {
	Facts Facts `json:"facts"`
	From  Told  `json:"from,omitzero"` // when it happened
	To    Told  `json:"to,omitzero"`
	Aware Told  `json:"aware,omitzero"` // when we knew
}

// Told is a moment as it was told; zero is not yet known.
type Told struct {
	At   time.Time `json:"at,omitzero"`
	Sure Sure      `json:"sure,omitempty"`
}

// Chase says when a notice goes to the next contact; zero is never. An empty
// Notice is every notice of the record.
type Chase struct {
	Record string
	Notice string
	At     time.Time
}

// Tell gives a mark as it is told.
func (m Mark) Tell() Told { return Told{m.At, m.Sure} }

// View is what one controller may see: built from its record alone, so that no
// other customer's name, data or number can slip in (rule 24).
type View struct {
	Organisation Organisation
	Number       string // of the incident
	Controller   string
	Lang         string
	Services     []string // names, only those that this controller uses
	Stated
	Was        *Stated // what the notice before said; nil for the first
	N          int
	Said       string
	NextUpdate time.Time
	Contact    Contact // the receiver
	Secret     string  // of the link; each receiver has its own
	Code       string
	Delivery   string // id of the delivery that this is composed for
	Checkpoint string // of the record, as in Checkpoint.Short; "" before the first
	At         time.Time
	Dry        bool   // only the words are wanted, not the bytes
	Words      *Words // already said, which the mail repeats; nil: none yet
}

// Words are what a notice said when it was made.
type Words struct{ Subject, Text string }

// Letter is a composed notice: words for one receiver.
type Letter struct {
	Subject string
	Text    string
	Raw     []byte // the exact bytes to send
}
