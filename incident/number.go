package incident

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// A CountCertainty says how surely a number is known.
type CountCertainty string

// The certainties of a count. The empty string means unknown too.
const (
	CountExact   CountCertainty = "exact"
	CountAbout   CountCertainty = "about"
	CountRange   CountCertainty = "range"
	CountUnknown CountCertainty = "unknown"
)

// A Count is a number of people or records as it is known so far. High is Low
// unless a range was given.
type Count struct {
	Low, High int
	Certainty CountCertainty
}

// Known reports whether c holds a number at all.
func (c Count) Known() bool { return c.Certainty != CountUnknown && c.Certainty != "" }

// Amount returns c in the form that the facts of a breach keep.
func (c Count) Amount() Amount {
	a := Amount{Low: c.Low, Sure: string(c.Certainty)}
	if c.Certainty == CountRange {
		a.High = c.High
	}
	return a
}

// String writes c in a form of no language, which ParseCount reads: 12500,
// ~12500, 12000-13000, or ? where nothing is known.
func (c Count) String() string {
	switch c.Certainty {
	case CountExact:
		return strconv.Itoa(c.Low)
	case CountAbout:
		return "~" + strconv.Itoa(c.Low)
	case CountRange:
		return fmt.Sprintf("%d-%d", c.Low, c.High)
	}
	return "?"
}

// MarshalText writes c as String does.
func (c Count) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads what ParseCount reads.
func (c *Count) UnmarshalText(text []byte) error {
	n, err := ParseCount(string(text))
	if err != nil {
		return err
	}
	*c = n
	return nil
}

// A CountErrorKind is the reason for which ParseCount refuses a text.
type CountErrorKind string

// The reasons for which a text is refused.
const (
	CountUnparsable CountErrorKind = "unparsable" // not a number in any form we know
	CountAmbiguous  CountErrorKind = "ambiguous"  // 12.500 is thousands to some and a decimal to others
	CountFraction   CountErrorKind = "fraction"   // 12,5 people
	CountBackwards  CountErrorKind = "backwards"  // the range ends below its start
	CountTooLarge   CountErrorKind = "too_large"  // more than twelve digits
)

// A CountError says why a text is not taken for a count. Hint is what may have
// been meant, written without doubt, or "".
type CountError struct {
	Kind CountErrorKind
	Text string
	Hint string
}

// Error gives the reason and the text, for logs.
func (e *CountError) Error() string { return fmt.Sprintf("count %q: %s", e.Text, e.Kind) }

// approximations are the words and signs, in lower case, that make a number an
// estimate. unknowns say that there is none yet; blank does so too.
var (
	approximations = []string{"noin", "n.", "arviolta", "cirka", "circa", "ca.", "ca", "c:a", "ungefär", "uppskattningsvis",
		"about", "around", "approximately", "approx.", "approx", "~", "≈"}
	unknowns = []string{"", "?", "ei tiedossa", "ei tietoa", "inte känt", "okänt", "unknown", "not known"}
)

var (
	plainNumber   = regexp.MustCompile(`^(?:\d+|\d{1,3}(?: \d{3})+)$`)
	pointedNumber = regexp.MustCompile(`^\d{1,3}(?:[.,]\d{3})+$`)
	decimalNumber = regexp.MustCompile(`^\d[\d ]*[.,]\d+$`)
)

// ParseCount reads a number of people or records as it is typed in Finnish,
// Swedish or English: 12500, 12 500 with any kind of space, noin 12 500, ca 12
// 500, about 12 500, 12 000–13 000, ei tiedossa. Blank is unknown. Full stops
// and commas are refused, because they are thousands in one language and
// decimals in another. Every error is a *CountError.
func ParseCount(text string) (Count, error) {
	s := strings.Join(strings.FieldsFunc(strings.ToLower(text), unicode.IsSpace), " ")
	for _, u := range unknowns {
		if s == u {
			return Count{Certainty: CountUnknown}, nil
		}
	}
	s, about := cutApproximation(s)
	low, high, isRange := strings.Cut(strings.Map(plainHyphen, s), "-")
	c := Count{Certainty: CountExact}
	var err error
	if c.Low, err = parseWhole(text, strings.TrimSpace(low)); err != nil {
		return Count{}, err
	}
	c.High = c.Low
	if isRange {
		if c.High, err = parseWhole(text, strings.TrimSpace(high)); err != nil {
			return Count{}, err
		}
	}
	switch {
	case c.High < c.Low:
		return Count{}, &CountError{CountBackwards, text, fmt.Sprintf("%d-%d", c.High, c.Low)}
	case c.High > c.Low:
		c.Certainty = CountRange
	case about:
		c.Certainty = CountAbout
	}
	return c, nil
}

// cutApproximation removes a leading word for "about" from s and reports
// whether there was one. A word ends before a space or a digit.
func cutApproximation(s string) (rest string, about bool) {
	for _, w := range approximations {
		after, ok := strings.CutPrefix(s, w)
		if ok && after != "" && (after[0] == ' ' || after[0] >= '0' && after[0] <= '9') {
			return strings.TrimSpace(after), true
		}
	}
	return s, false
}

// parseWhole reads one number with single spaces. Text is the whole input, for
// the error.
func parseWhole(text, s string) (int, error) {
	fail := func(k CountErrorKind, hint string) (int, error) { return 0, &CountError{k, text, hint} }
	switch {
	case pointedNumber.MatchString(s):
		return fail(CountAmbiguous, strings.NewReplacer(".", " ", ",", " ").Replace(s))
	case decimalNumber.MatchString(s):
		return fail(CountFraction, "")
	case !plainNumber.MatchString(s):
		return fail(CountUnparsable, "")
	}
	digits := strings.TrimLeft(strings.ReplaceAll(s, " ", ""), "0")
	if len(digits) > 12 {
		return fail(CountTooLarge, "")
	}
	n, _ := strconv.Atoi("0" + digits) // at most twelve digits, so it cannot fail
	return n, nil
}
