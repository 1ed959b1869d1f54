package web

import (
	"bytes"
	"strings"
	"time"

	"hatakello/incident"
	"hatakello/templates"
)

// memoHead writes what stands above the proposal in a printed memo: which case
// and controller, and the decision with who made it, or that there is none.
func (s *Server) memoHead(w *bytes.Buffer, p *judgePage, lang string, v *versionView) {
	t := func(key string, pairs ...any) string { return s.Words.Say(lang, key, pairs...) }
	line := func(key string, pairs ...any) { w.WriteString(wrapped(t(key, pairs...)) + "\n") }
	when := func(at time.Time) string {
		return templates.WeekdayDateTime(templates.Lang(lang), at, p.zone())
	}
	title := t("memo.case", "Number", p.Inc.Number, "Name", p.Rec.Name)
	w.WriteString(title + "\n" + strings.Repeat("=", len([]rune(title))) + "\n")
	line("memo.made", "When", when(p.Now), "Name", p.User.Name)
	head := t("memo.decision")
	w.WriteString("\n" + head + "\n" + strings.Repeat("-", len([]rune(head))) + "\n")
	if v == nil {
		line("memo.undecided")
		w.WriteString("\n")
		return
	}
	line("memo.decided", "N", v.N, "Tier", t("tier."+string(v.Tier)))
	line("memo.by", "Name", v.By, "When", when(v.At))
	line("memo.standing", "Standing", t("standing."+string(memoStanding(v))))
	line("memo.reason", "Text", v.Reason)
	if v.Proposed != "" {
		line("memo.proposed", "Tier", t("tier."+string(v.Proposed)), "Rules", v.Rules)
	}
	if v.Approver != "" {
		line("memo.approver", "Name", v.Approver)
	}
	if a := v.Approval; a != nil {
		line("memo."+string(a.Verdict), "Name", a.By, "When", when(a.At), "Text", a.Reason)
	}
	if v.DPO != "" {
		line("memo.dpo", "Text", v.DPO)
	}
	if v.Exempt.Ground != "" {
		line("memo.exempt", "Ground", v.Exempt.Ground, "Text", v.Exempt.Facts)
	}
	for _, o := range v.Overtook {
		line("memo.overtaken", "When", when(o.At), "Text", s.changedKeys(lang, o.Changed))
	}
	w.WriteString("\n")
}

// memoStanding is how far one version has come.
func memoStanding(v *versionView) incident.Standing {
	switch {
	case len(v.Overtook) > 0:
		return incident.Reopened
	case v.InForce:
		return incident.Settled
	case v.Waits:
		return incident.Waiting
	}
	return "replaced"
}

// memoWidth is how many characters stand on a line of a memo.
const memoWidth = 78

// wrapped breaks a text into lines.
func wrapped(text string) string {
	var b strings.Builder
	for i, par := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		at := 0
		for j, word := range strings.Fields(par) {
			n := len([]rune(word))
			switch {
			case j == 0:
			case at+1+n > memoWidth:
				b.WriteByte('\n')
				at = 0
			default:
				b.WriteByte(' ')
				at++
			}
			b.WriteString(word)
			at += n
		}
	}
	return b.String()
}
