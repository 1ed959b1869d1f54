package web

import (
	"slices"
	"strings"

	"hatakello/incident"
	"hatakello/incident/risk"
)

// proposalView is what package risk proposes, in one language.
type proposalView struct {
	Tier, Tell string // words
	Key        string // of the tier
	Notify     bool
	Borderline bool
	Rules      string
	Reasons    []reasonView // that give the tier
	Others     []reasonView // that point the same way with less weight
	Answers    []answerLine
	Score      scoreView
	Flips      []string
	Unknown    []gapView
	Evidence   []gapView
	Groups     []groupView
	Precedents []precedentView
}

type reasonView struct {
	Words, Source string
	Forced        bool
}

// gapView is something still to be answered or proved, and the step that asks.
type gapView struct{ Words, Step, Path string }

// groupView is the tier of one group. Its reasons are left out where they are
// those of the whole.
type groupView struct {
	Name, Tier, Tell string
	Reasons          []reasonView
}

func sameReasons(a, b []risk.Reason) bool {
	return slices.EqualFunc(a, b, func(x, y risk.Reason) bool { return x.Words == y.Words })
}

// answerLine is one answer in words, with how sure it is.
type answerLine struct{ Label, Value, Sure string }

// answerLines lists every answer that was given.
func (s *Server) answerLines(lang string, f risk.Facts) []answerLine {
	var all []answerLine
	for _, ch := range risk.Compare(risk.Facts{}, f) {
		if strings.HasPrefix(ch.Key, "certainty.") {
			continue
		}
		l := answerLine{Label: risk.Label(lang, ch.Key), Value: risk.Say(lang, ch.Key, ch.Is)}
		if c, ok := f.Certainty[ch.Key]; ok {
			l.Sure = s.Words.Say(lang, "sure."+c.State)
			if c.Source != "" {
				l.Sure += "; " + c.Source
			}
		}
		all = append(all, l)
	}
	return all
}

// split parts the reasons that give the tier from the others.
func split(all []risk.Reason, tier risk.Tier) (first, others []risk.Reason) {
	effect := tier.String()
	if tier == risk.UnlikelyRisk {
		return all, nil
	}
	for _, r := range all {
		if r.Effect == effect {
			first = append(first, r)
		} else {
			others = append(others, r)
		}
	}
	return first, others
}

// scoreView is the ENISA severity score with its parts.
type scoreView struct {
	Sum, Circumstances, Method string
	Lines                      []string // of the kinds of data, with the reason for each adjustment
	Flags                      []string
}

// precedentView is an official example beside the facts.
type precedentView struct {
	ID, Title, Source, Outcome string
	Agree                      string
	Differ                     []changeLine // Was is here, Is is there
	Confidence                 string
	Alike                      int
}

// viewProposal words what the facts suggest.
func (s *Server) viewProposal(lang string, f risk.Facts) *proposalView {
	p := risk.Assess(f).In(lang)
	first, others := split(p.Reasons, p.Tier)
	t := func(key string, pairs ...any) string { return riskWords(lang, key, pairs...) }
	v := &proposalView{Key: p.Tier.String(), Tier: t("tier." + p.Tier.String()), Tell: t("tell." + p.Tell), Notify: p.Notify,
		Borderline: p.Borderline, Rules: t("memo.rules", "version", p.Rules, "method", p.Enisa.Method),
		Reasons: reasonViews(first), Others: reasonViews(others), Answers: s.answerLines(lang, f), Score: viewScore(lang, p.Enisa), Flips: p.FlipLines(lang)}
	for _, path := range p.Asked() {
		v.Unknown = append(v.Unknown, gapView{risk.Label(lang, path), stepAsking(path), path})
	}
	for _, e := range p.Evidence {
		v.Evidence = append(v.Evidence, gapView{e.Words, stepAsking(e.Needs), e.Needs})
	}
	for _, g := range p.Groups {
		x := groupView{Name: g.Name, Tier: t("tier." + g.Tier.String()), Tell: t("tell." + g.Tell)}
		if !sameReasons(g.Reasons, p.Reasons) {
			x.Reasons = reasonViews(g.Reasons)
		}
		v.Groups = append(v.Groups, x)
	}
	for _, c := range p.Precedents {
		v.Precedents = append(v.Precedents, viewPrecedent(lang, c))
	}
	return v
}

