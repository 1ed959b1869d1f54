package templates

import (
	"encoding/csv"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzCSV writes any text into a table and reads it back: the rows stay whole
// and no cell begins as a formula.
func FuzzCSV(f *testing.F) {
	for _, s := range []string{"=1+1", "  =cmd|' /C calc'!A0", "\t=1", "\u200b@SUM(1)", "＝1", "a\"b;c\nd", "-5", "+358", "\x00=1", "\xff", "\r=1", "'=1", "\ufeff=1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var b strings.Builder
		w := NewCSV(&b)
		w.Write(s, "x")
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		r := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), "\uFEFF")))
		r.Comma = ';'
		rows, err := r.ReadAll()
		if err != nil || len(rows) != 1 || len(rows[0]) != 2 || rows[0][1] != "x" || !utf8.ValidString(rows[0][0]) {
			t.Fatalf("%q became %q: %v", s, b.String(), err)
		}
		cell := strings.TrimLeft(rows[0][0], " \u00a0\u200b\u200e\u200f\u2060\ufeff")
		if cell != "" && strings.ContainsRune(formulaStarts, []rune(cell)[0]) {
			t.Errorf("%q begins as a formula: %q", s, rows[0][0])
		}
	})
}
