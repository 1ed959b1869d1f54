package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"hatakello/incident"
)

// terms of a name are shorter or longer than this in no case: a shorter one
// would be found in half of all words.
const (
	termLeast = 3
	termMost  = 200
	termsAll  = 20
)

// sought are the words by which a person is looked for: names, addresses,
// numbers. They are found whatever their case, however the space between them
// is written, with Finnish and Swedish endings, and as they stand in addresses
// of pages, mails and JSON.
type sought struct {
	list   []string
	match  *regexp.Regexp
	inside bool // also inside other words
}

// seek prepares a search. Terms that cannot be looked for are an Error.
func seek(of incident.Seek) (*sought, error) {
	s := &sought{inside: of.Inside}
	var all []string
	for _, t := range of.Terms {
		t = strings.Join(strings.Fields(norm.NFC.String(t)), " ")
		if t == "" {
			continue
		}
		if n := utf8.RuneCountInString(t); n < termLeast || n > termMost || !strings.ContainsFunc(t, wordRune) {
			return nil, &incident.Error{Kind: incident.Invalid, Field: "terms", Key: "erase.term", Args: map[string]any{"term": t, "least": termLeast}}
		}
		if !slices.Contains(s.list, t) {
			s.list = append(s.list, t)
			all = append(all, pattern(t)+endingOf(t))
		}
	}
	if len(s.list) == 0 || len(s.list) > termsAll {
		return nil, &incident.Error{Kind: incident.Invalid, Field: "terms", Key: "erase.terms_none", Args: map[string]any{"most": termsAll}}
	}
	slices.SortFunc(all, func(a, b string) int { return len(b) - len(a) }) // the longest alternative first
	s.match = regexp.MustCompile("(?:" + strings.Join(all, "|") + ")")
	return s, nil
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// pattern matches a term in all the ways in which its characters are written.
func pattern(term string) string {
	var b strings.Builder
	for _, r := range term {
		if r == ' ' {
			b.WriteString(`(?:\s|\x{a0}|%20|%C2%A0|=20|\+|_|&nbsp;|\\[nrt]|=\r?\n)+`)
			continue
		}
		b.WriteString(runePattern(r))
	}
	return b.String()
}

// softBreak may stand between any two characters of a quoted-printable text.
const softBreak = `(?:=\r?\n)?`

// runePattern matches one character in either case: itself, decomposed, and as
// it is escaped in addresses, mails, HTML and JSON.
func runePattern(r rune) string {
	forms := []string{}
	add := func(s string) {
		if !slices.Contains(forms, s) {
			forms = append(forms, s)
		}
	}
	for _, v := range cases(r) {
		add(regexp.QuoteMeta(string(v)))
		if d := norm.NFD.String(string(v)); d != string(v) {
			add(regexp.QuoteMeta(d))
		}
		percent, quoted := "", ""
		for _, c := range []byte(string(v)) {
			percent += fmt.Sprintf("%%(?i:%02x)", c)
			quoted += softBreak + fmt.Sprintf("=(?i:%02x)", c)
		}
		add(percent)
		add(quoted)
		add(fmt.Sprintf(`&#(?:0*%d|(?i:x0*%x));`, v, v))
		if named := html.EscapeString(string(v)); named != string(v) {
			add(regexp.QuoteMeta(named))
		}
		if e := entities[v]; e != "" {
			add("&" + e + ";")
		}
		escaped := ""
		for _, u := range utf16.Encode([]rune{v}) {
			escaped += fmt.Sprintf(`\\u(?i:%04x)`, u)
		}
		add(escaped)
	}
	return "(?:" + strings.Join(forms, "|") + ")" + softBreak
}

// entities are the names that HTML has for the letters of our languages.
var entities = map[rune]string{'ä': "auml", 'Ä': "Auml", 'ö': "ouml", 'Ö': "Ouml", 'å': "aring", 'Å': "Aring", 'é': "eacute", 'É': "Eacute", 'ü': "uuml", 'Ü': "Uuml"}

// cases are the forms of a letter that differ by case alone.
func cases(r rune) []rune {
	all := []rune{r}
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		all = append(all, f)
	}
	return all
}

// endingOf matches what Finnish and Swedish put behind a name: the end of the
// match is checked by ends. A name on -nen has its forms on -se-.
func endingOf(term string) string {
	if stem, ok := strings.CutSuffix(term, "nen"); ok && utf8.RuneCountInString(stem) >= termLeast {
		return `|` + pattern(stem) + runePattern('s')
	}
	return ""
}

