package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// timelinePage is the timeline of a case, newest first, or what a filter lets
// through.
type timelinePage struct {
	page
	pager
	Inc      *incident.Incident
	Entries  []entryLine
	Kinds    []string
	People   []string // who may have written
	Filtered bool
	Query    string // of the filter, for the exports
}

// entryKinds are the choices of the filter.
var entryKinds = []string{"", "people", "acts", "note", "pin", "evidence", "custody"}

func (s *Server) timeline(c *gin.Context) error {
	ctx := c.Request.Context()
	inc, err := s.incident(c)
	if err != nil {
		return err
	}
	p := &timelinePage{page: s.page(c, "timeline.title", "Number", inc.Number), Inc: inc, Kinds: entryKinds}
	p.Section, p.Wide = "board", "narrow"
	p.Form = p.filled(c.Request.URL.Query())
	p.Filtered, p.Query = len(filterQuery(c)) > 0, filterQuery(c).Encode()
	users, err := s.Read.Users(ctx)
	if err != nil {
		return err
	}
	for _, u := range users {
		p.People = append(p.People, u.Name)
	}
	f, err := p.entryFilter(c)
	if err == nil {
		var all []*incident.Entry
		var next string
		if all, next, err = s.Read.Timeline(ctx, inc.ID, f, cut(c, 40)); err == nil {
			p.Entries, p.pager = s.entries(&p.page, all), pages(c, next)
			return s.render(c, http.StatusOK, "timeline", p)
		}
	}
	if incident.KindOf(err) != incident.Invalid {
		return err
	}
	p.Form.Faults = s.faults(p.Lang, err)
	return s.render(c, http.StatusUnprocessableEntity, "timeline", p)
}

// filterQuery is the filter's part of the address.
func filterQuery(c *gin.Context) url.Values {
	v := url.Values{}
	for _, name := range []string{"kind", "by", "from", "until", "q"} {
		if x := strings.TrimSpace(c.Query(name)); x != "" {
			v.Set(name, x)
		}
	}
	return v
}

// entryFilter reads the filter from the address.
func (p *page) entryFilter(c *gin.Context) (incident.EntryFilter, error) {
	q := filterQuery(c)
	f := incident.EntryFilter{Record: c.Query("record"), Kind: q.Get("kind"), By: q.Get("by"), Search: q.Get("q")}
	if f.By == "Hätäkello" {
		f.By = incident.Program.Name
	}
	var wrong [2]*incident.Error
	f.From, wrong[0] = p.bound(q.Get("from"), "from", 0)
	f.Until, wrong[1] = p.bound(q.Get("until"), "until", 1)
	return f, join(wrong[:]...)
}

// bound reads a day or a time that bounds a period. A day means its first
// instant, or with days 1 the first of the next: it belongs to the period. A
// repeated hour is taken whole.
func (p *page) bound(text, field string, days int) (time.Time, *incident.Error) {
	if text == "" {
		return time.Time{}, nil
	}
	at, err := incident.ParseLocal(text, p.Now, p.zone())
	var doubt *incident.LocalTimeError
	if !errors.As(err, &doubt) {
		return at.Add(time.Duration(days) * time.Minute), nil
	}
	switch doubt.Kind {
	case incident.LocalNoTime:
		return []time.Time{doubt.First, doubt.Second}[days], nil
	case incident.LocalAmbiguous, incident.LocalMissing:
		return []time.Time{doubt.First, doubt.Second.Add(time.Minute)}[days], nil
	}
	return time.Time{}, &incident.Error{Kind: incident.Invalid, Field: field, Key: "time." + string(doubt.Kind)}
}

// entryPage takes a person's entry, or the correction of one.
type entryPage struct {
	casePart
	Old *entryLine // the one that is corrected; nil for a new one
}

func (s *Server) entryPage(c *gin.Context) (*entryPage, error) {
	part, err := s.casePart(c, "entry.new.title")
	if err != nil {
		return nil, err
	}
	p := &entryPage{casePart: *part}
	id := c.Param("entry")
	if id == "" {
		return p, nil
	}
	old, err := s.Read.Entry(c.Request.Context(), p.Inc.ID, id)
	if err != nil {
		return nil, err
	}
	if !old.Correctable() {
		return nil, &incident.Error{Kind: incident.Refused, Key: "entry.not_correctable"}
	}
	p.Title = s.Words.Say(p.Lang, "entry.correct.title", "Number", p.Inc.Number)
	p.Old = &s.entries(&p.page, []*incident.Entry{old})[0]
	typed, _, _ := strings.Cut(old.Typed, " (")
	p.Form = p.filled(values("text", old.Text, "at", typed))
	return p, nil
}

func (s *Server) entryForm(c *gin.Context) error {
	p, err := s.entryPage(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "entryform", p)
}

func (s *Server) saveEntry(c *gin.Context) error {
	p, err := s.entryPage(c)
	if err != nil {
		return err
	}
	in := incident.NewEntry{Incident: p.Inc.ID, Text: c.PostForm("text"), Corrects: c.Param("entry"), Why: c.PostForm("why"), Key: c.PostForm("key")}
	at, wrong := p.time(c, "at")
	if err = join(wrong); err == nil {
		if in.Happened = at; !at.IsZero() {
			in.Typed = zoned(strings.TrimSpace(c.PostForm("at")), p.zone())
		}
		_, err = s.Desk.Enter(c.Request.Context(), actor(c), in)
	}
	if err == nil {
		return s.redirect(c, "/incidents/"+p.Inc.ID+"/timeline?said=noted")
	}
	if !s.again(c, &p.page, err) {
		return err
	}
	return s.render(c, statusOf(err), "entryform", p)
}
