package templates

import "reflect"

// beforeMax bounds, in characters, how much is repeated of what was told last.
const beforeMax = 200

// news is what comes first: the staff's words, and in a supplement each fact
// that is not as it was told last, with how it was told then.
func (w wording) news(n Notice, kind string) part {
	p := part{Title: w.t("notice.said." + kind), Said: lines(n.Said)}
	if n.Was == nil {
		return p
	}
	now, was := w.stated(n), w.stated(*n.Was)
	for i, r := range now {
		if reflect.DeepEqual(r, was[i]) {
			continue
		}
		all := append([]string{}, r.Lines...)
		if r.Sure != "" { // of what is known now, not of what was told before
			all[len(all)-1] += " (" + r.Sure + ")"
		}
		p.Rows = append(p.Rows, row{Label: r.Label, Lines: append(all, w.before(was[i]))})
	}
	if len(p.Rows) == 0 {
		p.After = []string{w.t("notice.same")}
	}
	return p
}

// stated lists the facts of a notice, each under a label that stands alone.
func (w wording) stated(n Notice) []row {
	return []row{
		w.fact(w.t("notice.happened"), n.Nature), w.moment(w.t("notice.from"), n.From), w.moment(w.t("notice.to"), n.To),
		w.moment(w.t("notice.aware"), n.Aware), w.fact(w.t("notice.data"), n.Data), w.fact(w.t("notice.groups"), n.Groups),
		w.count(w.t("notice.people"), n.People), w.count(w.t("notice.records"), n.Records),
		w.fact(w.t("notice.consequences"), n.Consequences), w.fact(w.t("notice.measures"), n.Measures), w.fact(w.t("notice.advice"), n.Advice),
	}
}

// before says how a fact was told last, in one line.
func (w wording) before(r row) string {
	said := ""
	for i, line := range r.Lines {
		if i > 0 && line != "" {
			said += " / "
		}
		said += line
	}
	if runes := []rune(said); len(runes) > beforeMax {
		said = string(runes[:beforeMax]) + "…"
	}
	if r.Sure != "" {
		said += " (" + r.Sure + ")"
	}
	return w.t("notice.before", "Was", said)
}
