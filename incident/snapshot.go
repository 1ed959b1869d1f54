package incident

import "time"

// Snapshot is a case as it is at one instant, read row by row as the rows are
// bound to its chain. What is read of it fits together, whatever is written
// meanwhile. It is valid only while it is being lent.
type Snapshot interface {
	// Links hands over the links of the case's chain in order, with the rows
	// that they bind. The link is used again for the next one.
	Links(do func(*Audit) error) error
	// Facets names the tables of a case in the order in which they are told.
	Facets() []string
	// Rows hands over the rows of a facet in the order of their keys; with a
	// record, only those of that controller.
	Rows(facet, record string, do func(BoundRow) error) error
	// MailBytes, HandoverBytes and FileBytes are what was sent under an id,
	// handed over under an id, and kept under a hash. Nothing is nil.
	MailBytes(id string) ([]byte, error)
	HandoverBytes(id string) ([]byte, error)
	FileBytes(hash string) ([]byte, error)
	// Checkpoints hands over all, the oldest first, without their notes.
	Checkpoints(do func(Checkpoint) error) error
	// Checkpoint loads the one of that size.
	Checkpoint(size uint64) (*Checkpoint, error)
	// Logged returns the newest end of the case's chain among the first size
	// entries of the log, or nil.
	Logged(size uint64) (*LoggedHead, error)
	// Inclusion and Consistency prove over the log as RFC 6962 has it.
	Inclusion(index, size uint64) ([]Digest, error)
	Consistency(from, to uint64) ([]Digest, error)
	// Keys are those by which signatures are checked.
	Keys() ([]SignKey, error)
}

// BoundRow is a row as it is committed to.
type BoundRow struct {
	Facet, Label string
	Line         []byte // JSON in one line; used again for the next row
}

// LoggedHead is an end of a chain in the log of heads.
type LoggedHead struct {
	Index uint64 // of the entry
	Seq   int64  // of the link
	Link  []byte // its hash
}

// StoredInstant reads an instant as rows hold it. Nothing, and what stands for
// never, is the zero time.
func StoredInstant(text string) time.Time {
	t, err := time.Parse("2006-01-02T15:04:05.000Z", text)
	if err != nil || t.Year() == 9999 {
		return time.Time{}
	}
	return t
}
