package pdf

import (
	"encoding/binary"
	"maps"
	"slices"
)

// Flags of a glyph that is built of others.
const (
	wideArgs   = 1 << 0
	oneScale   = 1 << 3
	moreFollow = 1 << 5
	twoScales  = 1 << 6
	matrix     = 1 << 7
)

// subset returns a TrueType file with the outlines of the used glyphs alone.
// Glyphs keep their numbers, so that nothing else has to be rewritten.
func (f *Font) subset(used map[uint16]rune) []byte {
	keep := map[uint16]bool{0: true}
	for g := range used {
		f.addWithParts(g, keep)
	}
	var glyf []byte
	loca := make([]byte, 4*len(f.loca))
	hmtx := make([]byte, 4*f.count())
	for g := range f.count() {
		binary.BigEndian.PutUint32(loca[4*g:], uint32(len(glyf)))
		if !keep[uint16(g)] {
			continue
		}
		glyf = append(glyf, f.outline(uint16(g))...)
		glyf = append(glyf, make([]byte, -len(glyf)&3)...)
		copy(hmtx[4*g:], f.metrics(g))
	}
	binary.BigEndian.PutUint32(loca[4*f.count():], uint32(len(glyf)))

	head := slices.Clone(f.tables["head"])
	binary.BigEndian.PutUint32(head[8:], 0)  // checksum, set by join
	binary.BigEndian.PutUint16(head[50:], 1) // long loca
	hhea := slices.Clone(f.tables["hhea"])
	binary.BigEndian.PutUint16(hhea[34:], uint16(f.count()))
	tables := map[string][]byte{"glyf": glyf, "loca": loca, "hmtx": hmtx, "head": head, "hhea": hhea, "maxp": f.tables["maxp"]}
	for _, t := range []string{"cvt ", "fpgm", "prep"} {
		if f.tables[t] != nil {
			tables[t] = f.tables[t]
		}
	}
	return join(tables)
}

func (f *Font) outline(g uint16) []byte { return f.tables["glyf"][f.loca[g]:f.loca[g+1]] }

// metrics returns the advance and left bearing of a glyph, four bytes.
func (f *Font) metrics(g int) []byte {
	hmtx, full := f.tables["hmtx"], int(u16(f.tables["hhea"], 34))
	if g < full {
		return hmtx[4*g : 4*g+4]
	}
	at := 4*full + 2*(g-full)
	return append(slices.Clone(hmtx[4*full-4:4*full-2]), hmtx[at:at+2]...)
}

// addWithParts adds a glyph and those that it is built of.
func (f *Font) addWithParts(g uint16, keep map[uint16]bool) {
	if keep[g] {
		return
	}
	keep[g] = true
	b := f.outline(g)
	if len(b) < 10 || s16(b, 0) >= 0 {
		return
	}
	for at := 10; ; {
		flags := u16(b, at)
		f.addWithParts(u16(b, at+2), keep)
		at += 6
		if flags&wideArgs != 0 {
			at += 2
		}
		switch {
		case flags&oneScale != 0:
			at += 2
		case flags&twoScales != 0:
			at += 4
		case flags&matrix != 0:
			at += 8
		}
		if flags&moreFollow == 0 {
			return
		}
	}
}

// join makes a font file of tables.
func join(tables map[string][]byte) []byte {
	names := slices.Sorted(maps.Keys(tables))
	n, log := len(names), 0
	for 2<<log <= n {
		log++
	}
	file := make([]byte, 12+16*n)
	copy(file, []byte{0, 1, 0, 0})
	for i, v := range []int{n, 16 << log, log, 16*n - 16<<log} {
		binary.BigEndian.PutUint16(file[4+2*i:], uint16(v))
	}
	head := 0
	for i, name := range names {
		t := tables[name]
		if name == "head" {
			head = len(file)
		}
		rec := file[12+16*i:]
		copy(rec, name)
		binary.BigEndian.PutUint32(rec[4:], checksum(t))
		binary.BigEndian.PutUint32(rec[8:], uint32(len(file)))
		binary.BigEndian.PutUint32(rec[12:], uint32(len(t)))
		file = append(file, t...)
		file = append(file, make([]byte, -len(file)&3)...)
	}
	binary.BigEndian.PutUint32(file[head+8:], 0xB1B0AFBA-checksum(file))
	return file
}

func checksum(b []byte) uint32 {
	var sum uint32
	for i := 0; i+4 <= len(b); i += 4 {
		sum += u32(b, i)
	}
	if rest := len(b) & 3; rest != 0 {
		var last [4]byte
		copy(last[:], b[len(b)-rest:])
		sum += u32(last[:], 0)
	}
	return sum
}
