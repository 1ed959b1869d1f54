package risk

import (
	"encoding/json"
	"testing"
)

// BenchmarkPreviewJSON goes the whole way of a call: read the JSON, assess,
// write the JSON.
func BenchmarkPreviewJSON(b *testing.B) {
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

// BenchmarkPreview assesses with reasons, flips and precedents in words. The
// goal is 10 000 a second on one core.
func BenchmarkPreview(b *testing.B) {
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
