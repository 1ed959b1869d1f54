package web

import (
	"strings"
	"testing"

	"hatakello/incident"
)

// The report is a PDF of that record, in the language asked for.
func TestReportOverAPI(t *testing.T) {
	o := newOffice(t)
	o.importAll()
	at := "/incidents/" + o.logged().ID
	var lines list[lineJSON]
	o.want(call{method: "GET", path: at + "/records", role: incident.Auditor}, 200, &lines)
	for _, l := range lines.Items {
		for _, lang := range []string{"", "fi", "sv", "en"} {
			path := at + "/records/" + l.ID + "/report.pdf"
			want := l.Controller.Language
			if lang != "" {
				path, want = path+"?lang="+lang, lang
			}
			a := o.want(call{method: "GET", path: path, role: incident.Auditor}, 200, nil)
			if !strings.HasPrefix(string(a.body), "%PDF-") || a.header.Get("Content-Type") != "application/pdf" || a.header.Get("Content-Language") != want {
				t.Errorf("%s: %v, %d bytes", path, a.header, len(a.body))
			}
			if name := a.header.Get("Content-Disposition"); !strings.HasSuffix(name, "-"+want+`.pdf"`) {
				t.Errorf("%s: file name %s", path, name)
			}
		}
	}
}
