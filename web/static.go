package web

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
)

// static answers with a file that lies in the program. Its address holds a
// hash of all of them, so that it may be kept for ever.
func (s *Server) static(c *gin.Context) error {
	a, ok := s.Pages.Asset(c.Param("name"))
	if !ok || c.Param("stamp") != s.Pages.Stamp() {
		return unknown(c)
	}
	h := c.Writer.Header()
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	data := a.Data
	if takesGzip(c.Request) {
		if small := a.Gzip(); small != nil {
			h.Set("Content-Encoding", "gzip")
			data = small
		}
	}
	c.Data(http.StatusOK, a.Type, data)
	return nil
}

func (s *Server) favicon(c *gin.Context) error {
	a, ok := s.Pages.Asset("favicon.svg")
	if !ok {
		return unknown(c)
	}
	c.Header("Cache-Control", "public, max-age=86400")
	c.Data(http.StatusOK, a.Type, a.Data)
	return nil
}

// robots keeps search engines away, links in mails included.
func (s *Server) robots(c *gin.Context) error {
	c.String(http.StatusOK, "User-agent: *\nDisallow: /\n")
	return nil
}

// takesGzip reports whether the browser understands compressed answers.
func takesGzip(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept-Encoding"), "gzip")
}
