package web

import (
	"context"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// How many finds a group shows among others, and alone.
const (
	groupRows = 6
	foundRows = 25
)

// searchMost is the longest text that is looked for, in characters.
const searchMost = 200

// searchPage looks for words in cases, customers, timelines and notices.
type searchPage struct {
	page
	pager
	Q      string
	In     string // the only kind that is looked through, or ""
	Groups []searchGroup
}

// searchGroup is what was found in one kind of thing, the newest first.
type searchGroup struct {
	Kind string
	Hits []searchHit
	More bool
}

// searchHit leads to one thing.
type searchHit struct {
	To, Title, Note, Text string
	At                    time.Time
}

// searchKinds are the kinds in the order in which they are shown.
var searchKinds = []string{"cases", "customer", "facts", "entry", "notice"}

// Nothing reports whether a search found nothing.
func (p *searchPage) Nothing() bool { return p.Q != "" && len(p.Groups) == 0 }

func (s *Server) search(c *gin.Context) error {
	p := &searchPage{page: s.page(c, "search.title"), Q: strings.TrimSpace(strings.ToValidUTF8(c.Query("q"), " "))}
	p.Section, p.Wide = "search", "narrow"
	if rs := []rune(p.Q); len(rs) > searchMost {
		p.Q = string(rs[:searchMost])
	}
	kinds, at := searchKinds, incident.Cut{Limit: groupRows}
	for _, k := range searchKinds {
		if c.Query("in") == k {
			p.In, kinds, at = k, []string{k}, cut(c, foundRows)
		}
	}
	if p.Q == "" {
		return s.render(c, http.StatusOK, "search", p)
	}
	for _, k := range kinds {
		hits, next, err := s.find(c.Request.Context(), k, p.Q, at)
		if err != nil {
			return err
		}
		if len(hits) > 0 {
			p.Groups = append(p.Groups, searchGroup{k, hits, next != "" && p.In == ""})
		}
		if p.In != "" {
			p.pager = pages(c, next)
		}
	}
	return s.render(c, http.StatusOK, "search", p)
}

// find looks through one kind of thing.
func (s *Server) find(ctx context.Context, kind, q string, at incident.Cut) ([]searchHit, string, error) {
	if kind == "cases" {
		rows, next, err := s.Read.Rows(ctx, incident.Filter{Search: q}, at)
		var hits []searchHit
		for _, r := range rows {
			hits = append(hits, searchHit{To: "/incidents/" + r.ID, Title: r.Number + " " + r.Title, At: r.LoggedAt, Note: strings.Join(r.Services, ", ")})
		}
		return hits, next, err
	}
	found, next, err := s.Read.Find(ctx, kind, "", q, at)
	if err != nil {
		return nil, "", err
	}
	var hits []searchHit
	for _, f := range found {
		hit, err := s.hit(ctx, f)
		if incident.KindOf(err) == incident.NotFound {
			continue // erased since
		}
		if err != nil {
			return nil, "", err
		}
		hits = append(hits, hit)
	}
	return hits, next, nil
}

// hit reads what stands behind a find.
func (s *Server) hit(ctx context.Context, f *incident.Hit) (searchHit, error) {
	if f.Kind == "customer" {
		known, err := s.Read.Controllers(ctx, []string{f.Ref})
		if err != nil || len(known) == 0 {
			return searchHit{}, errOr(err, "customer.unknown")
		}
		return searchHit{To: "/customers/edit/" + f.Ref, Title: known[0].Name, Note: known[0].BusinessID}, nil
	}
	inc, err := s.Read.Incident(ctx, f.Incident)
	if err != nil {
		return searchHit{}, err
	}
	h := searchHit{To: "/incidents/" + inc.ID, Title: inc.Number + " " + inc.Title}
	switch f.Kind {
	case "facts":
		h.To, h.Text, h.At = h.To+"/facts", inc.Facts.Nature.Text, inc.LoggedAt
	case "entry":
		e, err := s.Read.Entry(ctx, f.Incident, f.Ref)
		if err != nil {
			return h, err
		}
		h.To, h.Text, h.At, h.Note = h.To+"/timeline#e-"+e.ID, e.Text, e.At, authorName(e.By)
		if e.Evidence != "" {
			h.To, h.Note = "/incidents/"+inc.ID+"/evidence/"+e.Evidence, e.Args["file"]
		}
	case "notice":
		n, err := s.Read.Notice(ctx, f.Ref)
		if err != nil {
			return h, err
		}
		h.To, h.Text, h.At, h.Note = "/notices/"+n.ID, n.Said, n.At, n.Subject
	}
	h.Text = shortened(h.Text, 220)
	return h, nil
}

// errOr is err, or that a thing is not there.
func errOr(err error, key string) error {
	if err != nil {
		return err
	}
	return &incident.Error{Kind: incident.NotFound, Key: key}
}

// shortened cuts a text at n characters.
func shortened(text string, n int) string {
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	return strings.TrimSpace(string([]rune(text)[:n-1])) + "…"
}
