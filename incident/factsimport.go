package incident

import (
	"context"
	"io"
	"strings"
)

// FactsImport is a table of the controllers' own facts.
type FactsImport struct {
	Data   io.Reader
	Sure   Sure // of the words in it: Known or Assumed; numbers say it themselves
	DryRun bool
	// Explain says why the rows that were not understood may be left out. It is
	// demanded if there are any: they may be customers who would be told wrongly.
	Explain string
	Key     string
}

// FactsImported says what a table did or, on a dry run, would do.
type FactsImported struct {
	Rows    int
	Matched int // rows that name one controller of the case
	Changed int // records whose facts are not as they were
	// Left are the rows that were not taken, each with the reason: nobody or
	// somebody not of the case, several customers, or a cell that cannot be read.
	Left    []BadRow
	Silent  int      // records of the case that no row is about
	Unknown []string // columns that were not recognised
	Kept    bool
}

// DescribeMany takes the own facts of many controllers from a table, all in
// one act. Blank cells change nothing.
func (d *Desk) DescribeMany(ctx context.Context, by Actor, incident string, in FactsImport) (*FactsImported, error) {
	key := in.Key
	if in.DryRun {
		key = ""
	}
	var t *factsTable
	done := &FactsImported{}
	c, err := d.act(ctx, by, "describe", key, func(c *Change) error {
		*done = FactsImported{}
		inc, err := d.openIncident(ctx, incident)
		if err != nil {
			return err
		}
		if t == nil { // the reader can be read once, the rule may run again
			if t, err = parseFacts(in.Data); err != nil {
				return err
			}
		}
		return d.describeMany(ctx, c, inc, t, in, done)
	})
	if err != nil {
		return done, err
	}
	return done, c.recall(done)
}

func (d *Desk) describeMany(ctx context.Context, c *Change, inc *Incident, t *factsTable, in FactsImport, done *FactsImported) error {
	records, err := d.Store.Records(ctx, inc.ID, nil)
	if err != nil {
		return err
	}
	hits, err := d.Store.Match(ctx, t.words())
	if err != nil {
		return err
	}
	by := map[string]*Record{}
	for _, r := range records {
		if r.Part != AsController {
			by[r.Controller] = r
		}
	}
	done.Rows, done.Unknown = t.total, t.unknown
	done.Left = append(done.Left, t.bad...)
	told := map[string]int{} // line by record
	var changed []*Record
	for _, row := range t.rows {
		r, wrong := row.record(hits, by)
		if wrong == nil && told[r.ID] > 0 {
			wrong = badCell("row", "facts.twice", "line", told[r.ID], "name", r.Name)
		}
		if wrong != nil {
			done.Left = append(done.Left, BadRow{row.line, wrong.Field, wrong})
			continue
		}
		told[r.ID] = row.line
		if f := row.over(r.Facts, in.Sure); f != r.Facts {
			r.Facts = f
			changed = append(changed, r)
		}
	}
	done.Matched, done.Changed, done.Silent = len(told), len(changed), len(by)-len(told)
	sortRows(done.Left)
	return d.keepFacts(c, inc, in, changed, done)
}

// keepFacts puts the changed facts into the change, unless it is a dry run.
func (d *Desk) keepFacts(c *Change, inc *Incident, in FactsImport, changed []*Record, done *FactsImported) error {
	explain := strings.TrimSpace(in.Explain)
	switch {
	case in.DryRun:
		return nil
	case len(done.Left) > 0 && explain == "":
		return Errors{&Error{Kind: Invalid, Field: "explain", Key: "facts.explain", Args: map[string]any{"N": len(done.Left)}}}
	case len(changed) == 0:
		return nil
	}
	facts := map[string]Facts{}
	for _, r := range changed {
		facts[r.ID] = r.Facts
		d.keep(c, r, r.tally())
	}
	done.Kept = true
	c.About = inc.ID
	d.entry(c, inc.ID, "", "case.described_many", "n", itoa(len(changed)), "left", itoa(len(done.Left))).Text = explain
	c.What = map[string]any{"facts": facts, "left": len(done.Left), "explain": explain}
	short := *done
	short.Left = short.Left[:min(len(short.Left), toldAgain)]
	var err error
	c.Result, err = memo(short)
	return err
}
