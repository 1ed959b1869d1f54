package pdf

import (
	"bytes"
	_ "embed"
	"encoding/xml"
	"fmt"
	"time"
)

// srgb is the colour space of the ICC, v2; see sRGB2014.LICENSE.
//
//go:embed sRGB2014.icc
var srgb []byte

// writeMeta writes what the document says of itself, twice: once for old
// readers and once as XMP. No conformance to PDF/A or PDF/UA is claimed.
func (d *Doc) writeMeta(f *file) {
	m, made := d.meta, d.meta.Made.UTC()
	date := "(D:" + made.Format("20060102150405") + "Z)"
	f.object(infoID, "<</Title %s /Author %s /Subject %s /Creator %s /Producer %s /CreationDate %s /ModDate %s>>",
		text(m.Title), text(m.Author), text(m.Subject), text(m.Program), text(m.Program), date, date)
	x := fmt.Sprintf(packet, escape(m.Title), escape(m.Author), escape(m.Subject), escape(m.Lang), escape(m.Program),
		made.Format(time.RFC3339))
	f.object(xmpID, "<</Type /Metadata /Subtype /XML /Length %d>>\nstream\n%s\nendstream", len(x), x)
	f.stream(profileID, "/N 3", srgb)
}

const packet = "<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
	`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">%[1]s</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>%[2]s</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">%[3]s</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>%[4]s</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>%[5]s</xmp:CreatorTool><pdf:Producer>%[5]s</pdf:Producer>
<xmp:CreateDate>%[6]s</xmp:CreateDate><xmp:ModifyDate>%[6]s</xmp:ModifyDate>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>`

func escape(s string) string {
	var b bytes.Buffer
	xml.EscapeText(&b, []byte(s)) // a bytes.Buffer does not fail
	return b.String()
}
