package templates

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

// An OpenDocument file is told by its first member: its kind, at byte 38,
// uncompressed and without extra fields. All members are in the manifest and
// are well-formed, whatever the text holds.
func TestODT(t *testing.T) {
	d := Document{Lang: "fi", Title: "Ä ö å Š ž € <otsikko> & \"muut\""}
	d.Add(Block{Level: 2, Text: "Osa"}, Block{Label: "Nimi", Text: "rivi 1\nrivi 2\r\nrivi 3 \x00\x07 \ufffe", Note: "huomautus"})
	data, err := d.ODT()
	if err != nil {
		t.Fatal(err)
	}
	if got := string(data[30:38]) + string(data[38:38+len(odtKind)]); got != "mimetype"+odtKind {
		t.Errorf("the file begins with %q", got)
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if f := z.File[0]; f.Name != "mimetype" || f.Method != zip.Store || len(f.Extra) != 0 {
		t.Errorf("first member: %+v", f.FileHeader)
	}
	members := map[string]string{}
	for _, f := range z.File[1:] {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		members[f.Name] = string(text)
		for dec := xml.NewDecoder(bytes.NewReader(text)); ; {
			if _, err := dec.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s is not well-formed: %v", f.Name, err)
			}
		}
	}
	for name := range members {
		if name != "META-INF/manifest.xml" && !strings.Contains(members["META-INF/manifest.xml"], `full-path="`+name+`"`) {
			t.Errorf("%s is not in the manifest", name)
		}
	}
	for _, want := range []string{"Ä ö å Š ž € &lt;otsikko&gt; &amp;", "rivi 1<text:line-break/>rivi 2<text:line-break/>rivi 3"} {
		if !strings.Contains(members["content.xml"], want) {
			t.Errorf("content lacks %q:\n%s", want, members["content.xml"])
		}
	}
	for _, style := range []string{"Heading_20_1", "Heading_20_2", "Label", "Note", "Standard"} {
		if !strings.Contains(members["styles.xml"], `style:name="`+style+`"`) || !strings.Contains(members["content.xml"], `"`+style+`"`) {
			t.Errorf("style %s is not used or not there", style)
		}
	}
}