// spans are where a text holds a term, in order, endings included.
func (s *sought) spans(text string) [][2]int {
	var all [][2]int
	for from := 0; from < len(text); {
		at := s.match.FindStringIndex(text[from:])
		if at == nil {
			break
		}
		lo, hi := from+at[0], from+at[1]
		if end, ok := s.whole(text, lo, hi); ok {
			all, from = append(all, [2]int{lo, end}), end
			continue
		}
		_, n := utf8.DecodeRuneInString(text[lo:])
		from = lo + n
	}
	return all
}

// escapes may stand right before a word, although they end with a letter.
var escapes = regexp.MustCompile(`(?:%[0-9A-Fa-f]{2}|=[0-9A-F]{2}|\\u[0-9a-fA-F]{4}|\\[nrtbf])$`)

// whole reports whether a match is a word of its own, and where the word ends.
func (s *sought) whole(text string, lo, hi int) (end int, ok bool) {
	first, _ := utf8.DecodeRuneInString(text[lo:])
	before, _ := utf8.DecodeLastRuneInString(text[:lo])
	if !s.inside && wordRune(first) && lo > 0 && wordRune(before) && !escapes.MatchString(text[max(0, lo-6):lo]) {
		return 0, false
	}
	last, _ := utf8.DecodeLastRuneInString(text[lo:hi])
	rest := text[hi:]
	tail := rest[:len(rest)-len(strings.TrimLeftFunc(rest, wordRune))]
	switch {
	case tail == "" || !wordRune(last):
		return hi, true
	case slices.Contains(tails, strings.ToLower(tail)):
		return hi + len(tail), true
	}
	return hi, s.inside
}

// tails are endings of names: those that a search cuts off, and a few more.
var tails = append(slices.Clone(endings), "s", "e", "ni", "si", "mme", "nne", "lta", "aan", "elle", "ella", "elta", "esta", "essa", "eksi", "kin", "kaan", "ko", "tä", "lle", "ltä", "is", "es", "ias", "ksi", "llä", "lla", "ssa", "issa")

// in reports whether a text holds a term, also hidden in base64.
func (s *sought) in(text string) bool {
	if len(s.spans(text)) > 0 {
		return true
	}
	return s.inRuns(text)
}

// base64Run is what may be base64 of more than a few letters.
var base64Run = regexp.MustCompile(`[A-Za-z0-9+/_\-]{12,}(?:\r?\n[A-Za-z0-9+/_\-]+)*={0,2}`)

// replace puts mark where a text holds a term, and where base64 hides one.
func (s *sought) replace(text, mark string) (string, bool) {
	var b strings.Builder
	from := 0
	for _, at := range s.spans(text) {
		b.WriteString(text[from:at[0]])
		b.WriteString(mark)
		from = at[1]
	}
	changed := from > 0
	b.WriteString(text[from:])
	out := b.String()
	if len(out) >= 12 {
		out = base64Run.ReplaceAllStringFunc(out, func(run string) string {
			if !s.hides(run) {
				return run
			}
			changed = true
			return mark
		})
	}
	return out, changed
}

// inJSON reports whether a text inside of JSON holds a term.
func (s *sought) inJSON(raw string) bool {
	_, changed := s.replaceJSON(raw, "")
	return changed
}

// stringLiteral is a string as JSON writes it.
var stringLiteral = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// replaceJSON does replace in every string of a JSON text, also in names of
// fields, and leaves everything else as it is. What is no JSON is text.
func (s *sought) replaceJSON(raw, mark string) (string, bool) {
	if !json.Valid([]byte(raw)) {
		return s.replace(raw, mark)
	}
	changed := false
	out := stringLiteral.ReplaceAllStringFunc(raw, func(lit string) string {
		var text string
		if json.Unmarshal([]byte(lit), &text) != nil {
			return lit
		}
		now, did := s.replace(text, mark)
		if !did {
			return lit
		}
		changed = true
		b, _ := json.Marshal(now) // a string never fails
		return string(b)
	})
	return out, changed
}

// excerpt is what stands around the first place where a text holds a term.
func (s *sought) excerpt(text string) string {
	const around = 40
	at := s.spans(text)
	if len(at) == 0 {
		return ""
	}
	lo, hi := at[0][0], at[0][1]
	before, after := []rune(text[:lo]), []rune(text[hi:])
	out := text[lo:hi]
	if len(before) > around {
		out = "…" + string(before[len(before)-around:]) + out
	} else {
		out = string(before) + out
	}
	if len(after) > around {
		out += string(after[:around]) + "…"
	} else {
		out += string(after)
	}
	return string(bytes.ToValidUTF8([]byte(strings.Join(strings.Fields(out), " ")), nil))
}
