package pdf

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Style is how text looks.
type Style struct {
	Font *Font
	Size float64 // points
	Lead float64 // from line to line, points
	Gray float64 // 0 is black, 1 white
}

// Wrap breaks s into lines that are at most width wide. It breaks at spaces
// and line ends, inside a word only if the word alone is too wide, and never
// at a no-break space. A line that is continued ends in a space where one was.
func (st Style) Wrap(s string, width float64) []string {
	var lines []string
	for para := range strings.SplitSeq(st.clean(s), "\n") {
		lines = append(lines, st.wrapLine(para, width)...)
	}
	return lines
}

func (st Style) wrapLine(s string, width float64) []string {
	var lines []string
	line, used := "", 0.0
	space := st.Font.Width(" ", st.Size)
	for word := range strings.SplitSeq(s, " ") {
		if word == "" {
			continue
		}
		w := st.Font.Width(word, st.Size)
		if line != "" && used+space+w > width {
			lines = append(lines, line+" ")
			line, used = "", 0
		}
		if line != "" {
			line, used = line+" ", used+space
		}
		for w > width {
			cut := st.fit(word, width)
			lines = append(lines, word[:cut])
			word = word[cut:]
			w = st.Font.Width(word, st.Size)
		}
		line, used = line+word, used+w
	}
	return append(lines, line)
}

// fit returns how many bytes of an overlong word fit, at least one character.
// It prefers to cut after punctuation in the last third.
func (st Style) fit(word string, width float64) int {
	used, nice := 0.0, 0
	for i, r := range word {
		w := st.Font.Width(string(r), st.Size)
		if i > 0 && used+w > width {
			if nice > i*2/3 {
				return nice
			}
			return i
		}
		used += w
		if strings.ContainsRune("-/._@?&=,;:", r) {
			nice = i + 1
		}
	}
	return len(word)
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", " ", "\u2028", "\n", "\u2029", "\n")

// clean makes a text that the font can draw: letters composed, line ends one
// way, invisible characters gone, and everything that has no glyph (or would
// turn the reading direction) as its code, so that nothing is lost unseen.
func (st Style) clean(s string) string {
	if st.drawable(s) {
		return s
	}
	s = norm.NFC.String(strings.ToValidUTF8(s, "\ufffd"))
	s = lineEnds.Replace(s)
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		switch {
		case r == '\n' || r >= ' ' && r < 127:
			b.WriteRune(r)
		case strings.ContainsRune("\u00ad\u200b\u200c\u200d\u2060\ufeff", r):
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || !st.Font.Has(r):
			fmt.Fprintf(&b, "[U+%04X]", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// drawable reports whether a text can be drawn as it is: most can.
func (st Style) drawable(s string) bool {
	for _, r := range s {
		if r != '\n' && (r < ' ' || r > 0xFF || !st.Font.Has(r) || r == 0xAD) {
			return false
		}
	}
	return true
}
