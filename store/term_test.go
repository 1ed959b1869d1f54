package store

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"mime"
	"mime/quotedprintable"
	"net/url"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"hatakello/incident"
)

func TestSought(t *testing.T) {
	name := must[*sought](t)(seek(incident.Seek{Terms: []string{"Aino Kuvitelmainen", "aino@keksi.example"}}))
	for _, tt := range []struct {
		text, want string
	}{
		{"Soitti Aino Kuvitelmainen heti.", "Soitti × heti."},
		{"AINO  KUVITELMAINEN", "×"},
		{"Aino\nKuvitelmaisen puolesta", "× puolesta"},
		{"kysy Aino Kuvitelmaiselta", "kysy ×"},
		{"Aino Kuvitelmaiseltakohan", "Aino Kuvitelmaiseltakohan"},
		{"Raino Kuvitelmainen", "Raino Kuvitelmainen"},
		{"https://x.example/?q=Aino%20Kuvitelmainen&b=1", "https://x.example/?q=×&b=1"},
		{"aino+kuvitelmainen", "×"},
		{"<AINO@Keksi.example>", "<×>"},
		{"Ainolla on asiaa", "Ainolla on asiaa"},
		{`{"a":"b\nAino Kuvitelmainen"}`, `{"a":"b\n×"}`},
		{"Aino Kuvitelmainens dator", "× dator"},
	} {
		if got, _ := name.replace(tt.text, "×"); got != tt.want {
			t.Errorf("replace(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
	inside := must[*sought](t)(seek(incident.Seek{Terms: []string{"Kuvitel"}, Inside: true}))
	if got, _ := inside.replace("AinoKuvitelmainen", "×"); got != "Aino×mainen" {
		t.Errorf("inside of words: %q", got)
	}
	for _, bad := range [][]string{nil, {"  "}, {"ab"}, {"..."}, {strings.Repeat("x", 300)}} {
		if _, err := seek(incident.Seek{Terms: bad}); incident.KindOf(err) != incident.Invalid {
			t.Errorf("seek(%q) = %v, want invalid", bad, err)
		}
	}
}

// ways are how a name comes to stand in a text.
var ways = map[string]func(string) string{
	"plain": func(s string) string { return s },
	"upper": strings.ToUpper,
	"lower": strings.ToLower,
	"apart": norm.NFD.String,
	"query": url.QueryEscape,
	"path":  url.PathEscape,
	"wrap":  func(s string) string { return strings.Replace(s, " ", "\n\t", 1) },
	"json":  func(s string) string { b, _ := json.Marshal(s); return string(b) },
	"mime":  func(s string) string { return mime.QEncoding.Encode("utf-8", s) },
	"mime b": func(s string) string {
		return mime.BEncoding.Encode("utf-8", "Testi: "+s)
	},
	"base64": func(s string) string { return base64.StdEncoding.EncodeToString([]byte("Nimi: " + s)) },
	"web 64": func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte("?" + s)) },
	"quoted": func(s string) string {
		var b bytes.Buffer
		w := quotedprintable.NewWriter(&b)
		w.Write([]byte(strings.Repeat("a", 60) + " " + s))
		w.Close()
		return b.String()
	},
	"html": strings.NewReplacer("ä", "&auml;", "ö", "&#246;").Replace,
}

// TestSoughtProperty puts a name into random texts in random ways: it is
// found, what stands around stays, and nothing of it can be found afterwards.
func TestSoughtProperty(t *testing.T) {
	s := must[*sought](t)(seek(incident.Seek{Terms: []string{person}}))
	names := make([]string, 0, len(ways))
	for n := range ways {
		names = append(names, n)
	}
	rapid.Check(t, func(rt *rapid.T) {
		before, after := rapid.String().Draw(rt, "before")+" (", ") "+rapid.String().Draw(rt, "after")
		way := rapid.SampledFrom(names).Draw(rt, "way")
		text := before + ways[way](person) + after
		if !s.in(text) {
			rt.Fatalf("%s: not found in %q", way, text)
		}
		out, did := s.replace(text, "[×]")
		if !did || s.in(out) || !strings.Contains(out, "[×]") {
			rt.Fatalf("%s: %q became %q", way, text, out)
		}
		if !strings.HasPrefix(out, before) && !s.in(before) || !strings.HasSuffix(out, after) {
			rt.Fatalf("%s: what stood around was changed: %q became %q", way, text, out)
		}
		raw, err := json.Marshal(map[string]any{"n": 1.50, "a": []string{text, "x"}, "b": before})
		if err != nil {
			rt.Fatal(err)
		}
		clean, did := s.replaceJSON(string(raw), "[×]")
		if !did || !json.Valid([]byte(clean)) || s.inJSON(clean) {
			rt.Fatalf("%s: JSON %s became %s", way, raw, clean)
		}
		if same, did := s.replace(before, "[×]"); did || same != before {
			rt.Fatalf("what does not hold the name was changed: %q became %q", before, same)
		}
	})
}

func TestSoughtInFiles(t *testing.T) {
	s := must[*sought](t)(seek(incident.Seek{Terms: []string{person}}))
	var archive bytes.Buffer
	z := zip.NewWriter(&archive)
	w, _ := z.Create("word/document.xml")
	w.Write([]byte(`<?xml version="1.0"?><w:t>Zyxw</w:t><w:t>äri Qvötönen</w:t>`))
	z.Close()
	var wide []byte
	for _, u := range utf16.Encode([]rune("\uFEFFHei " + person)) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	latin := []byte("Hei Zyxw\xe4ri Qv\xf6t\xf6nen")
	for what, data := range map[string][]byte{"a text document": archive.Bytes(), "UTF-16": wide, "Latin-1": latin,
		"a mail": []byte("Content-Transfer-Encoding: base64\r\n\r\n" + base64.StdEncoding.EncodeToString(archive.Bytes()))} {
		if !s.inBytes(data) {
			t.Errorf("not found in %s", what)
		}
	}
	for what, data := range map[string][]byte{"another name": []byte("Hei Zyxwäri Toinen"), "nothing": nil, "half an archive": archive.Bytes()[:20]} {
		if s.inBytes(data) {
			t.Errorf("found in %s", what)
		}
	}
}
