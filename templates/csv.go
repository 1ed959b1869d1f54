package templates

import (
	"bufio"
	"io"
	"strings"
)

// CSV writes a table that a spreadsheet opens as text: UTF-8 with its mark,
// semicolons as Finnish spreadsheets expect, every cell in quotes, and none
// that a spreadsheet would take for a formula.
type CSV struct{ w *bufio.Writer }

// NewCSV begins a table on w.
func NewCSV(w io.Writer) *CSV {
	t := &CSV{bufio.NewWriter(w)}
	t.w.WriteString("\uFEFF")
	return t
}

// Write adds a row. What went wrong is told by Flush.
func (t *CSV) Write(cells ...string) {
	for i, cell := range cells {
		if i > 0 {
			t.w.WriteByte(';')
		}
		t.w.WriteByte('"')
		t.w.WriteString(strings.ReplaceAll(PlainCell(cell), `"`, `""`))
		t.w.WriteByte('"')
	}
	t.w.WriteString("\r\n")
}

// Flush sends what has gathered and tells the first error.
func (t *CSV) Flush() error { return t.w.Flush() }

// formulaStarts are the characters by which spreadsheets know a formula, also
// in their wide forms and behind what they skip.
const formulaStarts = "=+-@\t\r\n|%＝＋－＠"

// PlainCell makes text that no spreadsheet runs: an apostrophe stands before
// what would begin a formula, the usual sign for "this is text". Control
// characters go, but line breaks stay.
func PlainCell(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r == 0xFEFF {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	if t := strings.TrimLeft(s, " \u00a0\u200b\u200e\u200f\u2060"); t != "" && strings.ContainsRune(formulaStarts, []rune(t)[0]) {
		return "'" + s
	}
	return s
}
