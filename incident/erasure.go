package incident

import (
	"context"
	"strings"
	"time"
)

// The acts that take something out of the record. A verification knows them by
// their names: only behind one of them may a salt be missing.
const (
	EraseAct  = "erase"  // a person
	ExpireAct = "expire" // what was kept for its time
)

// Seek is what a person is looked for by: names, addresses and numbers, as
// they may stand anywhere.
type Seek struct {
	Terms  []string
	Inside bool // also inside of other words
}

// Place is one column of one row in which a person was found.
type Place struct {
	Table, Column string
	Key           []string // names the row
	Incident      string   // of the case, or ""
	Number        string   // of the case
	Open          bool     // the case is open
	Held          bool     // its evidence is held
	Excerpt       string   // what stands around
	Proof         bool     // bytes that may have to be kept as evidence
	Blocked       bool     // cannot be spared now: a message key says why
}

// ID names the place.
func (p *Place) ID() string { return strings.Join(append([]string{p.Table, p.Column}, p.Key...), "/") }

// Erasure takes a person out of the record. What was taken out is kept nowhere:
// not here, and not in the chain.
type Erasure struct {
	ID      string
	Kind    string // "person"; of what was kept for its time, the kind of data
	Mark    string // stands where the name stood, the same for one erasure
	At      time.Time
	By      string
	Subject string // one of ErasedSubjects
	Reason  string
	Basis   string // one of ErasureBases
	Second  string // who else agreed, as typed; "" is nobody
	Changed map[string]int
	Kept    map[string]int
	Oldest  time.Time // of the cases that were erased from
	Newest  time.Time
	// Scrubbed is when the last byte was gone from the database's files; zero:
	// not yet.
	Scrubbed time.Time

	// What follows is not kept.
	Seek   Seek
	Where  []*Place
	Expire []*Place // what was kept for its time
	Spared []*Place // where somebody of the same name stands
	Proofs bool     // bytes that are evidence go, too
}

// ErasedSubjects are whose data it can be.
var ErasedSubjects = []string{"contact", "user", "subject"}

// ErasureBases are on what an erasure can rest. The words about them stand in
// the messages; none is taken for official text.
var ErasureBases = []string{"request", "minimise", "purpose", "order", "mistake"}

// ErasureStore is what erasing needs.
type ErasureStore interface {
	// Places finds every place where a person stands.
	Places(ctx context.Context, of Seek) ([]*Place, error)
	// Erasures lists what was erased, newest first.
	Erasures(ctx context.Context, cut Cut) ([]*Erasure, string, error)
	// Scrub drives what was erased out of the files of the database, unless
	// that is larger than most bytes, and reports whether it did.
	Scrub(ctx context.Context, most int64) (bool, error)
	// Scrubbed notes that erasures until then have left no byte in the files;
	// Unscrubbed reports whether one has.
	Scrubbed(ctx context.Context, at time.Time) error
	Unscrubbed(ctx context.Context, expired time.Time) (bool, error)

	// Expiring returns up to n places of a kind of data whose time began before
	// then, the oldest first, with when the oldest and the newest began.
	// ExpiringTally counts them. Open cases, those with a running clock and those
	// on hold have none.
	Expiring(ctx context.Context, kind string, before, now time.Time, n int) (all []*Place, oldest, newest time.Time, err error)
	ExpiringTally(ctx context.Context, kind string, before, now time.Time) (n int, oldest time.Time, err error)
	// LegalHold loads a case's hold, or nil; LegalHolds those that are not ended.
	LegalHold(ctx context.Context, incident string) (*LegalHold, error)
	LegalHolds(ctx context.Context) ([]*LegalHold, error)
	// ErasedIn counts the rows that were erased in a time, by kind.
	ErasedIn(ctx context.Context, from, until time.Time) (map[string]int, error)
}
