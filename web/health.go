package web

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
)

// healthy says that the program runs.
func (s *Server) healthy(c *gin.Context) error {
	c.String(http.StatusOK, "ok\n")
	return nil
}

// ready says whether the database answers, so that a balancer may send
// visitors, and then how the mail servers are: a closed one is no reason to
// send visitors elsewhere.
func (s *Server) ready(c *gin.Context) error {
	if err := s.Read.Ready(c.Request.Context()); err != nil {
		s.Log.Error("not ready", "err", err)
		c.String(http.StatusServiceUnavailable, "not ready\n")
		return nil
	}
	lines := []string{"ready"}
	if s.Ways != nil {
		lines = append(lines, s.Ways()...)
	}
	c.String(http.StatusOK, "%s\n", strings.Join(lines, "\n"))
	return nil
}
