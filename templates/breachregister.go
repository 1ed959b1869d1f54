package templates

import (
	"io"
	"slices"
	"strconv"
	"time"

	"hatakello/templates/pdf"
)

// BreachRegister is the register of breaches as it is printed (Art. 33(5)).
type BreachRegister struct {
	Organisation string
	Title        string
	Made         time.Time
	Zone         *time.Location
	Cases        []BreachCase // in the order in which they are printed
}

// BreachCase is one case: its number and title, and pairs of label and words.
type BreachCase struct {
	Title string
	Cells [][2]string
}

// WriteBreachRegister writes the register as a tagged PDF with running heads,
// page numbers and a bookmark for each case. The same register gives the same
// bytes.
func (w *Words) WriteBreachRegister(out io.Writer, lang string, r BreachRegister) error {
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
	doc := pdf.New(pdf.Meta{Title: r.Title + " – " + r.Organisation, Author: r.Organisation, Subject: r.Title, Lang: bcp47[lang], Program: "Hätäkello", Made: r.Made})
	flow := pdf.NewFlow(doc, pdf.Margins{Left: 62, Top: 62, Right: 57, Bottom: 68})
	made := w.Say(lang, "breaches.made", "At", Both(Lang(lang), r.Made, r.Zone), "N", len(r.Cases))
	flow.Draw(pdf.Heading{Role: "H1", Style: face.title, Text: r.Title, After: 2},
		pdf.Para{Style: face.body, Text: r.Organisation, After: 2}, pdf.Para{Style: face.body, Text: made, After: 8},
		pdf.Para{Style: face.small, Text: w.Say(lang, "breaches.printed"), After: 4})
	if len(r.Cases) == 0 {
		flow.Draw(pdf.Para{Style: face.lack, Text: w.Say(lang, "breaches.none"), After: 6})
	}
	for _, c := range r.Cases {
		var facts []fact
		for _, x := range c.Cells {
			if x[1] != "" {
				facts = append(facts, fact{label: x[0], value: x[1]})
			}
		}
		flow.Draw(pdf.Heading{Role: "H2", Style: face.head, Text: c.Title, Before: 16, After: 1, Mark: true}, face.facts(facts))
	}
	edges(doc, face, r.Title+" · "+r.Organisation, made)
	return doc.Write(out)
}

// edges draws a running head from the second page on, a foot and the page
// numbers.
func edges(doc *pdf.Doc, face typeface, head, foot string) {
	heads, feet := face.tiny.Wrap(head, 470), face.tiny.Wrap(foot, 400)
	for i := range doc.Pages() {
		doc.Turn(i)
		doc.Artifact(func() {
			if i > 0 {
				doc.Text(62, 40, face.tiny, heads[0])
			}
			doc.Line(62, pdf.Height-52, pdf.Width-62-57, 0.4, 0.6)
			doc.Text(62, pdf.Height-40, face.tiny, feet[0])
			n := strconv.Itoa(i+1) + " / " + strconv.Itoa(doc.Pages())
			doc.Text(pdf.Width-57-face.tiny.Font.Width(n, face.tiny.Size), pdf.Height-40, face.tiny, n)
		})
	}
}
