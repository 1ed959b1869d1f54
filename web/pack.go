package web

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
	"hatakello/templates"
)

// packRoutes are the addresses of packs, for the controller and for staff who
// may file.
func (s *Server) packRoutes() []route {
	return []route{
		{"POST", "/n/:secret/pack", anyone, formLimit, s.behind(s.guestPack)},
		{"GET", "/n/:secret/pack/:id", anyone, 0, s.behind(s.guestPacked)},
		{"POST", "/records/:id/pack", "form", formLimit, s.staffPack},
		{"GET", "/records/:id/pack/:pack", "form", 0, s.staffPacked},
	}
}

func (s *Server) guestPack(c *gin.Context, g *guest) error {
	p, err := s.guestPage(c, g)
	if err != nil {
		return err
	}
	return s.handOver(c, p, g.actor(p.Rec.AckedBy))
}

func (s *Server) staffPack(c *gin.Context) error {
	p, err := s.staffPage(c)
	if err != nil {
		return err
	}
	return s.handOver(c, p, actor(c))
}

// handOver makes the pack, freezes it and shows its receipt.
func (s *Server) handOver(c *gin.Context, p *companionPage, by incident.Actor) error {
	h := &incident.Handover{Record: p.Rec.ID, Kind: p.parts.kind(), Form: p.form.ID, Lang: p.Lang}
	var err error
	if h.Facts, err = json.Marshal(packFacts(p.filled)); err != nil {
		return err
	}
	if h.Bytes, err = s.makePack(p); err != nil {
		return err
	}
	if _, err := s.Desk.HandOver(c.Request.Context(), by, h); err != nil {
		return err
	}
	return s.redirect(c, p.Base+"/form?lang="+p.Lang+"&said=packed#pack")
}

func (s *Server) guestPacked(c *gin.Context, g *guest) error {
	return s.sendPack(c, g.Link.Record, c.Param("id"))
}

func (s *Server) staffPacked(c *gin.Context) error {
	if _, err := s.staffPage(c); err != nil {
		return err
	}
	return s.sendPack(c, c.Param("id"), c.Param("pack"))
}

// sendPack gives the bytes that were frozen.
func (s *Server) sendPack(c *gin.Context, record, id string) error {
	h, err := s.Read.Handover(c.Request.Context(), record, id)
	if incident.KindOf(err) == incident.NotFound {
		return unknown(c)
	}
	if err != nil {
		return err
	}
	c.Header("Content-Disposition", fmt.Sprintf(`attachment; filename="hatakello-%d-%s.zip"`, h.N, h.Lang))
	c.Header("Digest", "sha-256="+h.SHA256)
	c.Data(http.StatusOK, "application/zip", h.Bytes)
	return nil
}

// A packed file is one member of the zip.
type packed struct {
	name string
	data []byte
}

// makePack makes the zip: the report, the form's content, what is secret apart
// from it, the EDPB's shape, and a draft for the people concerned.
func (s *Server) makePack(p *companionPage) ([]byte, error) {
	zone := reportZone(p.parts.Org)
	pack := p.pack(zone)
	if n := len(p.Handovers); n > 0 {
		last := p.Handovers[n-1]
		pack.Earlier = last.N
		var err error
		if pack.Changes, err = packChanges(p.form, last.Facts, packFacts(p.filled), p.Lang, zone); err != nil {
			return nil, err
		}
	}
	var pdf bytes.Buffer
	report := fillReport(p.parts.reportParts, p.Now, zone)
	report.Kind = pack.Kind
	if err := s.Words.WriteReport(&pdf, p.Lang, report); err != nil {
		return nil, err
	}
	edpb, err := s.edpbJSON(p.parts)
	if err != nil {
		return nil, err
	}
	files := []packed{{"report-" + p.Lang + ".pdf", pdf.Bytes()}, {"edpb-draft.json", edpb}}
	docs := []struct {
		name string
		doc  templates.Document
	}{{"form-" + p.Lang, s.Words.PackForm(pack)}, {"annex-secret-" + p.Lang, s.Words.PackAnnex(pack)}}
	for _, lang := range templates.Langs {
		docs = append(docs, struct {
			name string
			doc  templates.Document
		}{"letter-to-people-" + lang, s.Words.PeopleDraft(lang, p.letter(lang, zone))})
	}
	for _, d := range docs {
		odt, err := d.doc.ODT()
		if err != nil {
			return nil, err
		}
		files = append(files, packed{d.name + ".txt", []byte(d.doc.Text())}, packed{d.name + ".odt", odt})
	}
	return zipped(files, p.Now)
}

func zipped(files []packed, at time.Time) ([]byte, error) {
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for _, f := range files {
		w, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: at.UTC()})
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(f.data); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

// pack is the filled form in the words of the page's language.
func (p *companionPage) pack(zone *time.Location) templates.Pack {
	all := templates.Pack{Lang: p.Lang, Kind: p.parts.kind(), Number: p.Number, Controller: p.party().Name, Form: p.form,
		Mandate: p.parts.Mandate, Made: p.Now, Zone: zone}
	for _, part := range p.filled {
		pp := templates.PackPart{Title: part.Title[p.Lang]}
		for _, x := range part.Fields {
			pp.Fields = append(pp.Fields, templates.PackField{Label: x.FormField.Label[p.Lang], Text: x.Show(p.Lang, x.Value, zone),
				Origin: string(x.Origin), Sure: string(x.Sure), Annex: x.Annex})
		}
		all.Parts = append(all.Parts, pp)
	}
	return all
}

// letter gathers what the draft for the people says.
func (p *companionPage) letter(lang string, zone *time.Location) templates.PeopleLetter {
	text := func(key string) string { return canonicalValue(key, p.parts).Value }
	when := ""
	for _, key := range []string{"occurrence_start", "occurrence_end"} {
		if at, err := time.Parse(time.RFC3339, text(key)); err == nil {
			when = strings.TrimPrefix(when+" – "+templates.Both(templates.Lang(lang), at, zone), " – ")
		}
	}
	return templates.PeopleLetter{Controller: p.party().Name, Nature: text("description"), When: when, Data: text("data_detail"),
		Consequences: text("consequences"), Measures: text("measures_taken"),
		Contact: joined(text("dpo_name"), text("dpo_contact"), text("contact_point"))}
}
