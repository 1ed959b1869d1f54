package incident

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
)

// ReadTable reads a CSV file (UTF-8, UTF-16 with its mark or Windows-1252; with
// semicolons, commas or tabs) into rows, the head first, with the line on which
// each begins as an editor counts.
func ReadTable(data []byte) (rows [][]string, lines []int, coding string, err error) {
	if data, err = readImport(bytes.NewReader(data)); err != nil {
		return nil, nil, "", err
	}
	text, coding, err := decodeImport(data)
	if err != nil {
		return nil, nil, "", err
	}
	cut, best := 0, separators[0]
	head, rest, _ := strings.Cut(text, "\n")
	for _, s := range separators {
		if strings.Count(head, string(s)) > strings.Count(head, string(best)) {
			best = s
		}
	}
	if s := strings.TrimRight(head, "\r"); len(s) == 5 && strings.EqualFold(s[:4], "sep=") {
		text, cut, best = rest, 1, rune(s[4])
	}
	in := newCSV(text, best)
	in.ReuseRecord = false
	for {
		record, err := in.Read()
		var broken *csv.ParseError
		switch {
		case err == io.EOF:
			return rows, lines, coding, nil
		case errors.As(err, &broken): // what stands behind it cannot be told apart
			return nil, nil, "", badFile("import.quote", "first", broken.StartLine+cut, "last", broken.Line+cut)
		case err != nil:
			return nil, nil, "", err
		}
		line, _ := in.FieldPos(0)
		rows, lines = append(rows, record), append(lines, line+cut)
		if len(rows) > olderMost+1 {
			return nil, nil, "", badFile("import.too_many", "max", olderMost)
		}
	}
}
