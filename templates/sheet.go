package templates

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// Sheet is a spreadsheet of text: every cell is a string, so that nothing in
// it is a formula.
type Sheet struct {
	file *excelize.File
	w    *excelize.StreamWriter
	text int // style
	row  int
}

// cellMost is the longest text of a cell, in characters.
const cellMost = 32767

// NewSheet begins a sheet with a head that stays in sight.
func NewSheet(name string, heads []string) (*Sheet, error) {
	s := &Sheet{file: excelize.NewFile()}
	if err := s.begin(name, heads); err != nil {
		s.file.Close()
		return nil, err
	}
	return s, nil
}

func (s *Sheet) begin(name string, heads []string) error {
	if err := s.file.SetSheetName("Sheet1", name); err != nil {
		return err
	}
	var err error
	if s.text, err = s.file.NewStyle(&excelize.Style{NumFmt: 49, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}}); err != nil {
		return err
	}
	bold, err := s.file.NewStyle(&excelize.Style{NumFmt: 49, Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true}})
	if err != nil {
		return err
	}
	if s.w, err = s.file.NewStreamWriter(name); err != nil {
		return err
	}
	if err := s.w.SetColWidth(1, max(len(heads), 1), 28); err != nil {
		return err
	}
	if err := s.w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	return s.add(heads, bold)
}

// Row adds a row.
func (s *Sheet) Row(cells []string) error { return s.add(cells, s.text) }

func (s *Sheet) add(cells []string, style int) error {
	s.row++
	row := make([]any, len(cells))
	for i, text := range cells {
		row[i] = excelize.Cell{StyleID: style, Value: sheetText(text)}
	}
	at, err := excelize.CoordinatesToCellName(1, s.row)
	if err != nil {
		return err
	}
	return s.w.SetRow(at, row)
}

// sheetText is text that XML can hold, not too long for a cell.
func sheetText(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	if utf8.RuneCountInString(s) > cellMost {
		s = string([]rune(s)[:cellMost-1]) + "…"
	}
	return s
}

// Write ends the sheet and writes the file.
func (s *Sheet) Write(out io.Writer) error {
	if err := s.w.Flush(); err != nil {
		return err
	}
	_, err := s.file.WriteTo(out)
	return err
}

// Close lets go of what the sheet holds.
func (s *Sheet) Close() error { return s.file.Close() }

// The most that a spreadsheet may unpack to, in bytes, and its most rows.
const (
	sheetUnpacked = 64 << 20
	sheetRows     = 20_002
)

// ReadSheet reads the first sheet of an XLSX file as it is stored: dates are
// numbers. A formula gives its last result.
func ReadSheet(data []byte) ([][]string, error) {
	book, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true, UnzipSizeLimit: sheetUnpacked, UnzipXMLSizeLimit: sheetUnpacked / 4})
	if err != nil {
		return nil, err
	}
	defer book.Close()
	rows, err := book.Rows(book.GetSheetName(0))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all [][]string
	for rows.Next() && len(all) < sheetRows {
		cells, err := rows.Columns()
		if err != nil {
			return nil, err
		}
		all = append(all, cells)
	}
	return all, rows.Error()
}
