package pdf

// Margins are the unprinted edges of a page, in points.
type Margins struct{ Left, Top, Right, Bottom float64 }

// Flow sets blocks one under the other and turns pages.
type Flow struct {
	d *Doc
	m Margins
	y float64 // where the next line begins, from the top
}

// Block is something that a Flow sets: a Heading, a Para, a List or a Table.
type Block interface {
	// least returns how much room the block's beginning needs.
	least(f *Flow) float64
	draw(f *Flow)
}

// NewFlow begins the document's first page.
func NewFlow(d *Doc, m Margins) *Flow {
	f := &Flow{d: d, m: m}
	f.turn()
	return f
}

// Draw sets blocks. A heading never stands last on a page, nor does a
// paragraph that introduces what follows.
func (f *Flow) Draw(blocks ...Block) {
	for i, b := range blocks {
		need := b.least(f)
		for j := i; j+1 < len(blocks) && leads(blocks[j]); j++ {
			need += blocks[j+1].least(f)
		}
		f.need(need)
		b.draw(f)
	}
}

// leads reports whether a block must stay with the next.
func leads(b Block) bool {
	p, ok := b.(Para)
	if _, heading := b.(Heading); heading {
		return true
	}
	return ok && p.Lead
}

func (f *Flow) width() float64 { return Width - f.m.Left - f.m.Right }

func (f *Flow) bottom() float64 { return Height - f.m.Bottom }

func (f *Flow) atTop() bool { return f.y == f.m.Top }

func (f *Flow) turn() {
	f.d.AddPage()
	f.y = f.m.Top
}

// need turns the page unless h points are left.
func (f *Flow) need(h float64) {
	if f.y+h > f.bottom() && !f.atTop() {
		f.turn()
	}
}

func (f *Flow) space(h float64) {
	if !f.atTop() {
		f.y += h
	}
}

// line draws one line of text and moves down.
func (f *Flow) line(x float64, st Style, s string) {
	if s != "" {
		f.d.Text(x, f.y+baseline(st), st, s)
	}
	f.y += st.Lead
}

// baseline is how far under a line's upper edge its letters stand.
func baseline(st Style) float64 { return (st.Lead-st.Size)/2 + st.Size*0.8 }

// Heading is a heading; Role is H1 or H2. With Mark it gets a line in the
// document's outline.
type Heading struct {
	Role          string
	Style         Style
	Text          string
	Before, After float64
	Mark          bool
}

func (h Heading) least(f *Flow) float64 {
	return h.Before + h.After + float64(len(h.Style.Wrap(h.Text, f.width())))*h.Style.Lead
}

func (h Heading) draw(f *Flow) {
	f.space(h.Before)
	f.d.In(f.d.root.Add(h.Role))
	if h.Mark {
		f.d.Bookmark(h.Text, f.y)
	}
	for _, s := range h.Style.Wrap(h.Text, f.width()) {
		f.line(f.m.Left, h.Style, s)
	}
	f.y += h.After
}

// Para is a paragraph. With Bar it has a rule along its left side; with Lead it
// introduces the next block and stays with it. At least two lines stay
// together on each side of a page's end.
type Para struct {
	Style Style
	Text  string
	After float64
	Bar   bool
	Lead  bool
}

const barIndent = 10

func (p Para) lines(f *Flow) []string {
	w := f.width()
	if p.Bar {
		w -= barIndent
	}
	return p.Style.Wrap(p.Text, w)
}

func (p Para) least(f *Flow) float64 {
	n := len(p.lines(f))
	if n > 3 && !p.Bar {
		n = 2
	}
	return float64(n)*p.Style.Lead + p.After
}

func (p Para) draw(f *Flow) {
	f.d.In(f.d.root.Add("P"))
	f.column(p.Style, p.lines(f), p.Bar)
	f.y += p.After
}

// column sets lines over as many pages as they take.
func (f *Flow) column(st Style, lines []string, bar bool) {
	x := f.m.Left
	if bar {
		x += barIndent
	}
	for len(lines) > 0 {
		n := max(1, min(len(lines), int((f.bottom()-f.y)/st.Lead)))
		if rest := len(lines) - n; rest == 1 && n > 2 {
			n--
		}
		top := f.y
		for _, s := range lines[:n] {
			f.line(x, st, s)
		}
		if bar {
			f.d.Fill(f.m.Left, top+2, 2.5, f.y-top-2, 0.35)
		}
		if lines = lines[n:]; len(lines) > 0 {
			f.turn()
		}
	}
}

// List is a list of short lines, each with a dash before it.
type List struct {
	Style Style
	Items []string
	After float64
}

const listIndent = 12

func (l List) least(f *Flow) float64 { return l.Style.Lead }

func (l List) draw(f *Flow) {
	list := f.d.root.Add("L")
	for _, item := range l.Items {
		li := list.Add("LI")
		lines := l.Style.Wrap(item, f.width()-listIndent)
		f.need(float64(min(2, len(lines))) * l.Style.Lead)
		f.d.In(li.Add("Lbl"))
		f.d.Text(f.m.Left, f.y+baseline(l.Style), l.Style, "–")
		f.d.In(li.Add("LBody"))
		for _, s := range lines {
			f.need(l.Style.Lead)
			f.line(f.m.Left+listIndent, l.Style, s)
		}
	}
	f.y += l.After
}
