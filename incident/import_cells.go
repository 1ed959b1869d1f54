package incident

import (
	"errors"
	"net/mail"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// customerRow is one row of an import, each cell read and checked.
type customerRow struct {
	line       int
	name       string
	businessID string
	lang       string
	service    string
	tenant     string
	contact    Contact
	hours      int // unsaid: the row does not say
}

// unsaid stands for hours that a row leaves blank. Zero says that none are agreed.
const unsaid = -1

// maxHours is the longest notice time that an import takes: thirty days.
const maxHours = 720

// compose joins letters with the marks that some systems write after them.
var compose = strings.NewReplacer("a\u0308", "ä", "o\u0308", "ö", "a\u030a", "å", "e\u0301", "é", "u\u0308", "ü",
	"A\u0308", "Ä", "O\u0308", "Ö", "A\u030a", "Å", "E\u0301", "É", "U\u0308", "Ü")

// unseen takes out characters without width that come along by copying.
var unseen = strings.NewReplacer("\u200b", "", "\ufeff", "", "\u00ad", "", "\u2060", "")

// cleanCell makes a cell's text plain: one line, single spaces, no marks that
// cannot be seen. It refuses control characters and texts that a wrong encoding
// or a spreadsheet has spoilt.
func cleanCell(cell string) (string, string) {
	plain := plainASCII(cell)
	if plain {
		cell = strings.TrimSpace(cell)
	} else {
		cell = strings.Join(strings.Fields(unseen.Replace(compose.Replace(cell))), " ")
	}
	if len(cell) > 1 && cell[0] == '\'' && strings.ContainsRune("=+-@", rune(cell[1])) {
		cell = cell[1:] // how spreadsheets and our own lists defuse a formula
	}
	for _, r := range cell {
		switch {
		case r == utf8.RuneError:
			return cell, "import.garbled"
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r):
			return cell, "import.control"
		}
	}
	if !plain && garbled.MatchString(cell) {
		return cell, "import.garbled"
	}
	return cell, ""
}

// plainASCII reports whether s is printable ASCII without double spaces, as
// nearly all cells are.
func plainASCII(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' || s[i] == ' ' && i > 0 && s[i-1] == ' ' {
			return false
		}
	}
	return true
}

// garbled finds UTF-8 that has been read as Latin-1 on its way: "MÃ¤ki".
var garbled = regexp.MustCompile("Ã[\u0080-\u00bf„–…¤¶¥©]|â€")

// spoilt finds what a spreadsheet leaves instead of a value: formulas and their
// errors, and long numbers that it has rounded.
var (
	formula = regexp.MustCompile(`^[=@]|^#(REF|NAME|VALUE|DIV/0|N/A|NULL|NUM|PUUTTUU|NIMI|ARVO|VIITTAUS)\b`)
	rounded = regexp.MustCompile(`^\d[.,]\d+E\+\d+$`)
)

// text checks a cell of free text of at most n characters.
func text(field, cell string, n int) *Error {
	switch {
	case utf8.RuneCountInString(cell) > n:
		return badCell(field, "import.too_long", "max", n, "text", clip(cell))
	case formula.MatchString(cell):
		return badCell(field, "import.formula", "text", clip(cell))
	case rounded.MatchString(cell):
		return badCell(field, "import.rounded", "text", clip(cell))
	}
	return nil
}

func readName(r *customerRow, cell string) *Error {
	if cell == "" {
		return badCell("name", "import.name")
	}
	r.name = cell
	return text("name", cell, 200)
}

func readService(r *customerRow, cell string) *Error {
	r.service = cell
	return text("service", cell, 120)
}

func readTenant(r *customerRow, cell string) *Error {
	r.tenant = cell
	return text("tenant_id", cell, 200)
}

func readContactName(r *customerRow, cell string) *Error {
	r.contact.Name = cell
	return text("contact_name", cell, 200)
}

