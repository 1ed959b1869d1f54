// Package pdf writes tagged PDF documents of text: headings, paragraphs and
// tables in embedded TrueType fonts, readable by people and by screen readers.
// The same input gives the same bytes. It uses the standard library only and
// x/text for composing letters.
package pdf

import (
	"encoding/binary"
	"fmt"
)

// Font is a TrueType font that can be measured and embedded. It never changes
// and may be used by many documents at once.
type Font struct {
	name   string // PostScript name, without spaces
	tables map[string][]byte
	glyphs map[rune]uint16
	widths []int // of each glyph, in thousandths of the size
	loca   []int // where each glyph starts in glyf; one more at the end
	upem   int
}

// ParseFont reads a font with TrueType outlines. data must be well-formed,
// as the fonts built into the program are; a missing table is an error.
func ParseFont(name string, data []byte) (*Font, error) {
	f := &Font{name: name, tables: map[string][]byte{}}
	for i := range int(u16(data, 4)) {
		rec := data[12+16*i:]
		at, n := u32(rec, 8), u32(rec, 12)
		f.tables[string(rec[:4])] = data[at : at+n]
	}
	for _, t := range []string{"cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "post", "OS/2"} {
		if f.tables[t] == nil {
			return nil, fmt.Errorf("font %s: no table %q", name, t)
		}
	}
	f.upem = int(u16(f.tables["head"], 18))
	f.readWidths()
	f.readLoca()
	return f, f.readGlyphs()
}

func (f *Font) count() int { return int(u16(f.tables["maxp"], 4)) }

// scale turns font units into thousandths of the size.
func (f *Font) scale(v int) int { return v * 1000 / f.upem }

func (f *Font) readWidths() {
	hmtx, full := f.tables["hmtx"], int(u16(f.tables["hhea"], 34))
	f.widths = make([]int, f.count())
	for g := range f.widths {
		f.widths[g] = f.scale(int(u16(hmtx, 4*min(g, full-1))))
	}
}

func (f *Font) readLoca() {
	loca, long := f.tables["loca"], u16(f.tables["head"], 50) == 1
	f.loca = make([]int, f.count()+1)
	for g := range f.loca {
		if long {
			f.loca[g] = int(u32(loca, 4*g))
		} else {
			f.loca[g] = 2 * int(u16(loca, 2*g))
		}
	}
}

// readGlyphs reads which glyph draws which character of the Basic
// Multilingual Plane (a cmap of format 4).
func (f *Font) readGlyphs() error {
	cmap := f.tables["cmap"]
	var t []byte
	for i := range int(u16(cmap, 2)) {
		rec := cmap[4+8*i:]
		if u16(rec, 0) == 3 && u16(rec, 2) == 1 {
			t = cmap[u32(rec, 4):]
		}
	}
	if t == nil || u16(t, 0) != 4 {
		return fmt.Errorf("font %s: no Unicode map of format 4", f.name)
	}
	f.glyphs = map[rune]uint16{}
	n := int(u16(t, 6)) // twice the number of segments
	ends, starts, deltas, offsets := t[14:], t[16+n:], t[16+2*n:], t[16+3*n:]
	for i := 0; i < n; i += 2 {
		for c := int(u16(starts, i)); c <= int(u16(ends, i)) && c < 0xFFFF; c++ {
			g := uint16(c)
			if o := int(u16(offsets, i)); o != 0 {
				if g = u16(offsets, i+o+2*(c-int(u16(starts, i)))); g == 0 {
					continue
				}
			}
			if g += u16(deltas, i); g != 0 {
				f.glyphs[rune(c)] = g
			}
		}
	}
	return nil
}

// Has reports whether the font can draw the character.
func (f *Font) Has(r rune) bool { return f.glyphs[r] != 0 }

// Width returns how wide s is at size, in points.
func (f *Font) Width(s string, size float64) float64 {
	w := 0
	for _, r := range s {
		w += f.widths[f.glyphs[r]]
	}
	return float64(w) * size / 1000
}

func u16(b []byte, i int) uint16 { return binary.BigEndian.Uint16(b[i:]) }

func u32(b []byte, i int) uint32 { return binary.BigEndian.Uint32(b[i:]) }

func s16(b []byte, i int) int { return int(int16(u16(b, i))) }
