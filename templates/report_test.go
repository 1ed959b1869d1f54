package templates

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// tool runs a program of Debian's on the PDF and returns what it printed; the
// file's name takes the place of the argument FILE, or comes last. A machine
// without the program fails the test and says what to install.
func tool(t *testing.T, name, pkg string, data []byte, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Fatalf("%s is missing: install the Debian package %s", name, pkg)
	}
	file := filepath.Join(t.TempDir(), "report.pdf")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if i := slices.Index(args, "FILE"); i >= 0 {
		args[i] = file
	} else {
		args = append(args, file)
	}
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

// layout gives the text of a PDF as pdftotext finds it on the pages, which a
// form feed ends.
func layout(t *testing.T, data []byte, how ...string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "report.txt")
	tool(t, "pdftotext", "poppler-utils", data, append(how, "FILE", out)...)
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// read gives the text of a PDF with every run of spaces as one.
func read(t *testing.T, data []byte) string {
	t.Helper()
	return flat(layout(t, data, "-raw"))
}

func flat(s string) string { return strings.Join(strings.FieldsFunc(s, unicode.IsSpace), " ") }

func words(t testing.TB) *Words {
	t.Helper()
	w, err := LoadWords()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func write(t *testing.T, lang string, r Report) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := words(t).WriteReport(&buf, lang, r); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestReportText(t *testing.T) {
	tests := []struct {
		lang string
		r    Report
		want []string
		not  []string
	}{
		{"fi", fullReport(), []string{
			"Tiedot tietoturvaloukkausilmoitusta varten", "Šžäöå Hoiva Oy – Björkö", "1234567-1", "25 € kuukaudessa – ”lokit”",
			"Täydentävä ilmoitus", "2206/171/26", "noin 1 240 (arvio)", "3 100–3 400 (arvio)", "Aiheutuu korkea riski",
			"ma 30.3.2026 klo 17.00 (UTC+3) · 14.00 UTC", "72 tuntia tietoiseksi tulosta, laskettu hetkestä pe 27.3.2026 klo 16.00 (UTC+2) · 14.00 UTC",
			"Oikeudellinen ulkoraja", "Ei pidennä määräaikaa", "Määräaika on ylitetty: ilmoitukseen on liitettävä perusteltu selitys",
			"Aiemmin kirjattu: pe 27.3.2026 klo 14.00", "Vastaanottajan sähköpostipalvelin hyväksyi ilmoituksen",
			"Åsa Öhman, toiminnanjohtaja", "Oletus, jota ei ole vahvistettu", "Säännöt 22.11.2026", "Se ei osoita, että ilmoitus on tehty",
		}, []string{"Ei vielä tiedossa", "["}},
		{"sv", fullReport(), []string{
			"Uppgifter för anmälan om personuppgiftsincident", "Kompletterande anmälan", "Hög risk uppstår", "må 30.3.2026 kl. 17.00 (UTC+3)",
			"cirka 1 240 (uppskattning)", "Dataombudsmannens byrå", "Det visar inte att någon anmälan har gjorts",
		}, []string{"Ännu inte känt", "["}},
		{"en", fullReport(), []string{
			"Information for a personal data breach notification", "Supplementary notification", "High risk",
			"Mon 30 March 2026, 17:00 (UTC+3)", "about 1,240 (estimate)", "Rules as of 22 November 2026",
		}, []string{"Not yet known", "["}},
		{"fi", bareReport(), []string{
			"Alustava ilmoitus", "Ei vielä tiedossa", "Rekisterinpitäjä täydentää", "Ilmoituksia ei ole vielä laadittu.",
			"– Rekisteröidyt: Rekisteröityjen lukumäärä", "– Henkilötiedot: Tietueiden lukumäärä", "– Ajankohdat: Loukkaus alkoi",
			"– Riskiarvio: Riskin taso", "– Seuraukset rekisteröidyille: Todennäköiset seuraukset", "Ei laskettavissa",
		}, []string{"klo 0.00", "1970", "0001", "["}},
		{"sv", bareReport(), []string{"Preliminär anmälan", "Ännu inte känt", "Kompletteras av den personuppgiftsansvarige"}, []string{"["}},
		{"en", bareReport(), []string{"Preliminary notification", "Not yet known", "To be completed by the controller"}, []string{"["}},
		{"xx", bareReport(), []string{"Alustava ilmoitus"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.lang+" "+tt.r.Number, func(t *testing.T) {
			got := read(t, write(t, tt.lang, tt.r))
			for _, want := range tt.want {
				if !strings.Contains(got, want) {
					t.Errorf("%q is not in the report:\n%s", want, got)
				}
			}
			for _, not := range tt.not {
				if strings.Contains(got, not) {
					t.Errorf("%q is in the report:\n%s", not, got)
				}
			}
		})
	}
}

// What people wrote is text: no markup of HTML, PDF or our message files acts.
func TestReportMarkup(t *testing.T) {
	r := bareReport()
	nasty := `<b>&amp;</b> {{.Name}} %d \n (x) [y] /Artifact BMC EMC ]>> endstream`
	r.Controller.Name = "Nimi " + nasty
	r.Nature = ReportFact{Text: "Luonne " + nasty}
	r.Notices = []ReportNotice{{N: 1, Made: r.Made, AckedAt: r.Made, AckedBy: "Kuittaaja " + nasty}}
	r.Decisions = []ReportDecision{{Kind: "no_breach", Reason: "Syy " + nasty, By: nasty, At: r.Made}}
	data := write(t, "fi", r)
	got := read(t, data)
	for _, want := range []string{"Nimi ", "Luonne ", "Kuittaaja ", "Syy "} {
		if !strings.Contains(strings.ReplaceAll(got, " ", ""), strings.ReplaceAll(want+nasty, " ", "")) {
			t.Errorf("%q is not in the report as written:\n%s", want+nasty, got)
		}
	}
	tool(t, "qpdf", "qpdf", data, "--check")
}

func TestReportStrangeLetters(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"decomposed letters", "Ha\u0308ta\u0308kello", "Hätäkello"},
		{"no glyph", "hymy \U0001F600 ja 漢", "hymy [U+1F600] ja [U+6F22]"},
		{"reading direction", "ab\u202Ecd", "ab[U+202E]cd"},
		{"invisible", "ta\u00adlo\u200b\ufeff", "talo"},
		{"control", "a\x00b\x1bc", "a[U+0000]b[U+001B]c"},
		{"not UTF-8", "a\xffb", "a[U+FFFD]b"},
		{"line ends and tabs", "yksi\r\nkaksi\rkolme\tneljä", "yksi kaksi kolme neljä"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := bareReport()
			r.Nature.Text = tt.in
			data := write(t, "fi", r)
			if got := read(t, data); !strings.Contains(got, tt.want) {
				t.Errorf("%q is not in the report:\n%s", tt.want, got)
			}
			tool(t, "qpdf", "qpdf", data, "--check")
		})
	}
}

