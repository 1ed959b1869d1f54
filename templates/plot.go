package templates

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"

	"hatakello/templates/pdf"
)

// Plot is a picture drawn from figures: the same strokes make the SVG of a page
// and the figure of a PDF. Its unit is a CSS pixel.
type Plot struct {
	Width, Height float64
	Title, Desc   string // Desc says in words what is to be seen
	Strokes       []Stroke
}

// Stroke is one mark of a plot.
type Stroke struct {
	Kind   string    // "line", "box" or "text"
	Tone   string    // one of tones
	Points []float64 // x and y in turn; of a box: x, y, width, height
	Text   string
	Anchor float64 // of a text: 0 begins, 0.5 is centred, 1 ends at its point
}

// A tone is how a stroke looks on paper; the stylesheet knows it by its name.
type tone struct{ gray, thick, dash, size float64 }

// tones of strokes, by name: the class of the SVG is "p-" and the name.
var tones = map[string]tone{
	"axis":  {0.55, 1, 0, 0},
	"faint": {0.85, 1, 0, 0},
	"main":  {0.15, 2, 0, 0},
	"other": {0.4, 2, 5, 0},
	"bar":   {0.55, 0, 0, 0},
	"soft":  {0.86, 0, 0, 0},
	"late":  {0.1, 0, 0, 0},
	"mark":  {0, 1.5, 0, 0},
	"label": {0, 0, 0, 12},
	"note":  {0.3, 0, 0, 11},
}

func (p *Plot) line(tone string, points ...float64) {
	p.Strokes = append(p.Strokes, Stroke{Kind: "line", Tone: tone, Points: points})
}

func (p *Plot) box(tone string, x, y, w, h float64) {
	p.Strokes = append(p.Strokes, Stroke{Kind: "box", Tone: tone, Points: []float64{x, y, w, h}})
}

func (p *Plot) text(tone string, x, y, anchor float64, s string) {
	p.Strokes = append(p.Strokes, Stroke{Kind: "text", Tone: tone, Points: []float64{x, y}, Text: s, Anchor: anchor})
}

var anchors = map[float64]string{0: "start", 0.5: "middle", 1: "end"}

// SVG writes the plot for a page. It holds classes and no styles, so that a
// strict content policy lets it be.
func (p *Plot) SVG(id string) template.HTML {
	var b strings.Builder
	esc := template.HTMLEscapeString
	fmt.Fprintf(&b, `<svg class="plot" viewBox="0 0 %s %s" role="img" aria-labelledby="%s-t %s-d"><title id="%s-t">%s</title><desc id="%s-d">%s</desc>`,
		short(p.Width), short(p.Height), id, id, id, esc(p.Title), id, esc(p.Desc))
	for _, s := range p.Strokes {
		switch s.Kind {
		case "line":
			b.WriteString(`<polyline class="p-` + s.Tone + `" points="`)
			for i, v := range s.Points {
				if i > 0 {
					b.WriteByte(' ')
				}
				b.WriteString(short(v))
			}
			b.WriteString(`"/>`)
		case "box":
			fmt.Fprintf(&b, `<rect class="p-%s" x="%s" y="%s" width="%s" height="%s"/>`, s.Tone, short(s.Points[0]), short(s.Points[1]), short(s.Points[2]), short(s.Points[3]))
		case "text":
			fmt.Fprintf(&b, `<text class="p-%s" x="%s" y="%s" text-anchor="%s">%s</text>`, s.Tone, short(s.Points[0]), short(s.Points[1]), anchors[s.Anchor], esc(s.Text))
		}
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String()) //nolint:gosec // figures and our own names; every text is escaped above
}

// short is a number with at most one decimal.
func short(v float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(v, 'f', 1, 64), ".0")
}

// figure is the plot on paper.
func (p *Plot) figure(face typeface) pdf.Figure {
	return pdf.Figure{Alt: p.Title + ". " + p.Desc, Width: p.Width, Height: p.Height, After: 8, Paint: func(c *pdf.Canvas) {
		for _, s := range p.Strokes {
			t := tones[s.Tone]
			switch s.Kind {
			case "line":
				c.Stroke(s.Points, t.thick, t.gray, t.dash)
			case "box":
				c.Box(s.Points[0], s.Points[1], s.Points[2], s.Points[3], t.gray)
			case "text":
				st := pdf.Style{Font: face.body.Font, Size: t.size, Lead: t.size, Gray: t.gray}
				c.Text(s.Points[0], s.Points[1], s.Anchor, st, s.Text)
			}
		}
	}}
}
