package templates

import (
	"slices"
	"time"
)

// CasePlot is what the picture of a case shows: its moments, its limits, and
// how many controllers had been told and had answered by when.
type CasePlot struct {
	Number   string
	Moments  []PlotMoment
	Limits   []PlotLimit
	Told     []time.Time // when each controller was
	Answered []time.Time
	Records  int       // controllers in all
	Now      time.Time // the right edge of a case that is open; its end of one that is closed
	Zone     *time.Location
}

// PlotMoment is a named point in time.
type PlotMoment struct {
	Name string
	At   time.Time
}

// PlotLimit is a limit from its start to its end, and when it was met.
type PlotLimit struct {
	Name            string
	Start, Due, Met time.Time // Met is zero while it runs
}

// Late reports whether the limit was not kept.
func (l PlotLimit) Late(now time.Time) bool {
	if l.Met.IsZero() {
		return now.After(l.Due)
	}
	return l.Met.After(l.Due)
}

// The measures of the picture, in its units.
const (
	plotWide  = 720.0
	plotLeft  = 14.0
	laneHigh  = 17.0
	curveHigh = 120.0
	limitHigh = 32.0
	glyphWide = 6.2 // of a label, on average
)

// CasePlot draws one picture of a whole case.
func (w *Words) CasePlot(lang string, in CasePlot) *Plot {
	if in.Zone == nil {
		in.Zone = time.UTC
	}
	slices.SortStableFunc(in.Moments, func(a, b PlotMoment) int { return a.At.Compare(b.At) })
	d := caseDrawing{w: w, lang: Lang(lang), in: in, axis: newTimeAxis(in.times(), plotLeft, plotWide-plotLeft)}
	d.p = &Plot{Width: plotWide, Title: w.Say(lang, "plot.case", "Number", in.Number), Desc: d.desc()}
	d.moments()
	d.curves()
	d.limits()
	d.p.Height = d.y + 8
	return d.p
}

// times are all that the axis must hold.
func (in CasePlot) times() []time.Time {
	all := slices.Concat(in.Told, in.Answered, []time.Time{in.Now})
	for _, m := range in.Moments {
		all = append(all, m.At)
	}
	for _, l := range in.Limits {
		all = append(all, l.Start, l.Due, l.Met)
	}
	return all
}

// caseDrawing is a picture that is being drawn from the top.
type caseDrawing struct {
	w    *Words
	lang Lang
	in   CasePlot
	axis timeAxis
	p    *Plot
	y    float64
}

func (d *caseDrawing) say(key string, pairs ...any) string {
	return d.w.Say(string(d.lang), key, pairs...)
}

func (d *caseDrawing) desc() string {
	late := 0
	for _, l := range d.in.Limits {
		if l.Late(d.in.Now) {
			late++
		}
	}
	return d.say("plot.case.desc", "Told", len(d.in.Told), "Answered", len(d.in.Answered), "Records", d.in.Records, "Limits", len(d.in.Limits), "Late", late)
}

// moments writes the names of the moments above the axis, in lanes so that
// none covers another, each with a line down to it.
func (d *caseDrawing) moments() {
	type put struct{ lane, x float64 }
	var ends []float64 // of the last label in each lane
	places := make([]put, len(d.in.Moments))
	for i, m := range d.in.Moments {
		x := d.axis.x(m.At)
		wide := glyphWide * float64(len([]rune(m.Name)))
		from := min(x, plotWide-plotLeft-wide)
		lane := slices.IndexFunc(ends, func(end float64) bool { return end < from })
		if lane < 0 {
			lane = len(ends)
			ends = append(ends, 0)
		}
		ends[lane] = from + wide + 12
		places[i] = put{float64(lane), from}
	}
	base := laneHigh*float64(len(ends)) + 10
	for i, m := range d.in.Moments {
		x, y := d.axis.x(m.At), base-laneHigh*places[i].lane-6
		d.p.line("axis", x, y-10, x, base)
		d.p.text("label", places[i].x+4, y, 0, m.Name)
	}
	d.y = base
	d.scale()
}

