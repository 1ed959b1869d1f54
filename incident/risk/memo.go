package risk

import (
	"bufio"
	"io"
	"slices"
	"strconv"
	"strings"
)

// memo writes one proposal as text in one language.
type memo struct {
	*bufio.Writer
	lang string
}

// Memo writes the proposal as a reasoned memo in plain text, in fi, sv or en.
func (p Proposal) Memo(w io.Writer, lang string) error {
	p = p.In(lang)
	m := memo{bufio.NewWriter(w), lang}
	m.title(m.t("memo.title"), '=')
	m.para(m.t("memo.nature"))
	m.proposal(&p)
	m.facts(&p.facts)
	m.reasons(&p)
	m.severity(&p.Enisa)
	m.flips(p.Flips)
	m.gaps(&p)
	m.precedents(p.Precedents)
	m.line(m.t("memo.rules", "version", p.Rules, "method", p.Enisa.Method))
	return m.Flush()
}

// t is the sentence for a key; pairs are names and values for its blanks.
func (m memo) t(key string, pairs ...string) string {
	params := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		params[pairs[i]] = pairs[i+1]
	}
	return Words(m.lang, key, params)
}

func (m memo) line(s string) { m.WriteString(s + "\n") }
func (m memo) para(s string) { m.line(wrap(s, "", 78) + "\n") }
func (m memo) item(s string) { m.line(wrap("- "+s, "  ", 78)) }

func (m memo) title(s string, rule rune) {
	m.line(s)
	m.line(strings.Repeat(string(rule), len([]rune(s))))
}

func (m memo) head(key string) { m.title(m.t(key), '-') }

// wrap breaks a text into lines of at most width runes.
func wrap(s, indent string, width int) string {
	var b strings.Builder
	at := 0
	for i, w := range strings.Split(s, " ") {
		n := len([]rune(w))
		switch {
		case i == 0:
		case at+1+n > width:
			b.WriteString("\n" + indent)
			at = len(indent)
		default:
			b.WriteByte(' ')
			at++
		}
		b.WriteString(w)
		at += n
	}
	return b.String()
}

func (m memo) proposal(p *Proposal) {
	m.head("memo.proposal")
	m.item(m.t("memo.tier", "tier", m.t("tier."+p.Tier.String())))
	if p.Notify {
		m.item(m.t("memo.notify.yes"))
	} else {
		m.item(m.t("memo.notify.no"))
	}
	m.item(m.t("memo.tell", "tell", m.t("tell."+p.Tell)))
	if p.Borderline {
		m.item(m.t("memo.borderline"))
	}
	m.line("")
	if len(p.Groups) == 0 {
		return
	}
	m.head("memo.groups")
	for _, g := range p.Groups {
		m.item(g.Name + ": " + m.t("tier."+g.Tier.String()) + ". " + m.t("memo.tell", "tell", m.t("tell."+g.Tell)))
	}
	m.line("")
}

func (m memo) reasons(p *Proposal) {
	m.head("memo.reasons")
	for _, r := range p.Reasons {
		s := r.Words + " [" + r.Source
		if r.Forced {
			s += "; " + m.t("memo.forced")
		}
		m.item(s + "]")
	}
	m.line("")
}

func (m memo) severity(e *Enisa) {
	m.head("memo.severity")
	m.item(m.t("memo.score", "dpc", strconv.Itoa(e.DPC), "ei", m.decimal(e.EI), "cb", m.decimal(e.CB),
		"se", m.decimal(e.SE), "band", m.t("band."+e.Band), "method", e.Method))
	m.item(m.t("memo.circumstances", "c", m.decimal(e.Confidentiality), "i", m.decimal(e.Integrity),
		"a", m.decimal(e.Availability), "m", m.decimal(e.Malicious)))
	for _, c := range e.Categories {
		s := m.t("memo.category", "category", m.t("category."+c.Category),
			"base", strconv.Itoa(c.Base), "score", strconv.Itoa(c.Score))
		for _, a := range c.Adjust {
			s += "; " + strconv.Itoa(a.Steps) + ": " + m.t(a.Reason)
		}
		m.item(s)
	}
	if e.Reason != "" {
		m.item("EI: " + e.Reason)
	}
	for _, f := range []struct {
		key string
		set bool
	}{
		{"memo.flag_individuals", e.FlagIndividuals},
		{"memo.flag_unintelligible", e.FlagUnintelligible},
		{"memo.provisional", e.Provisional},
	} {
		if f.set {
			m.item(m.t(f.key))
		}
	}
	m.line("")
	m.para(m.t("memo.aid"))
}

// Asked lists the questions without an answer that are worth asking, given what
// has been answered.
func (p Proposal) Asked() []string {
	s := stateOf(&p.facts)
	return slices.DeleteFunc(slices.Clone(p.Unknown), func(q string) bool { return !s.asked(q) })
}

// gaps lists what is still open and what is not yet backed.
func (m memo) gaps(p *Proposal) {
	if ask := p.Asked(); len(ask) > 0 {
		m.head("memo.unknown")
		m.item(labels(m.lang, "question.", ask))
		m.line("")
	}
	if len(p.Evidence) > 0 {
		m.head("memo.evidence")
		for _, c := range p.Evidence {
			m.item(c.Words)
		}
		m.line("")
	}
}

func (m memo) precedents(list []Precedent) {
	m.head("memo.precedents")
	m.para(m.t("memo.guidance"))
	for _, p := range list {
		m.item(m.t("memo.precedent", "id", p.ID, "title", p.Title, "tier", m.t("tier."+p.Outcome.Tier),
			"notify", m.t("tell."+p.Outcome.Notify), "tell", m.t("tell."+p.Outcome.Tell)))
		m.sub(m.t("memo.agree", "list", labels(m.lang, "question.", p.Agree)))
		var differ []string
		for _, d := range p.Differ {
			differ = append(differ, m.t("memo.here_there", "key", m.t("question."+d.Key),
				"here", m.value(d.Key, d.Here), "there", m.value(d.Key, d.There)))
		}
		if len(differ) > 0 {
			m.sub(m.t("memo.differ", "list", strings.Join(differ, ", ")))
		}
		m.sub(m.t("memo.confidence", "facts", m.t("confidence."+p.Confidence.Facts),
			"outcome", m.t("confidence."+p.Confidence.Outcome)))
	}
	m.line("")
}

func (m memo) sub(s string) { m.line(wrap("  "+s, "  ", 78)) }
