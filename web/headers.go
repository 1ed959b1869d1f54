package web

import (
	"maps"

	"github.com/gin-gonic/gin"
)

// policy lets a page load what lies beside it and nothing else.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// always are the headers that every answer carries, by their canonical names.
// No answer changes the values: whoever sets another replaces the list.
var always = map[string][]string{
	"Content-Security-Policy":      {policy},
	"X-Content-Type-Options":       {"nosniff"},
	"Referrer-Policy":              {"no-referrer"},
	"Cross-Origin-Opener-Policy":   {"same-origin"},
	"Cross-Origin-Resource-Policy": {"same-origin"},
	"Permissions-Policy":           {"camera=(), geolocation=(), microphone=()"},
	"X-Robots-Tag":                 {"noindex, nofollow"},
	"Cache-Control":                {"no-store"},
}

// guarded sets the headers that every answer carries. What may be kept by a
// cache says so itself, later.
func (s *Server) guarded(c *gin.Context) {
	h := c.Writer.Header()
	maps.Copy(h, always)
	if s.secure() {
		h.Set("Strict-Transport-Security", "max-age=63072000")
	}
}
