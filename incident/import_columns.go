package incident

import (
	"encoding/csv"
	"io"
	"strings"
)

// column is a column that an import knows: the field's name, under which errors
// are reported, its other names in the three languages, and how a cell is read.
type column struct {
	Field string
	Names string // separated by |, as foldHeader leaves them
	Read  func(r *customerRow, cell string) *Error
}

// columns are in the order in which errors of one row are reported.
var columns = []column{
	{"name", "name|customer|customername|company|companyname|controller|nimi|asiakas|asiakkaannimi|yritys|yrityksennimi|" +
		"organisaatio|rekisterinpitäjä|namn|kund|kundnamn|kundensnamn|företag|företagetsnamn|personuppgiftsansvarig", readName},
	{"business_id", "businessid|ytunnus|yritystunnus|fonummer|fonr|företagsochorganisationsnummer|organisationsnummer", readBusinessID},
	{"language", "language|lang|kieli|asiointikieli|språk", readLanguage},
	{"service", "service|servicename|product|palvelu|palvelunnimi|tuote|tjänst|tjänstensnamn|produkt", readService},
	{"contact_name", "contactname|contact|contactperson|yhteyshenkilö|yhteyshenkilönnimi|yhteysnimi|" +
		"kontaktperson|kontaktpersonensnamn|kontaktnamn|kontakt", readContactName},
	{"contact_email", "contactemail|email|mail|emailaddress|sähköposti|sähköpostiosoite|yhteyshenkilönsähköposti|yhteyssähköposti|" +
		"epost|epostadress|kontaktepost|kontaktpersonensepost", readEmail},
	{"contact_phone", "contactphone|phone|phonenumber|telephone|puhelin|puhelinnumero|yhteyshenkilönpuhelin|yhteyspuhelin|" +
		"telefon|telefonnummer|kontakttelefon|kontaktpersonenstelefon", readPhone},
	{"contract_hours", "contracthours|hours|noticehours|sopimustunnit|sopimuksentunnit|ilmoitusaika|ilmoitusaikatunteina|tunnit|" +
		"avtalstimmar|avtaladetimmar|anmälningstid|timmar", readHours},
	{"tenant_id", "tenantid|tenant|customerid|customernumber|asiakastunnus|asiakasnumero|vuokralaistunnus|tenanttunnus|" +
		"kundid|kundnummer|kundnr|klientid|tenantnummer", readTenant},
}

// columnOf finds a column by any of its names.
var columnOf = func() map[string]int {
	m := map[string]int{}
	for i, c := range columns {
		m[foldHeader(c.Field)] = i
		for name := range strings.SplitSeq(c.Names, "|") {
			m[name] = i
		}
	}
	return m
}()

// foldHeader leaves a header's letters only, in lower case: "Y-tunnus", "y
// tunnus" and "YTUNNUS" are one name.
func foldHeader(s string) string {
	s = strings.ToLower(compose.Replace(s))
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("abcdefghijklmnopqrstuvwxyzåäöé", r) {
			return r
		}
		return -1
	}, s)
}

// layout says which column of the file holds which field; -1 is none.
type layout struct {
	fields  []int // per column of the file
	unknown []string
}

// separators are those that spreadsheets write, the commonest here first.
var separators = []rune{';', ',', '\t'}

// openCSV finds the separator and the header, and returns a reader that stands
// before the first row, with the number of lines cut off before the header.
func openCSV(text string) (*csv.Reader, layout, int, error) {
	cut, sep := 0, rune(0)
	if first, rest, ok := strings.Cut(text, "\n"); ok {
		if s := strings.TrimRight(first, "\r"); len(s) == 5 && strings.EqualFold(s[:4], "sep=") {
			text, cut, sep = rest, 1, rune(s[4])
		}
	}
	best, known := ';', -1
	for _, s := range separators {
		if header, err := newCSV(text, s).Read(); err == nil && (sep == 0 || s == sep) {
			if n := countKnown(header); n > known {
				best, known = s, n
			}
		}
	}
	r := newCSV(text, best)
	header, err := r.Read()
	if err == io.EOF {
		return nil, layout{}, 0, badFile("import.empty")
	}
	if err != nil {
		return nil, layout{}, 0, badFile("import.header_quote")
	}
	lay, err := readHeader(header)
	return r, lay, cut, err
}

func newCSV(text string, sep rune) *csv.Reader {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = sep, -1, true
	return r
}

func countKnown(header []string) (n int) {
	for _, h := range header {
		if _, ok := columnOf[foldHeader(h)]; ok {
			n++
		}
	}
	return n
}

func readHeader(header []string) (layout, error) {
	lay := layout{fields: make([]int, len(header))}
	seen := make([]bool, len(columns))
	for i, h := range header {
		h = strings.Join(strings.Fields(h), " ")
		f, ok := columnOf[foldHeader(h)]
		switch {
		case !ok:
			f = -1
			if h != "" {
				lay.unknown = append(lay.unknown, clip(h))
			}
		case seen[f]:
			return lay, badFile("import.column_twice", "column", columns[f].Field)
		default:
			seen[f] = true
		}
		lay.fields[i] = f
	}
	if !seen[0] { // a customer is known by its name
		return lay, badFile("import.header", "found", strings.Join(lay.unknown[:min(len(lay.unknown), 9)], ", "))
	}
	return lay, nil
}
