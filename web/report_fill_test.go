package web

import (
	"reflect"
	"testing"
	"time"

	"hatakello/incident"
	"hatakello/templates"
)

func reportClock(s string) time.Time {
	t, err := time.Parse("2006-01-02T15:04Z", s)
	if err != nil {
		panic(err)
	}
	return t
}

// A processor's total, and what is said of others, never becomes one
// controller's number (rule 24).
func TestReportNumbers(t *testing.T) {
	shared := incident.Facts{
		Nature: incident.Fact{Text: "Yhteinen kuvaus", Sure: incident.Known}, Data: incident.Fact{Text: "Yhteiset tiedot", Sure: incident.Assumed},
		People: incident.Amount{Low: 99999, Sure: "exact"}, Records: incident.Amount{Low: 88888, Sure: "exact"},
	}
	own := incident.Facts{Data: incident.Fact{Text: "Omat tiedot", Sure: incident.Known}, People: incident.Amount{Low: 12, High: 15, Sure: "range"}}
	tests := []struct {
		name            string
		facts           incident.Facts
		people, records templates.ReportCount
		data            templates.ReportFact
	}{
		{"nothing of its own", incident.Facts{}, templates.ReportCount{}, templates.ReportCount{}, templates.ReportFact{Text: "Yhteiset tiedot", Assumed: true}},
		{"its own", own, templates.ReportCount{Low: 12, High: 15, Sure: "range"}, templates.ReportCount{}, templates.ReportFact{Text: "Omat tiedot"}},
	}
	for _, tt := range tests {
		r := fillReport(reportParts{Incident: &incident.Incident{Facts: shared}, Record: &incident.Record{Facts: tt.facts}}, reportClock("2026-11-22T10:00Z"), time.UTC)
		if r.People != tt.people || r.Records != tt.records || r.Data != tt.data {
			t.Errorf("%s: %+v, %+v, %+v, want %+v, %+v, %+v", tt.name, r.People, r.Records, r.Data, tt.people, tt.records, tt.data)
		}
		if r.Nature.Text != "Yhteinen kuvaus" {
			t.Errorf("%s: nature %q, want the shared one", tt.name, r.Nature.Text)
		}
	}
}