// riskWords is a sentence of package risk with its blanks filled.
func riskWords(lang, key string, pairs ...any) string {
	params := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		params[asString(pairs[i])] = pairs[i+1]
	}
	return risk.Words(lang, key, params)
}

func reasonViews(all []risk.Reason) []reasonView {
	out := make([]reasonView, len(all))
	for i, r := range all {
		out[i] = reasonView{r.Words, r.Source, r.Forced}
	}
	return out
}

func viewScore(lang string, e risk.Enisa) scoreView {
	n := func(x float64) string { return risk.Say(lang, "enisa.ei", x) }
	v := scoreView{Method: e.Method,
		Sum: riskWords(lang, "memo.score", "dpc", e.DPC, "ei", n(e.EI), "cb", n(e.CB), "se", n(e.SE),
			"band", riskWords(lang, "band."+e.Band), "method", e.Method),
		Circumstances: riskWords(lang, "memo.circumstances", "c", n(e.Confidentiality), "i", n(e.Integrity), "a", n(e.Availability), "m", n(e.Malicious))}
	for _, c := range e.Categories {
		line := riskWords(lang, "memo.category", "category", riskWords(lang, "category."+c.Category), "base", c.Base, "score", c.Score)
		for _, a := range c.Adjust {
			line += "; " + signed(a.Steps) + ": " + risk.Words(lang, a.Reason, nil)
		}
		v.Lines = append(v.Lines, line)
	}
	if e.Reason != "" {
		v.Lines = append(v.Lines, "EI: "+e.Reason)
	}
	for _, f := range []struct {
		key string
		set bool
	}{{"memo.flag_individuals", e.FlagIndividuals}, {"memo.flag_unintelligible", e.FlagUnintelligible}, {"memo.provisional", e.Provisional}} {
		if f.set {
			v.Flags = append(v.Flags, risk.Words(lang, f.key, nil))
		}
	}
	return v
}

func viewPrecedent(lang string, c risk.Precedent) precedentView {
	t := func(key string, pairs ...any) string { return riskWords(lang, key, pairs...) }
	v := precedentView{ID: c.ID, Title: c.Title, Source: c.Source, Alike: c.Alike,
		Outcome:    t("tier."+c.Outcome.Tier) + "; " + t("memo.authority", "answer", t("tell."+c.Outcome.Notify)) + "; " + t("memo.people", "answer", t("tell."+c.Outcome.Tell)),
		Confidence: t("memo.confidence", "facts", t("confidence."+c.Confidence.Facts), "outcome", t("confidence."+c.Confidence.Outcome))}
	for i, key := range c.Agree {
		if i > 0 {
			v.Agree += ", "
		}
		v.Agree += risk.Label(lang, key)
	}
	for _, d := range c.Differ {
		v.Differ = append(v.Differ, changeLine{risk.Label(lang, d.Key), risk.Say(lang, d.Key, d.Here), risk.Say(lang, d.Key, d.There)})
	}
	return v
}

// versionView is one version of a record's assessment.
type versionView struct {
	*incident.Assessment
	N        int // from one
	Consent  string
	Approval *incident.Approval
	Waits    bool
	InForce  bool
	Overtook []incident.Reopening // what was learnt after it
}

// versionViews lists the versions of an assessment, newest first.
func versionViews(r *incident.Record) []versionView {
	var all []versionView
	for i, a := range r.Assessed {
		v := versionView{Assessment: a, N: i + 1, InForce: r.InForce() == a}
		for j := range r.Approvals {
			if p := &r.Approvals[j]; p.On == incident.AnAssessment && p.N == i {
				v.Approval = p
			}
		}
		for _, o := range r.Reopenings {
			if o.Assessed == i+1 {
				v.Overtook = append(v.Overtook, o)
			}
		}
		v.Waits = a.Waits && v.Approval == nil && len(v.Overtook) == 0 && i == len(r.Assessed)-1
		all = append(all, v)
	}
	slices.Reverse(all)
	return all
}
