package web

import (
	"encoding/base64"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"
)

// checkpoint publishes the newest checkpoint of the log, as it was signed.
func (s *Server) checkpoint(c *gin.Context) error {
	k, err := s.Read.NewestCheckpoint(c.Request.Context())
	if err != nil {
		return err
	}
	if k == nil {
		return unknown(c)
	}
	c.Header("Cache-Control", "public, max-age=10")
	c.Header("Cross-Origin-Resource-Policy", "cross-origin")
	c.Data(http.StatusOK, "text/plain; charset=utf-8", []byte(k.Note))
	return nil
}

// consistency proves that the newest checkpoint goes on where an earlier one of
// the given size ended, for whoever kept that one.
func (s *Server) consistency(c *gin.Context) error {
	ctx := c.Request.Context()
	if !s.public.allow("check "+network(c.ClientIP()), s.Desk.Now()) {
		return errSlow
	}
	k, err := s.Read.NewestCheckpoint(ctx)
	if err != nil {
		return err
	}
	from, err := strconv.ParseUint(c.Query("from"), 10, 62)
	if k == nil || err != nil || from > k.Size {
		return unknown(c)
	}
	hashes, err := s.Read.LogConsistency(ctx, from, k.Size)
	if err != nil {
		return err
	}
	proof := []string{}
	for _, h := range hashes {
		proof = append(proof, base64.StdEncoding.EncodeToString(h[:]))
	}
	c.Header("Cross-Origin-Resource-Policy", "cross-origin")
	c.JSON(http.StatusOK, gin.H{"from": from, "to": k.Size, "root": base64.StdEncoding.EncodeToString(k.Root[:]), "proof": proof})
	return nil
}
