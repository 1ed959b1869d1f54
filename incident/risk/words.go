package risk

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// The words live beside the rules: a rule and its sentence change together.
//
//go:embed words_en.json words_fi.json words_sv.json
var wordFiles embed.FS

// Languages lists the languages of the words, Finnish first.
var Languages = []string{"fi", "sv", "en"}

var sentences = sync.OnceValue(func() map[string]map[string]string {
	out := map[string]map[string]string{}
	for _, lang := range Languages {
		m := map[string]string{}
		if b, err := wordFiles.ReadFile("words_" + lang + ".json"); err == nil {
			_ = json.Unmarshal(b, &m) // TestWords reads the same files and fails on an error
		}
		out[lang] = m
	}
	return out
})

// Words is the sentence for a key in fi, sv or en (English for any other),
// with {placeholders} filled from params, or left as they are without any. A key without a sentence is
// returned as it is.
func Words(lang, key string, params map[string]any) string {
	m := sentences()[lang]
	if m == nil {
		m = sentences()["en"]
	}
	s, ok := m[key]
	if !ok {
		return key
	}
	if params == nil {
		return s
	}
	return fill(s, func(name string) string { return fmt.Sprint(params[name]) })
}

// fill replaces each {name} by its value.
func fill(s string, value func(string) string) string {
	if strings.IndexByte(s, '{') < 0 {
		return s
	}
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(s, "{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		b.WriteString(value(name))
		s = after
	}
}

// In is the proposal with its words in another language.
func (p Proposal) In(lang string) Proposal {
	p.Reasons = slices.Clone(p.Reasons)
	p.Groups = slices.Clone(p.Groups)
	for i := range p.Groups {
		p.Groups[i].Reasons = slices.Clone(p.Groups[i].Reasons)
	}
	p.Evidence = slices.Clone(p.Evidence)
	p.Precedents = slices.Clone(p.Precedents)
	p.say(lang)
	return p
}

// say fills in the words in place.
func (p *Proposal) say(lang string) {
	sayReasons(lang, p.Reasons)
	for i := range p.Groups {
		sayReasons(lang, p.Groups[i].Reasons)
	}
	for i := range p.Evidence {
		p.Evidence[i].Words = Words(lang, "needs."+p.Evidence[i].Needs, nil)
	}
	for i := range p.Precedents {
		t := p.Precedents[i].titles
		if p.Precedents[i].Title = t[lang]; t[lang] == "" {
			p.Precedents[i].Title = t["en"]
		}
	}
}

func sayReasons(lang string, list []Reason) {
	for i := range list {
		r := &list[i]
		r.Words = fill(Words(lang, "rule."+r.Rule, nil), func(name string) string {
			if name == "count" {
				return number(lang, r.Count)
			}
			return labels(lang, "data.", r.Kinds)
		})
	}
}

// labels joins the names of several keys.
func labels(lang, prefix string, list []string) string {
	out := make([]string, len(list))
	for i, w := range list {
		out[i] = Words(lang, prefix+w, nil)
	}
	return strings.Join(out, ", ")
}

// number groups thousands: 12,500 in English, with no-break spaces otherwise.
func number(lang string, n int64) string {
	s, gap := fmt.Sprint(n), "\u00a0"
	if lang == "en" {
		gap = ","
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + gap + s[i:]
	}
	return s
}
