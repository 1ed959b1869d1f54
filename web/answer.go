package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// status is the HTTP status of each kind of error.
var status = map[incident.Kind]int{
	incident.Invalid:   http.StatusUnprocessableEntity,
	incident.NotFound:  http.StatusNotFound,
	incident.Forbidden: http.StatusForbidden,
	incident.Conflict:  http.StatusConflict,
	incident.Refused:   http.StatusConflict,
}

// errLogin sends the visitor to the log-in page; errSlow asks to try later.
var (
	errLogin = errors.New("not logged in")
	errSlow  = errors.New("too many attempts")
)

// statusOf gives the status of any error: 413 for a body too large, 429 for
// too many attempts, and 500 for all that is our own fault.
func statusOf(err error) int {
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, errSlow):
		return http.StatusTooManyRequests
	case errors.Is(err, errLogin):
		return http.StatusUnauthorized
	}
	if code, ok := status[incident.KindOf(err)]; ok {
		return code
	}
	return http.StatusInternalServerError
}

// do makes a handler of h, and answers for it when it fails.
func (s *Server) do(h func(*gin.Context) error) gin.HandlerFunc {
	return func(c *gin.Context) {
		if err := h(c); err != nil {
			s.fail(c, err)
		}
	}
}

// unknown answers every address that does not exist and everything that the
// visitor may not know of, in the same words.
func unknown(*gin.Context) error {
	return &incident.Error{Kind: incident.NotFound, Key: "fault.404"}
}

// fail answers with the page of an error. What is our fault is logged whole
// and shown as one sentence with the number under which it was logged.
func (s *Server) fail(c *gin.Context, err error) {
	c.Abort()
	if c.Writer.Written() {
		s.Log.Error("failed after the answer had begun", "route", c.FullPath(), "err", err)
		return
	}
	if errors.Is(err, context.Canceled) && c.Request.Context().Err() != nil {
		c.Status(499) // the visitor has gone
		return
	}
	if underAPI(c) {
		s.failAPI(c, err)
		return
	}
	code := statusOf(err)
	if code == http.StatusUnauthorized {
		s.toLogin(c)
		return
	}
	if code == http.StatusInternalServerError {
		s.Log.Error("request failed", "id", requestID(c), "route", c.FullPath(), "err", err)
	}
	if err := s.renderFault(c, code, err); err != nil {
		s.Log.Error("the page of an error failed", "id", requestID(c), "err", err)
		c.String(code, "%d", code)
	}
}

// recovered turns a panic into an answer.
func (s *Server) recovered(c *gin.Context) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		if p == http.ErrAbortHandler { //nolint:errorlint // the very value is the signal
			panic(p)
		}
		s.Log.Error("panic", "id", requestID(c), "route", c.FullPath(), "stack", string(debug.Stack()))
		s.fail(c, fmt.Errorf("panic: %v", p))
	}()
	c.Next()
}

// logged writes one line for each request: the pattern of its address, never
// the address itself, which may hold a secret.
func (s *Server) logged(c *gin.Context) {
	began := s.Desk.Now()
	c.Header("X-Request-Id", s.Desk.NewID())
	c.Next()
	route := c.FullPath()
	if route == "" {
		route = "none"
	}
	level := slog.LevelInfo
	if c.Writer.Status() >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	s.Log.LogAttrs(c.Request.Context(), level, "request", slog.String("id", requestID(c)), slog.String("method", c.Request.Method),
		slog.String("route", route), slog.Int("status", c.Writer.Status()), slog.Int("bytes", c.Writer.Size()),
		slog.Int64("ms", s.Desk.Now().Sub(began).Milliseconds()))
}

// requestID returns the number under which the request is logged.
func requestID(c *gin.Context) string { return c.Writer.Header().Get("X-Request-Id") }

func (s *Server) redirect(c *gin.Context, to string) error {
	c.Redirect(http.StatusSeeOther, to)
	return nil
}
