package incident

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"
)

// factsRow is one row of a table of facts: who it is about and what it says.
type factsRow struct {
	line            int
	who             []string // tenant id, name, business id: those that were given
	people, records *Amount
	data, groups    string
}

// factsColumns are the columns of a table of facts, with their names in the
// three languages as foldHeader leaves them.
var factsColumns = []struct {
	Field string
	Names string
	Read  func(r *factsRow, cell string) *Error
}{
	{"who", "tenantid|tenant|customerid|customernumber|asiakastunnus|asiakasnumero|vuokralaistunnus|tenanttunnus|kundid|kundnummer|kundnr|klientid|tunnus|id", readWho},
	{"who", "name|customer|customername|company|companyname|controller|nimi|asiakas|asiakkaannimi|yritys|organisaatio|rekisterinpitäjä|" +
		"namn|kund|kundnamn|kundensnamn|företag|personuppgiftsansvarig", readWho},
	{"who", "businessid|ytunnus|yritystunnus|fonummer|fonr|organisationsnummer", readWhoID},
	{"people", "people|persons|datasubjects|numberofpeople|numberofdatasubjects|henkilöt|henkilöitä|henkilömäärä|ihmisiä|rekisteröidyt|" +
		"rekisteröityjä|rekisteröityjenmäärä|personer|antalpersoner|registrerade|antalregistrerade", readPeople},
	{"records", "records|numberofrecords|tietueet|tietueita|tietueidenmäärä|henkilötietotietueet|poster|antalposter|uppgiftsposter|personuppgiftsposter", readRecords},
	{"data", "data|datakinds|categories|categoriesofdata|kindsofdata|personaldata|tiedot|tietoryhmät|henkilötiedot|henkilötietoryhmät|tietolajit|" +
		"uppgifter|personuppgifter|uppgiftskategorier|kategorieravpersonuppgifter", readData},
	{"groups", "groups|groupsofpeople|categoriesofdatasubjects|ryhmät|henkilöryhmät|rekisteröityjenryhmät|" +
		"grupper|persongrupper|kategorieravregistrerade", readGroups},
}

// factsTable is a table as it was read, before anything is known of the case.
type factsTable struct {
	rows    []factsRow
	total   int
	bad     []BadRow
	unknown []string
}

// parseFacts reads a pasted table or a CSV file, in the encodings and with the
// separators that a list of customers may have. Columns come in any order; one
// of them must say who a row is about.
func parseFacts(r io.Reader) (*factsTable, error) {
	data, err := readImport(r)
	if err != nil {
		return nil, err
	}
	text, _, err := decodeImport(data)
	if err != nil {
		return nil, err
	}
	in, fields, err := openFacts(strings.TrimLeft(text, "\r\n"))
	if err != nil {
		return nil, err
	}
	t := &factsTable{unknown: fields.unknown}
	for {
		cells, err := in.Read()
		var broken *csv.ParseError
		switch {
		case err == io.EOF:
			if t.total == 0 {
				return nil, badFile("import.empty")
			}
			return t, nil
		case errors.As(err, &broken):
			if broken.Line > broken.StartLine { // rows were swallowed unread
				return nil, badFile("facts.torn", "first", broken.StartLine, "last", broken.Line)
			}
			t.total++
			t.bad = append(t.bad, BadRow{broken.StartLine, "row", badCell("row", "import.quote", "first", broken.StartLine, "last", broken.Line)})
		case err != nil:
			return nil, err
		case !blank(cells):
			line, _ := in.FieldPos(0)
			t.read(line, cells, fields.fields)
		}
		if t.total > maxImportRows {
			return nil, badFile("import.too_many", "max", maxImportRows)
		}
	}
}

