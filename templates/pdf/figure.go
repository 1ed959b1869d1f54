package pdf

// Figure is a picture, with words for those who do not see it. Paint draws on
// a canvas that is Width and Height units large and as wide as the text.
type Figure struct {
	Alt           string
	Width, Height float64
	Paint         func(c *Canvas)
	After         float64
}

// Canvas takes the strokes of a Figure. Its origin is the upper left corner.
type Canvas struct {
	d           *Doc
	x, y, scale float64
}

func (g Figure) scale(f *Flow) float64 { return f.width() / g.Width }

func (g Figure) least(f *Flow) float64 { return g.Height*g.scale(f) + g.After }

func (g Figure) draw(f *Flow) {
	f.d.In(f.d.root.Add("Figure").Alt(g.Alt))
	g.Paint(&Canvas{f.d, f.m.Left, f.y, g.scale(f)})
	f.y += g.Height*g.scale(f) + g.After
}

// Alt gives the words that stand for a Figure.
func (e *Element) Alt(words string) *Element {
	e.attrs = "/Alt " + text(words) + " "
	return e
}

// Box fills a box whose upper left corner is (x, y). Gray is 0 for black.
func (c *Canvas) Box(x, y, w, h, gray float64) {
	c.d.begin()
	c.d.write(num(gray), " g ", num(c.x+x*c.scale), " ", num(Height-c.y-(y+h)*c.scale), " ", num(w*c.scale), " ", num(h*c.scale), " re f\n")
}

// Stroke draws a line through points, x and y in turn. A dash of 0 is unbroken.
func (c *Canvas) Stroke(points []float64, thick, gray, dash float64) {
	c.d.begin()
	pattern := ""
	if dash > 0 {
		pattern = num(dash * c.scale)
	}
	c.d.write(num(gray), " G ", num(thick*c.scale), " w [", pattern, "] 0 d\n")
	op := " m\n"
	for i := 0; i+1 < len(points); i += 2 {
		c.d.write(num(c.x+points[i]*c.scale), " ", num(Height-c.y-points[i+1]*c.scale), op)
		op = " l\n"
	}
	c.d.write("S [] 0 d\n")
}

// Text writes a line whose baseline is at y; anchor 0 begins at x, 0.5 is
// centred on it, 1 ends there. The style's size is in units of the canvas.
func (c *Canvas) Text(x, y, anchor float64, st Style, s string) {
	st.Size *= c.scale
	s = st.clean(s)
	c.d.Text(c.x+x*c.scale-anchor*st.Font.Width(s, st.Size), c.y+y*c.scale, st, s)
}
