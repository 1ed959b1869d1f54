package web

import (
	"bytes"
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
	"hatakello/templates"
)

// callsPage is the call sheet of a case.
type callsPage struct {
	casePart
	Calls []callRow
}

// callRow is a controller to be phoned, with what to say.
type callRow struct {
	*incident.CallLine
	Late   bool
	Script []string
	Key    string // idempotency key of recording the call
}

// CallSheet puts the call sheet of a case into the form in which it is printed.
func CallSheet(org incident.Organisation, inc *incident.Incident, calls []*incident.CallLine, now time.Time) templates.CallSheet {
	sheet := templates.CallSheet{Organisation: org.Name, Number: inc.Number, Made: now, Zone: reportZone(org)}
	for _, l := range calls {
		line := templates.CallSheetLine{Name: l.Name, Lang: l.Lang, Due: l.Due, Code: l.Code, Said: l.Said}
		for _, k := range l.Contacts {
			line.Contacts = append(line.Contacts, templates.CallSheetContact{Name: k.Name, Phone: k.Phone})
		}
		sheet.Lines = append(sheet.Lines, line)
	}
	return sheet
}

func (s *Server) callsPage(c *gin.Context) (*callsPage, error) {
	part, err := s.casePart(c, "calls.title")
	if err != nil {
		return nil, err
	}
	ctx := c.Request.Context()
	calls, err := s.Read.Calls(ctx, part.Inc.ID)
	if err != nil {
		return nil, err
	}
	org, err := s.Read.Organisation(ctx)
	if err != nil {
		return nil, err
	}
	p := &callsPage{casePart: *part}
	sheet := CallSheet(org, p.Inc, calls, p.Now)
	for i, l := range calls {
		p.Calls = append(p.Calls, callRow{l, !l.Due.IsZero() && p.Now.After(l.Due), s.Words.CallScript(org.Name, p.Inc.Number, sheet.Lines[i]), s.Desk.NewID()})
	}
	return p, nil
}

func (s *Server) calls(c *gin.Context) error {
	p, err := s.callsPage(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "calls", p)
}

// logCall records that somebody has been told by telephone just now.
func (s *Server) logCall(c *gin.Context) error {
	p, err := s.callsPage(c)
	if err != nil {
		return err
	}
	r, err := s.Read.Record(c.Request.Context(), c.PostForm("record"))
	if err != nil || r.Incident != p.Inc.ID {
		return unknown(c)
	}
	said := c.PostForm("said")
	if said == "" {
		said = s.Words.Say(p.Lang, "calls.told")
	}
	err = s.Desk.Phone(c.Request.Context(), actor(c), r.ID, incident.Call{Who: c.PostForm("who"), Said: said, Key: c.PostForm("key")})
	if err != nil && s.again(c, &p.page, err) {
		return s.render(c, statusOf(err), "calls", p)
	}
	if err != nil {
		return err
	}
	return s.redirect(c, "/incidents/"+p.Inc.ID+"/calls?said=saved")
}

// callsPDF is the sheet for the time when the network is down.
func (s *Server) callsPDF(c *gin.Context) error {
	inc, err := s.incident(c)
	if err != nil {
		return err
	}
	ctx := c.Request.Context()
	calls, err := s.Read.Calls(ctx, inc.ID)
	if err != nil {
		return err
	}
	org, err := s.Read.Organisation(ctx)
	if err != nil {
		return err
	}
	var buf bytes.Buffer
	if err := s.Words.WriteCallSheet(&buf, s.lang(c), CallSheet(org, inc, calls, s.Desk.Now())); err != nil {
		return fmt.Errorf("write the call sheet: %w", err)
	}
	c.Header("Content-Disposition", `attachment; filename="soittolista-`+inc.Number+`.pdf"`)
	c.Data(http.StatusOK, "application/pdf", buf.Bytes())
	return nil
}
