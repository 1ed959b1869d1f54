package web

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// healthy says that the program runs.
func (s *Server) healthy(c *gin.Context) error {
	c.String(http.StatusOK, "ok\n")
	return nil
}

// ready says whether the database answers, so that a balancer may send visitors.
func (s *Server) ready(c *gin.Context) error {
	if err := s.Read.Ready(c.Request.Context()); err != nil {
		s.Log.Error("not ready", "err", err)
		c.String(http.StatusServiceUnavailable, "not ready\n")
		return nil
	}
	c.String(http.StatusOK, "ready\n")
	return nil
}