func readBusinessID(r *customerRow, cell string) *Error {
	if cell == "" {
		return nil
	}
	id, err := ParseBusinessID(cell)
	switch {
	case errors.Is(err, ErrBusinessIDCheck):
		return badCell("business_id", "import.business_id_check", "text", clip(cell))
	case errors.Is(err, ErrBusinessIDNeverIssued):
		return badCell("business_id", "import.business_id_never", "text", clip(cell))
	case err != nil:
		return badCell("business_id", "import.business_id", "text", clip(cell))
	}
	r.businessID = id
	return nil
}

// langNames are the languages' codes and names as registers hold them.
var langNames = map[string]string{
	"fi": "fi", "fin": "fi", "fi-fi": "fi", "suomi": "fi", "suomeksi": "fi", "finska": "fi", "finnish": "fi",
	"sv": "sv", "swe": "sv", "sv-fi": "sv", "sv-se": "sv", "ruotsi": "sv", "ruotsiksi": "sv", "svenska": "sv", "swedish": "sv",
	"en": "en", "eng": "en", "en-gb": "en", "en-us": "en", "englanti": "en", "englanniksi": "en", "engelska": "en", "english": "en",
}

func readLanguage(r *customerRow, cell string) *Error {
	if cell == "" {
		return nil
	}
	lang, ok := langNames[strings.ToLower(strings.ReplaceAll(cell, "_", "-"))]
	if !ok {
		return badCell("language", "import.language", "text", clip(cell))
	}
	r.lang = lang
	return nil
}

func readEmail(r *customerRow, cell string) *Error {
	if cell == "" {
		return nil
	}
	if strings.Count(cell, "@") > 1 {
		return badCell("contact_email", "import.email_several", "text", clip(cell))
	}
	a, err := mail.ParseAddress(cell)
	if err != nil || a.Address != cell || len(cell) > 254 || !mailName.MatchString(cell) {
		return badCell("contact_email", "import.email", "text", clip(cell))
	}
	local, domain, _ := strings.Cut(cell, "@")
	r.contact.Email = local + "@" + strings.ToLower(domain)
	return nil
}

// mailName is an address that every relay takes: ASCII without quotes, a domain
// with a dot. It also shuts out line ends, which would add headers to a mail.
var mailName = regexp.MustCompile(`^[!#-'*+\-./-9=?A-Z^-~]{1,64}@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]$`)

func readPhone(r *customerRow, cell string) *Error {
	digits := strings.IndexFunc(cell, unicode.IsDigit)
	if cell != "" && digits < 0 || len(cell) > 60 || rounded.MatchString(cell) {
		return badCell("contact_phone", "import.phone", "text", clip(cell))
	}
	r.contact.Phone = cell
	return nil
}

// hourUnits are what people write after the hours.
var hourUnits = regexp.MustCompile(`(?i)^(\d{1,5})\s*(h|t|tim|tuntia|timmar|hours)?\.?$`)

func readHours(r *customerRow, cell string) *Error {
	if cell == "" {
		return nil
	}
	m := hourUnits.FindStringSubmatch(cell)
	if m == nil {
		return badCell("contract_hours", "import.hours", "text", clip(cell), "max", maxHours)
	}
	n, _ := strconv.Atoi(m[1]) // up to five digits
	if n > maxHours {
		return badCell("contract_hours", "import.hours", "text", clip(cell), "max", maxHours)
	}
	r.hours = n
	return nil
}

func badCell(field, key string, pairs ...any) *Error {
	return &Error{Kind: Invalid, Field: field, Key: key, Args: args(pairs)}
}

// clip shortens what is quoted back to the reader.
func clip(s string) string {
	if utf8.RuneCountInString(s) <= 60 {
		return s
	}
	return string([]rune(s)[:59]) + "…"
}

// visible shows characters that cannot be seen, or that end lines, as a mark.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsGraphic(r) {
			return r
		}
		return '\ufffd'
	}, s)
}

// lookalike reports whether Latin letters are mixed with Cyrillic or Greek ones,
// as in a name that only looks like another.
func lookalike(s string) bool {
	var latin, other bool
	for _, r := range s {
		latin = latin || unicode.Is(unicode.Latin, r)
		other = other || unicode.In(r, unicode.Cyrillic, unicode.Greek)
	}
	return latin && other
}
