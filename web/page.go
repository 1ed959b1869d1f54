package web

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
	"hatakello/templates"
)

// page is what every page holds.
type page struct {
	Title   string
	Section string // of the navigation
	Path    string // of the request, to come back to
	Lang    string
	Langs   []string
	User    *incident.User // nil when nobody is logged in
	Org     incident.Organisation
	Bare    bool            // without navigation: for people without an account
	Wide    string          // class of the main part: "narrow" or ""
	Closed  []*incident.Way // out of the house, for staff
	Said    string          // what has just been done
	Version string
	Now     time.Time
	Form    templates.Form
	Passes  []passes // what times that were typed may have meant
}

// framed is any page.
type framed interface{ frame() page }

func (p page) frame() page { return p }

// May reports whether the visitor's role allows the act.
func (p page) May(act string) bool {
	return p.User != nil && incident.Actor{Roles: p.User.Roles}.May(act)
}

// page makes the frame of a page with a title, given as a key.
func (s *Server) page(c *gin.Context, title string, pairs ...any) page {
	p := page{Path: c.Request.URL.Path, Lang: s.lang(c), Langs: templates.Langs, User: user(c), Version: s.Version, Now: s.Desk.Now()}
	p.Title = s.Words.Say(p.Lang, title, pairs...)
	if said := c.Query("said"); s.Words.Has(p.Lang, "said."+said) {
		p.Said = said
	}
	org, err := s.Read.Organisation(c.Request.Context())
	if err != nil {
		s.Log.Error("the organisation is not known", "id", requestID(c), "err", err)
	}
	p.Org = org
	if p.User != nil {
		if p.Closed, err = s.Read.ClosedWays(c.Request.Context()); err != nil {
			s.Log.Error("the ways out are not known", "id", requestID(c), "err", err)
		}
	}
	p.Form.Key = s.Desk.NewID()
	return p
}

// lang returns the language in which the visitor is answered: the one chosen,
// else the user's, else the browser's first that there is, else Finnish.
func (s *Server) lang(c *gin.Context) string {
	if v, err := c.Cookie(s.cookieName("lang")); err == nil && known(v) {
		return v
	}
	if u := user(c); u != nil && known(u.Lang) {
		return u.Lang
	}
	for part := range strings.SplitSeq(c.GetHeader("Accept-Language"), ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		tag, _, _ = strings.Cut(strings.ToLower(tag), "-")
		if known(tag) {
			return tag
		}
	}
	return templates.Langs[0]
}

// known reports whether there is such a language.
func known(lang string) bool { return slices.Contains(templates.Langs, lang) }

// zone is where the organisation's clocks hang.
func (p page) zone() *time.Location {
	name := p.Org.Zone
	if name == "" {
		name = templates.Zone
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return zone
}

// render makes the whole page before the first byte of it is sent.
func (s *Server) render(c *gin.Context, code int, name string, data framed) error {
	var buf bytes.Buffer
	f := data.frame()
	if err := s.Pages.Render(&buf, templates.Locale{Lang: f.Lang, Zone: f.Org.Zone}, name, data); err != nil {
		return err
	}
	return s.send(c, code, "text/html; charset=utf-8", buf.Bytes())
}

// send answers with data, compressed where that is worth it. What lies behind
// a secret is not compressed, lest its length tell something.
func (s *Server) send(c *gin.Context, code int, kind string, data []byte) error {
	h := c.Writer.Header()
	h.Add("Vary", "Accept-Encoding")
	if len(data) > 1400 && takesGzip(c.Request) && c.Param("secret") == "" {
		var err error
		if data, err = compressed(data); err != nil {
			return err
		}
		h.Set("Content-Encoding", "gzip")
	}
	c.Data(code, kind, data)
	return nil
}

// compressors are used again: a new one takes 800 KB, thirty times the page.
var compressors = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

func compressed(data []byte) ([]byte, error) {
	z := compressors.Get().(*gzip.Writer)
	defer compressors.Put(z)
	var buf bytes.Buffer
	z.Reset(&buf)
	if _, err := z.Write(data); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

// faultPage is what a visitor sees when something went wrong.
type faultPage struct {
	page
	Status int
	Texts  []string // of the errors, if they are some that people may see
	ID     string   // under which it was logged
}

func (s *Server) renderFault(c *gin.Context, code int, err error) error {
	f := faultPage{page: s.page(c, "fault."+strconv.Itoa(code)), Status: code, ID: requestID(c)}
	f.Wide, f.Bare = "narrow", f.User == nil
	if code != http.StatusNotFound {
		for _, x := range s.faults(f.Lang, err) {
			f.Texts = append(f.Texts, x.Text)
		}
	}
	return s.render(c, code, "fault", f)
}
