package incident

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// identityChecks are the check characters of an identity code, by the remainder
// of its nine digits by 31.
const identityChecks = "0123456789ABCDEFHJKLMNPRSTUVWXY"

// identityCenturies are the centuries of birth by sign. The signs added in 2023
// distinguish people and are never taken for one another.
var identityCenturies = map[byte]int{
	'+': 1800,
	'-': 1900, 'Y': 1900, 'X': 1900, 'W': 1900, 'V': 1900, 'U': 1900,
	'A': 2000, 'B': 2000, 'C': 2000, 'D': 2000, 'E': 2000, 'F': 2000,
}

// identityCode recognises DDMMYYXNNNT. A wrong check character makes it
// doubtful, as do letters or digits that follow at once. Where the sign has
// become a space or an underscore, or has spaces around it, the check character
// must be right; where it is gone altogether, that must be a letter too, for
// ten digits are mostly something else. A code whose date is impossible is none.
func (s *scanText) identityCode(i int) (int, bool) {
	if !s.digits(i, 6) || isDigit(s.get(i-1)) {
		return i, false
	}
	j, sign, plain := s.identitySign(i + 6)
	if !s.digits(j, 3) {
		return i, false
	}
	t := s.get(j + 3)
	if t == 0 || t == 'a' || strings.IndexByte(identityChecks, t) < 0 || !s.born(i, sign) {
		return i, false
	}
	n := s.number(i, 6)*1000 + s.number(j, 3)
	right := identityChecks[n%31] == t
	issued := n%1000 >= 2 // 900–999 are artificial, and found all the same
	next := s.get(j + 4)
	alone := !isLetter(next) && !isDigit(next)
	gone := j == i+6
	switch {
	case !right && !(plain && issued && alone), // only the plain form may have a wrong check
		gone && !(isLetter(t) && alone),
		isDigit(next) && !(plain && isLetter(t)): // a longer number, unless a letter ends this one
		return i, false
	}
	return j + 4, right && issued && alone && !gone
}

// identitySign reads what stands between the date and the number: a sign, up
// to two spaces before and after it, or only a space or an underscore, for
// which the sign is 0. Plain says that it is the sign alone.
func (s *scanText) identitySign(i int) (next int, sign byte, plain bool) {
	j := s.spaces(i)
	c := s.get(j)
	if identityCenturies[c] != 0 {
		next = s.spaces(j + 1)
		return next, c, next == i+1
	}
	if c == '_' && j == i {
		j++
	}
	return j, 0, false
}

// spaces skips up to two spaces.
func (s *scanText) spaces(i int) int {
	for n := 0; n < 2 && s.get(i) == ' '; n++ {
		i++
	}
	return i
}

// born reports whether the six digits from i are a date in the century of the
// sign, or without a sign in one of the last two.
func (s *scanText) born(i int, sign byte) bool {
	centuries := []int{1900, 2000}
	if sign != 0 {
		centuries = []int{identityCenturies[sign]}
	}
	d, m, y := s.number(i, 2), time.Month(s.number(i+2, 2)), s.number(i+4, 2)
	return slices.ContainsFunc(centuries, func(c int) bool {
		_, gotM, gotD := wallDate(c+y, m, d).Date()
		return gotM == m && gotD == d
	})
}

// digits reports whether n digits stand from i.
func (s *scanText) digits(i, n int) bool {
	for j := i; j < i+n; j++ {
		if !isDigit(s.get(j)) {
			return false
		}
	}
	return true
}

// number reads the n digits from i.
func (s *scanText) number(i, n int) int {
	v := 0
	for _, b := range s.runes[i : i+n] {
		v = v*10 + int(b-'0')
	}
	return v
}

// cardBrands are the first four digits and the lengths of the card numbers in
// use: Mir, Mastercard, Diners, American Express, JCB, Visa, Maestro, Discover
// and UnionPay, Troy.
var cardBrands = []struct{ from, to, min, max int }{
	{2200, 2204, 16, 19}, {2221, 2720, 16, 16}, {3000, 3099, 14, 19}, {3400, 3499, 15, 15}, {3500, 3599, 16, 19},
	{3600, 3699, 14, 19}, {3700, 3799, 15, 15}, {3800, 3999, 14, 19}, {4000, 4999, 13, 19}, {5000, 5099, 13, 19},
	{5100, 5599, 16, 16}, {5600, 6999, 13, 19}, {9792, 9792, 16, 16},
}

