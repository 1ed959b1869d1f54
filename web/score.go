package web

import (
	"net/url"
	"strconv"
	"strings"

	"hatakello/incident"
	"hatakello/incident/risk"
	"hatakello/templates"
)

// scoreForm is the assessor's corrections to the score.
type scoreForm struct {
	Categories []scoreLine
	EI         []askChoice
	Reason     string
	Fault      string
}

type scoreLine struct {
	Name, Label, Reason, Fault string
	Steps                      []askChoice
}

// scoreCategories are the kinds of data that the method scores.
var scoreCategories = []string{"simple", "behavioural", "financial", "sensitive"}

func (s *Server) scoreForm(lang string, f templates.Form) *scoreForm {
	out := &scoreForm{Reason: f.Get("enisa.reason"), Fault: f.Fault("enisa.reason")}
	for _, cat := range scoreCategories {
		line := scoreLine{Name: "adjust." + cat, Label: risk.Words(lang, "category."+cat, nil),
			Reason: f.Get("adjust." + cat + ".reason"), Fault: f.Fault("adjust." + cat + ".reason")}
		for n := -3; n <= 3; n++ {
			v := strconv.Itoa(n)
			line.Steps = append(line.Steps, askChoice{Value: v, Label: signed(n), Chosen: f.Get(line.Name) == v || n == 0 && f.Get(line.Name) == ""})
		}
		out.Categories = append(out.Categories, line)
	}
	out.EI = append(out.EI, askChoice{Value: "", Label: s.Words.Say(lang, "ask.score.method"), Chosen: f.Get("enisa.ei") == ""})
	for _, v := range []string{"0.25", "0.5", "0.75", "1"} {
		out.EI = append(out.EI, askChoice{Value: v, Label: risk.Say(lang, "enisa.ei", asFloat(v)), Chosen: f.Get("enisa.ei") == v})
	}
	return out
}

func asFloat(s string) float64 {
	n, _ := strconv.ParseFloat(s, 64)
	return n
}

// signed writes a step with its sign.
func signed(n int) string {
	switch {
	case n > 0:
		return "+" + strconv.Itoa(n)
	case n < 0:
		return "−" + strconv.Itoa(-n)
	}
	return "0"
}

// scoreValues are the corrections as the form holds them.
func (a answers) scoreValues() url.Values {
	v := url.Values{}
	list, _ := a.get("enisa.adjust").([]any)
	for _, x := range list {
		m, _ := x.(map[string]any)
		steps, _ := m["steps"].(float64)
		name := "adjust." + asString(m["category"])
		v.Set(name, strconv.Itoa(int(steps)))
		v.Set(name+".reason", asString(m["reason"]))
	}
	if ei, ok := a.get("enisa.ei").(float64); ok {
		v.Set("enisa.ei", strconv.FormatFloat(ei, 'f', -1, 64))
	}
	v.Set("enisa.reason", asString(a.get("enisa.reason")))
	return v
}

// fillScore reads the corrections. Each needs its reason.
func (a answers) fillScore(v url.Values) (wrong []*incident.Error) {
	why := func(field string) string {
		text := strings.TrimSpace(v.Get(field))
		if text == "" {
			wrong = append(wrong, &incident.Error{Kind: incident.Invalid, Field: field, Key: "reason.empty"})
		}
		return text
	}
	delete(a, "enisa")
	var list []any
	for _, cat := range scoreCategories {
		name := "adjust." + cat
		if n, err := strconv.Atoi(v.Get(name)); err == nil && n != 0 {
			list = append(list, map[string]any{"category": cat, "steps": float64(n), "reason": why(name + ".reason")})
		}
	}
	if list != nil {
		a.set("enisa.adjust", list)
	}
	if ei := v.Get("enisa.ei"); ei != "" {
		a.set("enisa.ei", asFloat(ei))
		a.set("enisa.reason", why("enisa.reason"))
	}
	return wrong
}
