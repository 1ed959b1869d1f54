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
	Step    func(done, total int) // progress in customers; may be nil
}

// BadRow is a row that could not be used, or one that looks wrong.
type BadRow struct {
	Line  int    // as an editor counts, from 1
	Field string // name of the column, or "row"
	Err   *Error
}

// Imported says what an import did or, on a dry run, would do.
type Imported struct {
	Rows     int
	Added    int // customers
	Changed  int
	Same     int // customers of whom the register knew all of it
	Services int // services added
	Bad      []BadRow
	Doubts   []BadRow // rows that are kept but look wrong
	Unknown  []string // columns that were not recognised
	Encoding string   // "utf-8", "utf-16" or "windows-1252": how the file was read
	Kept     bool     // whether anything was written
}

// toldAgain is how many bad rows a repeat of an import is told of.
const toldAgain = 100

// ImportCustomers takes a list of customers (see parseCustomers) into the
// register, all in one act. It adds customers and services, and corrects what
// the file says otherwise; it removes nothing. Unless in.Partial is set, one
// bad row keeps everything out. An error is about the file as a whole; what is
// wrong with single rows stands in the result.
func (d *Desk) ImportCustomers(ctx context.Context, by Actor, in Import) (*Imported, error) {
	key := in.Key
	if in.DryRun {
		key = ""
	}
	var t *customerTable
	var p *intake
	c, err := d.act(ctx, by, "import", key, func(c *Change) error {
		var err error
		if t == nil { // the reader can be read once, the rule may run again
			if t, err = parseCustomers(in.Data); err != nil {
				return err
			}
		}
		if p, err = d.intake(ctx, t, in.Step); err != nil {
			return err
		}
		bad := len(p.done.Bad) > 0 && !in.Partial || t.Torn
		if in.DryRun || bad || p.done.Added+p.done.Changed+p.done.Services == 0 {
			return nil
		}
		p.done.Kept = true
		c.Register, c.What = p.register, p.what(t)
		c.Result, err = memo(p.done.again())
		return err
	})
	if err != nil {
		return nil, err
	}
	if p == nil || c.What == nil && c.Result != "" {
		p = &intake{done: &Imported{}}
	}
	return p.done, c.recall(p.done)
}

// again is what a repeat of the import is told.
func (m Imported) again() Imported {
	m.Bad, m.Doubts = m.Bad[:min(len(m.Bad), toldAgain)], m.Doubts[:min(len(m.Doubts), toldAgain)]
	return m
}
