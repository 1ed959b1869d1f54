package web

import (
	"strings"
	"testing"
	"time"

	"hatakello/incident"
)

// The report names those with whom the controller decides and who notifies for
// all, where the breach came from with its own times, and says of every moment
// how surely it is known, in every language.
func TestReportOfJointControllersAndSource(t *testing.T) {
	s, recs := reportCase(t)
	by := incident.Actor{ID: "u1", Name: "Olli Esimerkki", Roles: incident.Roles, Via: "web"}
	ctx, inc := t.Context(), recs[0].Incident
	must(t, s.Desk.SetJoint(ctx, by, inc, incident.Joining{Records: []string{recs[0].ID, recs[1].ID}, Lead: recs[1].ID, Arranged: true}))
	must(t, s.Desk.SetSource(ctx, by, inc, incident.Source{Name: "Konesali Koe", Country: "SE", TheirAware: reportClock("2026-11-21T20:00Z"), TheyTold: reportClock("2026-11-22T07:30Z")}))
	for _, m := range []incident.Mark{{Moment: incident.OccurredFrom, At: reportClock("2026-11-20T04:00Z"), Sure: incident.Assumed},
		{Moment: incident.OccurredTo, Sure: incident.Ongoing}, {Moment: incident.Signal, Sure: incident.Unknown}} {
		must(t, s.Desk.MarkIncident(ctx, by, inc, m))
	}
	for lang, wants := range map[string][]string{
		"fi": {recs[1].Name + " (ilmoittaa kaikkien puolesta)", "Konesali Koe, SE", "Alikäsittelijä sai tiedon", "Jatkuu yhä", "Arvio", "Ilmoitettu: ei tiedossa", "20.00 UTC", "7.30 UTC"},
		"sv": {recs[1].Name + " (anmäler för alla)", "Konesali Koe, SE", "Underbiträdet fick vetskap", "Pågår fortfarande", "Uppgivet: okänt", "20.00 UTC", "7.30 UTC"},
		"en": {recs[1].Name + " (notifies for all)", "Konesali Koe, SE", "The sub-processor became aware", "Still ongoing", "Stated as not known", "20:00 UTC", "07:30 UTC"},
	} {
		rec, err := s.Read.Record(ctx, recs[0].ID)
		must(t, err)
		data, _, err := s.writeReport(ctx, rec, lang, nil)
		must(t, err)
		text := reportText(t, data)
		for _, want := range append(wants, recs[0].Name) {
			if !strings.Contains(text, want) {
				t.Errorf("%s: the report does not say %q", lang, want)
			}
		}
	}
	inc2, err := s.Read.Incident(ctx, inc)
	must(t, err)
	rec, err := s.Read.Record(ctx, recs[0].ID)
	must(t, err)
	p := companionParts{reportParts: reportParts{Incident: inc2, Record: rec, Joint: recs[1:], Org: incident.Organisation{Name: "Koe Oy"}}, Now: time.Now()}
	if got := occurrenceMode(p).Value; got != "ongoing" {
		t.Errorf("the form says that it occurred %q, want ongoing", got)
	}
	if got := p.parties(); got != "Koe Oy, Konesali Koe, "+recs[1].Name {
		t.Errorf("the form names the parties %q", got)
	}
}
