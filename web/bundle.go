package web

import (
	"context"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
	"hatakello/templates"
	"hatakello/web/bundle"
)

// bundleRoutes are the addresses of the record as a file that proves itself.
func (s *Server) bundleRoutes() []route {
	return []route{
		{"GET", "/incidents/:id/bundle", "bundle", 0, s.bundleForm},
		{"POST", "/incidents/:id/bundle.zip", "bundle", formLimit, s.makeBundle},
		{"POST", "/n/:secret/bundle.zip", anyone, formLimit, s.behind(s.guestBundle)},
		{"GET", "/.well-known/hatakello-check.html", anyone, 0, s.checkPage},
	}
}

// bundleTime is how long a bundle may take to reach whoever asked for it.
const bundleTime = time.Hour

// bundlePage asks what to pack.
type bundlePage struct {
	casePart
	Rec *incident.Record // whose view; nil: the whole case
}

func (s *Server) bundleForm(c *gin.Context) error {
	part, err := s.casePart(c, "bundle.make.title")
	if err != nil {
		return err
	}
	p := &bundlePage{casePart: *part}
	p.Form = p.filled(values("lang", p.Lang))
	if id := c.Query("record"); id != "" {
		if p.Rec, err = s.Read.Record(c.Request.Context(), id); err != nil {
			return err
		}
		if p.Rec.Incident != p.Inc.ID {
			return unknown(c)
		}
		p.Form = p.filled(values("lang", p.Rec.Lang))
	}
	return s.render(c, http.StatusOK, "bundleform", p)
}

func (s *Server) makeBundle(c *gin.Context) error {
	return s.sendBundle(c, actor(c), c.Param("id"), c.PostForm("record"), c.PostForm("lang"))
}

// guestBundle gives a controller her own view.
func (s *Server) guestBundle(c *gin.Context, g *guest) error {
	lang := c.Query("lang")
	if !known(lang) {
		lang = g.Link.Lang
	}
	return s.sendBundle(c, g.actor(""), g.Link.Incident, g.Link.Record, lang)
}

// sendBundle packs into a file without a name, so that what is sent is whole or
// nothing, and a slow reader does not keep the database waiting.
func (s *Server) sendBundle(c *gin.Context, by incident.Actor, id, record, lang string) error {
	ctx := c.Request.Context()
	inc, err := s.Read.Incident(ctx, id)
	if err != nil {
		return err
	}
	if err := s.Desk.NoteBundle(ctx, by, id, record); err != nil {
		return err
	}
	f, err := os.CreateTemp("", "hatakello-bundle-*.zip")
	if err != nil {
		return err
	}
	defer f.Close()
	if err := os.Remove(f.Name()); err != nil {
		return err
	}
	if err := s.WriteBundle(ctx, f, by.Name, inc, record, lang); err != nil {
		return err
	}
	name := "bundle-" + plain(inc.Number)
	if record != "" {
		name += "-" + plain(record)
	}
	attach(c, name+".zip", "application/zip")
	c.Header("Cache-Control", "no-store")
	_ = http.NewResponseController(c.Writer).SetWriteDeadline(time.Now().Add(bundleTime)) // a recorder in a test has none
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	http.ServeContent(c.Writer, c.Request, "", time.Time{}, f)
	return nil
}

// WriteBundle packs a case, or with a record one controller's view of it. What
// has happened until now is logged first, so that a checkpoint covers it.
func (s *Server) WriteBundle(ctx context.Context, w io.Writer, by string, inc *incident.Incident, record, lang string) error {
	if s.Checkpoint != nil {
		if err := s.Checkpoint(ctx); err != nil {
			return err
		}
	}
	org, err := s.Read.Organisation(ctx)
	if err != nil {
		return err
	}
	if !known(lang) {
		lang = templates.Langs[0]
	}
	o := bundle.Order{Case: inc.ID, Number: inc.Number, Record: record, Org: org, Lang: lang, By: authorName(by), At: s.Desk.Now(), Key: s.SignKey,
		Words: s.Words, Pages: s.Pages, Entry: func(lang string, e *incident.Entry) string {
			return s.entries(&page{Lang: lang, Org: org}, []*incident.Entry{e})[0].What
		}}
	if record != "" {
		r, err := s.Read.Record(ctx, record)
		if err != nil {
			return err
		}
		o.For = r.Name
	}
	return s.Read.Snapshot(ctx, inc.ID, func(x incident.Snapshot) error { return bundle.Write(w, x, o) })
}

// checkPage gives the page that checks bundles, for whoever does not want to
// trust the one in a bundle.
func (s *Server) checkPage(c *gin.Context) error {
	page, err := templates.CheckPage(s.Words, s.lang(c))
	if err != nil {
		return err
	}
	attach(c, "hatakello-check.html", "text/html; charset=utf-8")
	_, err = c.Writer.Write(page)
	return err
}
