package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// uploads holds files between the look at what an import would do and the
// import itself: a few, for a short while, in memory. A restart forgets them,
// and the page then asks for the file again.
type uploads struct {
	mu  sync.Mutex
	all []upload // oldest first
}

type upload struct {
	id, user, name string
	data           []byte
	at             time.Time
}

const (
	uploadAge = 30 * time.Minute
	uploadSum = 48 << 20 // bytes of all files together
)

// put keeps a file and drops the oldest ones for which there is no room.
func (u *uploads) put(x upload) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.all = append(u.all, x)
	sum := 0
	for i := len(u.all) - 1; i >= 0; i-- {
		sum += len(u.all[i].data)
		if sum > uploadSum || x.at.Sub(u.all[i].at) > uploadAge {
			u.all = append([]upload(nil), u.all[i+1:]...)
			return
		}
	}
}

// get returns a user's own file.
func (u *uploads) get(id, user string, now time.Time) (upload, bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, x := range u.all {
		if x.id == id && x.user == user && now.Sub(x.at) <= uploadAge {
			return x, true
		}
	}
	return upload{}, false
}

// importPage takes a list of customers.
type importPage struct {
	page
	ID   string // of the file that was looked at; "" before
	Name string
	Got  *incident.Imported
	Bad  []badRow
	More int // bad rows beyond those shown
	Odd  []badRow
}

// badRow is a row that cannot be used, in words.
type badRow struct {
	Line        int
	Field, Text string
}

// badRows is how many of them are shown.
const badRows = 100

func (s *Server) importForm(c *gin.Context) error {
	return s.render(c, http.StatusOK, "import", s.importPage(c))
}

func (s *Server) importPage(c *gin.Context) *importPage {
	p := &importPage{page: s.page(c, "import.title")}
	p.Section, p.Wide = "customers", "narrow"
	return p
}

// importLook reads the file and shows what would happen.
func (s *Server) importLook(c *gin.Context) error {
	file, head, err := c.Request.FormFile("file")
	if err != nil || head.Size == 0 {
		p := s.importPage(c)
		s.again(c, &p.page, &incident.Error{Kind: incident.Invalid, Field: "file", Key: "import.no_file"})
		return s.render(c, http.StatusUnprocessableEntity, "import", p)
	}
	defer file.Close()
	data, err := io.ReadAll(file)
	if err != nil {
		return fmt.Errorf("read upload: %w", err)
	}
	x := upload{id: s.Desk.NewID(), user: user(c).ID, name: head.Filename, data: data, at: s.Desk.Now()}
	s.uploads.put(x)
	return s.redirect(c, "/customers/import/"+x.id)
}

func (s *Server) importSeen(c *gin.Context) error {
	p := s.importPage(c)
	x, ok := s.uploads.get(c.Param("id"), user(c).ID, p.Now)
	if !ok {
		return s.importAgain(c, p)
	}
	got, err := s.Desk.ImportCustomers(c.Request.Context(), actor(c), incident.Import{Data: bytes.NewReader(x.data), DryRun: true, Partial: true})
	if err != nil {
		return s.importFailed(c, p, err)
	}
	p.ID, p.Name = x.id, x.name
	s.showImport(p, got)
	return s.render(c, http.StatusOK, "import", p)
}

// importAgain asks for a file that is no longer held.
func (s *Server) importAgain(c *gin.Context, p *importPage) error {
	p.Form.Faults = s.faults(p.Lang, &incident.Error{Kind: incident.Invalid, Field: "file", Key: "import.gone"})
	return s.render(c, http.StatusUnprocessableEntity, "import", p)
}

func (s *Server) importFailed(c *gin.Context, p *importPage, err error) error {
	if incident.KindOf(err) != incident.Invalid {
		return err
	}
	p.Form.Faults = s.faults(p.Lang, err)
	return s.render(c, http.StatusUnprocessableEntity, "import", p)
}

// showImport words what an import did or would do.
func (s *Server) showImport(p *importPage, got *incident.Imported) {
	p.Got = got
	p.Bad = s.badRows(p.Lang, got.Bad)
	p.Odd = s.badRows(p.Lang, got.Doubts)
	p.More = max(len(got.Bad)-badRows, 0)
}

func (s *Server) badRows(lang string, all []incident.BadRow) []badRow {
	var rows []badRow
	for _, b := range all[:min(len(all), badRows)] {
		rows = append(rows, badRow{b.Line, b.Field, s.sayError(lang, b.Err)})
	}
	return rows
}

// importDo takes the customers in: all, or the good rows alone.
func (s *Server) importDo(c *gin.Context) error {
	p := s.importPage(c)
	x, ok := s.uploads.get(c.Param("id"), user(c).ID, p.Now)
	if !ok {
		return s.importAgain(c, p)
	}
	got, err := s.Desk.ImportCustomers(c.Request.Context(), actor(c), incident.Import{Data: bytes.NewReader(x.data),
		Partial: c.PostForm("partial") == "yes", Key: x.id})
	var many incident.Errors
	if err != nil && !errors.As(err, &many) {
		return s.importFailed(c, p, err)
	}
	if err == nil && got.Kept {
		return s.redirect(c, "/customers?said=imported")
	}
	if got == nil {
		return s.importFailed(c, p, err)
	}
	p.ID, p.Name = x.id, x.name
	s.showImport(p, got)
	return s.render(c, http.StatusUnprocessableEntity, "import", p)
}
