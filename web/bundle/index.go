package bundle

import (
	"bufio"
	"crypto/ed25519"
	"encoding/json"
	"html/template"
	"io"
	"strconv"
	"time"

	"hatakello/incident"
	"hatakello/templates"
)

// A section of index.html: a heading, the words before and after the rows, and
// the facets whose rows stand in it. Head and Row are templates.
type section struct {
	name   string // of the template of a row, and in the message keys
	facets []string
	hers   bool // also in a controller's bundle
	table  int  // columns of a table; 0: not one
	skip   func(values) bool
}

var sections = []section{
	{name: "facts", facets: []string{"incident"}},
	{name: "marks", facets: []string{"mark"}, table: 4},
	{name: "records", facets: []string{"record"}, table: 5},
	{name: "clocks", facets: []string{"deadline"}, table: 4},
	{name: "notices", facets: []string{"notice"}, hers: true},
	{name: "mails", facets: []string{"delivery"}, hers: true, table: 4},
	{name: "receipts", facets: []string{"receipt"}, hers: true, table: 5},
	{name: "questions", facets: []string{"question", "reply_copy"}, hers: true},
	{name: "handovers", facets: []string{"handover"}, hers: true, table: 4},
	{name: "judged", facets: []string{"assessment", "decision", "approval", "reopening"}, table: 4},
	{name: "filings", facets: []string{"filing"}, table: 5},
	{name: "evidence", facets: []string{"evidence"}, table: 4},
	{name: "review", facets: []string{"passage", "action"}, skip: func(v values) bool { return v["ended"] != nil }},
	{name: "timeline", facets: []string{"entry"}, table: 3},
}

// Part is a section as its templates see it.
type Part struct {
	Name string
	Cols []string // message keys of the columns' heads
}

// Front is what stands above and below the sections.
type Front struct {
	Order
	Zone   string
	CSP    string
	Style  template.CSS
	Parts  []Part
	Links  int64
	KeyID  string
	Newest string // checkpoint, in short
	Signed bool
	Hers   bool
}

// Row is a row as a template sees it.
type Row struct {
	values
	Facet string
	Of    string // name of the controller that it is about; "" is the whole case
	Files []incident.File
	Facts incident.Facts
	Line  string // of a timeline, in words
	pack  *packer
}

// T is a column's instant.
func (r Row) T(column string) time.Time { return incident.StoredInstant(r.S(column)) }

// N is a column's number.
func (r Row) N(column string) int {
	n, _ := r.values[column].(float64)
	return int(n)
}

// Yes is a column's truth.
func (r Row) Yes(column string) bool {
	b, _ := r.values[column].(bool)
	return b
}

// Sent reports whether the message's bytes stand in the bundle: they are written
// when it is sent.
func (r Row) Sent() bool {
	x, written := r.pack.bound["body/"+r.S("id")]
	return written && !x.gone
}

// Mail is the name of the message's file.
func (r Row) Mail() string { return "mails/" + r.S("id") + mailEnding[r.S("route")] }

// File is the address of a file beside index.html.
func (r Row) File(folder string, n int) string {
	switch folder {
	case "evidence":
		return "evidence/" + r.S("id") + "/" + incident.FileName(r.S("name"))
	default:
		return "filed/" + r.S("record") + "-" + number(r.values["n"]) + "/" + strconv.Itoa(n+1) + "-" + incident.FileName(r.Files[n].Name)
	}
}

// index writes the page to read.
func (p *packer) index() error {
	zone := p.Org.Zone
	if zone == "" {
		zone = templates.Zone
	}
	front := Front{Order: p.Order, Zone: zone, Links: p.links, Hers: p.Record != "", Signed: p.Key != nil}
	front.Style, front.CSP = templates.BundleStyle()
	for _, s := range sections {
		if p.Record == "" || s.hers {
			front.Parts = append(front.Parts, s.part())
		}
	}
	if p.Key != nil {
		front.KeyID = incident.KeyID(p.Key.Public().(ed25519.PublicKey))
	}
	sizes, err := p.points()
	if err != nil {
		return err
	}
	if len(sizes) > 0 {
		k, err := p.snap.Checkpoint(sizes[len(sizes)-1])
		if err != nil {
			return err
		}
		front.Newest = k.Short()
	}
	return p.file(indexName, func(w *bufio.Writer) error {
		in := templates.Locale{Lang: p.Lang, Zone: zone}
		if err := p.Pages.Render(w, in, "bundle", front); err != nil {
			return err
		}
		for _, s := range sections {
			if p.Record != "" && !s.hers {
				continue
			}
			if err := p.section(w, in, s); err != nil {
				return err
			}
		}
		return p.Pages.Render(w, in, "bundleend", front)
	})
}

func (s section) part() Part {
	part := Part{Name: s.name}
	for i := range s.table {
		part.Cols = append(part.Cols, "bundle."+s.name+".c"+strconv.Itoa(i+1))
	}
	return part
}

// section writes one, row by row. A table without rows is not begun.
func (p *packer) section(w io.Writer, in templates.Locale, s section) error {
	n := 0
	for _, f := range s.facets {
		err := p.each(f, func(_ string, raw []byte) error {
			v, err := read(raw)
			if err != nil || withheld(f, v) || s.skip != nil && s.skip(v) {
				return err
			}
			if n++; n == 1 {
				if err := p.Pages.Render(w, in, "bundlepart", s.part()); err != nil {
					return err
				}
			}
			return p.Pages.Render(w, in, "bundle"+s.name, p.shown(f, v))
		})
		if err != nil {
			return err
		}
	}
	if n == 0 {
		if err := p.Pages.Render(w, in, "bundlepart", Part{Name: s.name}); err != nil {
			return err
		}
	}
	return p.Pages.Render(w, in, "bundlepartend", map[string]any{"Table": s.table > 0 && n > 0, "N": n})
}

// shown is a row ready to be told.
func (p *packer) shown(facet string, v values) Row {
	r := Row{values: v, Facet: facet, Of: p.names[v.S("record")], pack: p}
	switch facet {
	case "filing":
		r.Files = filedFiles(v)
	case "incident":
		_ = json.Unmarshal([]byte(v.S("facts")), &r.Facts) // what cannot be read is blank
	case "entry":
		r.Line = p.line(v)
	}
	return r
}

// line is what the program wrote into the timeline, in words.
func (p *packer) line(v values) string {
	e := &incident.Entry{ID: v.S("id"), Key: v.S("key"), By: v.S("made_by"), At: incident.StoredInstant(v.S("at"))}
	if e.Key == "" || p.Entry == nil {
		return ""
	}
	_ = json.Unmarshal([]byte(v.S("args")), &e.Args)
	return p.Entry(p.Lang, e)
}

// check adds the page that checks the bundle.
func (p *packer) check() error {
	page, err := templates.CheckPage(p.Words, p.Lang)
	if err != nil {
		return err
	}
	return p.data(checkName, page)
}
