package incident

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// OlderImport is an older register of breaches to be taken in.
type OlderImport struct {
	Rows    [][]string // the head first; each with its line as an editor counts
	Lines   []int
	SHA256  string // of the file, hex
	Coding  string // how the file was read: see Imported
	Zone    *time.Location
	DryRun  bool
	Partial bool // keep good rows although others are bad
	Key     string
}

// olderMost is how many cases one import takes.
const olderMost = 20_000

// olderRow is a row on its way in.
type olderRow struct {
	inc    *Incident
	line   int
	number string
	bad    []BadRow
	doubts []BadRow
}

// ImportOlder takes an older register in, all in one act. Its cases are closed
// and say that they were imported: they have no records and no deadlines, and
// never alarm. Unless in.Partial is set, one bad row keeps everything out. An
// error is about the file as a whole; what is wrong with single rows stands in
// the result.
func (d *Desk) ImportOlder(ctx context.Context, by Actor, in OlderImport) (*Imported, error) {
	key := in.Key
	if in.DryRun {
		key = ""
	}
	var done *Imported
	c, err := d.act(ctx, by, "import_register", key, func(c *Change) error {
		rows, got, err := d.readOlder(ctx, c, in)
		if err != nil {
			return err
		}
		done = got
		if in.DryRun || len(got.Bad) > 0 && !in.Partial || got.Added == 0 {
			return nil
		}
		var numbers []string
		for _, r := range rows {
			c.Imports = append(c.Imports, r.inc)
			d.entry(c, r.inc.ID, "", "case.imported", "line", fmt.Sprint(r.line))
			numbers = append(numbers, r.inc.Number)
		}
		got.Kept = true
		c.What = map[string]any{"file": in.SHA256, "cases": numbers}
		c.Result, err = memo(got.again())
		return err
	})
	if err != nil {
		return nil, err
	}
	if done == nil {
		done = &Imported{}
	}
	return done, c.recall(done)
}

// readOlder reads all rows and tells the good from the bad.
func (d *Desk) readOlder(ctx context.Context, c *Change, in OlderImport) ([]*olderRow, *Imported, error) {
	if len(in.Rows) < 2 {
		return nil, nil, badFile("older.empty")
	}
	if len(in.Rows) > olderMost+1 {
		return nil, nil, badFile("import.too_many", "max", olderMost)
	}
	got := &Imported{Encoding: in.Coding}
	fields, err := olderHead(in.Rows[0], got)
	if err != nil {
		return nil, nil, err
	}
	var rows []*olderRow
	for i, cells := range in.Rows[1:] {
		if blank(cells) {
			continue
		}
		got.Rows++
		r := &olderRow{line: in.Lines[i+1], inc: &Incident{ID: d.NewID(), LoggedAt: c.At, LoggedBy: c.By.Name, Logger: c.By.ID, Version: 1,
			Older: &Older{Kind: "breach", Part: "controller", File: in.SHA256, Line: in.Lines[i+1], At: c.At, Importer: c.By.Name}}}
		r.read(cells, fields, olderTimes{c.At, cmp.Or(in.Zone, time.UTC)})
		rows = append(rows, r)
	}
	if err := d.numberOlder(ctx, rows); err != nil {
		return nil, nil, err
	}
	var good []*olderRow
	for _, r := range rows {
		got.Bad, got.Doubts = append(got.Bad, r.bad...), append(got.Doubts, r.doubts...)
		if len(r.bad) == 0 {
			good = append(good, r)
		}
	}
	got.Added = len(good)
	return good, got, nil
}

// olderHead finds the columns by their names; -1 is none that we know.
func olderHead(head []string, got *Imported) ([]int, error) {
	fields, seen := make([]int, len(head)), map[int]bool{}
	for i, h := range head {
		name := foldHeader(h)
		fields[i] = slices.IndexFunc(olderColumns, func(x olderColumn) bool {
			return foldHeader(x.Field) == name || slices.Contains(strings.Split(x.Names, "|"), name)
		})
		switch f := fields[i]; {
		case f < 0 && strings.TrimSpace(h) != "":
			got.Unknown = append(got.Unknown, clip(h))
		case f >= 0 && seen[f]:
			return nil, badFile("import.column_twice", "column", olderColumns[f].Field)
		default:
			seen[f] = true
		}
	}
	for i, x := range olderColumns {
		if x.Needed && !seen[i] {
			return nil, badFile("older.column", "column", x.Field)
		}
	}
	return fields, nil
}

