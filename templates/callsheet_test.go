package templates

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func callSheet(t testing.TB) CallSheet {
	return CallSheet{Organisation: "Esimerkkipalvelut Oy", Number: "2026-014", Made: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), Zone: helsinkiZone(t),
		Lines: []CallSheetLine{
			{Name: "Malliasiakas Oy", Lang: "fi", Due: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), Code: "KETTU-417", Said: "Palvelin oli auki.\n\nSuljimme sen.",
				Contacts: []CallSheetContact{{"Maija Malli", "+358 00 000 1111"}, {"Ilman Numeroa", ""}}},
			{Name: "Exempelkund Ab", Lang: "sv"}, {Name: "Sample Ltd", Lang: "en", Code: "KETTU-418"},
		}}
}

// Each script is in the language of the one who is phoned, says the code where
// there is one, and lacks no words.
func TestCallScripts(t *testing.T) {
	w := loaded(t)
	s := callSheet(t)
	var all strings.Builder
	for _, l := range s.Lines {
		all.WriteString(l.Name + "\n- " + strings.Join(w.CallScript(s.Organisation, s.Number, l), "\n- ") + "\n\n")
	}
	golden(t, "callscripts.txt", all.String())
	if found := placeholder.FindString(all.String()); found != "" || strings.Contains(all.String(), "[calls.") {
		t.Errorf("words are missing: %q\n%s", found, all.String())
	}
	if n := strings.Count(all.String(), "KETTU-41"); n != 2 {
		t.Errorf("%d codes, want two: the second customer has none", n)
	}
}

// The sheet is a PDF in each language, and the same sheet gives the same bytes.
func TestCallSheetPDF(t *testing.T) {
	w := loaded(t)
	for _, lang := range Langs {
		var a, b bytes.Buffer
		if err := w.WriteCallSheet(&a, lang, callSheet(t)); err != nil {
			t.Fatal(err)
		}
		if err := w.WriteCallSheet(&b, lang, callSheet(t)); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a.Bytes(), b.Bytes()) || !bytes.HasPrefix(a.Bytes(), []byte("%PDF-")) {
			t.Errorf("%s: not a PDF, or not the same twice", lang)
		}
	}
	var empty bytes.Buffer
	if err := w.WriteCallSheet(&empty, "fi", CallSheet{Number: "2026-001"}); err != nil {
		t.Errorf("an empty sheet: %v", err)
	}
}
