package risk

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Change is one answer that differs between two versions of the facts: Was in
// the earlier, Is in the later; null is unanswered. The key is the answer's
// path, such as "exposure.recipients"; what is said of an answer's certainty
// stands under "certainty.PATH", and a group's answers under "groups.NAME.PATH".
type Change struct {
	Key string `json:"key"`
	Was any    `json:"was"`
	Is  any    `json:"is"`
}

// Compare lists what differs between two versions of the facts, by key. Where
// an answer comes from is no part of what is compared.
func Compare(was, is Facts) []Change {
	a, b := was.flat(), is.flat()
	for k, v := range a {
		if w, ok := b[k]; ok && reflect.DeepEqual(v, w) {
			delete(a, k)
			delete(b, k)
		}
	}
	keys := slices.Collect(maps.Keys(a))
	for k := range b {
		if _, ok := a[k]; !ok {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	var out []Change
	for _, k := range keys {
		out = append(out, Change{k, a[k], b[k]})
	}
	return out
}

// Marshal writes the facts as JSON in the one form in which they are kept.
func (f Facts) Marshal() ([]byte, error) { return json.Marshal(f) }

// flat is every answer by its path.
func (f Facts) flat() map[string]any {
	out := map[string]any{}
	certainty, groups := f.Certainty, f.Groups
	f.Certainty, f.Groups = nil, nil
	flatten(out, "", f)
	for path, c := range certainty {
		if c.State != "" && c.State != "known" { // said to be known is what silence means
			out["certainty."+path] = c.State
		}
	}
	for _, g := range groups {
		name := g.Name
		g.Name = ""
		out["groups."+name] = true
		flatten(out, "groups."+name+".", g)
	}
	return out
}

// flatten adds the members of v, which is ours and always becomes an object.
func flatten(out map[string]any, prefix string, v any) {
	b, err := json.Marshal(v)
	var m map[string]any
	if err != nil || json.Unmarshal(b, &m) != nil {
		return
	}
	spread(out, prefix, m)
}

func spread(out map[string]any, prefix string, m map[string]any) {
	for k, v := range m {
		switch v := v.(type) {
		case map[string]any:
			spread(out, prefix+k+".", v)
		case []any:
			out[prefix+k] = listText(v)
		default:
			if v != "" {
				out[prefix+k] = v
			}
		}
	}
}

// listText is a list of words in the order of the vocabulary, or else any list
// as it stands.
func listText(list []any) any {
	var out []string
	for _, v := range list {
		s, ok := v.(string)
		if !ok {
			return list
		}
		out = append(out, s)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Label is a short name for the key of a Change, in fi, sv or en.
func Label(lang, key string) string {
	if path, ok := strings.CutPrefix(key, "certainty."); ok {
		return Words(lang, "change.certainty", map[string]any{"key": Label(lang, path)})
	}
	if rest, ok := strings.CutPrefix(key, "groups."); ok {
		name, path, inner := strings.Cut(rest, ".")
		if !inner {
			return Words(lang, "change.group", map[string]any{"name": name})
		}
		return name + ": " + Label(lang, path)
	}
	return Words(lang, "question."+key, nil)
}

// Say is the answer to the question with this key in words: of a word, a
// number, true, false, a list, or null for none.
func Say(lang, key string, v any) string {
	m := memo{lang: lang}
	if strings.HasPrefix(key, "certainty.") {
		if s, ok := v.(string); ok {
			return m.t("memo.certainty." + s)
		}
		return m.t("memo.certainty.known")
	}
	if rest, ok := strings.CutPrefix(key, "groups."); ok {
		_, key, _ = strings.Cut(rest, ".")
	}
	switch w := v.(type) {
	case string:
		if Values(key) == nil {
			return w // free text, as typed
		}
	case float64:
		if n := int64(w); float64(n) == w {
			return number(lang, n)
		}
	case []any:
		return m.adjustments(w)
	}
	return m.value(key, v)
}

// adjustments tells corrections of the ENISA score that were read from JSON.
func (m memo) adjustments(list []any) string {
	var out []string
	for _, v := range list {
		a, _ := v.(map[string]any)
		category, _ := a["category"].(string)
		steps, _ := a["steps"].(float64)
		reason, _ := a["reason"].(string)
		out = append(out, m.t("category."+category)+" "+m.decimal(steps)+": "+reason)
	}
	return strings.Join(out, "; ")
}
