package web

import (
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"hatakello/incident"
	"hatakello/incident/risk"
)

// answers is facts about a risk as a tree of JSON, so that a form can fill in a
// part of it; package risk judges what it finds there.
type answers map[string]any

// readAnswers makes a tree of JSON that was checked when it was kept.
func readAnswers(text string) answers {
	a := answers{}
	if text != "" {
		_ = json.Unmarshal([]byte(text), &a)
	}
	return a
}

// facts checks the tree. What is wrong is an error at the path of its answer.
func (a answers) facts() (risk.Facts, error) {
	text, err := json.Marshal(a)
	if err != nil {
		return risk.Facts{}, err
	}
	f, err := risk.Parse(text)
	var bad *risk.InputError
	if errors.As(err, &bad) {
		return f, incident.Errors{{Kind: incident.Invalid, Field: bad.Path, Key: "answer.bad",
			Args: map[string]any{"got": bad.Got, "nearest": bad.Nearest}}}
	}
	return f, err
}

// get returns the answer at a path, or nil.
func (a answers) get(path string) any {
	var at any = map[string]any(a)
	for key := range strings.SplitSeq(path, ".") {
		m, _ := at.(map[string]any)
		at = m[key]
	}
	return at
}

// set puts an answer in its place; nil takes it away.
func (a answers) set(path string, v any) {
	at := map[string]any(a)
	keys := strings.Split(path, ".")
	for _, key := range keys[:len(keys)-1] {
		next, ok := at[key].(map[string]any)
		if !ok {
			next = map[string]any{}
			at[key] = next
		}
		at = next
	}
	last := keys[len(keys)-1]
	if at[last] = v; v == nil {
		delete(at, last)
	}
}

// sure returns what is said of an answer's certainty, and its source.
func (a answers) sure(path string) (state, source string) {
	m, _ := a["certainty"].(map[string]any)
	c, _ := m[path].(map[string]any)
	state, _ = c["state"].(string)
	source, _ = c["source"].(string)
	return state, source
}

// say notes the certainty of an answer. Known without a source needs no note.
func (a answers) say(path, state, source string) {
	m, ok := a["certainty"].(map[string]any)
	if !ok {
		m = map[string]any{}
	}
	delete(m, path)
	if state != "" && (state != "known" || source != "") {
		c := map[string]any{"state": state}
		if source != "" {
			c["source"] = source
		}
		m[path] = c
	}
	if a["certainty"] = m; len(m) == 0 {
		delete(a, "certainty")
	}
}

// values are an answer as the form holds it.
func (a answers) values(q question) []string {
	switch v := a.get(q.path).(type) {
	case []any:
		var list []string
		for _, x := range v {
			list = append(list, asString(x))
		}
		return list
	case string:
		return []string{v}
	case bool:
		return []string{strconv.FormatBool(v)}
	case float64:
		if q.kind == askCount {
			return []string{a.people(v)}
		}
		return []string{strings.Replace(strconv.FormatFloat(v, 'f', -1, 64), ".", ",", 1)}
	}
	return nil
}

// people writes the number of people as it may be typed again.
func (a answers) people(low float64) string {
	n := incident.Count{Low: int(low), High: int(low), Certainty: incident.CountExact}
	switch a.get("people.certainty") {
	case "about":
		n.Certainty = incident.CountAbout
	case "unknown":
		return strconv.Itoa(int(low)) // a guess is said by how sure it is
	}
	if most, ok := a.get("people.at_most").(float64); ok {
		n.High, n.Certainty = int(most), incident.CountRange
	}
	return n.String()
}

// fill reads the answer to a question from what a form holds under prefix. What
// cannot be read is an error at the question.
func (a answers) fill(q question, v url.Values, prefix string) *incident.Error {
	name := prefix + q.path
	text := strings.TrimSpace(v.Get(name))
	var wrong *incident.Error
	switch q.kind {
	case askSet:
		a.set(q.path, nil)
		if list := slices.DeleteFunc(slices.Clone(v[name]), func(s string) bool { return s == "" }); len(list) > 0 {
			all := make([]any, len(list))
			for i, s := range list {
				all[i] = s
			}
			a.set(q.path, all)
		}
	case askCount:
		wrong = a.fillCount(text)
	case askNumber:
		wrong = a.fillNumber(q.path, text)
	case askFlag:
		a.set(q.path, map[string]any{"true": true, "false": false}[text])
	default:
		if a.set(q.path, nil); text != "" {
			a.set(q.path, text)
		}
	}
	if wrong != nil {
		wrong.Field = name
	}
	if q.sure {
		a.say(q.path, v.Get(name+".sure"), strings.TrimSpace(v.Get(name+".source")))
	}
	for _, p := range q.proof {
		if err := a.fill(p, v, prefix); err != nil && wrong == nil {
			wrong = err
		}
	}
	return wrong
}

func (a answers) fillCount(text string) *incident.Error {
	n, err := incident.ParseCount(text)
	var bad *incident.CountError
	if errors.As(err, &bad) {
		return &incident.Error{Kind: incident.Invalid, Key: "count." + string(bad.Kind), Args: map[string]any{"hint": bad.Hint}}
	}
	was, guess := a.get("people.count"), a.get("people.certainty") == "unknown"
	for _, path := range []string{"people.count", "people.at_most", "people.certainty"} {
		a.set(path, nil)
	}
	switch n.Certainty {
	case incident.CountUnknown:
		return nil
	case incident.CountExact:
		a.set("people.certainty", "exact")
	default:
		a.set("people.certainty", "about")
	}
	a.set("people.count", float64(n.Low))
	if n.Certainty == incident.CountRange {
		a.set("people.at_most", float64(n.High))
	}
	if guess && was == float64(n.Low) {
		a.set("people.certainty", "unknown") // it has not become surer by being saved again
	}
	return nil
}

func (a answers) fillNumber(path, text string) *incident.Error {
	a.set(path, nil)
	if text == "" {
		return nil
	}
	n, err := strconv.ParseFloat(strings.Replace(strings.ReplaceAll(text, "\u00a0", ""), ",", ".", 1), 64)
	if err != nil || n < 0 {
		return &incident.Error{Kind: incident.Invalid, Key: "answer.number"}
	}
	a.set(path, n)
	return nil
}
