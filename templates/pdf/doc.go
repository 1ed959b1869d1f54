package pdf

import (
	"bytes"
	"math"
	"strconv"
	"time"
)

// Width and Height are the size of an A4 page in points.
const (
	Width  = 595.28
	Height = 841.89
)

// Meta says what a document is.
type Meta struct {
	Title   string
	Author  string
	Subject string
	Lang    string // BCP 47
	Program string
	Made    time.Time // the only time that gets into the file
}

// Doc is a document being drawn. All that is drawn belongs to an Element or is
// an artifact: decoration that a screen reader leaves out.
type Doc struct {
	meta     Meta
	pages    []*page
	page     int // index of the page being drawn
	root     *Element
	in       *Element // owner of what is drawn
	open     bool     // a marked sequence is open on the page
	artifact bool
	fonts    []*usedFont
	marks    []bookmark
}

type page struct {
	body   bytes.Buffer
	owners []*Element // by number of the marked sequence
}

type usedFont struct {
	*Font
	used map[uint16]rune // glyphs drawn, and what they stand for
	id   int             // object number
}

type bookmark struct {
	title string
	page  int
	y     float64
}

// Element is a part of the logical structure: Document, H1, H2, P, Table, TR,
// TH, TD, L, LI, LBody.
type Element struct {
	role   string
	attrs  string
	parent *Element
	kids   []kid
	id     int
}

// kid is an element, or one marked sequence of a page.
type kid struct {
	el   *Element
	page int
	mark int
}

// New starts a document without pages.
func New(meta Meta) *Doc {
	return &Doc{meta: meta, page: -1, root: &Element{role: "Document"}}
}

// Root is the element that holds all others.
func (d *Doc) Root() *Element { return d.root }

// Add appends a part of the given role.
func (e *Element) Add(role string) *Element {
	k := &Element{role: role, parent: e}
	e.kids = append(e.kids, kid{el: k})
	return k
}

// Scope says of a TH whether it heads its "Row" or its "Column".
func (e *Element) Scope(of string) *Element {
	e.attrs = "/A <</O /Table /Scope /" + of + ">> "
	return e
}

// AddPage begins a page at the end; what is drawn next still belongs to the
// same element.
func (d *Doc) AddPage() {
	d.end()
	d.pages = append(d.pages, &page{})
	d.page = len(d.pages) - 1
}

// Pages returns how many pages there are.
func (d *Doc) Pages() int { return len(d.pages) }

// Turn goes back to a page, counted from 0, to draw more on it.
func (d *Doc) Turn(i int) {
	d.end()
	d.page = i
}

// In makes e the owner of what is drawn next.
func (d *Doc) In(e *Element) {
	if d.in != e {
		d.end()
		d.in = e
	}
}

// Artifact draws decoration.
func (d *Doc) Artifact(draw func()) {
	d.end()
	d.write("/Artifact BMC\n")
	d.artifact = true
	draw()
	d.artifact = false
	d.write("EMC\n")
}

// Bookmark adds a line to the outline that leads to y on the page being drawn.
func (d *Doc) Bookmark(title string, y float64) {
	d.marks = append(d.marks, bookmark{title, d.page, y})
}

// Text draws one line of s with its baseline at y from the top. Characters
// that the font lacks are not drawn: Style.Wrap replaces them first.
func (d *Doc) Text(x, y float64, st Style, s string) {
	d.begin()
	u := d.use(st.Font)
	hex := make([]byte, 0, 4*len(s))
	for _, r := range s {
		g := u.glyphs[r]
		if was, ok := u.used[g]; !ok || r < was {
			u.used[g] = r
		}
		hex = append(hex, digits[g>>12], digits[g>>8&15], digits[g>>4&15], digits[g&15])
	}
	d.write("BT /F", strconv.Itoa(d.index(st.Font)), " ", num(st.Size), " Tf ", num(st.Gray), " g 1 0 0 1 ",
		num(x), " ", num(Height-y), " Tm <", string(hex), "> Tj ET\n")
}

// Line draws a rule from (x, y), w wide, as an artifact.
func (d *Doc) Line(x, y, w, thick, gray float64) {
	d.Fill(x, y-thick/2, w, thick, gray)
}

// Fill paints a box whose upper left corner is (x, y), as an artifact.
func (d *Doc) Fill(x, y, w, h, gray float64) {
	if !d.artifact {
		d.Artifact(func() { d.Fill(x, y, w, h, gray) })
		return
	}
	d.write(num(gray), " g ", num(x), " ", num(Height-y-h), " ", num(w), " ", num(h), " re f\n")
}

const digits = "0123456789ABCDEF"

func (d *Doc) write(parts ...string) {
	for _, p := range parts {
		d.pages[d.page].body.WriteString(p)
	}
}

// begin opens a marked sequence for the owner; a paragraph that runs over two
// pages gets one on each.
func (d *Doc) begin() {
	if d.open || d.artifact {
		return
	}
	p := d.pages[d.page]
	d.write("/", d.in.role, " <</MCID ", strconv.Itoa(len(p.owners)), ">> BDC\n")
	d.in.kids = append(d.in.kids, kid{page: d.page, mark: len(p.owners)})
	p.owners = append(p.owners, d.in)
	d.open = true
}

func (d *Doc) end() {
	if d.open {
		d.write("EMC\n")
		d.open = false
	}
}

func (d *Doc) index(f *Font) int {
	for i, u := range d.fonts {
		if u.Font == f {
			return i
		}
	}
	d.fonts = append(d.fonts, &usedFont{Font: f, used: map[uint16]rune{}})
	return len(d.fonts) - 1
}

func (d *Doc) use(f *Font) *usedFont { return d.fonts[d.index(f)] }

// num writes a number with at most two decimals.
func num(v float64) string {
	return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64)
}
