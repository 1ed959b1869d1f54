package templates

import (
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"
	"time"
)

// funcs is what pages may call, for one language and zone.
func (p *Pages) funcs(lang string, zone *time.Location) template.FuncMap {
	l := Lang(lang)
	return template.FuncMap{
		"t":     func(key string, pairs ...any) string { return p.words.Say(lang, key, pairs...) },
		"word":  func(family string, v any) string { return p.words.Say(lang, family+"."+fmt.Sprint(v)) },
		"asset": func(name string) string { return "/static/" + p.stamp + "/" + name },

		"when":  func(t time.Time) string { return unlessZero(t, func() string { return WeekdayDateTime(l, t, zone) }) },
		"date":  func(t time.Time) string { return unlessZero(t, func() string { return Date(l, t, zone) }) },
		"both":  func(t time.Time) string { return unlessZero(t, func() string { return Both(l, t, zone) }) },
		"iso":   func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"size":  func(n int) string { return Size(l, n) },
		"n":     func(n int) string { return Number(l, n) },
		"rate":  func(perMinute float64) string { return Number(l, int(math.Round(perMinute))) },
		"span":  func(d time.Duration) string { return Duration(l, d) },
		"brief": func(d time.Duration) string { return brief(l, d) },

		"big":     func(d time.Duration) template.HTML { return bigSpan(l, d) },
		"percent": percent,
		"units":   func() string { u := usageOf(l).units; return strings.Join(u[:], " ") },
		"zone":    func() string { return zone.String() },
		"count":   func(low, high int, sure string) string { return Count(l, low, high, sure) },
		"field": func(f Form, name, label string, pairs ...string) field {
			return p.field(lang, f, name, label, pairs...)
		},
		"choices": func(f Form, name, family string, values ...string) []choice {
			return p.choices(lang, f, name, family, values...)
		},
		"duty":       func(key string, hours int) string { return p.duty(lang, key, hours) },
		"momentName": func(m any) string { return p.words.Moment(lang, fmt.Sprint(m)) },
		"how":        func(how string) string { return p.words.How(lang, how) },
		"why":        func(why string) string { return p.why(lang, why) },
		"fact":       func(name, text string, sure any) factShown { return factShown{name, text, fmt.Sprint(sure)} },
		"factIn":     func(f Form, name string) factIn { return p.factIn(lang, f, name) },
		"deliveryOf": func(d any, mail bool) deliveryShown { return deliveryShown{d, mail} },
		"words":      func(all ...string) []string { return all },
		"minus":      func(a int, less ...int) int { return minusAll(a, less) },
		"lines":      func(s string) []string { return strings.Split(strings.TrimSpace(s), "\n") },
	}
}

func minusAll(a int, less []int) int {
	for _, b := range less {
		a -= b
	}
	return a
}

func unlessZero(t time.Time, f func() string) string {
	if t.IsZero() {
		return "–"
	}
	return f()
}

// bigSpan writes a length of time as a clock does: large figures and small
// units, the two largest units that are not nought.
func bigSpan(l Lang, d time.Duration) template.HTML {
	sign := ""
	if d < 0 {
		sign, d = minus, -d
	}
	var b strings.Builder
	for i, part := range strings.Fields(Duration(l, d)) {
		switch {
		case i%2 == 0:
			b.WriteString("<b>" + sign + template.HTMLEscapeString(part) + "</b>")
			sign = ""
		default:
			b.WriteString("<small>" + template.HTMLEscapeString(part) + "</small> ")
		}
	}
	return template.HTML(strings.TrimSpace(b.String())) //nolint:gosec // figures and our own units, escaped above
}

// brief writes the two largest units of a length of time, for small places.
func brief(l Lang, d time.Duration) string {
	parts := strings.Fields(Duration(l, d))
	return strings.Join(parts[:min(len(parts), 4)], " ")
}

// percent gives the class of a place on a ruler: how far now lies between from
// and to, in whole per cent.
func percent(from, to, now time.Time) string {
	whole := to.Sub(from)
	if whole <= 0 {
		return "p100"
	}
	x := float64(now.Sub(from)) / float64(whole)
	return "p" + strconv.Itoa(int(math.Round(100*min(max(x, 0), 1))))
}

// duty names an obligation; a contract's is named with its hours.
func (p *Pages) duty(lang, key string, hours int) string {
	name := p.words.Say(lang, "duty."+key+".name")
	if hours > 0 {
		name += " " + p.words.Say(lang, "clock.hours", "N", hours)
	}
	return name
}

// why says how a moment is known: in the program's own words, or a person's.
func (p *Pages) why(lang, why string) string {
	if key := "how." + why; p.words.Has(lang, key) {
		return p.words.Say(lang, key)
	}
	return why
}

// factShown is a fact on a page; factIn is one in a form, with how sure it is;
// deliveryShown is a delivery, with whether its mail may be downloaded.
type (
	factShown struct{ Name, Text, Sure string }
	factIn    struct {
		Field field
		Sure  []choice
	}
	deliveryShown struct {
		D    any
		Mail bool
	}
)

func (p *Pages) factIn(lang string, f Form, name string) factIn {
	in := factIn{p.field(lang, f, name, "fact."+name, "hint", "fact."+name+".hint", "kind", "area", "rows", "3", "max", "8000"),
		p.choices(lang, f, name+"_sure", "sure", "known", "assumed", "unknown")}
	return in
}
