package templates

import (
	_ "embed"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"hatakello/templates/pdf"
)

// Source Sans 3 by Adobe, under the SIL Open Font License; see fonts/OFL.txt.
var (
	//go:embed fonts/SourceSans3-Regular.ttf
	regularTTF []byte
	//go:embed fonts/SourceSans3-SemiBold.ttf
	semiBoldTTF []byte
	//go:embed fonts/SourceSans3-Italic.ttf
	italicTTF []byte
)

// typeface is the styles of a printed document.
type typeface struct {
	title, head, body, label, lack, todo, small, tiny, column pdf.Style
}

// faces reads the fonts once; they are shared by all documents.
var faces = sync.OnceValues(func() (typeface, error) {
	regular, err := pdf.ParseFont("SourceSans3-Regular", regularTTF)
	if err != nil {
		return typeface{}, err
	}
	bold, err := pdf.ParseFont("SourceSans3-SemiBold", semiBoldTTF)
	if err != nil {
		return typeface{}, err
	}
	italic, err := pdf.ParseFont("SourceSans3-Italic", italicTTF)
	if err != nil {
		return typeface{}, err
	}
	return typeface{
		title:  pdf.Style{Font: bold, Size: 20, Lead: 25},
		head:   pdf.Style{Font: bold, Size: 13, Lead: 17},
		body:   pdf.Style{Font: regular, Size: 10.5, Lead: 14.5},
		label:  pdf.Style{Font: bold, Size: 10, Lead: 14.5},
		lack:   pdf.Style{Font: italic, Size: 10.5, Lead: 14.5, Gray: 0.3},
		todo:   pdf.Style{Font: regular, Size: 9, Lead: 14.5, Gray: 0.3},
		small:  pdf.Style{Font: regular, Size: 9, Lead: 12, Gray: 0.3},
		tiny:   pdf.Style{Font: regular, Size: 8, Lead: 10, Gray: 0.35},
		column: pdf.Style{Font: bold, Size: 9, Lead: 12, Gray: 0.2},
	}, nil
})

// bcp47 is the language of a document, for screen readers.
var bcp47 = map[string]string{"fi": "fi-FI", "sv": "sv-FI", "en": "en-GB"}

// WriteReport writes the report as a tagged PDF. The same report gives the
// same bytes: the document's own time is r.Made. An unknown language is Finnish.
func (w *Words) WriteReport(out io.Writer, lang string, r Report) error {
	if !slices.Contains(Langs, lang) {
		lang = Langs[0]
	}
	if r.Zone == nil {
		r.Zone = time.UTC
	}
	face, err := faces()
	if err != nil {
		return err
	}
	s := scribe{w, lang, r}
	o := s.outline()
	doc := pdf.New(pdf.Meta{
		Title: o.title + " – " + r.Controller.Name, Author: s.author(), Subject: r.Number,
		Lang: bcp47[lang], Program: "Hätäkello", Made: r.Made,
	})
	flow := pdf.NewFlow(doc, pdf.Margins{Left: 62, Top: 62, Right: 57, Bottom: 68})
	flow.Draw(face.set(o)...)
	s.edges(doc, face, o)
	return doc.Write(out)
}

// author is the organisation that runs the program.
func (s scribe) author() string {
	if s.own() {
		return s.r.Controller.Name
	}
	return s.r.Processor.Name
}

// set makes blocks of an outline.
func (face typeface) set(o outline) []pdf.Block {
	blocks := []pdf.Block{
		pdf.Heading{Role: "H1", Style: face.title, Text: o.title, After: 2},
		pdf.Para{Style: face.body, Text: o.subtitle, After: 12},
	}
	for _, n := range o.notes {
		blocks = append(blocks, pdf.Para{Style: face.body, Text: n, After: 8, Bar: true})
	}
	for i, sec := range o.sections {
		title := strconv.Itoa(i+1) + ". " + sec.title
		blocks = append(blocks, pdf.Heading{Role: "H2", Style: face.head, Text: title, Before: 16, After: 1, Mark: true})
		blocks = append(blocks, face.section(sec)...)
	}
	return blocks
}

func (face typeface) section(sec section) []pdf.Block {
	var blocks []pdf.Block
	if sec.from != "" {
		blocks = append(blocks, pdf.Para{Style: face.small, Text: sec.from, After: 3, Lead: true})
	}
	if sec.facts != nil {
		blocks = append(blocks, face.facts(sec.facts))
	}
	if sec.grid != nil {
		blocks = append(blocks, face.grid(*sec.grid))
	}
	if sec.after != nil {
		blocks = append(blocks, face.facts(sec.after))
	}
	for _, t := range sec.texts {
		blocks = append(blocks, pdf.Para{Style: face.body, Text: t, After: 6})
	}
	for _, l := range sec.lists {
		blocks = append(blocks, pdf.Para{Style: face.label, Text: l.intro, After: 1, Lead: true}, pdf.List{Style: face.body, Items: l.items, After: 6})
	}
	return blocks
}

// facts makes a table of label and value.
func (face typeface) facts(all []fact) pdf.Block {
	t := pdf.Table{Cols: []float64{152, 0}, After: 4}
	for _, f := range all {
		value := pdf.Span{Style: face.body, Text: f.value}
		switch f.state {
		case open:
			value.Style = face.lack
		case theirs:
			value.Style = face.todo
		}
		cell := pdf.Cell{Spans: []pdf.Span{value}, Rules: f.rules}
		if f.note != "" {
			cell.Spans = append(cell.Spans, pdf.Span{Style: face.small, Text: f.note})
		}
		t.Rows = append(t.Rows, pdf.Row{{Spans: []pdf.Span{{Style: face.label, Text: f.label}}}, cell})
	}
	return t
}

// grid makes a table with heads, or says that there is nothing to list.
func (face typeface) grid(g grid) pdf.Block {
	if len(g.rows) == 0 {
		return pdf.Para{Style: face.lack, Text: g.none, After: 6}
	}
	t := pdf.Table{Cols: g.cols, Head: g.head, Style: face.column, After: 8}
	cell := face.body
	cell.Size, cell.Lead = 9.5, 12.5
	label := face.label
	label.Size, label.Lead = cell.Size, cell.Lead
	for _, r := range g.rows {
		row := make(pdf.Row, len(r))
		for i, text := range r {
			row[i] = pdf.Cell{Spans: []pdf.Span{{Style: cell, Text: text}}}
		}
		row[0].Spans[0].Style = label
		t.Rows = append(t.Rows, row)
	}
	return t
}

// edges draws the running heads and feet, which are no part of the text.
func (s scribe) edges(doc *pdf.Doc, face typeface, o outline) {
	foot := face.tiny.Wrap(s.say("foot", "At", Date(Lang(s.lang), rulesAsOf, s.r.Zone)), 400)
	head := strings.TrimSpace(face.tiny.Wrap(s.r.Number+" · "+s.r.Controller.Name, 470)[0])
	for i := range doc.Pages() {
		doc.Turn(i)
		doc.Artifact(func() {
			if i > 0 {
				doc.Text(62, 40, face.tiny, head)
			}
			doc.Line(62, pdf.Height-52, pdf.Width-62-57, 0.4, 0.6)
			for j, line := range foot {
				doc.Text(62, pdf.Height-40+10*float64(j), face.tiny, line)
			}
			n := strconv.Itoa(i+1) + " / " + strconv.Itoa(doc.Pages())
			doc.Text(pdf.Width-57-face.tiny.Font.Width(n, face.tiny.Size), pdf.Height-40, face.tiny, n)
		})
	}
}
