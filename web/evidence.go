package web

import (
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// evidencePage lists the files of a case and takes a new one.
type evidencePage struct {
	casePart
	pager
	Files []*incident.Evidence
}

func (s *Server) evidencePage(c *gin.Context) (*evidencePage, error) {
	part, err := s.casePart(c, "evidence.title")
	if err != nil {
		return nil, err
	}
	all, next, err := s.Read.EvidenceOf(c.Request.Context(), part.Inc.ID, cut(c, 30))
	if err != nil {
		return nil, err
	}
	return &evidencePage{casePart: *part, pager: pages(c, next), Files: all}, nil
}

func (s *Server) evidence(c *gin.Context) error {
	p, err := s.evidencePage(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "evidence", p)
}

// addEvidence takes a file in.
func (s *Server) addEvidence(c *gin.Context) error {
	p, err := s.evidencePage(c)
	if err != nil {
		return err
	}
	in := incident.NewEvidence{Incident: p.Inc.ID, About: c.PostForm("about"), Key: c.PostForm("key")}
	if in.Name, in.Data, err = uploaded(c, "file"); err != nil {
		return err
	}
	at, wrong := p.time(c, "at")
	if err = join(wrong); err == nil {
		if in.Happened = at; !at.IsZero() {
			in.Typed = zoned(strings.TrimSpace(c.PostForm("at")), p.zone())
		}
		_, err = s.Desk.AddEvidence(c.Request.Context(), actor(c), in)
	}
	if err == nil {
		return s.redirect(c, "/incidents/"+p.Inc.ID+"/evidence?said=evidence")
	}
	if !s.again(c, &p.page, err) {
		return err
	}
	return s.render(c, statusOf(err), "evidence", p)
}

// uploaded reads a file from a form; none is no data.
func uploaded(c *gin.Context, field string) (string, []byte, error) {
	file, head, err := c.Request.FormFile(field)
	if err != nil {
		return "", nil, nil //nolint:nilerr // no file was chosen; the Desk says so
	}
	defer file.Close()
	data, err := io.ReadAll(file)
	if err != nil {
		return "", nil, fmt.Errorf("read upload: %w", err)
	}
	return head.Filename, data, nil
}

// piecePage shows one file: what it is and who has had it.
type piecePage struct {
	casePart
	File    *incident.Evidence
	Custody []entryLine
}

func (s *Server) piecePage(c *gin.Context) (*piecePage, error) {
	part, err := s.casePart(c, "evidence.title")
	if err != nil {
		return nil, err
	}
	p := &piecePage{casePart: *part}
	if p.File, err = s.Read.Evidence(c.Request.Context(), p.Inc.ID, c.Param("file")); err != nil {
		return nil, err
	}
	p.Title = p.File.Name
	all, err := s.Read.Custody(c.Request.Context(), p.Inc.ID, p.File.ID)
	p.Custody = s.entries(&p.page, all)
	return p, err
}

func (s *Server) evidencePiece(c *gin.Context) error {
	p, err := s.piecePage(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "evidencepiece", p)
}

// takeEvidence sends a file to be kept. It is never shown in place, whatever it
// calls itself, and who took it is written down first.
func (s *Server) takeEvidence(c *gin.Context) error {
	x, data, err := s.Desk.TakeEvidence(c.Request.Context(), actor(c), c.Param("id"), c.Param("file"))
	if err != nil {
		return err
	}
	sendEvidence(c, x, data)
	return nil
}

func sendEvidence(c *gin.Context, x *incident.Evidence, data []byte) {
	attach(c, "", "application/octet-stream")
	c.Header("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": x.Name}))
	c.Header("Digest", "sha-256="+x.SHA256)
	c.Data(http.StatusOK, "application/octet-stream", data)
}

// handEvidence writes down that a file was given to somebody.
func (s *Server) handEvidence(c *gin.Context) error {
	p, err := s.piecePage(c)
	if err != nil {
		return err
	}
	err = s.Desk.HandOverEvidence(c.Request.Context(), actor(c), incident.HandOver{Incident: p.Inc.ID, Evidence: p.File.ID,
		To: c.PostForm("to"), Why: c.PostForm("why"), Key: c.PostForm("key")})
	if err == nil {
		return s.redirect(c, "/incidents/"+p.Inc.ID+"/evidence/"+p.File.ID+"?said=saved")
	}
	if !s.again(c, &p.page, err) {
		return err
	}
	return s.render(c, statusOf(err), "evidencepiece", p)
}
