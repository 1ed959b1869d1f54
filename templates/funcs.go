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

		"when": func(t time.Time) string { return unlessZero(t, func() string { return WeekdayDateTime(l, t, zone) }) },
		"date": func(t time.Time) string { return unlessZero(t, func() string { return Date(l, t, zone) }) },
		"both": func(t time.Time) string { return unlessZero(t, func() string { return Both(l, t, zone) }) },
		"iso":  func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"n":    func(n int) string { return Number(l, n) },
		"span": func(d time.Duration) string { return Duration(l, d) },

		"big":     func(d time.Duration) template.HTML { return bigSpan(l, d) },
		"percent": percent,
		"units":   func() string { u := usageOf(l).units; return strings.Join(u[:], " ") },
		"zone":    func() string { return zone.String() },
		"lines":   func(s string) []string { return strings.Split(strings.TrimSpace(s), "\n") },
	}
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
