package web

import (
	"bytes"
	"compress/gzip"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
	"hatakello/templates"
)

// livePath is what open pages ask again and again.
const livePath = "/incidents/:id/live"

// page is what every page holds.
type page struct {
	Title   string
	Section string // of the navigation
	Path    string // of the request, to come back to
	Lang    string
	User    *incident.User // nil when nobody is logged in
	Bare    bool           // without navigation: for people without an account
	Version string
}

// page makes the frame of a page with a title.
func (s *Server) page(c *gin.Context, title string, pairs ...any) page {
	lang := s.lang(c)
	return page{Title: s.Words.Say(lang, title, pairs...), Path: c.Request.URL.Path, Lang: lang, User: user(c), Version: s.Version}
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
func known(lang string) bool {
	for _, l := range templates.Langs {
		if l == lang {
			return true
		}
	}
	return false
}

// sayError gives the sentence of an error.
func (s *Server) sayError(lang string, e *incident.Error) string {
	pairs := make([]any, 0, 2*len(e.Args))
	for k, v := range e.Args {
		pairs = append(pairs, k, v)
	}
	return s.Words.Say(lang, e.Key, pairs...)
}

// render makes the whole page before the first byte of it is sent.
func (s *Server) render(c *gin.Context, code int, lang, name string, data any) error {
	var buf bytes.Buffer
	in := templates.Locale{Lang: lang, Zone: s.zone(c)}
	if err := s.Pages.Render(&buf, in, name, data); err != nil {
		return err
	}
	return s.send(c, code, "text/html; charset=utf-8", buf.Bytes())
}

// send answers with data, compressed if that is worth it and known to be safe:
// pages behind a secret address are not.
func (s *Server) send(c *gin.Context, code int, kind string, data []byte) error {
	h := c.Writer.Header()
	h.Add("Vary", "Accept-Encoding")
	if len(data) > 1400 && takesGzip(c.Request) && h.Get("X-Secret") == "" {
		var buf bytes.Buffer
		z := gzip.NewWriter(&buf)
		if _, err := z.Write(data); err != nil {
			return err
		}
		if err := z.Close(); err != nil {
			return err
		}
		h.Set("Content-Encoding", "gzip")
		data = buf.Bytes()
	}
	c.Data(code, kind, data)
	return nil
}

// faultPage is what a visitor sees when something went wrong.
type faultPage struct {
	page
	Status int
	Text   string // of the error, if it is one that people may see
	ID     string // under which it was logged
}

func (s *Server) renderFault(c *gin.Context, f faultPage) error {
	f.page = s.page(c, "fault."+strconv.Itoa(f.Status))
	return s.render(c, f.Status, f.Lang, "fault", f)
}

// zone returns the IANA name of the zone in which times are shown.
func (s *Server) zone(c *gin.Context) string {
	org, err := s.Read.Organisation(c.Request.Context())
	if err != nil {
		s.Log.Error("time zone", "err", err)
		return ""
	}
	return org.Zone
}
