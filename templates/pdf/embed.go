package pdf

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf16"
)

// write embeds the glyphs that were used, in five objects: the font, its
// descendant, the descriptor, the file and the map back to characters.
func (u *usedFont) write(f *file) {
	glyphs := slices.Sorted(maps.Keys(u.used))
	data := u.subset(u.used)
	name := u.tag(glyphs) + u.name
	f.object(u.id, "<</Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /DescendantFonts [%s] /ToUnicode %s>>",
		name, ref(u.id+1), ref(u.id+4))
	f.object(u.id+1, "<</Type /Font /Subtype /CIDFontType2 /BaseFont /%s /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>>\n"+
		"/FontDescriptor %s /CIDToGIDMap /Identity /DW 0 /W [%s]>>", name, ref(u.id+2), u.widthList(glyphs))
	f.object(u.id+2, "<</Type /FontDescriptor /FontName /%s %s /FontFile2 %s>>", name, u.descriptor(), ref(u.id+3))
	f.stream(u.id+3, fmt.Sprintf("/Length1 %d", len(data)), data)
	f.stream(u.id+4, "", u.unicodeMap(glyphs))
}

// tag makes the six letters that name a subset, from the glyphs in it.
func (u *usedFont) tag(glyphs []uint16) string {
	sum := sha256.Sum256(fmt.Append(nil, u.name, glyphs))
	var b [7]byte
	for i := range 6 {
		b[i] = 'A' + sum[i]%26
	}
	b[6] = '+'
	return string(b[:])
}

func (u *usedFont) widthList(glyphs []uint16) string {
	var b strings.Builder
	fmt.Fprintf(&b, "0 [%d] ", u.widths[0])
	for _, g := range glyphs {
		if g != 0 {
			fmt.Fprintf(&b, "%d [%d] ", g, u.widths[g])
		}
	}
	return b.String()
}

func (f *Font) descriptor() string {
	head, hhea, os2 := f.tables["head"], f.tables["hhea"], f.tables["OS/2"]
	angle, flags := s16(f.tables["post"], 4), 4 // symbolic: no standard encoding
	if angle != 0 {
		flags |= 64
	}
	weight := int(u16(os2, 4))
	return fmt.Sprintf("/Flags %d /FontBBox [%d %d %d %d] /ItalicAngle %d /Ascent %d /Descent %d /CapHeight %d /StemV %d",
		flags, f.scale(s16(head, 36)), f.scale(s16(head, 38)), f.scale(s16(head, 40)), f.scale(s16(head, 42)),
		angle, f.scale(s16(hhea, 4)), f.scale(s16(hhea, 6)), f.scale(s16(os2, 88)), 50+weight*weight/4225)
}

// unicodeMap lets readers and searches find the characters behind the glyphs.
func (u *usedFont) unicodeMap(glyphs []uint16) []byte {
	b := []byte("/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n" +
		"/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n" +
		"/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n" +
		"1 begincodespacerange <0000> <FFFF> endcodespacerange\n")
	for part := range slices.Chunk(glyphs, 100) {
		b = fmt.Appendf(b, "%d beginbfchar\n", len(part))
		for _, g := range part {
			b = fmt.Appendf(b, "<%04X> <", g)
			for _, c := range utf16.Encode([]rune{u.used[g]}) {
				b = fmt.Appendf(b, "%04X", c)
			}
			b = append(b, ">\n"...)
		}
		b = append(b, "endbfchar\n"...)
	}
	return append(b, "endcmap CMapName currentdict /CMap defineresource pop end end\n"...)
}
