package store

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// nordic gives the last letters of the Finnish and Swedish alphabets bytes that
// sort after z, in their order: å, ä, ö. The Danish, Norwegian and Estonian
// letters stand with the ones that they are written for.
var nordic = strings.NewReplacer("å", "{", "ä", "|", "æ", "|", "ö", "}", "ø", "}", "õ", "}")

// fold returns the form of a name by which it is found and ordered: lower
// case, single spaces, no accents but å, ä and ö, which are letters of their
// own and come last. Text that sorts by its bytes then sorts as a Finnish
// reader expects.
func fold(s string) string {
	s = strings.ToLower(norm.NFC.String(s))
	s = nordic.Replace(s)
	if !ascii(s) {
		s = plain(s)
	}
	return strings.Join(strings.Fields(s), " ")
}

// plain drops the accents of what is left: é becomes e, š becomes s.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s))
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

var likeSpecial = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// containing is the pattern for `like … escape '\'` that finds text with s
// in it, in folded columns.
func containing(s string) string { return "%" + likeSpecial.Replace(fold(s)) + "%" }
