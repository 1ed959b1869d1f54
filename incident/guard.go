package incident

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A FindingKind is a kind of personal number that has no business in free text.
type FindingKind string

// The kinds of findings.
const (
	FoundIdentityCode FindingKind = "identity_code" // Finnish henkilötunnus, artificial ones too
	FoundCard         FindingKind = "card"          // payment card number
	FoundIBAN         FindingKind = "iban"          // bank account number
)

// masks are what stands in place of a finding. Nothing of it is kept: the birth
// date alone identifies in small groups.
var masks = map[FindingKind]string{
	FoundIdentityCode: "******-****",
	FoundCard:         "**** **** **** ****",
	FoundIBAN:         "**** **** ****",
}

// A Finding is a personal number in a text, from byte Start up to End. Certain
// says that the form and the check digits are right and that the number is of
// an issuer we know; otherwise a person should look. Masked is what to put in
// its place.
type Finding struct {
	Kind       FindingKind
	Start, End int
	Masked     string
	Certain    bool
}

// recognisers find a number that starts at rune i of a text and ends before
// rune end; end is i where there is none.
var recognisers = []struct {
	kind FindingKind
	at   func(s *scanText, i int) (end int, certain bool)
}{
	{FoundIBAN, (*scanText).iban},
	{FoundIdentityCode, (*scanText).identityCode},
	{FoundCard, (*scanText).card},
}

// Scan finds the Finnish personal identity codes, payment card numbers and
// IBANs in text, in order and without overlaps. It looks through the dashes,
// spaces and invisible characters that word processors put in. The time it
// takes grows with the length of text, whatever the text is.
func Scan(text string) []Finding {
	s := newScanText(text)
	s.sweep(true) // first, so that a doubtful number never hides part of a certain one
	s.sweep(false)
	slices.SortFunc(s.found, func(a, b Finding) int { return a.Start - b.Start })
	return s.found
}

// maxMasks bounds how often Mask looks again. A number written right beside
// another is doubtful until that one is masked.
const maxMasks = 4

// Mask returns text with every certain finding replaced by its mask, and every
// identity code also where its check character is wrong, for a mistyped code
// still names a person. Card numbers and IBANs that are not certain stay: they
// may be times or order numbers that the evidence needs.
func Mask(text string) string {
	for range maxMasks {
		masked := maskFound(text)
		if masked == text {
			break
		}
		text = masked
	}
	return text
}

func maskFound(text string) string {
	var b strings.Builder
	end := 0
	for _, f := range Scan(text) {
		if !f.Certain && f.Kind != FoundIdentityCode {
			continue
		}
		b.WriteString(text[end:f.Start])
		b.WriteString(f.Masked)
		end = f.End
	}
	b.WriteString(text[end:])
	return b.String()
}

// scanText is a text made ready for scanning: invisible characters are left
// out, letters are upper case, every dash is '-' and every space ' '.
type scanText struct {
	runes []byte // one per rune; see scanByte
	start []int  // byte offset in the text
	end   []int
	found []Finding
}

// sweep collects the findings, or only those that are certain, and blots them
// out.
func (s *scanText) sweep(certain bool) {
	for i := 0; i < len(s.runes); i++ {
		for _, r := range recognisers {
			end, sure := r.at(s, i)
			if end == i || certain && !sure {
				continue
			}
			s.found = append(s.found, Finding{r.kind, s.start[i], s.end[end-1], masks[r.kind], sure})
			for j := i; j < end; j++ {
				s.runes[j] = '*'
			}
			break
		}
	}
}

// get returns the character at i, or 0 outside the text.
func (s *scanText) get(i int) byte {
	if i < 0 || i >= len(s.runes) {
		return 0
	}
	return s.runes[i]
}

func newScanText(text string) *scanText {
	s := &scanText{runes: make([]byte, 0, len(text)), start: make([]int, 0, len(text)), end: make([]int, 0, len(text))}
	for i, r := range text {
		if invisible(r) {
			continue
		}
		_, size := utf8.DecodeRuneInString(text[i:])
		s.runes = append(s.runes, scanByte(r))
		s.start, s.end = append(s.start, i), append(s.end, i+size)
	}
	return s
}

// invisible reports whether r takes no room: soft hyphens, joiners, marks of
// direction, byte order marks.
func invisible(r rune) bool {
	return r >= utf8.RuneSelf && unicode.Is(unicode.Cf, r)
}

// scanByte gives the character that the scanners compare with. Other letters and
// digits become 'a', which is part of no number and no word boundary.
func scanByte(r rune) byte {
	if r < utf8.RuneSelf {
		switch {
		case r >= 'a' && r <= 'z':
			return byte(r - 'a' + 'A')
		case r == '\v' || r == '\f':
			return ' '
		}
		return byte(r)
	}
	r = plainHyphen(r)
	switch {
	case r == '-':
		return '-'
	case r >= '\uff01' && r <= '\uff5e': // full-width forms of ASCII
		return scanByte(r - 0xfee0)
	case unicode.IsSpace(r):
		return ' '
	case unicode.IsLetter(r) || unicode.IsDigit(r):
		return 'a'
	}
	return 0
}

func isDigit(b byte) bool  { return b >= '0' && b <= '9' }
func isLetter(b byte) bool { return b >= 'A' && b <= 'Z' || b == 'a' }
