package incident

import (
	"context"
	"io"
)

// Import is a list of customers to be taken into the register.
type Import struct {
	Data    io.Reader
	DryRun  bool
	Partial bool // keep good rows although others are bad
	Key     string
	Step    func(done, total int) // progress; may be nil
}

// BadRow is a row that could not be used.
type BadRow struct {
	Line  int
	Field string
	Err   *Error
}

// Imported says what an import did or, on a dry run, would do.
type Imported struct {
	Rows     int
	Added    int // customers
	Changed  int
	Services int // services added
	Bad      []BadRow
	Doubts   []BadRow // rows that are kept but look wrong
	Unknown  []string // columns that were not recognised
	Encoding string   // "utf-8", "utf-16" or "windows-1252": how the file was read
	Kept     bool     // whether anything was written
}

func (d *Desk) ImportCustomers(ctx context.Context, by Actor, in Import) (*Imported, error) {
	return nil, errUnwritten
}
