package incident

import (
	"regexp"
	"strings"
	"time"
	"unicode"
)

// localParts is what stands in a typed local time, before it is looked up in a
// calendar and a zone.
type localParts struct {
	year, month, day  int
	hasDate, hasYear  bool
	iso               bool // the date was 2026-03-12, so an offset may be negative
	relative          bool // tänään, eilen: back days before today
	back              int
	clock             time.Duration // since midnight
	hasTime, clockSet bool          // clockSet: a word for "at" announced the time
	weekday           time.Weekday
	hasWeekday        bool
	offset            int // seconds ahead of UTC
	hasOffset         bool
	season            season
}

// A season is a named half of the year's clock time: "dst", "std", or a zone's
// abbreviation in capitals. Empty means that none was named.
type season string

// fits reports whether a time that is or is not summer time, and is abbreviated
// so, is of the season.
func (s season) fits(dst bool, abbreviation string) bool {
	switch s {
	case "":
		return true
	case "dst":
		return dst
	case "std":
		return !dst
	}
	return string(s) == abbreviation
}

// A localRule reads one part from the start of what is left. Its expression's
// first group is what it consumes; read gets all groups.
type localRule struct {
	form *regexp.Regexp
	when func(p *localParts) bool // nil: always
	read func(p *localParts, m []string) LocalTimeKind
}

// after is what may follow a part: the end, a space or a bracket, or the sign
// or Z of an offset that is written on to a time.
const after = `(?:$|[ ()+\-]|z$)`

// localRules are tried in order; the first that matches is taken. Text is in
// lower case, with single plain spaces, without commas.
var localRules = []localRule{
	{regexp.MustCompile(`^((\d{4})-(\d{1,2})-(\d{1,2})(?:$|[ t]))`), undated, (*localParts).isoDate},
	{regexp.MustCompile(`^((?:klo|kello|klockan|kl|at)\.? ?)\d`), nil, (*localParts).at},
	{regexp.MustCompile(`^((\d{1,2})\.(\d{1,2})\.(\d{4})?)` + after), undated, (*localParts).numericDate},
	// 12.3 14.05 is a date and a time, but 12.10 14.05 may be the reverse.
	{regexp.MustCompile(`^((\d{1,2})\.(\d{1,2})()) (?:k|at)`), undated, (*localParts).numericDate},
	{regexp.MustCompile(`^((\d{1,2})\.(\d{1,2})()) \d{1,2}:`), undated, (*localParts).numericDate},
	{regexp.MustCompile(`^((\d{1,2})\.(\d)()) \d`), undated, (*localParts).numericDate},
	{regexp.MustCompile(`^(\d{1,2}\.\d{1,2}) \d`), undated, unclear},
	{regexp.MustCompile(`^((\d{1,2})\.? (` + monthPattern + `)\.?(?: (\d{4}))?)` + after), undated, (*localParts).spelledDate},
	{regexp.MustCompile(`^((` + monthPattern + `)\.? (\d{1,2})(?: (\d{4}))?)` + after), undated, (*localParts).monthFirst},
	{regexp.MustCompile(`^(\d{1,2}\.\d{1,2}\.\d{2})` + after), undated, unclear},
	{regexp.MustCompile(`^(\d{1,4}/\d{1,2}(?:/\d{1,4})?)` + after), nil, unclear},
	{regexp.MustCompile(`^((\d{1,2})[.:](\d{2})(?:[.:](\d{2})(?:\.\d{1,9})?)?)` + after), nil, (*localParts).timeOfDay},
	{regexp.MustCompile(`^((\d{2})(\d{2})())` + after), nil, (*localParts).compactTime},
	{regexp.MustCompile(`^((\d{1,2})()())` + after), announced, (*localParts).timeOfDay},
	{regexp.MustCompile(`^(\(?(utc|gmt)? ?([+\-])(\d{1,2})(?::?(\d{2}))?\)?)$`), timed, (*localParts).utcOffset},
	{regexp.MustCompile(`^(\(?(utc|gmt|z)()()()\)?)$`), timed, (*localParts).utcOffset},
	{regexp.MustCompile(`^(\(?(\p{L}+(?: time)?)\)?\.?)(?:$| )`), nil, (*localParts).word},
}

func announced(p *localParts) bool { return p.clockSet && !p.hasTime }
func undated(p *localParts) bool   { return !p.hasDate && !announced(p) }
func timed(p *localParts) bool     { return p.hasTime }

// readLocal splits text into its parts. The kind is empty, LocalUnparsable or
// LocalUnclear.
func readLocal(text string) (*localParts, LocalTimeKind) {
	if len(text) > 100 {
		return nil, LocalUnparsable
	}
	text = strings.ReplaceAll(strings.ToLower(text), ",", " ")
	text = strings.Map(plainHyphen, strings.Join(strings.FieldsFunc(text, unicode.IsSpace), " "))
	p := &localParts{}
	for text != "" {
		n, kind := p.readOne(text)
		if kind != "" {
			return nil, kind
		}
		text = strings.TrimPrefix(text[n:], " ")
	}
	if !p.hasDate && !p.hasTime {
		return nil, LocalUnparsable
	}
	return p, ""
}

// readOne reads the part at the start of text and returns its length.
func (p *localParts) readOne(text string) (int, LocalTimeKind) {
	for _, r := range localRules {
		if r.when != nil && !r.when(p) {
			continue
		}
		if m := r.form.FindStringSubmatch(text); m != nil {
			return len(m[1]), r.read(p, m)
		}
	}
	return 0, LocalUnparsable
}

func unclear(*localParts, []string) LocalTimeKind { return LocalUnclear }

// at notes the word that announces a clock time.
func (p *localParts) at([]string) LocalTimeKind {
	if p.hasTime || p.clockSet {
		return LocalUnclear
	}
	p.clockSet = true
	return ""
}
