package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/gin-gonic/gin"
	"golang.org/x/text/unicode/norm"

	"hatakello/incident"
	"hatakello/templates"
)

// reportPDF hands out the report of one record to a browser. It is in the
// language asked for, else in the controller's own.
func (s *Server) reportPDF(c *gin.Context) error {
	rec, err := s.Read.Record(c.Request.Context(), c.Param("id"))
	if err != nil {
		return err
	}
	return s.sendReport(c, rec, c.Query("lang"))
}

// sendReport answers with the report of a record as a file to be kept. GET
// changes nothing: the report is made anew each time, of what is known then.
func (s *Server) sendReport(c *gin.Context, rec *incident.Record, lang string) error {
	if rec.Part == incident.AsEntity {
		return unknown(c) // only another law binds it: there is nothing of Art. 33 to report
	}
	if !known(lang) {
		lang = rec.Lang
	}
	data, name, err := s.writeReport(c.Request.Context(), rec, lang, nil)
	if err != nil {
		return err
	}
	c.Header("Content-Disposition", `attachment; filename="`+name+`"`)
	c.Header("Content-Language", lang)
	c.Header("Cache-Control", "no-store")
	c.Data(http.StatusOK, "application/pdf", data)
	return nil
}

// writeReport makes the report of a record as it stands now, and its name. With
// a filing it is of the filing's kind and says the reasons for its delay.
func (s *Server) writeReport(ctx context.Context, rec *incident.Record, lang string, f *incident.Filing) (data []byte, name string, err error) {
	if !known(lang) {
		lang = rec.Lang
	}
	parts, err := s.reportParts(ctx, rec)
	if err != nil {
		return nil, "", fmt.Errorf("read what the report needs: %w", err)
	}
	r := fillReport(parts, s.Desk.Now(), reportZone(parts.Org))
	if f != nil && slices.Contains(incident.FilingKinds, f.Kind) {
		r.Kind = f.Kind
	}
	if f != nil && f.LateReason != "" && r.Limit != nil {
		r.Limit.Late = incident.Mask(f.LateReason)
	}
	var buf bytes.Buffer
	if err := s.Words.WriteReport(&buf, lang, r); err != nil {
		return nil, "", fmt.Errorf("write the report: %w", err)
	}
	return buf.Bytes(), reportName(r, lang), nil
}

// reportParts reads what the report of a record is made of.
func (s *Server) reportParts(ctx context.Context, rec *incident.Record) (reportParts, error) {
	p := reportParts{Record: rec}
	var errs [7]error
	if rec.Joint.Any() {
		p.Joint, errs[6] = s.Read.Records(ctx, rec.Incident, slices.Clone(rec.Joint.With))
	}
	p.Incident, errs[0] = s.Read.Incident(ctx, rec.Incident)
	p.Org, errs[1] = s.Read.Organisation(ctx)
	p.Notices, errs[2] = s.Read.Notices(ctx, rec.ID)
	controllers, err := s.Read.Controllers(ctx, []string{rec.Controller})
	services, err2 := s.Read.Services(ctx)
	errs[3], errs[4] = err, err2
	p.Deliveries, errs[5] = s.allOfRecord(ctx, rec)
	if err := errors.Join(errs[:]...); err != nil {
		return p, err
	}
	if len(controllers) == 1 {
		p.Controller = controllers[0]
		p.Services = usedServices(p.Incident, p.Controller, services)
	}
	return p, nil
}

// allOfRecord reads a record's deliveries, page by page.
func (s *Server) allOfRecord(ctx context.Context, rec *incident.Record) ([]*incident.Delivery, error) {
	var all []*incident.Delivery
	cut := incident.Cut{Limit: 200}
	for {
		some, next, err := s.Read.Deliveries(ctx, rec.Incident, rec.ID, cut)
		all = append(all, some...)
		if err != nil || next == "" {
			return all, err
		}
		cut.After = next
	}
}

// usedServices names the services of the incident that the controller uses; of
// the own company, its own registers.
func usedServices(inc *incident.Incident, k *incident.Controller, services []*incident.Service) []string {
	var names []string
	for _, s := range services {
		uses := slices.ContainsFunc(k.Uses, func(u incident.Use) bool { return u.Service == s.ID })
		if slices.Contains(inc.Services, s.ID) && (uses || k.ID == incident.Own && s.Own) {
			names = append(names, s.Name)
		}
	}
	return names
}

// reportZone is the organisation's zone, Finland's unless it says otherwise.
func reportZone(org incident.Organisation) *time.Location {
	for _, name := range []string{org.Zone, "Europe/Helsinki"} {
		if z, err := time.LoadLocation(name); err == nil && name != "" {
			return z
		}
	}
	return time.UTC
}

// reportName is a file name of ASCII letters: 2026-014-esimerkki-oy-fi.pdf.
func reportName(r templates.Report, lang string) string {
	name := strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			return c
		case unicode.Is(unicode.Mn, c):
			return -1
		}
		return '-'
	}, norm.NFD.String(strings.ToLower(r.Number+"-"+r.Controller.Name)))
	parts := strings.FieldsFunc(name, func(c rune) bool { return c == '-' })
	name = strings.Join(parts, "-")
	return strings.TrimRight(name[:min(len(name), 60)], "-") + "-" + lang + ".pdf"
}
