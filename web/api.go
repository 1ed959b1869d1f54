package web

import "github.com/gin-gonic/gin"

// mountAPI adds the routes of the API.
func (s *Server) mountAPI(g *gin.RouterGroup) {}
