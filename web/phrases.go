package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// phrasesPage is the library of approved sentences.
type phrasesPage struct {
	page
	Phrases []phraseRow
}

// phraseRow is a sentence as it stands: its newest version, and whether that is
// in force.
type phraseRow struct {
	*incident.Phrase
	Waits   bool // for approval
	InForce int  // version; 0: none
}

func phraseRows(all []*incident.Phrase) []phraseRow {
	force := map[string]int{}
	for _, p := range incident.InForce(all) {
		force[p.Key] = p.Version
	}
	var rows []phraseRow
	for i, p := range all {
		if i+1 < len(all) && all[i+1].Key == p.Key {
			continue
		}
		rows = append(rows, phraseRow{p, p.ApprovedAt.IsZero(), force[p.Key]})
	}
	return rows
}

func (s *Server) phrases(c *gin.Context) error {
	all, err := s.Read.Phrases(c.Request.Context())
	if err != nil {
		return err
	}
	p := phrasesPage{s.page(c, "phrases.title"), phraseRows(all)}
	p.Section, p.Wide = "customers", "narrow"
	return s.render(c, http.StatusOK, "phrases", p)
}

// phrasePage is one sentence in the three languages, side by side.
type phrasePage struct {
	page
	Row *phraseRow // nil: a new one
}

func (s *Server) phrasePage(c *gin.Context) (*phrasePage, error) {
	p := &phrasePage{page: s.page(c, "phrase.title")}
	p.Section = "customers"
	key := c.Param("key")
	if key == "new" {
		return p, nil
	}
	all, err := s.Read.Phrases(c.Request.Context())
	if err != nil {
		return nil, err
	}
	rows := phraseRows(all)
	i := slices.IndexFunc(rows, func(r phraseRow) bool { return r.Key == key })
	if i < 0 {
		return nil, unknown(c)
	}
	p.Row = &rows[i]
	return p, nil
}

func (s *Server) phraseForm(c *gin.Context) error {
	p, err := s.phrasePage(c)
	if err != nil {
		return err
	}
	v := values("version", "0")
	if p.Row != nil {
		v = values("version", strconv.Itoa(p.Row.Version), "phrase_key", p.Row.Key, "title", p.Row.Title)
		for lang, text := range p.Row.Texts {
			v.Set("text_"+lang, text)
		}
		if p.Row.Retired {
			v.Set("retired", "yes")
		}
	}
	p.Form = p.filled(v)
	return s.render(c, http.StatusOK, "phrase", p)
}

// savePhrase keeps a new version, or approves the newest.
func (s *Server) savePhrase(c *gin.Context) error {
	p, err := s.phrasePage(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	if c.PostForm("do") == "approve" && p.Row != nil {
		err = s.Desk.ApprovePhrase(ctx, actor(c), p.Row.Key, number(c, "version"))
	} else {
		x := incident.Phrase{Key: c.PostForm("phrase_key"), Version: number(c, "version"), Title: c.PostForm("title"),
			Retired: c.PostForm("retired") != "", Texts: map[string]string{}}
		if p.Row != nil {
			x.Key = p.Row.Key
		}
		for _, lang := range p.Langs {
			x.Texts[lang] = c.PostForm("text_" + lang)
		}
		err = s.Desk.SavePhrase(ctx, actor(c), x, c.PostFormArray("same"))
	}
	if err == nil {
		return s.redirect(c, "/phrases?said=saved")
	}
	if !s.again(c, &p.page, err) {
		return err
	}
	return s.render(c, statusOf(err), "phrase", p)
}

// offered are the sentences that may be put into a notice.
func (s *Server) offered(c *gin.Context, p *notifyPage) error {
	all, err := s.Read.Phrases(c.Request.Context())
	p.Phrases = incident.InForce(all)
	return err
}

// insert puts a sentence at the end of each text, in its language.
func (p *notifyPage) insert(key string) {
	for _, x := range p.Phrases {
		if x.Key != key {
			continue
		}
		for _, l := range p.Texts {
			name := "text_" + l.Lang
			if slices.Contains(x.Stale, l.Lang) {
				continue // its readers would be told something else
			}
			p.Form.Values.Set(name, strings.TrimSpace(p.Form.Get(name)+"\n\n"+x.Texts[l.Lang]))
		}
	}
}
