package incident

import "time"

// The states of a proposal.
const (
	ProposalWaits    = "waiting"
	ProposalSent     = "sent"
	ProposalDeclined = "declined"
)

// Proposal is a notice that waits for a second person, with everything that was
// chosen frozen. Whom it reaches at which address is frozen when it is approved.
type Proposal struct {
	ID        string
	Incident  string
	In        Notify // Records is never nil
	Seal      string // hash of what the notices would say; an approval is for these words only
	By        string
	ByID      string
	At        time.Time
	State     string
	Decider   string
	DecidedAt time.Time
	Reason    string // of declining
}
