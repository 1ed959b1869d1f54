package pdf

import (
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func style(t testing.TB) Style {
	t.Helper()
	data, err := os.ReadFile("../fonts/SourceSans3-Regular.ttf")
	if err != nil {
		t.Fatal(err)
	}
	f, err := ParseFont("SourceSans3-Regular", data)
	if err != nil {
		t.Fatal(err)
	}
	return Style{Font: f, Size: 10, Lead: 14}
}

func TestWrap(t *testing.T) {
	st := style(t)
	wide := st.Font.Width("yksi kaksi", st.Size)
	tests := []struct {
		name, in string
		want     []string
	}{
		{"empty", "", []string{""}},
		{"fits", "yksi kaksi", []string{"yksi kaksi"}},
		{"breaks at a space, which stays", "yksi kaksi kolme", []string{"yksi kaksi ", "kolme"}},
		{"line ends are kept", "yksi\n\nkaksi", []string{"yksi", "", "kaksi"}},
		{"not at a no-break space", "yksi k\u00a0kolme", []string{"yksi ", "k\u00a0kolme"}},
		{"spaces in a row are one", "yksi   kaksi", []string{"yksi kaksi"}},
		{"a long word is cut", "wwwwwwwww", []string{"wwwww", "wwww"}},
		{"after punctuation if near", "wwwww/wwwww", []string{"wwwww/", "wwwww"}},
	}
	for _, tt := range tests {
		if got := st.Wrap(tt.in, wide); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// Whatever is written, no letter is lost and no line is too wide.
func TestWrapKeepsAll(t *testing.T) {
	st := style(t)
	rapid.Check(t, func(t *rapid.T) {
		s, width := rapid.StringMatching(`[a-zåäö€/., \n-]{0,80}`).Draw(t, "s"), rapid.Float64Range(20, 200).Draw(t, "width")
		lines := st.Wrap(s, width)
		squeeze := strings.NewReplacer(" ", "", "\n", "")
		if got, want := squeeze.Replace(strings.Join(lines, "")), squeeze.Replace(s); got != want {
			t.Fatalf("letters %q, want %q", got, want)
		}
		for _, l := range lines {
			if w := st.Font.Width(strings.TrimSuffix(l, " "), st.Size); w > width+0.001 {
				t.Fatalf("%q is %.1f wide, want at most %.1f", l, w, width)
			}
		}
	})
}

func TestParseFontBroken(t *testing.T) {
	if _, err := ParseFont("x", make([]byte, 12)); err == nil {
		t.Error("a font without tables was read")
	}
}

// A subset holds what was used, and the parts that those are made of.
func TestSubset(t *testing.T) {
	st := style(t)
	sub, err := ParseFont("x", addTables(t, st.Font, st.Font.subset(map[uint16]rune{st.Font.glyphs['ä']: 'ä'})))
	if err != nil {
		t.Fatal(err)
	}
	whole, part := st.Font, sub
	for r, want := range map[rune]bool{'ä': true, 'Q': false} {
		g := whole.glyphs[r]
		if got := len(part.outline(g)) > 0; got != want {
			t.Errorf("outline of %q: %v, want %v", r, got, want)
		}
		if want && part.widths[g] != whole.widths[g] {
			t.Errorf("width of %q: %d, want %d", r, part.widths[g], whole.widths[g])
		}
	}
	if checksum(whole.subset(nil)) != 0xB1B0AFBA {
		t.Error("the file's checksum is wrong")
	}
}

// addTables puts back the tables that a subset does without and ParseFont
// wants.
func addTables(t *testing.T, f *Font, data []byte) []byte {
	t.Helper()
	tables := map[string][]byte{}
	for i := range int(u16(data, 4)) {
		rec := data[12+16*i:]
		tables[string(rec[:4])] = data[u32(rec, 8) : u32(rec, 8)+u32(rec, 12)]
	}
	for _, name := range []string{"cmap", "post", "OS/2"} {
		tables[name] = f.tables[name]
	}
	return join(tables)
}
