package pdf

// Table is rows of cells. The first cell of a row heads the row.
type Table struct {
	Cols  []float64 // widths, in points; the last column takes the rest
	Head  []string  // of the columns; nil for none
	Style Style     // of the heads
	Rows  []Row
	After float64
}

// Row is one row of a table, as many cells as there are columns.
type Row []Cell

// Cell holds paragraphs, one under the other, and then ruled lines to write on.
type Cell struct {
	Spans []Span
	Rules int
}

// Span is a text in one style.
type Span struct {
	Style Style
	Text  string
}

const (
	cellPad  = 3.5 // over and under the text
	colGap   = 10.0
	ruleLead = 23.0 // room to write by hand
	keepRow  = 0.4  // a row is broken only if it is higher than this part of a page
)

// cellLine is one line of a cell: text, or a rule to write on.
type cellLine struct {
	st   Style
	text string
	rule bool
}

func (l cellLine) height() float64 {
	if l.rule {
		return ruleLead
	}
	return l.st.Lead
}

func height(lines []cellLine) float64 {
	h := 0.0
	for _, l := range lines {
		h += l.height()
	}
	return h
}

// widths returns each column's left edge and the width of its text.
func (t Table) widths(f *Flow) (xs, ws []float64) {
	x := f.m.Left
	for i, w := range t.Cols {
		if i == len(t.Cols)-1 {
			w = f.m.Left + f.width() - x
		}
		xs, ws = append(xs, x), append(ws, w-colGap)
		x += w
	}
	ws[len(ws)-1] += colGap
	return xs, ws
}

func (t Table) set(r Row, ws []float64) [][]cellLine {
	all := make([][]cellLine, len(r))
	for i, c := range r {
		for _, s := range c.Spans {
			for _, text := range s.Style.Wrap(s.Text, ws[i]) {
				all[i] = append(all[i], cellLine{st: s.Style, text: text})
			}
		}
		for range c.Rules {
			all[i] = append(all[i], cellLine{rule: true})
		}
	}
	return all
}

func (t Table) headRow() Row {
	r := make(Row, len(t.Head))
	for i, s := range t.Head {
		r[i] = Cell{Spans: []Span{{t.Style, s}}}
	}
	return r
}

func (t Table) least(f *Flow) float64 {
	_, ws := t.widths(f)
	h := 0.0
	if t.Head != nil {
		h = tallest(t.set(t.headRow(), ws))
	}
	if len(t.Rows) > 0 {
		h += t.room(f, t.set(t.Rows[0], ws))
	}
	return h
}

// room returns what a row needs at its beginning: all of it, or of a very
// high one some lines.
func (t Table) room(f *Flow, cells [][]cellLine) float64 {
	h := tallest(cells)
	if h > keepRow*(f.bottom()-f.m.Top) {
		return 80
	}
	return h
}

func tallest(cells [][]cellLine) float64 {
	h := 0.0
	for _, c := range cells {
		h = max(h, height(c))
	}
	return h + 2*cellPad
}

func (t Table) draw(f *Flow) {
	table := f.d.root.Add("Table")
	xs, ws := t.widths(f)
	var head [][]cellLine
	if t.Head != nil {
		head = t.set(t.headRow(), ws)
		tr := table.Add("TR")
		owners := make([]*Element, len(head))
		for i := range head {
			owners[i] = tr.Add("TH").Scope("Column")
		}
		f.row(head, xs, ws, owners)
		f.d.Line(f.m.Left, f.y, f.width(), 0.8, 0.2)
	}
	for _, r := range t.Rows {
		cells := t.set(r, ws)
		tr := table.Add("TR")
		owners := make([]*Element, len(cells))
		for i := range cells {
			if i == 0 {
				owners[i] = tr.Add("TH").Scope("Row")
			} else {
				owners[i] = tr.Add("TD")
			}
		}
		t.rows(f, cells, head, owners)
	}
	f.y += t.After
}

// rows draws one row, over several pages if it must. The heads and the row's
// first cell are repeated on each as decoration, for they have been read once.
func (t Table) rows(f *Flow, cells, head [][]cellLine, owners []*Element) {
	xs, ws := t.widths(f)
	again := func() {
		f.turn()
		if head != nil {
			f.d.Artifact(func() { f.row(head, xs, ws, nil) })
			f.d.Line(f.m.Left, f.y, f.width(), 0.8, 0.2)
		}
	}
	if f.y+t.room(f, cells) > f.bottom() {
		again()
	}
	label := cells[:1]
	for {
		part, rest, more := split(cells, f.bottom()-f.y-2*cellPad)
		f.row(part, xs, ws, owners)
		f.d.Line(f.m.Left, f.y, f.width(), 0.4, 0.75)
		if !more {
			return
		}
		cells = rest
		again()
		if y := f.y; len(rest[0]) == 0 { // say again what this is
			f.d.Artifact(func() { f.row(label, xs, ws, nil) })
			f.y = y
		}
	}
}

// split parts cells into the lines that fit into h points, at least one of
// each, and the rest.
func split(cells [][]cellLine, h float64) (part, rest [][]cellLine, more bool) {
	part, rest = make([][]cellLine, len(cells)), make([][]cellLine, len(cells))
	for i, c := range cells {
		n, used := 0, 0.0
		for n < len(c) && (n == 0 || used+c[n].height() <= h) {
			used += c[n].height()
			n++
		}
		part[i], rest[i] = c[:n], c[n:]
		more = more || n < len(c)
	}
	return part, rest, more
}

// row draws cells side by side and moves below the tallest. Without owners it
// is part of an artifact.
func (f *Flow) row(cells [][]cellLine, xs, ws []float64, owners []*Element) {
	top := f.y
	for i, c := range cells {
		if owners != nil {
			f.d.In(owners[i])
		}
		y := top + cellPad
		for _, l := range c {
			switch {
			case l.rule:
				f.d.Line(xs[i], y+ruleLead-5, ws[i], 0.5, 0.45)
			case l.text != "":
				f.d.Text(xs[i], y+baseline(l.st), l.st, l.text)
			}
			y += l.height()
		}
	}
	f.y = top + tallest(cells)
}
