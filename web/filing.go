package web

import (
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// filingLimit is for a form with the largest files and some more, so that too
// large ones are told at their field.
const filingLimit = 2 * fileLimit

// filingFiles are the files that people may add to a filing.
var filingFiles = []incident.FileRole{incident.FiledPaper, incident.FiledReceipt}

// heldFile is a file that waits in memory until the form is right.
type heldFile struct {
	Role incident.FileRole
	ID   string
	Name string
}

// file records a filing with the authority. The program's report is frozen as
// it stands now, beside the files that came.
func (s *Server) file(c *gin.Context, p *recordPart) error {
	files, held, lost, err := s.filingUploads(c, user(c).ID, p.Now)
	p.Held = held
	if err != nil {
		return err
	}
	at, wrong := p.time(c, "at")
	promised, bad := p.later(c, "promised")
	if err := join(wrong, bad, lost); err != nil {
		return err
	}
	f := incident.Filing{Kind: c.PostForm("kind"), At: at, Channel: c.PostForm("channel"), Reference: c.PostForm("reference"),
		LateReason: c.PostForm("late_reason"), Promised: promised, Key: c.PostForm("key"), Files: files}
	if err := s.freezeReport(c, p.Rec, &f, c.PostForm("lang")); err != nil {
		return err
	}
	return s.Desk.Report(c.Request.Context(), actor(c), p.Rec.ID, f)
}

// freezeReport puts the report of a record before the files of a filing. Where
// only another law binds the company there is none.
func (s *Server) freezeReport(c *gin.Context, rec *incident.Record, f *incident.Filing, lang string) error {
	if rec.Part == incident.AsEntity {
		return nil
	}
	data, name, err := s.writeReport(c.Request.Context(), rec, lang, f)
	if err != nil {
		return err
	}
	if !known(lang) {
		lang = rec.Lang
	}
	f.Files = append([]incident.File{{Role: incident.FrozenReport, Name: name, MIME: "application/pdf", Lang: lang, Bytes: data}}, f.Files...)
	return nil
}

// filingUploads reads the files that came with the form now or before. They
// are held for their owner, so that an error elsewhere does not lose them.
func (s *Server) filingUploads(c *gin.Context, owner string, now time.Time) (files []incident.File, held []heldFile, lost *incident.Error, err error) {
	for _, role := range filingFiles {
		x, ok, err := s.uploaded(c, string(role), owner)
		if err != nil {
			return nil, nil, nil, err
		}
		if id := c.PostForm("held_" + string(role)); !ok && id != "" {
			if x, ok = s.uploads.get(id, owner, now); !ok {
				lost = &incident.Error{Kind: incident.Invalid, Field: string(role), Key: "import.gone"}
			}
		}
		if ok {
			held = append(held, heldFile{role, x.id, x.name})
			files = append(files, incident.File{Role: role, Name: x.name, MIME: fileKind(x.data), Bytes: x.data})
		}
	}
	return files, held, lost, nil
}

// uploaded reads one file of a form and holds it for a while.
func (s *Server) uploaded(c *gin.Context, field, owner string) (upload, bool, error) {
	file, head, err := c.Request.FormFile(field)
	if err != nil || head.Filename == "" {
		return upload{}, false, nil
	}
	defer file.Close()
	data, err := io.ReadAll(file)
	if err != nil {
		return upload{}, false, fmt.Errorf("read upload: %w", err)
	}
	x := upload{id: s.Desk.NewID(), user: owner, name: incident.FileName(head.Filename), data: data, at: s.Desk.Now()}
	s.uploads.put(x)
	return x, true, nil
}

// fileKind is the media type of a file by its content; what its sender calls it
// does not count.
func fileKind(data []byte) string {
	kind, _, _ := strings.Cut(http.DetectContentType(data), ";")
	return kind
}

// filedFile hands out a file that was frozen with a filing, byte for byte.
func (s *Server) filedFile(c *gin.Context) error {
	rec, err := s.Read.Record(c.Request.Context(), c.Param("id"))
	if err != nil {
		return err
	}
	return s.sendFile(c, rec, c.Param("hash"))
}

// sendFile answers with a file of one of the record's filings. Bytes that are
// no longer those of the hash are not handed out as if they were.
func (s *Server) sendFile(c *gin.Context, rec *incident.Record, hash string) error {
	f := rec.File(hash)
	if f == nil {
		return unknown(c)
	}
	x, err := s.Read.Content(c.Request.Context(), hash)
	if err != nil {
		return err
	}
	if !x.Intact() {
		return fmt.Errorf("file %s of record %s has changed in the database", hash, rec.ID)
	}
	c.Header("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
	c.Header("Digest", "sha-256="+hash)
	c.Header("Cache-Control", "no-store")
	c.Data(http.StatusOK, f.MIME, x.Bytes)
	return nil
}
