package incident

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// The limits of one import. A larger register is imported in parts.
const (
	maxImportBytes = 16 << 20
	maxImportRows  = 200_000
)

// notCSV are the first bytes of files that people take for a CSV file: the new
// and the old spreadsheet format, and PDF.
var notCSV = []string{"PK\x03\x04", "\xd0\xcf\x11\xe0", "%PDF"}

// readImport reads all of r, up to the limit.
func readImport(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxImportBytes+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxImportBytes {
		return nil, badFile("import.too_large", "max", maxImportBytes>>20)
	}
	for _, head := range notCSV {
		if bytes.HasPrefix(data, []byte(head)) {
			return nil, badFile("import.not_csv")
		}
	}
	return data, nil
}

// decodeImport turns a file into UTF-8 with one kind of line end, and says how
// it was encoded. What cannot be told is refused: a name read wrongly would
// stand wrongly in a notice.
func decodeImport(data []byte) (text, encoding string, err error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		data = data[3:]
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		text, err = decodeUTF16(data[2:], binary.LittleEndian)
		return unifyLines(text), "utf-16", err
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		text, err = decodeUTF16(data[2:], binary.BigEndian)
		return unifyLines(text), "utf-16", err
	case bytes.Count(data, []byte{0})*4 > len(data): // UTF-16 or -32 without its mark
		return "", "", badFile("import.encoding", "line", 1)
	}
	if utf8.Valid(data) {
		return unifyLines(string(data)), "utf-8", nil
	}
	text, err = decode1252(data)
	return unifyLines(text), "windows-1252", err
}

func decodeUTF16(data []byte, order binary.ByteOrder) (string, error) {
	if len(data)%2 != 0 {
		return "", badFile("import.encoding", "line", 1)
	}
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return string(utf16.Decode(units)), nil
}

// windows1252 holds the characters of the bytes 0x80 to 0x9f; zero is a byte
// that has none. All other bytes are their own code points.
var windows1252 = [32]rune{
	'€', 0, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0, 'Ž', 0,
	0, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0, 'ž', 'Ÿ',
}

// decode1252 reads data as Windows-1252, which holds all of Latin-1 that can be
// printed. A file that is UTF-8 in one place and not in another has been
// damaged and is refused, with the line of the first byte that does not fit.
func decode1252(data []byte) (string, error) {
	var b strings.Builder
	b.Grow(len(data) + len(data)/8)
	line, strange, mixed := 1, 0, false
	for i := 0; i < len(data); i++ {
		c := data[i]
		switch {
		case c == '\n':
			line++
			fallthrough
		case c < utf8.RuneSelf:
			b.WriteByte(c)
			continue
		}
		_, n := utf8.DecodeRune(data[i:])
		mixed = mixed || n > 1
		if n == 1 && strange == 0 {
			strange = line
		}
		r := rune(c)
		if c < 0xa0 {
			r = windows1252[c-0x80]
		}
		if r == 0 || mixed && strange > 0 {
			return "", badFile("import.encoding", "line", max(strange, 1))
		}
		b.WriteRune(r)
	}
	return b.String(), nil
}

// unifyLines ends lines as the CSV reader wants them, also in files that know
// only carriage returns.
func unifyLines(text string) string {
	if !strings.Contains(text, "\n") {
		return strings.ReplaceAll(text, "\r", "\n")
	}
	return text
}

// badFile is an error about the file as a whole.
func badFile(key string, pairs ...any) *Error {
	return &Error{Kind: Invalid, Field: "file", Key: key, Args: args(pairs)}
}

func args(pairs []any) map[string]any {
	if len(pairs) == 0 {
		return nil
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i].(string)] = pairs[i+1]
	}
	return m
}
