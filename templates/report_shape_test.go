package templates

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The structure that a screen reader follows, with its text: one H1, then the
// sections in order, rows and columns headed, nothing of the pages' edges.
// pdfinfo reads each page again for each line, so that one report must do.
func TestReportStructureText(t *testing.T) {
	got := tool(t, "pdfinfo", "poppler-utils", write(t, "fi", bareReport()), "-struct-text")
	heads := regexp.MustCompile(`H2 \(block\)\n +"(\d+)\. ([^"]*)`).FindAllStringSubmatch(got, -1)
	for i, h := range heads {
		if h[1] != strconv.Itoa(i+1) {
			t.Errorf("section %d is numbered %s", i+1, h[1])
		}
	}
	if len(heads) != 19 {
		t.Errorf("%d sections, want 19:\n%s", len(heads), got)
	}
	for _, want := range []string{
		"Document\n  H1 (block)\n    \"Tiedot tietoturvaloukkausilmoitusta varten\"\n  P (block)",
		"TR\n      TH:\n         /Scope /Row\n        \"Rekisteröityjen lukumäärä\"\n      TD\n        \"Ei vielä tiedossa\"",
		"/Scope /Column\n        \"Suomen aikaa\"",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the structure lacks %q:\n%s", want, got)
		}
	}
	if foot := "Päätöksenteon tuki"; strings.Contains(got, foot) {
		t.Errorf("the foot of the page is read out")
	}
}

func TestReportStructure(t *testing.T) {
	for _, lang := range Langs {
		for _, r := range []Report{fullReport(), bareReport()} {
			data := write(t, lang, r)
			tool(t, "qpdf", "qpdf", data, "--check")
			got := tool(t, "pdfinfo", "poppler-utils", data, "-struct")
			for part, want := range map[string]int{"H1 (block)": 1, "H2 (block)": 19} {
				if n := strings.Count(got, part); n != want {
					t.Errorf("%s %s: %d times %s, want %d", lang, r.Number, n, part, want)
				}
			}
			for _, want := range []string{"/Scope /Row", "/Scope /Column", "LBody"} {
				if !strings.Contains(got, want) {
					t.Errorf("%s %s: no %s in the structure", lang, r.Number, want)
				}
			}
		}
	}
}

func TestReportMeta(t *testing.T) {
	got := tool(t, "pdfinfo", "poppler-utils", write(t, "sv", fullReport()))
	for _, want := range []string{
		"Uppgifter för anmälan om personuppgiftsincident – Šžäöå Hoiva Oy – Björkö", "Author:          Esimerkkipalvelu Oy",
		"Tagged:          yes", "Page size:       595.28 x 841.89 pts (A4)", "JavaScript:      no", "Metadata Stream: yes",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("pdfinfo lacks %q:\n%s", want, got)
		}
	}
	fonts := tool(t, "pdffonts", "poppler-utils", write(t, "sv", bareReport()))
	lines := strings.Split(strings.TrimSpace(fonts), "\n")[2:]
	if len(lines) != 3 {
		t.Errorf("%d fonts, want 3:\n%s", len(lines), fonts)
	}
	for _, l := range lines {
		if !regexp.MustCompile(`^[A-Z]{6}\+SourceSans3-\S+ +CID TrueType +Identity-H +yes yes yes`).MatchString(l) {
			t.Errorf("not an embedded subset with a way back to letters: %s", l)
		}
	}
}

// However long the texts before it, a heading never stands last on its page,
// and the pages are counted.
func TestReportPages(t *testing.T) {
	head := regexp.MustCompile(`^\d+\. \p{L}`)
	var leads []string
	for _, key := range []string{"from.program", "from.register", "from.processor", "from.recorded", "from.mixed", "open.theirs"} {
		leads = append(leads, words(t).Say("fi", "report."+key))
	}
	for n := range 16 {
		r := fullReport()
		r.Nature.Text = strings.Repeat("Rivi tekstiä.\n", n) + "Loppu."
		data := write(t, "fi", r)
		pages := strings.Split(strings.TrimSuffix(layout(t, data, "-layout"), "\f"), "\f")
		for i, p := range pages {
			lines := slices.DeleteFunc(strings.Split(p, "\n"), func(s string) bool { return strings.TrimSpace(s) == "" })
			foot := lines[len(lines)-1]
			if want := fmt.Sprintf("%d / %d", i+1, len(pages)); !strings.HasSuffix(strings.ReplaceAll(foot, " ", ""), strings.ReplaceAll(want, " ", "")) {
				t.Fatalf("%d lines: page %d ends in %q, want %q", n, i+1, foot, want)
			}
			last := strings.TrimSpace(lines[len(lines)-2])
			if head.MatchString(last) || slices.Contains(leads, last) {
				t.Errorf("%d lines: page %d ends with %q, which belongs to what follows", n, i+1, last)
			}
		}
	}
}

