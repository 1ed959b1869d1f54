package web

import (
	"context"
	"encoding/json"
	"time"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// Drafts keeps forms that somebody has begun and not yet sent, by person and
// form. They are no part of the record.
type Drafts interface {
	SaveDraft(ctx context.Context, owner, form, content string, at time.Time) error
	LoadDraft(ctx context.Context, owner, form string) (string, error)
	DropDraft(ctx context.Context, owner, form string) error
}

// draft is answers that are being worked on: those saved at Base, changed.
type draft struct {
	Base    string  `json:"base"` // fingerprint of the answers that it began from
	Answers answers `json:"answers"`
	begun   bool    // it has been kept
}

// loadDraft returns what the owner, a member of staff or a guest, has begun, or a fresh draft of what is saved.
func (s *Server) loadDraft(c *gin.Context, owner, form, saved string) (*draft, error) {
	text, err := s.Read.LoadDraft(c.Request.Context(), owner, form)
	if err != nil {
		return nil, err
	}
	d := &draft{}
	if text != "" && json.Unmarshal([]byte(text), d) == nil && d.Answers != nil {
		d.begun = true
		return d, nil
	}
	return &draft{Base: incident.Fingerprint(saved), Answers: readAnswers(saved)}, nil
}

func (s *Server) saveDraft(c *gin.Context, owner, form string, d *draft) error {
	text, err := json.Marshal(d)
	if err != nil {
		return err
	}
	return s.Read.SaveDraft(c.Request.Context(), owner, form, string(text), s.Desk.Now())
}

func (s *Server) dropDraft(c *gin.Context, owner, form string) error {
	return s.Read.DropDraft(c.Request.Context(), owner, form)
}
