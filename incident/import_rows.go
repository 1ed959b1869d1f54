package incident

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"strings"
)

// customerTable is a list of customers as a file gives it, before anything is
// known of the register.
type customerTable struct {
	Customers []*listed // in the order of their first rows
	Rows      int       // data rows, good and bad
	Bad       []BadRow
	Doubts    []BadRow
	Unknown   []string
	Encoding  string
	SHA256    string // of the file, hex
	// Torn says that a quotation mark swallowed lines. Customers may stand in
	// them unread, so nothing may be kept, not even the good rows.
	Torn bool
}

// parseCustomers reads a CSV file of customers: UTF-8, UTF-16 with its mark or
// Windows-1252; with semicolons, commas or tabs. What is wrong with one row
// stands in Bad, with the line as an editor counts it; an error is about the
// whole file.
func parseCustomers(r io.Reader) (*customerTable, error) {
	data, err := readImport(r)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(data)
	t := &customerTable{SHA256: hex.EncodeToString(sum[:])}
	text, encoding, err := decodeImport(data)
	if err != nil {
		return nil, err
	}
	t.Encoding = encoding
	in, lay, cut, err := openCSV(text)
	if err != nil {
		return nil, err
	}
	t.Unknown = lay.unknown
	rows, err := t.readRows(in, lay, cut)
	if err != nil {
		return nil, err
	}
	if t.Rows == 0 {
		return nil, badFile("import.empty")
	}
	t.merge(rows)
	sortRows(t.Bad)
	sortRows(t.Doubts)
	return t, nil
}

// readRows returns the good rows and reports the others. The first cut lines
// of the file were not given to the CSV reader.
func (t *customerTable) readRows(in *csv.Reader, lay layout, cut int) ([]customerRow, error) {
	var rows []customerRow
	for {
		record, err := in.Read()
		var broken *csv.ParseError
		switch {
		case err == io.EOF:
			return rows, nil
		case errors.As(err, &broken):
			t.Rows++
			t.quote(broken, cut)
		case err != nil:
			return nil, err
		case !blank(record):
			t.Rows++
			line := func(i int) int { n, _ := in.FieldPos(i); return n + cut }
			if row, ok := t.readRow(record, lay, line); ok {
				rows = append(rows, row)
			}
		}
		if t.Rows > maxImportRows {
			return nil, badFile("import.too_many", "max", maxImportRows)
		}
	}
}

// quote reports a row whose quotation marks do not fit together. If it runs
// over several lines, those lines are lost as well.
func (t *customerTable) quote(e *csv.ParseError, cut int) {
	first, last := e.StartLine+cut, e.Line+cut
	key := "import.quote"
	if last > first {
		t.Torn, key = true, "import.quote_lines"
	}
	t.bad(first, badCell("row", key, "first", first, "last", last))
}

// readRow reads one row's cells by the columns' table. All bad cells are
// reported, not just the first. The function line tells a cell's line.
func (t *customerTable) readRow(record []string, lay layout, line func(int) int) (customerRow, bool) {
	row := customerRow{line: line(0), hours: unsaid}
	for len(record) > len(lay.fields) && strings.TrimSpace(record[len(record)-1]) == "" {
		record = record[:len(record)-1]
	}
	if len(record) != len(lay.fields) {
		t.bad(row.line, badCell("row", "import.columns", "found", len(record), "wanted", len(lay.fields)))
		return row, false
	}
	good := true
	for i, cell := range record {
		if lay.fields[i] < 0 {
			continue
		}
		if e := readCell(&row, columns[lay.fields[i]], cell); e != nil {
			t.bad(line(i), e)
			good = false
		}
	}
	if good && row.contact.Name != "" && row.contact.Email == "" && row.contact.Phone == "" {
		t.bad(row.line, badCell("contact_email", "import.contact_empty", "text", clip(row.contact.Name)))
		good = false
	}
	if good && row.tenant != "" && row.service == "" {
		t.doubt(row.line, badCell("service", "import.tenant_alone", "text", clip(row.tenant)))
	}
	if good && lookalike(row.name) {
		t.doubt(row.line, badCell("name", "import.lookalike", "text", clip(row.name)))
	}
	return row, good
}

func readCell(row *customerRow, c column, cell string) *Error {
	clean, key := cleanCell(cell)
	if key != "" {
		return badCell(c.Field, key, "text", clip(visible(clean)))
	}
	return c.Read(row, clean)
}

func (t *customerTable) bad(line int, e *Error) {
	t.Bad = append(t.Bad, BadRow{line, e.Field, e})
}

func (t *customerTable) doubt(line int, e *Error) {
	t.Doubts = append(t.Doubts, BadRow{line, e.Field, e})
}

func blank(record []string) bool {
	return !slices.ContainsFunc(record, func(s string) bool { return strings.TrimSpace(s) != "" })
}

func sortRows(rows []BadRow) {
	slices.SortStableFunc(rows, func(a, b BadRow) int { return a.Line - b.Line })
}