func TestReportTimes(t *testing.T) {
	mark := func(m incident.Moment, at, why string, sure incident.Sure) incident.Mark {
		k := incident.Mark{Moment: m, Sure: sure, Why: why}
		if at != "" {
			k.At = reportClock(at)
		}
		return k
	}
	informed := mark(incident.ControllerInformed, "2026-03-27T14:00Z", "accepted", incident.Known)
	tests := []struct {
		name          string
		part          incident.Part
		shared, marks []incident.Mark
		moment        incident.Moment
		want          templates.ReportTime
	}{
		{"nothing known", incident.AsProcessor, nil, nil, incident.Signal, templates.ReportTime{Moment: "signal"}},
		{"the incident's", incident.AsProcessor, []incident.Mark{mark(incident.Signal, "2026-03-27T08:00Z", "hälytys", incident.Assumed)}, nil, incident.Signal,
			templates.ReportTime{Moment: "signal", At: reportClock("2026-03-27T08:00Z"), Assumed: true, Why: "hälytys"}},
		{"corrected, the older one stays", incident.AsProcessor,
			[]incident.Mark{mark(incident.Signal, "2026-03-27T08:00Z", "", incident.Known), mark(incident.Signal, "2026-03-27T07:00Z", "loki", incident.Known)}, nil, incident.Signal,
			templates.ReportTime{Moment: "signal", At: reportClock("2026-03-27T07:00Z"), Why: "loki", Earlier: []time.Time{reportClock("2026-03-27T08:00Z")}}},
		{"the notice came back", incident.AsProcessor, nil,
			[]incident.Mark{informed, mark(incident.ControllerInformed, "", "bounced", incident.Known)}, incident.ControllerInformed,
			templates.ReportTime{Moment: "controller_informed", Why: "bounced", Earlier: []time.Time{informed.At}}},
		{"aware at the latest when informed", incident.AsProcessor, nil, []incident.Mark{informed}, incident.ControllerAware,
			templates.ReportTime{Moment: "controller_aware", At: informed.At, Assumed: true, Why: "informed"}},
		{"aware earlier", incident.AsProcessor, nil, []incident.Mark{informed, mark(incident.ControllerAware, "2026-03-26T14:00Z", "lehti", incident.Known)}, incident.ControllerAware,
			templates.ReportTime{Moment: "controller_aware", At: reportClock("2026-03-26T14:00Z"), Why: "lehti"}},
		{"own company", incident.AsController, []incident.Mark{mark(incident.ProcessorAware, "2026-03-27T12:00Z", "päivystäjä", incident.Known)}, nil, incident.ControllerAware,
			templates.ReportTime{Moment: "controller_aware", At: reportClock("2026-03-27T12:00Z"), Why: "päivystäjä"}},
		{"own company, nothing known", incident.AsController, nil, nil, incident.ControllerAware, templates.ReportTime{Moment: "controller_aware"}},
	}
	for _, tt := range tests {
		rec := &incident.Record{Part: tt.part, Shared: tt.shared, Marks: tt.marks}
		if got := reportTime(rec, tt.moment); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

func TestReportKind(t *testing.T) {
	filed := []incident.Filing{{Kind: "preliminary"}}
	tests := []struct {
		name string
		rec  incident.Record
		want string
	}{
		{"first", incident.Record{Certainty: incident.Possible}, "preliminary"},
		{"later", incident.Record{Certainty: incident.Confirmed, Filings: filed}, "supplementary"},
		{"not affected after all", incident.Record{Certainty: incident.NotAffected, Filings: filed}, "withdrawal"},
		{"not affected, never filed", incident.Record{Certainty: incident.NotAffected}, "preliminary"},
	}
	for _, tt := range tests {
		if got := reportKind(&tt.rec); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// Only what a server took counts as taken; what came back does not.
func TestReportNotices(t *testing.T) {
	made, taken := reportClock("2026-03-27T13:58Z"), reportClock("2026-03-27T14:00Z")
	ok := func(at string) incident.Receipt { return incident.Receipt{OK: true, Ended: reportClock(at)} }
	tests := []struct {
		name       string
		deliveries []*incident.Delivery
		want       time.Time
	}{
		{"waiting", []*incident.Delivery{{Notice: "n1", Fate: incident.Pending}}, time.Time{}},
		{"taken by two, the first counts", []*incident.Delivery{
			{Notice: "n1", Fate: incident.Taken, Receipts: []incident.Receipt{{Ended: made}, ok("2026-03-27T15:00Z")}},
			{Notice: "n1", Fate: incident.Taken, Receipts: []incident.Receipt{ok("2026-03-27T14:00Z")}},
		}, taken},
		{"came back", []*incident.Delivery{{Notice: "n1", Fate: incident.Bounced, Receipts: []incident.Receipt{ok("2026-03-27T14:00Z")}}}, time.Time{}},
		{"another notice", []*incident.Delivery{{Notice: "n2", Fate: incident.Taken, Receipts: []incident.Receipt{ok("2026-03-27T14:00Z")}}}, time.Time{}},
	}
	for _, tt := range tests {
		got := reportNotices([]*incident.Notice{{ID: "n1", N: 1, At: made}}, tt.deliveries)
		if want := []templates.ReportNotice{{N: 1, Made: made, Taken: tt.want}}; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", tt.name, got, want)
		}
	}
}

// Parties: of an own register we are the controller and nobody is processor.
func TestReportParties(t *testing.T) {
	org := incident.Organisation{Name: "Esimerkkipalvelu Oy", Email: "tietosuoja@esimerkki.example", DPO: "Tuulia"}
	k := &incident.Controller{BusinessID: "1234567-1", Contacts: []incident.Contact{{Name: "Åsa", Email: "asa@hoiva.example"}, {Name: "Olli"}}}
	us := templates.ReportParty{Name: org.Name, Email: org.Email, DPO: org.DPO}
	tests := []struct {
		name                  string
		rec                   incident.Record
		k                     *incident.Controller
		controller, processor templates.ReportParty
	}{
		{"customer", incident.Record{Name: "Hoiva", Part: incident.AsProcessor}, k,
			templates.ReportParty{Name: "Hoiva", BusinessID: "1234567-1", Contact: "Åsa", Email: "asa@hoiva.example"}, us},
		{"customer that left", incident.Record{Name: "Hoiva", Part: incident.AsSubprocessor}, nil, templates.ReportParty{Name: "Hoiva"}, us},
		{"ourselves", incident.Record{Name: "own", Part: incident.AsController}, k,
			templates.ReportParty{Name: org.Name, BusinessID: "1234567-1", Email: org.Email, DPO: org.DPO}, templates.ReportParty{}},
	}
	for _, tt := range tests {
		c, p := reportParties(reportParts{Record: &tt.rec, Controller: tt.k, Org: org})
		if c != tt.controller || p != tt.processor {
			t.Errorf("%s: %+v and %+v, want %+v and %+v", tt.name, c, p, tt.controller, tt.processor)
		}
	}
}

// A personal identity code that got into a text does not reach the report.
func TestReportMasks(t *testing.T) {
	rec := &incident.Record{Marks: []incident.Mark{{Moment: incident.Signal, Why: "soitti 010190-999W"}},
		Assessed:  []*incident.Assessment{{Reason: "010190-999W"}},
		Decisions: []incident.Decision{{Reason: "010190-999W"}}, Filings: []incident.Filing{{LateReason: "010190-999W"}}}
	inc := &incident.Incident{Facts: incident.Facts{Nature: incident.Fact{Text: "Näkyi 010190-999W ja muita", Sure: incident.Known}}}
	r := fillReport(reportParts{Incident: inc, Record: rec}, reportClock("2026-11-22T10:00Z"), time.UTC)
	for name, text := range map[string]string{"nature": r.Nature.Text, "why": r.Times[2].Why, "reason": r.Risk.Reason,
		"decision": r.Decisions[0].Reason, "delay": r.Filings[0].LateReason} {
		if text == "" || incident.Mask(text) != text {
			t.Errorf("%s: %q is not masked", name, text)
		}
	}
	if want := "Näkyi ******-**** ja muita"; r.Nature.Text != want {
		t.Errorf("nature %q, want %q", r.Nature.Text, want)
	}
}

func TestReportName(t *testing.T) {
	tests := []struct{ number, name, want string }{
		{"2026-014", "Šžäöå Hoiva Oy – Björkö", "2026-014-szaoa-hoiva-oy-bjorko-fi.pdf"},
		{"2026-014", "../../etc/passwd\"\r\n; x", "2026-014-etc-passwd-x-fi.pdf"},
		{"2026-014", "漢字", "2026-014-fi.pdf"},
	}
	for _, tt := range tests {
		r := templates.Report{Number: tt.number, Controller: templates.ReportParty{Name: tt.name}}
		if got := reportName(r, "fi"); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.name, got, tt.want)
		}
	}
}
