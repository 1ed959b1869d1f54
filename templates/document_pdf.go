package templates

import (
	"io"
	"strconv"
	"time"

	"hatakello/templates/pdf"
)

// Printed says whose a printed document is.
type Printed struct {
	Author  string // the organisation
	Subject string // the case's number, or the year
	Made    time.Time
	Zone    *time.Location
}

// WritePDF writes the document as a tagged PDF. The same document made at the
// same time gives the same bytes.
func (d Document) WritePDF(out io.Writer, by Printed) error {
	if by.Zone == nil {
		by.Zone = time.UTC
	}
	face, err := faces()
	if err != nil {
		return err
	}
	doc := pdf.New(pdf.Meta{Title: d.Title, Author: by.Author, Subject: by.Subject, Lang: bcp47[d.Lang], Program: "Hätäkello", Made: by.Made})
	flow := pdf.NewFlow(doc, pdf.Margins{Left: 62, Top: 62, Right: 57, Bottom: 68})
	blocks := []pdf.Block{pdf.Heading{Role: "H1", Style: face.title, Text: d.Title, After: 6}}
	for _, b := range d.Blocks {
		blocks = append(blocks, face.block(b)...)
	}
	flow.Draw(blocks...)
	d.edges(doc, face, by)
	return doc.Write(out)
}

// block sets one part of a document.
func (face typeface) block(b Block) []pdf.Block {
	var all []pdf.Block
	switch {
	case b.Level > 2:
		return []pdf.Block{pdf.Heading{Role: "H3", Style: face.label, Text: b.Text, Before: 8, After: 1}}
	case b.Level > 0:
		return []pdf.Block{pdf.Heading{Role: "H2", Style: face.head, Text: b.Text, Before: 16, After: 2, Mark: true}}
	case b.Table != nil:
		return []pdf.Block{face.grid(grid{cols: b.Table.Cols, head: b.Table.Head, rows: b.Table.Rows, none: b.Text})}
	case b.Plot != nil:
		return []pdf.Block{b.Plot.figure(face)}
	case b.Label != "":
		all = append(all, pdf.Para{Style: face.label, Text: b.Label, After: 1, Lead: true})
	}
	all = append(all, pdf.Para{Style: face.body, Text: b.Text, After: 6})
	if b.Note != "" {
		all = append(all, pdf.Para{Style: face.small, Text: b.Note, After: 6})
	}
	return all
}

// edges draws the running heads and feet, which are no part of the text.
func (d Document) edges(doc *pdf.Doc, face typeface, by Printed) {
	foot := by.Author + " · " + DateTime(Lang(d.Lang), by.Made, by.Zone)
	for i := range doc.Pages() {
		doc.Turn(i)
		doc.Artifact(func() {
			if i > 0 {
				doc.Text(62, 40, face.tiny, face.tiny.Wrap(d.Title, 470)[0])
			}
			doc.Line(62, pdf.Height-52, pdf.Width-62-57, 0.4, 0.6)
			doc.Text(62, pdf.Height-40, face.tiny, face.tiny.Wrap(foot, 400)[0])
			n := strconv.Itoa(i+1) + " / " + strconv.Itoa(doc.Pages())
			doc.Text(pdf.Width-57-face.tiny.Font.Width(n, face.tiny.Size), pdf.Height-40, face.tiny, n)
		})
	}
}
