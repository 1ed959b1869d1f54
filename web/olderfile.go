package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
	"hatakello/templates"
)

// ReadRegister reads an older register from a CSV or XLSX file. Its Zone and
// how it is to be taken in are for the caller to say.
func ReadRegister(data []byte) (in incident.OlderImport, err error) {
	sum := sha256.Sum256(data)
	in.SHA256 = hex.EncodeToString(sum[:])
	if !bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		in.Rows, in.Lines, in.Coding, err = incident.ReadTable(data)
		return in, err
	}
	if in.Rows, err = templates.ReadSheet(data); err != nil {
		return in, &incident.Error{Kind: incident.Invalid, Field: "file", Key: "older.sheet"}
	}
	in.Coding = "xlsx"
	for i := range in.Rows {
		in.Lines = append(in.Lines, i+1)
	}
	return in, nil
}

func (s *Server) olderPage(c *gin.Context) *importPage {
	p := &importPage{page: s.page(c, "older.title")}
	p.Section, p.Wide = "breaches", "narrow"
	return p
}

func (s *Server) olderForm(c *gin.Context) error {
	return s.render(c, http.StatusOK, "older", s.olderPage(c))
}

// olderLook keeps the file and leads to what would happen.
func (s *Server) olderLook(c *gin.Context) error {
	name, data, err := uploaded(c, "file")
	if err != nil {
		return err
	}
	if len(data) == 0 {
		p := s.olderPage(c)
		s.again(c, &p.page, &incident.Error{Kind: incident.Invalid, Field: "file", Key: "import.no_file"})
		return s.render(c, http.StatusUnprocessableEntity, "older", p)
	}
	x := upload{id: s.Desk.NewID(), user: user(c).ID, name: incident.FileName(name), data: data, at: s.Desk.Now()}
	s.uploads.put(x)
	return s.redirect(c, "/register/import/"+x.id)
}

// olderDo shows what an import would do, or does it.
func (s *Server) olderDo(c *gin.Context) error {
	p := s.olderPage(c)
	x, ok := s.uploads.get(c.Param("id"), user(c).ID, p.Now)
	if !ok {
		p.Form.Faults = s.faults(p.Lang, &incident.Error{Kind: incident.Invalid, Field: "file", Key: "import.gone"})
		return s.render(c, http.StatusUnprocessableEntity, "older", p)
	}
	look := c.Request.Method != http.MethodPost
	in, err := ReadRegister(x.data)
	var got *incident.Imported
	if err == nil {
		in.Zone, in.DryRun, in.Partial, in.Key = p.zone(), look, c.PostForm("partial") == "yes", x.id
		got, err = s.Desk.ImportOlder(c.Request.Context(), actor(c), in)
	}
	if err != nil {
		var many incident.Errors
		if incident.KindOf(err) != incident.Invalid && !errors.As(err, &many) {
			return err
		}
		p.Form.Faults = s.faults(p.Lang, err)
		return s.render(c, http.StatusUnprocessableEntity, "older", p)
	}
	if got.Kept {
		return s.redirect(c, "/register?state=imported&said=older")
	}
	p.ID, p.Name = x.id, x.name
	s.showImport(p, got)
	code := http.StatusOK
	if !look {
		code = http.StatusUnprocessableEntity
	}
	return s.render(c, code, "older", p)
}
