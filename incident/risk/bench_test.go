package risk

import (
	"encoding/json"
	"testing"
)

// BenchmarkPreview goes the whole way of a preview: read the JSON, assess
// with flips and precedents, write the JSON. The goal is 10 000 a second on
// one core.
func BenchmarkPreview(b *testing.B) {
	cases := precedentCases()
	n := 0
	for b.Loop() {
		f, err := Parse(cases[n%len(cases)].Facts)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := json.Marshal(Assess(f)); err != nil {
			b.Fatal(err)
		}
		n++
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "previews/s")
}

// BenchmarkAssess leaves the JSON out.
func BenchmarkAssess(b *testing.B) {
	var facts []Facts
	for _, c := range precedentCases() {
		f, err := Parse(c.Facts)
		if err != nil {
			b.Fatal(err)
		}
		facts = append(facts, f)
	}
	n := 0
	for b.Loop() {
		Assess(facts[n%len(facts)])
		n++
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "previews/s")
}
