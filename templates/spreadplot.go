package templates

import (
	"math"
	"slices"
	"time"
)

// widestBar bounds a bar, so that one alone does not look like a wall.
const widestBar = 110.0

// SpreadPlot draws how long something took in each case: a bar for each class
// of durations, on a scale on which every step is twice the last, with the
// median marked. Limit, if there is one, is the time allowed.
func (w *Words) SpreadPlot(lang, title string, all []time.Duration, limit time.Duration) *Plot {
	l := Lang(lang)
	bins := spreadBins(all)
	p := &Plot{Width: plotWide, Height: 150, Title: title}
	p.Desc = w.Say(lang, "plot.spread.none")
	if len(all) == 0 {
		p.Height = 40
		p.text("label", plotLeft, 24, 0, p.Desc)
		return p
	}
	sorted := slices.Sorted(slices.Values(all))
	median := sorted[(len(sorted)-1)/2]
	p.Desc = w.Say(lang, "plot.spread.desc", "N", len(all), "Median", Duration(l, median), "Most", Duration(l, sorted[len(sorted)-1]))
	most := slices.MaxFunc(bins, func(a, b spreadBin) int { return a.n - b.n }).n
	wide, foot := min((plotWide-2*plotLeft)/float64(len(bins)), widestBar), 112.0
	for i, b := range bins {
		x := plotLeft + wide*float64(i)
		high := 84 * float64(b.n) / float64(most)
		tone := "bar"
		if limit > 0 && b.from >= limit {
			tone = "late"
		}
		if b.n > 0 {
			p.box(tone, x+2, foot-high, wide-4, high)
			p.text("note", x+wide/2, foot-high-4, 0.5, Number(l, b.n))
		}
		p.text("note", x, foot+15, 0, brief(l, b.from))
	}
	p.line("mark", plotLeft, foot, plotWide-plotLeft, foot)
	at := func(d time.Duration) float64 { return plotLeft + wide*binOf(bins, d) }
	p.line("main", at(median), foot-92, at(median), foot+4)
	p.text("label", at(median)+4, foot+32, anchorAt(at(median)), w.Say(lang, "plot.median", "Span", Duration(l, median)))
	if limit > 0 && limit < bins[len(bins)-1].to {
		p.line("other", at(limit), foot-92, at(limit), foot+4)
	}
	return p
}

// anchorAt keeps words inside the picture.
func anchorAt(x float64) float64 {
	if x > plotWide-150 {
		return 1
	}
	return 0
}

// spreadBin counts durations from one up to another.
type spreadBin struct {
	from, to time.Duration
	n        int
}

// spreadEdges are the classes of durations.
var spreadEdges = []time.Duration{0, time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour,
	12 * time.Hour, 24 * time.Hour, 36 * time.Hour, 48 * time.Hour, 72 * time.Hour, 7 * 24 * time.Hour, 30 * 24 * time.Hour, math.MaxInt64}

// spreadBins counts the durations into classes, from the first class that has
// one to the last.
func spreadBins(all []time.Duration) []spreadBin {
	bins := make([]spreadBin, len(spreadEdges)-1)
	for i := range bins {
		bins[i] = spreadBin{from: spreadEdges[i], to: spreadEdges[i+1]}
	}
	for _, d := range all {
		for i := range bins {
			if d < bins[i].to || i == len(bins)-1 {
				bins[i].n++
				break
			}
		}
	}
	for len(bins) > 1 && bins[0].n == 0 {
		bins = bins[1:]
	}
	for len(bins) > 1 && bins[len(bins)-1].n == 0 {
		bins = bins[:len(bins)-1]
	}
	return bins
}

// binOf places a duration on the scale, in bins from the left.
func binOf(bins []spreadBin, d time.Duration) float64 {
	for i, b := range bins {
		if d < b.to {
			return float64(i) + float64(max(d-b.from, 0))/float64(b.to-b.from)
		}
	}
	return float64(len(bins))
}