// read fills the case from the cells, and says what it cannot use.
func (r *olderRow) read(cells []string, fields []int, at olderTimes) {
	for i, cell := range cells {
		if i >= len(fields) || fields[i] < 0 {
			continue
		}
		x := olderColumns[fields[i]]
		cell = strings.TrimSpace(cell)
		if len(cell) > textMax {
			r.wrong(x.Field, "import.too_long", "max", textMax, "text", clip(cell))
			continue
		}
		if cell == "" {
			continue
		}
		if e := x.Read(r, cell, at); e != nil {
			e.Field = x.Field
			r.bad = append(r.bad, BadRow{r.line, x.Field, e})
		}
	}
	r.finish()
}

func (r *olderRow) wrong(field, key string, pairs ...any) {
	r.bad = append(r.bad, BadRow{r.line, field, &Error{Kind: Invalid, Field: field, Key: key, Args: args(pairs)}})
}

func (r *olderRow) doubt(field, key string) {
	r.doubts = append(r.doubts, BadRow{r.line, field, &Error{Kind: Invalid, Field: field, Key: key}})
}

// finish holds what Art. 33(5) demands of a row: when it was known and what was
// decided. Facts, effects, action and reasons that lack are doubts: what an old
// register does not say cannot be made up.
func (r *olderRow) finish() {
	inc, o := r.inc, r.inc.Older
	if inc.Title == "" {
		inc.Title = shorten(inc.Facts.Nature.Text, titleMax)
	}
	failed := func(field string) bool {
		return slices.ContainsFunc(r.bad, func(b BadRow) bool { return b.Field == field })
	}
	if inc.Title == "" && !failed("title") {
		r.wrong("title", "older.title_empty")
	}
	if _, ok := inc.At(ProcessorAware); !ok && !failed("date") {
		r.wrong("date", "older.date_empty")
	}
	if o.Decision == "" && !o.Reported.IsZero() {
		o.Decision = "reported"
	}
	if o.Decision == "" && !failed("decision") {
		r.wrong("decision", "older.decision_empty")
	}
	if o.Decision == "no_breach" {
		o.Kind = "no_breach"
	}
	for _, x := range []struct {
		field string
		lacks bool
	}{{"description", inc.Facts.Nature.Text == ""}, {"effects", inc.Facts.Consequences.Text == ""}, {"measures", inc.Facts.Measures.Text == ""},
		{"reason", o.Reason == "" && o.Decision != "reported"}} {
		if x.lacks {
			r.doubt(x.field, "older.lacks")
		}
	}
	if inc.ClosedAt.IsZero() {
		inc.ClosedAt = inc.LoggedAt
	}
	inc.Ended = cmp.Or(o.Reason, inc.Title)
}

// shorten cuts a text at n characters.
func shorten(s string, n int) string {
	if rs := []rune(s); len(rs) > n {
		return string(rs[:n-1]) + "…"
	}
	return s
}

// numberOlder gives numbers to rows that have none and refuses those that
// stand twice or are taken.
func (d *Desk) numberOlder(ctx context.Context, rows []*olderRow) error {
	lines, all := map[string]int{}, make([]string, 0, len(rows))
	for _, r := range rows {
		if r.number == "" {
			k, _ := r.inc.At(ProcessorAware)
			r.number = fmt.Sprintf("%d-T%d", k.At.Year(), r.line)
		}
		r.inc.Number = r.number
		if was, ok := lines[r.number]; ok {
			r.wrong("number", "older.number_twice", "text", clip(r.number), "line", was)
			continue
		}
		lines[r.number] = r.line
		all = append(all, r.number)
	}
	taken, err := d.Store.Numbers(ctx, all)
	for _, r := range rows {
		if slices.Contains(taken, r.number) {
			r.wrong("number", "older.number_taken", "text", clip(r.number))
		}
	}
	return err
}