// Long texts and long words run on over pages and lose nothing.
func TestReportLongTexts(t *testing.T) {
	letters := strings.Repeat("abcdefghij", 1000)
	sentences := strings.Repeat("Ylläpitäjän tunnuksella haettiin tietoja palvelusta. ", 190)
	r := fullReport()
	r.Nature.Text, r.Measures.Text = letters, sentences
	r.Controller.Name = strings.Repeat("Pitkänimisenyhdistyksenkannatusyhdistys ", 8)
	data := write(t, "fi", r)
	// Only what stands between the heads and the feet of the pages.
	got := flat(layout(t, data, "-raw", "-x", "0", "-y", "50", "-W", "595", "-H", "730"))
	if n := strings.Count(got, "Kuvaus tapahtuneesta"); n < 3 {
		t.Errorf("a row over several pages says %d times what it is, want once on each", n)
	}
	for _, label := range []string{"Kuvaus tapahtuneesta", "Toteutetut ja ehdotetut toimet"} {
		got = strings.ReplaceAll(got, " "+label, "")
	}
	if dense := strings.ReplaceAll(got, " ", ""); !strings.Contains(dense, letters) {
		t.Errorf("a word of %d letters is not whole in the report of %d letters", len(letters), len(got))
	}
	if !strings.Contains(got, strings.TrimSpace(sentences)) {
		t.Errorf("a text of %d letters is not whole in the report of %d letters", len(sentences), len(got))
	}
	tool(t, "qpdf", "qpdf", data, "--check")
}

func TestReportSameBytes(t *testing.T) {
	a, b := write(t, "sv", fullReport()), write(t, "sv", fullReport())
	if !bytes.Equal(a, b) {
		t.Error("the same report gave other bytes")
	}
}