// The processor's clock, and the three faces of the deadline.
func TestReportClock(t *testing.T) {
	due := at("2026-03-30T14:00Z")
	limit := &ReportLimit{Start: at("2026-03-27T14:00Z"), Due: due}
	filed := []ReportFiling{{Kind: "complete", At: at("2026-03-31T10:00Z"), Channel: "Verkkolomake", LateReason: "Selvitys kesti viikonlopun."}}
	tests := []struct {
		name    string
		limit   *ReportLimit
		filings []ReportFiling
		made    string
		want    string
		not     string
	}{
		{"no clock", nil, nil, "2026-03-31T10:00Z", "Ei laskettavissa", "Syyt viivästykseen"},
		{"in time", limit, nil, "2026-03-30T14:00Z", "Määräaikaa ei ole ylitetty", "perusteltu selitys"},
		{"a second late", limit, nil, "2026-03-30T14:01Z", "Määräaika on ylitetty", "Määräaikaa ei ole ylitetty"},
		{"met in time, printed later", &ReportLimit{Start: limit.Start, Due: due, Met: due}, nil, "2026-04-30T14:00Z", "Määräaikaa ei ole ylitetty", "perusteltu selitys"},
		{"late with reasons", limit, filed, "2026-04-01T10:00Z", "Selvitys kesti viikonlopun.", "perusteltu selitys"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := bareReport()
			r.Limit, r.Filings, r.Made = tt.limit, tt.filings, at(tt.made)
			got := read(t, write(t, "fi", r))
			if !strings.Contains(got, tt.want) {
				t.Errorf("%q is not in the report:\n%s", tt.want, got)
			}
			if strings.Contains(got, tt.not) {
				t.Errorf("%q is in the report:\n%s", tt.not, got)
			}
		})
	}
}

// A time that only follows from the notice is shown, and still asked for.
func TestReportInformed(t *testing.T) {
	r := bareReport()
	r.Times[5].At, r.Times[5].Assumed, r.Times[5].Why = at("2026-11-22T09:00Z"), true, "informed"
	got := read(t, write(t, "fi", r))
	for _, want := range []string{"su 22.11.2026 klo 11.00 (UTC+2) 9.00 UTC Arvio Viimeistään silloin", "– Ajankohdat: Rekisterinpitäjä tuli tietoiseksi"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in the report:\n%s", want, got)
		}
	}
}

// An own register: no processor, no notices, the organisation's own officer.
func TestReportOwn(t *testing.T) {
	r := fullReport()
	r.Part, r.Processor, r.Notices = "controller", ReportParty{}, nil
	r.Controller = ReportParty{Name: "Esimerkkipalvelu Oy", Email: "tietosuoja@esimerkki.example", DPO: "Tuulia Esimerkki"}
	r.Decisions = []ReportDecision{{Kind: "hold", Authority: "Poliisilaitos", Reason: "Esitutkinta", By: "Olli Esimerkki", At: r.Made, Until: at("2026-04-02T09:00Z")}}
	got := read(t, write(t, "fi", r))
	for _, want := range []string{"Tietosuojavastaava Tuulia Esimerkki", "Henkilötietojen käsittelijä ja muut osapuolet",
		"Ilmoittamista lykätty Poliisilaitos Esitutkinta Voimassa to 2.4.2026 klo 12.00 (UTC+3) · 9.00 UTC asti"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in the report:\n%s", want, got)
		}
	}
	for _, not := range []string{"Ilmoitukset rekisterinpitäjälle", "Käsittelijän tiedot", "Rekisterinpitäjän oma arvio", "Käsittelijän asiakasrekisteristä"} {
		if strings.Contains(got, not) {
			t.Errorf("%q is in the report:\n%s", not, got)
		}
	}
}

// Every word of the report stands in all languages.
func TestReportWords(t *testing.T) {
	w := words(t)
	for _, lang := range Langs {
		for key := range w.Keys("fi") {
			if strings.HasPrefix(key, "report.") && !w.Has(lang, key) {
				t.Errorf("%s lacks %s", lang, key)
			}
		}
		for key := range w.Keys(lang) {
			if strings.HasPrefix(key, "report.") && !w.Has("fi", key) {
				t.Errorf("fi lacks %s", key)
			}
		}
		for _, keys := range [][]string{
			{"kind.preliminary", "kind.supplementary", "kind.complete", "kind.withdrawal"},
			{"part.processor", "part.subprocessor"},
			{"certainty.possible", "certainty.confirmed", "certainty.not_affected"},
			{"tier.unlikely_risk", "tier.risk", "tier.high_risk"},
			{"decision.not_notifiable", "decision.no_breach", "decision.hold", "decision.hold_ended"},
			{"count.exact", "count.about", "count.range"},
		} {
			for _, k := range keys {
				if !w.Has(lang, "report."+k) {
					t.Errorf("%s lacks report.%s", lang, k)
				}
			}
		}
	}
}

// A long report is to take less than 20 ms for four pages.
func BenchmarkReport(b *testing.B) {
	w, r := words(b), fullReport()
	var buf bytes.Buffer
	if err := w.WriteReport(&buf, "fi", r); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := w.WriteReport(io.Discard, "fi", r); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms/op")
	b.ReportMetric(float64(bytes.Count(buf.Bytes(), []byte("/Type /Page "))), "pages")
}