// scale draws the axis with its times, and a gap where a long pause was cut.
func (d *caseDrawing) scale() {
	d.p.line("mark", plotLeft, d.y, plotWide-plotLeft, d.y)
	last := -1000.0
	for _, t := range d.axis.ticks(d.in.Zone) {
		x := d.axis.x(t)
		if x-last < 104 || x > plotWide-plotLeft-20 {
			continue
		}
		last = x
		d.p.line("mark", x, d.y, x, d.y+5)
		d.p.text("note", max(x, plotLeft+2), d.y+17, tickAnchor(x), tickText(d.lang, t, d.in.Zone))
	}
	for _, x := range d.axis.cuts {
		d.p.box("soft", x-3, d.y-5, 6, 10)
		d.p.line("mark", x-4, d.y+5, x, d.y-5)
		d.p.line("mark", x, d.y+5, x+4, d.y-5)
	}
	d.y += 30
}

func tickAnchor(x float64) float64 {
	if x < plotLeft+40 {
		return 0
	}
	return 0.5
}

// curves draws how many had been told, and how many had answered.
func (d *caseDrawing) curves() {
	if d.in.Records == 0 {
		return
	}
	top, foot := d.y+16, d.y+16+curveHigh
	d.p.text("note", plotLeft, d.y+10, 0, d.say("plot.curves", "Records", d.in.Records))
	d.p.line("faint", plotLeft, top, plotWide-plotLeft, top)
	d.p.line("axis", plotLeft, foot, plotWide-plotLeft, foot)
	d.curve("main", d.in.Told, foot)
	d.curve("other", d.in.Answered, foot)
	d.y = foot + 18
	d.p.line("main", plotLeft, d.y-4, plotLeft+24, d.y-4)
	told := d.say("plot.told", "N", len(d.in.Told))
	d.p.text("label", plotLeft+30, d.y, 0, told)
	x := plotLeft + 54 + glyphWide*float64(len([]rune(told)))
	d.p.line("other", x, d.y-4, x+24, d.y-4)
	d.p.text("label", x+30, d.y, 0, d.say("plot.answered", "N", len(d.in.Answered)))
	d.y += 20
}

// curve steps up by one controller at each of the times.
func (d *caseDrawing) curve(tone string, times []time.Time, foot float64) {
	times = slices.Clone(times)
	slices.SortFunc(times, time.Time.Compare)
	if len(times) == 0 {
		return
	}
	points := []float64{d.axis.x(times[0]), foot}
	for i, t := range times {
		x, y := d.axis.x(t), foot-curveHigh*float64(i+1)/float64(max(d.in.Records, len(times)))
		if n := len(points); i+1 < len(times) && x-points[n-2] < 0.3 && i > 0 {
			continue // ten thousand steps in one place are one
		}
		points = append(points, x, points[len(points)-1], x, y)
	}
	points = append(points, max(d.axis.x(d.in.Now), points[len(points)-2]), points[len(points)-1])
	d.p.line(tone, points...)
}

// limits draws each limit as a bar, with the instant at which it was met.
func (d *caseDrawing) limits() {
	for _, l := range d.in.Limits {
		from, to := d.axis.x(l.Start), d.axis.x(l.Due)
		state := d.say("plot.runs")
		switch {
		case !l.Met.IsZero() && l.Late(d.in.Now):
			state = d.say("plot.met_late", "Span", brief(d.lang, l.Met.Sub(l.Due)))
		case !l.Met.IsZero():
			state = d.say("plot.met", "Span", brief(d.lang, l.Due.Sub(l.Met)))
		case l.Late(d.in.Now):
			state = d.say("plot.late")
		}
		label := l.Name + " · " + state
		x := min(from, plotWide-plotLeft-glyphWide*float64(len([]rune(label))))
		d.p.text("label", max(x, plotLeft), d.y+11, 0, label)
		d.p.box("soft", from, d.y+16, max(to-from, 2), 8)
		end := l.Met
		if end.IsZero() {
			end = d.in.Now
		}
		if x := d.axis.x(end); x > from {
			d.p.box("bar", from, d.y+16, min(x, to)-from, 8)
			if x > to {
				d.p.box("late", to, d.y+16, x-to, 8)
			}
		}
		d.p.line("mark", to, d.y+13, to, d.y+27)
		d.y += limitHigh
	}
}
