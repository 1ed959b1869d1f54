package web

import (
	_ "embed"
	"net/http"

	"github.com/gin-gonic/gin"
)

// openAPI describes the API, after OpenAPI 3.1. A test compares it with the
// table of routes, both ways, and with real answers.
//
//go:embed openapi.json
var openAPI []byte

func (a *api) spec(c *gin.Context, _ request) error {
	return a.send(c, http.StatusOK, jsonKind, openAPI)
}