// card recognises 13 to 19 digits with a right Luhn sum, in groups parted by
// single spaces or hyphens. It is certain of a known brand whose groups, but
// for the last, have at least four digits.
func (s *scanText) card(i int) (int, bool) {
	before := s.get(i - 1)
	if !isDigit(s.get(i)) || s.get(i) == '0' || isDigit(before) || before == '+' || before == '.' && isDigit(s.get(i-2)) {
		return i, false
	}
	var number [19]byte
	n, group, regular := 0, 0, true
	end, sure := i, false
	for j := i; n < len(number); j++ {
		if c := s.get(j); !isDigit(c) { // a separator
			regular, group = regular && group >= 4, 0
			continue
		}
		number[n] = s.get(j)
		n, group = n+1, group+1
		next := s.get(j + 1)
		if isDigit(next) {
			continue
		}
		if n >= 13 && luhn(number[:n]) {
			known := cardBrand(number[:n])
			alone := !isLetter(before) && !isLetter(next)
			// Of several readings the certain one wins, then the longest.
			if now := known && regular && alone; now || !sure && (known || regular && alone) {
				end, sure = j+1, now
			}
		}
		if (next != ' ' && next != '-') || !isDigit(s.get(j+2)) {
			break
		}
	}
	return end, sure
}

// luhn reports whether the digits have a right Luhn sum.
func luhn(number []byte) bool {
	sum := 0
	for i, b := range number {
		d := int(b - '0')
		if (len(number)-i)%2 == 0 {
			d = 2*d/10 + 2*d%10
		}
		sum += d
	}
	return sum%10 == 0
}

// cardBrand reports whether the number is of a brand in use.
func cardBrand(number []byte) bool {
	first, _ := strconv.Atoi(string(number[:4]))
	for _, b := range cardBrands {
		if first >= b.from && first <= b.to && len(number) >= b.min && len(number) <= b.max {
			return true
		}
	}
	return false
}

// ibanLengths are the lengths by country in the IBAN registry of ISO 13616.
var ibanLengths = func() map[string]int {
	const registry = "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 " +
		"EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 " +
		"KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 " +
		"PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 " +
		"VG24 XK20 YE30"
	lengths := map[string]int{}
	for _, entry := range strings.Fields(registry) {
		lengths[entry[:2]], _ = strconv.Atoi(entry[2:])
	}
	return lengths
}()

// iban recognises a country's two letters and a number whose ISO 7064 check
// digits are right: written in one, or in groups of four, or where it has only
// digits in any groups. It is certain if the country has IBANs of that length
// and no digit follows; of other countries it takes what is written in one. If
// there are letters in the number, none may stand beside it.
func (s *scanText) iban(i int) (int, bool) {
	a, b := s.get(i), s.get(i+1)
	if !isLetter(a) || !isLetter(b) || a == 'a' || b == 'a' || !s.digits(i+2, 2) {
		return i, false
	}
	want, known := ibanLengths[string([]byte{a, b})]
	if !known {
		want = 34
	}
	number := make([]byte, 0, 34)
	inDigits, inFours := true, true
	j := i
	for ; len(number) < want; j++ {
		c := s.get(j)
		switch {
		case isDigit(c) || isLetter(c) && c != 'a':
			number = append(number, c)
			inDigits = inDigits && (len(number) <= 2 || isDigit(c))
		case known && (c == ' ' || c == '-') && j > i+3 && s.get(j-1) != ' ' && s.get(j-1) != '-':
			inFours = inFours && len(number)%4 == 0
		default:
			want = 0 // the end of what is written in one
			j--
		}
	}
	if len(number) < 15 || known && want == 0 || !inDigits && !inFours || !mod97(number) {
		return i, false
	}
	before, next := s.get(i-1), s.get(j)
	alone := !isDigit(before) && !isLetter(before) && !isDigit(next) && !isLetter(next)
	if !alone && (!known || !inDigits) {
		return i, false // a piece of a hash
	}
	return j, known && !isDigit(next)
}

// mod97 reports whether the check digits of an IBAN are right.
func mod97(number []byte) bool {
	rest := 0
	for k := range number {
		c := number[(k+4)%len(number)]
		if isDigit(c) {
			rest = (rest*10 + int(c-'0')) % 97
		} else {
			rest = (rest*100 + int(c-'A') + 10) % 97
		}
	}
	return rest == 1
}
