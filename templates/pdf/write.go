package pdf

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"fmt"
	"io"
	"strconv"
	"unicode/utf16"
)

// Objects with fixed numbers; the others follow.
const (
	catalogID = iota + 1
	pagesID
	infoID
	xmpID
	profileID
	treeID
	parentsID
	outlineID
	firstFree
)

// file is a document on its way to bytes.
type file struct {
	bytes.Buffer
	offsets []int // by object number
	deflate *zlib.Writer
}

// Write ends the document and writes it out. Nothing may be drawn afterwards.
func (d *Doc) Write(out io.Writer) error {
	d.end()
	f := &file{deflate: zlib.NewWriter(nil)}
	f.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	next := d.number()
	f.offsets = make([]int, next)
	d.writePages(f)
	for _, u := range d.fonts {
		u.write(f)
	}
	d.writeTree(f)
	d.writeOutline(f, next-len(d.marks))
	d.writeMeta(f)
	d.writeCatalog(f)
	f.trailer()
	_, err := out.Write(f.Bytes())
	return err
}

// number gives pages, fonts, elements and bookmarks their object numbers and
// returns the next free one. Page i is object firstFree+2i, its content the
// one after it.
func (d *Doc) number() int {
	next := firstFree + 2*len(d.pages)
	for _, u := range d.fonts {
		u.id = next
		next += 5
	}
	var walk func(e *Element)
	walk = func(e *Element) {
		e.id = next
		next++
		for _, k := range e.kids {
			if k.el != nil {
				walk(k.el)
			}
		}
	}
	walk(d.root)
	return next + len(d.marks)
}

func pageID(i int) int { return firstFree + 2*i }

func (f *file) object(id int, format string, args ...any) {
	f.offsets[id] = f.Len()
	fmt.Fprintf(f, "%d 0 obj\n", id)
	fmt.Fprintf(f, format, args...)
	f.WriteString("\nendobj\n")
}

// stream writes data compressed; dict holds further entries of its dictionary.
func (f *file) stream(id int, dict string, data []byte) {
	var small bytes.Buffer
	f.deflate.Reset(&small)
	f.deflate.Write(data) // a bytes.Buffer does not fail
	f.deflate.Close()
	f.object(id, "<<%s /Filter /FlateDecode /Length %d>>\nstream\n%s\nendstream", dict, small.Len(), small.Bytes())
}

func (d *Doc) writePages(f *file) {
	var kids, fonts bytes.Buffer
	for i, u := range d.fonts {
		fmt.Fprintf(&fonts, "/F%d %d 0 R ", i, u.id)
	}
	for i, p := range d.pages {
		fmt.Fprintf(&kids, "%d 0 R ", pageID(i))
		f.object(pageID(i), "<</Type /Page /Parent %d 0 R /Contents %d 0 R /StructParents %d /Tabs /S>>", pagesID, pageID(i)+1, i)
		f.stream(pageID(i)+1, "", p.body.Bytes())
	}
	f.object(pagesID, "<</Type /Pages /Count %d /MediaBox [0 0 %s %s] /Resources <</Font <<%s>>>> /Kids [%s]>>",
		len(d.pages), num(Width), num(Height), fonts.String(), kids.String())
}

func (d *Doc) writeOutline(f *file, first int) {
	if len(d.marks) == 0 {
		f.object(outlineID, "<</Type /Outlines /Count 0>>")
		return
	}
	last := first + len(d.marks) - 1
	for i, m := range d.marks {
		id, links := first+i, ""
		if id > first {
			links += fmt.Sprintf(" /Prev %d 0 R", id-1)
		}
		if id < last {
			links += fmt.Sprintf(" /Next %d 0 R", id+1)
		}
		f.object(id, "<</Title %s /Parent %d 0 R /Dest [%d 0 R /XYZ 0 %s null]%s>>",
			text(m.title), outlineID, pageID(m.page), num(Height-m.y), links)
	}
	f.object(outlineID, "<</Type /Outlines /First %d 0 R /Last %d 0 R /Count %d>>", first, last, len(d.marks))
}

func (d *Doc) writeCatalog(f *file) {
	f.object(catalogID, "<</Type /Catalog /Pages %d 0 R /Lang %s /Metadata %d 0 R /StructTreeRoot %d 0 R /Outlines %d 0 R\n"+
		"/MarkInfo <</Marked true>> /ViewerPreferences <</DisplayDocTitle true>>\n"+
		"/OutputIntents [<</Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) /Info (sRGB IEC61966-2.1) /DestOutputProfile %d 0 R>>]>>",
		pagesID, text(d.meta.Lang), xmpID, treeID, outlineID, profileID)
}

// trailer writes the cross-reference table. The file's identifier is a hash of
// all that stands before it.
func (f *file) trailer() {
	at, sum := f.Len(), sha256.Sum256(f.Bytes())
	fmt.Fprintf(f, "xref\n0 %d\n0000000000 65535 f \n", len(f.offsets))
	for _, o := range f.offsets[1:] {
		fmt.Fprintf(f, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(f, "trailer\n<</Size %d /Root %d 0 R /Info %d 0 R /ID [<%X> <%X>]>>\nstartxref\n%d\n%%%%EOF\n",
		len(f.offsets), catalogID, infoID, sum[:16], sum[:16], at)
}

// text writes a string object, so that no character of it is syntax.
func text(s string) string {
	b := []byte("<FEFF")
	for _, u := range utf16.Encode([]rune(s)) {
		b = fmt.Appendf(b, "%04X", u)
	}
	return string(append(b, '>'))
}

func ref(id int) string { return strconv.Itoa(id) + " 0 R" }
