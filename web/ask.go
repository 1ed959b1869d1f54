package web

import (
	"net/url"

	"hatakello/incident/risk"
	"hatakello/templates"
)

// askView is a question as a page draws it.
type askView struct {
	Name, Kind, Label, Hint, Fault string
	Choices                        []askChoice // of a set, one or flag
	Value                          string      // of the others
	Asked                          bool        // how sure it is
	Sure                           []askChoice
	Source                         string
	Proof                          []askView
	Shared                         string // what is said at the case, where it differs
}

// askChoice is one possible answer. Claims marks the one that lowers the risk
// and so needs evidence.
type askChoice struct {
	Name           string // of the input, where the choice stands alone
	Value, Label   string
	Chosen, Claims bool
}

// asker draws questions in one language from what stands in a form.
type asker struct {
	*Server
	lang   string
	form   templates.Form
	shared answers // of the case, to show where the record differs; nil: none
	same   bool    // the empty answer means "as for everybody"
}

func (k asker) views(all []question) []askView {
	views := make([]askView, len(all))
	for i, q := range all {
		views[i] = k.view(q)
	}
	return views
}

func (k asker) view(q question) askView {
	v := askView{Name: q.path, Kind: string(q.kind), Label: k.Words.Say(k.lang, "ask."+q.path), Fault: k.form.Fault(q.path),
		Value: k.form.Get(q.path), Asked: q.sure, Source: k.form.Get(q.path + ".source"), Choices: k.choices(q)}
	if hint := "ask." + q.path + ".hint"; k.Words.Has(k.lang, hint) {
		v.Hint = k.Words.Say(k.lang, hint)
	}
	if q.sure {
		for _, state := range []string{"known", "assumed", "unknown"} {
			v.Sure = append(v.Sure, askChoice{Value: state, Label: k.Words.Say(k.lang, "sure."+state), Chosen: k.form.Has(q.path+".sure", state)})
		}
	}
	if k.shared != nil {
		v.Shared = k.differs(q)
	}
	v.Proof = k.views(q.proof)
	return v
}

// differs words the shared answer where it is another than the record's.
func (k asker) differs(q question) string {
	there := k.shared.values(q)
	if len(there) == 0 || sameValues(there, k.form.Values[q.path]) {
		return ""
	}
	return risk.Say(k.lang, q.path, k.shared.get(q.path))
}

func sameValues(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for _, x := range a {
		found := false
		for _, y := range b {
			found = found || x == y
		}
		if !found {
			return false
		}
	}
	return true
}

// choices lists the possible answers, best for people first, and at the end
// that nobody knows.
func (k asker) choices(q question) []askChoice {
	var all []askChoice
	add := func(value, label string) {
		chosen := k.form.Has(q.path, value) || value == "" && k.form.Get(q.path) == ""
		all = append(all, askChoice{Value: value, Label: label, Chosen: chosen, Claims: value == q.claim && value != ""})
	}
	switch q.kind {
	case askSet:
		for _, w := range risk.Values(q.path) {
			if key := "ask." + q.path + "." + w; k.Words.Has(k.lang, key) {
				add(w, k.Words.Say(k.lang, key))
			} else {
				add(w, risk.Words(k.lang, q.path+"."+w, nil))
			}
		}
		return all
	case askFlag:
		add("true", risk.Words(k.lang, "value.true", nil))
		add("false", risk.Words(k.lang, "value.false", nil))
	case askOne:
		for _, w := range risk.Values(q.path) {
			if w != "unknown" || q.path == "exposure.recipients" { // not to know is said the same way everywhere
				add(w, risk.Words(k.lang, "value."+q.path+"."+w, nil))
			}
		}
	default:
		return nil
	}
	if k.same {
		add("", k.Words.Say(k.lang, "ask.same"))
	} else {
		add("", k.Words.Say(k.lang, "sure.unknown"))
	}
	return all
}

// formOf holds answers as a form does.
func formOf(a answers, all []question) url.Values {
	v := url.Values{}
	for _, q := range all {
		for _, x := range a.values(q) {
			if x != "unknown" || q.path == "exposure.recipients" {
				v.Add(q.path, x)
			}
		}
		if q.sure {
			state, source := a.sure(q.path)
			if state == "" {
				state = "known"
			}
			v.Set(q.path+".sure", state)
			v.Set(q.path+".source", source)
		}
		for name, list := range formOf(a, q.proof) {
			v[name] = list
		}
	}
	return v
}
