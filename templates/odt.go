package templates

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
)

// Document is a plain text of headings, paragraphs and labelled values, which
// can be written as text and as an OpenDocument file.
type Document struct {
	Lang   string
	Title  string
	Blocks []Block
}

// Block is a paragraph. With a Label it is a value under its name; with a
// Table or a Plot it is that, under its Text.
type Block struct {
	Level int // of a heading; 0 is a paragraph
	Label string
	Text  string
	Note  string // in small letters
	Table *Grid
	Plot  *Plot // on paper; in other forms its words stand for it
}

// Grid is a table of texts. The first cell of a row names it.
type Grid struct {
	Head []string
	Rows [][]string
	Cols []float64 // widths on paper, in points; the last column takes the rest
}

// Add appends a paragraph.
func (d *Document) Add(b ...Block) { d.Blocks = append(d.Blocks, b...) }

// Text writes the document as plain text.
func (d Document) Text() string {
	var s strings.Builder
	s.WriteString(strings.ToUpper(d.Title) + "\n")
	for _, b := range d.Blocks {
		switch {
		case b.Level > 0:
			s.WriteString("\n\n" + strings.ToUpper(b.Text) + "\n")
			continue
		case b.Label != "":
			s.WriteString("\n" + b.Label + ":\n  " + strings.ReplaceAll(b.Text, "\n", "\n  ") + "\n")
		case b.Table != nil:
			s.WriteString("\n")
			for _, row := range append([][]string{b.Table.Head}, b.Table.Rows...) {
				s.WriteString("  " + strings.Join(row, " | ") + "\n")
			}
		case b.Plot != nil:
			s.WriteString("\n" + b.Plot.Desc + "\n")
		default:
			s.WriteString("\n" + b.Text + "\n")
		}
		if b.Note != "" {
			s.WriteString("  (" + b.Note + ")\n")
		}
	}
	return s.String()
}

const odtKind = "application/vnd.oasis.opendocument.text"

// The namespaces of OpenDocument 1.3 that are used.
const odtNames = `xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"` +
	` xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"` +
	` xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"` +
	` xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3"`

const odtManifest = xml.Header + `<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">` +
	`<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="` + odtKind + `"/>` +
	`<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>` +
	`<manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/>` +
	`<manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/></manifest:manifest>`

// odtCountry completes a language to a locale.
var odtCountry = map[string]string{"fi": "FI", "sv": "FI", "en": "GB"}

// ODT writes the document as an OpenDocument text: a zip file whose first
// member names its kind, uncompressed, so that it can be told by its bytes.
func (d Document) ODT() ([]byte, error) {
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	kind, err := z.CreateHeader(&zip.FileHeader{Name: "mimetype", Method: zip.Store})
	if err != nil {
		return nil, err
	}
	if _, err := kind.Write([]byte(odtKind)); err != nil {
		return nil, err
	}
	for _, f := range []struct{ name, text string }{
		{"META-INF/manifest.xml", odtManifest}, {"content.xml", d.odtContent()}, {"styles.xml", d.odtStyles()}, {"meta.xml", d.odtMeta()},
	} {
		w, err := z.Create(f.name)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write([]byte(f.text)); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

func (d Document) odtContent() string {
	var s strings.Builder
	s.WriteString(xml.Header + `<office:document-content ` + odtNames + `><office:body><office:text>`)
	s.WriteString(`<text:h text:style-name="Heading_20_1" text:outline-level="1">` + odtText(d.Title) + `</text:h>`)
	for _, b := range d.Blocks {
		if b.Level > 0 {
			fmt.Fprintf(&s, `<text:h text:style-name="Heading_20_%d" text:outline-level="%d">%s</text:h>`, b.Level, b.Level, odtText(b.Text))
			continue
		}
		if b.Table != nil {
			b.Table.odt(&s)
			continue
		}
		if b.Plot != nil {
			b.Text = b.Plot.Desc
		}
		if b.Label != "" {
			s.WriteString(`<text:p text:style-name="Label">` + odtText(b.Label) + `</text:p>`)
		}
		s.WriteString(`<text:p text:style-name="Standard">` + odtText(b.Text) + `</text:p>`)
		if b.Note != "" {
			s.WriteString(`<text:p text:style-name="Note">` + odtText(b.Note) + `</text:p>`)
		}
	}
	s.WriteString(`</office:text></office:body></office:document-content>`)
	return s.String()
}

// odt writes the table with its heads.
func (g Grid) odt(s *strings.Builder) {
	fmt.Fprintf(s, `<table:table><table:table-column table:number-columns-repeated="%d"/>`, len(g.Head))
	row := func(cells []string, style string) {
		s.WriteString(`<table:table-row>`)
		for _, c := range cells {
			s.WriteString(`<table:table-cell office:value-type="string"><text:p text:style-name="` + style + `">` + odtText(c) + `</text:p></table:table-cell>`)
		}
		s.WriteString(`</table:table-row>`)
	}
	s.WriteString(`<table:table-header-rows>`)
	row(g.Head, "Label")
	s.WriteString(`</table:table-header-rows>`)
	for _, r := range g.Rows {
		row(r, "Standard")
	}
	s.WriteString(`</table:table>`)
}

// odtText escapes a text and keeps its line breaks. What XML cannot hold is
// replaced.
func odtText(s string) string {
	var b strings.Builder
	for i, line := range strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n") {
		if i > 0 {
			b.WriteString("<text:line-break/>")
		}
		_ = xml.EscapeText(&b, []byte(line)) // a strings.Builder takes everything
	}
	return b.String()
}

func (d Document) odtStyles() string {
	lang := fmt.Sprintf(`fo:language="%s" fo:country="%s"`, d.Lang, odtCountry[d.Lang])
	return xml.Header + `<office:document-styles ` + odtNames + `><office:styles>` +
		`<style:default-style style:family="paragraph"><style:paragraph-properties fo:margin-bottom="0.2cm"/><style:text-properties fo:font-size="11pt" ` + lang + `/></style:default-style>` +
		`<style:style style:name="Standard" style:family="paragraph" style:class="text"/>` +
		`<style:style style:name="Heading_20_1" style:display-name="Heading 1" style:family="paragraph" style:default-outline-level="1"><style:text-properties fo:font-size="18pt" fo:font-weight="bold"/></style:style>` +
		`<style:style style:name="Heading_20_2" style:display-name="Heading 2" style:family="paragraph" style:default-outline-level="2"><style:paragraph-properties fo:margin-top="0.5cm"/><style:text-properties fo:font-size="14pt" fo:font-weight="bold"/></style:style>` +
		`<style:style style:name="Label" style:family="paragraph"><style:paragraph-properties fo:margin-bottom="0cm" fo:keep-with-next="always"/><style:text-properties fo:font-weight="bold"/></style:style>` +
		`<style:style style:name="Note" style:family="paragraph"><style:text-properties fo:font-size="9pt"/></style:style>` +
		`</office:styles></office:document-styles>`
}

func (d Document) odtMeta() string {
	return xml.Header + `<office:document-meta ` + odtNames + `><office:meta><dc:title>` + odtText(d.Title) + `</dc:title><dc:language>` + d.Lang +
		`</dc:language><meta:generator>Hatakello</meta:generator></office:meta></office:document-meta>`
}
