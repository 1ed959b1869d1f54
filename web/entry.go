package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
	"hatakello/incident/risk"
	"hatakello/templates"
)

// entryLine is a line of the timeline in the visitor's language.
type entryLine struct {
	*incident.Entry
	At   time.Time
	What string // what the program wrote
	Text string // what a person wrote
	By   string
}

// Struck reports whether a newer line stands in its place.
func (l entryLine) Struck() bool { return l.Entry != nil && l.CorrectedBy != "" }

// families are the arguments of entries that are words of their own: what stands before and after
// them in the key.
var families = map[string][2]string{"moment": {"moment.", ""}, "tier": {"tier.", ""}, "duty": {"duty.", ".name"}, "kind": {"filing.", ""},
	"proposed": {"tier.", ""}, "channel": {"telling.channel.", ""}, "role": {"filerole.", ""}, "what": {"review.kind.", ""}}

// entries words the lines of a timeline.
func (s *Server) entries(p *page, all []*incident.Entry) []entryLine {
	lines := make([]entryLine, len(all))
	for i, e := range all {
		lines[i] = entryLine{Entry: e, At: e.At, Text: e.Text, By: e.By}
		lines[i].By = authorName(e.By)
		if e.Key != "" {
			lines[i].What = s.Words.Say(p.Lang, "entry."+e.Key, s.entryArgs(p, e.Args)...)
		}
	}
	return lines
}

// authorName is the name under which people know who did something.
func authorName(by string) string {
	if by == incident.Program.Name {
		return "Hätäkello"
	}
	return by
}

func (s *Server) entryArgs(p *page, args map[string]string) []any {
	var pairs []any
	for name, v := range args {
		if key, ok := families[name]; ok && v != "" && name == "moment" {
			v = s.Words.Moment(p.Lang, v)
		} else if ok && v != "" {
			v = s.Words.Say(p.Lang, key[0]+v+key[1])
		}
		if name == "changed" {
			v = s.changedKeys(p.Lang, strings.Split(v, "\n"))
		}
		if at, err := time.Parse(time.RFC3339, v); name == "at" && err == nil {
			v = templates.WeekdayDateTime(templates.Lang(p.Lang), at, p.zone())
			if at.IsZero() {
				v = s.Words.Say(p.Lang, "sure.unknown")
			}
		}
		if n, err := strconv.Atoi(v); name == "size" && err == nil {
			v = templates.Size(templates.Lang(p.Lang), n)
		}
		if n, err := strconv.Atoi(v); name == "n" && err == nil {
			pairs = append(pairs, "N", n)
		}
		pairs = append(pairs, name, v)
	}
	return pairs
}

// gatherRead is how many lines are read for the short timeline of a case.
const gatherRead = 200

// gathered is entries in which servers' acceptances that follow each other
// stand as one line, so that ten thousand of them do not hide what people did.
func (s *Server) gathered(p *page, all []*incident.Entry) []entryLine {
	var lines []entryLine
	for i := 0; i < len(all) && len(lines) < entryRows; {
		n := 0
		for i+n < len(all) && all[i+n].Key == "notice.accepted" {
			n++
		}
		if n < 3 {
			lines = append(lines, s.entries(p, all[i:i+1])...)
			i++
			continue
		}
		key := "entry.many.accepted"
		if i+n == gatherRead {
			key = "entry.many.more"
		}
		lines = append(lines, entryLine{At: all[i].At, What: s.Words.Say(p.Lang, key, "N", n), By: "Hätäkello"})
		i += n
	}
	return lines
}

// changedKeys names answers and facts that have changed.
func (s *Server) changedKeys(lang string, keys []string) string {
	names := make([]string, len(keys))
	for i, k := range keys {
		switch fact, ok := strings.CutPrefix(k, "facts."); {
		case s.Words.Has(lang, "changed."+k):
			names[i] = s.Words.Say(lang, "changed."+k)
		case ok:
			names[i] = s.Words.Say(lang, "fact."+fact)
		default:
			names[i] = risk.Label(lang, k)
		}
	}
	return strings.Join(names, ", ")
}

// note adds a person's line to the timeline.
func (s *Server) note(c *gin.Context) error {
	err := s.Desk.Note(c.Request.Context(), actor(c), c.Param("id"), c.PostForm("text"))
	if err == nil {
		return s.redirect(c, "/incidents/"+c.Param("id")+"?said=noted")
	}
	p, err2 := s.casePage(c)
	if err2 != nil || !s.again(c, &p.page, err) {
		return err
	}
	return s.render(c, http.StatusUnprocessableEntity, "case", p)
}
