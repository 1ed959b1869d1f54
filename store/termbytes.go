package store

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/hex"
	"io"
	"mime/quotedprintable"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// What is unpacked of one file at most, and how deep files lie in each other.
const (
	unpackMost = 64 << 20
	unpackDeep = 4
)

// inBytes reports whether a file or a mail holds a term: as it stands, as
// UTF-16 or Latin-1, quoted-printable, in base64, in an archive, in a text
// document or spreadsheet, or on a page of a PDF whose fonts say their letters.
func (s *sought) inBytes(b []byte) bool { return s.within(b, unpackDeep) }

func (s *sought) within(b []byte, deep int) bool {
	if len(b) == 0 || deep == 0 {
		return false
	}
	switch {
	case bytes.HasPrefix(b, []byte("PK\x03\x04")):
		return s.inZip(b, deep)
	case bytes.HasPrefix(b, []byte("\x1f\x8b")):
		if r, err := gzip.NewReader(bytes.NewReader(b)); err == nil && s.within(some(r), deep-1) {
			return true
		}
	case bytes.HasPrefix(b, []byte("%PDF-")):
		if s.inPDF(b) {
			return true
		}
	}
	text := string(b)
	if !utf8.ValidString(text) {
		text = latin1(b)
	}
	if s.in(text) || s.in16(b) {
		return true
	}
	if strings.Contains(text, "=\n") || strings.Contains(text, "=\r\n") {
		if plain, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(b))); err == nil && s.in(string(plain)) {
			return true
		}
	}
	return s.inRunsOf(text, deep)
}

// some reads what can be read, up to a limit.
func some(r io.Reader) []byte {
	b, _ := io.ReadAll(io.LimitReader(r, unpackMost))
	return b
}

// latin1 reads bytes as ISO 8859-1.
func latin1(b []byte) string {
	rs := make([]rune, len(b))
	for i, c := range b {
		rs[i] = rune(c)
	}
	return string(rs)
}

// in16 reports whether bytes hold a term as UTF-16, in either order and at any
// place.
func (s *sought) in16(b []byte) bool {
	if bytes.Count(b[:min(len(b), 1<<20)], []byte{0}) < 4 {
		return false
	}
	for _, big := range []bool{false, true} {
		for from := range 2 {
			us := make([]uint16, 0, len(b)/2)
			for i := from; i+1 < len(b); i += 2 {
				u := uint16(b[i]) | uint16(b[i+1])<<8
				if big {
					u = u<<8 | u>>8
				}
				us = append(us, u)
			}
			if len(s.spans(string(utf16.Decode(us)))) > 0 {
				return true
			}
		}
	}
	return false
}

// inRuns reports whether base64 in a text hides a term.
func (s *sought) inRuns(text string) bool { return s.inRunsOf(text, 2) }

func (s *sought) inRunsOf(text string, deep int) bool {
	if len(text) < 12 || deep < 2 {
		return false
	}
	for _, run := range base64Run.FindAllString(text, -1) {
		if b := unbase64(run); readable(b) && s.within(b, deep-1) {
			return true
		}
	}
	return false
}

// hides reports whether a run of base64 holds a term.
func (s *sought) hides(run string) bool {
	b := unbase64(run)
	return readable(b) && s.within(b, 2)
}

// readable reports whether bytes are a text or a file, and not a hash or other
// chance in which a short name stands now and then.
func readable(b []byte) bool {
	for _, start := range []string{"PK\x03\x04", "\x1f\x8b", "%PDF-"} {
		if bytes.HasPrefix(b, []byte(start)) {
			return true
		}
	}
	return utf8.Valid(b) && !bytes.ContainsAny(b, "\x01\x02\x03\x04") || bytes.Count(b, []byte{0})*3 > len(b)
}

var webSafe = strings.NewReplacer("-", "+", "_", "/", "\r", "", "\n", "", "=", "")

// unbase64 reads a run, or as much of it as is base64.
func unbase64(run string) []byte {
	run = webSafe.Replace(run)
	if len(run)%4 == 1 {
		run = run[:len(run)-1]
	}
	b, err := base64.RawStdEncoding.DecodeString(run)
	if err != nil {
		return nil
	}
	return b
}

// inZip looks into an archive, which text documents and spreadsheets are too.
func (s *sought) inZip(b []byte, deep int) bool {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return s.in(latin1(b))
	}
	if s.in(z.Comment) {
		return true
	}
	for _, f := range z.File {
		if s.in(f.Name) || s.in(f.Comment) {
			return true
		}
		r, err := f.Open()
		if err != nil {
			continue
		}
		part := some(r)
		r.Close()
		if s.within(part, deep-1) || bytes.HasPrefix(part, []byte("<?xml")) && s.in(tags.ReplaceAllString(string(part), "")) {
			return true
		}
	}
	return false
}

// tags are what may stand between two letters of a word in a text document.
var tags = regexp.MustCompile(`<[^>]*>`)

var (
	pdfStream = regexp.MustCompile(`(?s)stream\r?\n(.*?)\r?\nendstream`)
	pdfHex    = regexp.MustCompile(`<([0-9A-Fa-f]{4,})>`)
	pdfChar   = regexp.MustCompile(`<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]{4,})>`)
)

// inPDF looks at the pages of a PDF as ours are: letters as numbers of glyphs,
// with maps back to characters. Of others it sees what stands in it as text.
func (s *sought) inPDF(b []byte) bool {
	var pages strings.Builder
	var maps []map[uint16]string
	for _, m := range pdfStream.FindAllSubmatch(b, -1) {
		part := m[1]
		if r, err := zlib.NewReader(bytes.NewReader(part)); err == nil {
			part = some(r)
		}
		text := string(part)
		if strings.Contains(text, "begincmap") {
			maps = append(maps, glyphs(text))
			continue
		}
		if utf8.ValidString(text) {
			pages.WriteString(text)
		}
	}
	text := pages.String()
	if s.in(text) {
		return true
	}
	hexes := pdfHex.FindAllStringSubmatch(text, -1)
	for _, back := range maps {
		var page strings.Builder
		for _, h := range hexes {
			for i := 0; i+4 <= len(h[1]); i += 4 {
				g, _ := strconv.ParseUint(h[1][i:i+4], 16, 16)
				page.WriteString(back[uint16(g)])
			}
			page.WriteByte(' ')
		}
		if s.in(page.String()) {
			return true
		}
	}
	for _, h := range pdfHex.FindAllSubmatch(b, -1) { // titles and bookmarks are UTF-16 in hex
		if raw, err := hex.DecodeString(string(h[1])); err == nil && s.in16(raw) {
			return true
		}
	}
	return false
}

// glyphs reads the map from glyphs to characters.
func glyphs(text string) map[uint16]string {
	back := map[uint16]string{}
	for _, m := range pdfChar.FindAllStringSubmatch(text, -1) {
		g, _ := strconv.ParseUint(m[1], 16, 16)
		var us []uint16
		for i := 0; i+4 <= len(m[2]); i += 4 {
			u, _ := strconv.ParseUint(m[2][i:i+4], 16, 16)
			us = append(us, uint16(u))
		}
		back[uint16(g)] = string(utf16.Decode(us))
	}
	return back
}
