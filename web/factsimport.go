package web

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// factsImportPage takes the own facts of many controllers from a table.
type factsImportPage struct {
	casePart
	File string // id of a file that was looked at
	Got  *incident.FactsImported
	Left []badRow
	More int
}

func (s *Server) factsImportPage(c *gin.Context) (*factsImportPage, error) {
	part, err := s.casePart(c, "factsimport.title")
	if err != nil {
		return nil, err
	}
	return &factsImportPage{casePart: *part}, nil
}

func (s *Server) factsImportForm(c *gin.Context) error {
	p, err := s.factsImportPage(c)
	if err != nil {
		return err
	}
	p.Form = p.filled(values("sure", "assumed"))
	return s.render(c, http.StatusOK, "factsimport", p)
}

// factsImport shows what a table would do, and with "keep" does it.
func (s *Server) factsImport(c *gin.Context) error {
	p, err := s.factsImportPage(c)
	if err != nil {
		return err
	}
	p.Form = typed(c)
	data, err := s.factsTable(c, p)
	keep := c.PostForm("do") == "keep"
	in := incident.FactsImport{Data: bytes.NewReader(data), Sure: incident.Sure(c.PostForm("sure")), Explain: c.PostForm("explain"), DryRun: !keep, Key: c.PostForm("key")}
	if err == nil {
		p.Got, err = s.Desk.DescribeMany(c.Request.Context(), actor(c), p.Inc.ID, in)
	}
	if err == nil && p.Got.Kept {
		return s.redirect(c, "/incidents/"+p.Inc.ID+"/facts?said=saved")
	}
	if p.Got != nil {
		p.Left, p.More = s.badRows(p.Lang, p.Got.Left), max(len(p.Got.Left)-badRows, 0)
		if p.Got.Rows == 0 {
			p.Got = nil
		}
	}
	if err != nil && !s.again(c, &p.page, err) {
		return err
	}
	if p.Form.Key == "" {
		p.Form.Key = s.Desk.NewID()
	}
	code := http.StatusOK
	if err != nil {
		code = statusOf(err)
	}
	return s.render(c, code, "factsimport", p)
}

// factsTable returns what was pasted, or the file that was chosen now or looked
// at before.
func (s *Server) factsTable(c *gin.Context, p *factsImportPage) ([]byte, error) {
	if file, head, err := c.Request.FormFile("file"); err == nil && head.Size > 0 {
		defer file.Close()
		data, err := io.ReadAll(file)
		if err != nil {
			return nil, fmt.Errorf("read upload: %w", err)
		}
		x := upload{id: s.Desk.NewID(), user: user(c).ID, name: head.Filename, data: data, at: s.Desk.Now()}
		s.uploads.put(x)
		p.File = x.id
		return data, nil
	}
	if text := c.PostForm("table"); strings.TrimSpace(text) != "" {
		return []byte(text), nil
	}
	if id := c.PostForm("held"); id != "" {
		if x, ok := s.uploads.get(id, user(c).ID, p.Now); ok {
			p.File = id
			return x.data, nil
		}
		return nil, &incident.Error{Kind: incident.Invalid, Field: "file", Key: "import.gone"}
	}
	return nil, &incident.Error{Kind: incident.Invalid, Field: "table", Key: "facts.empty"}
}