// openFacts finds the separator by which the first row has the most known columns.
func openFacts(text string) (*csv.Reader, layout, error) {
	var best layout
	sep, known := rune(0), 0
	for _, s := range separators {
		header, err := newCSV(text, s).Read()
		if err != nil {
			continue
		}
		if lay, n := factsLayout(header); n > known {
			best, sep, known = lay, s, n
		}
	}
	if known == 0 || !best.names("who") || len(best.fields) < 2 {
		return nil, layout{}, badFile("facts.header")
	}
	r := newCSV(text, sep)
	_, err := r.Read()
	return r, best, err
}

func factsLayout(header []string) (layout, int) {
	lay, known := layout{fields: make([]int, len(header))}, 0
	for i, h := range header {
		lay.fields[i] = -1
		for j, c := range factsColumns {
			if containsFold(strings.Split(c.Names, "|"), foldHeader(h)) {
				lay.fields[i] = j
				known++
				break
			}
		}
		if lay.fields[i] < 0 && strings.TrimSpace(h) != "" {
			lay.unknown = append(lay.unknown, clip(strings.TrimSpace(h)))
		}
	}
	return lay, known
}

// names reports whether a column of the table fills a field.
func (l layout) names(field string) bool {
	for _, f := range l.fields {
		if f >= 0 && factsColumns[f].Field == field {
			return true
		}
	}
	return false
}

// read takes one row, or says what is wrong with it.
func (t *factsTable) read(line int, cells []string, fields []int) {
	t.total++
	row := factsRow{line: line}
	bad := func(e *Error) { t.bad = append(t.bad, BadRow{line, e.Field, e}) }
	for i, cell := range cells {
		if i >= len(fields) && strings.TrimSpace(cell) != "" {
			bad(badCell("row", "import.columns", "found", len(cells), "wanted", len(fields)))
			return
		}
		if i >= len(fields) || fields[i] < 0 {
			continue
		}
		c := factsColumns[fields[i]]
		clean, key := cleanCell(cell)
		if key != "" {
			bad(badCell(c.Field, key, "text", clip(visible(clean))))
			return
		}
		if e := c.Read(&row, clean); e != nil {
			bad(e)
			return
		}
	}
	if len(row.who) == 0 {
		bad(badCell("who", "facts.nobody"))
		return
	}
	t.rows = append(t.rows, row)
}

// words are all that the rows call somebody.
func (t *factsTable) words() []string {
	var all []string
	for _, r := range t.rows {
		all = append(all, r.who...)
	}
	return cleanWords(all)
}

// record returns whom of the case the row is about, or why that is not clear.
// Everything that the row calls it must name the same one.
func (row factsRow) record(hits map[string][]string, of map[string]*Record) (*Record, *Error) {
	var found *Record
	for _, w := range row.who {
		var here []*Record
		for _, id := range hits[w] {
			if r := of[id]; r != nil {
				here = append(here, r)
			}
		}
		switch {
		case len(hits[w]) == 0:
			return nil, badCell("who", "facts.unmatched", "text", clip(w))
		case len(here) == 0:
			return nil, badCell("who", "facts.not_in_case", "text", clip(w))
		case len(here) > 1 && len(row.who) == 1:
			return nil, badCell("who", "facts.several", "text", clip(w))
		case len(here) > 1: // another word may tell them apart
			continue
		case found != nil && found != here[0]:
			return nil, badCell("who", "facts.disagree", "text", clip(w), "name", found.Name)
		}
		found = here[0]
	}
	if found == nil {
		return nil, badCell("who", "facts.several", "text", clip(row.who[0]))
	}
	return found, nil
}

// over writes what the row says over a record's own facts.
func (row factsRow) over(f Facts, sure Sure) Facts {
	if sure != Known {
		sure = Assumed
	}
	if row.people != nil {
		f.People = *row.people
	}
	if row.records != nil {
		f.Records = *row.records
	}
	if row.data != "" {
		f.Data = Fact{row.data, sure}
	}
	if row.groups != "" {
		f.Groups = Fact{row.groups, sure}
	}
	return f
}
