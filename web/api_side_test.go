package web

import (
	"context"
	"strings"
	"testing"

	"hatakello/incident"
)

// What controllers confirm, what data subjects ask and what others send us, by
// the API: each answer is as the specification says, which the office checks.
func TestSideOverAPI(t *testing.T) {
	o := newOffice(t)
	o.server.Desk.Memo = func(m incident.Memo) (incident.Letter, error) { return incident.Letter{Raw: []byte(m.Kind)}, nil }
	o.importAll()
	var troubles list[reachJSON]
	o.want(call{method: "GET", path: "/contacts?limit=2", role: incident.Auditor}, 200, &troubles)
	if len(troubles.Items) != 2 || !troubles.Items[0].Wanting || troubles.Next == "" {
		t.Errorf("contacts: %+v", troubles)
	}
	o.want(call{"POST", "/contacts/ask", incident.Handler, `{}`, nil}, 409, nil) // the switch is off
	o.want(call{"POST", "/contacts/ask", incident.Auditor, `{}`, nil}, 403, nil)
	by := incident.Actor{ID: "p", Name: "P", Roles: incident.Roles, Via: "web"}
	if err := o.server.Desk.SaveOrganisation(context.Background(), by, incident.Organisation{Name: "Talo Oy", AskContacts: true}); err != nil {
		t.Fatal(err)
	}
	var asked askedJSON
	o.want(call{"POST", "/contacts/ask", incident.Handler, `{}`, nil}, 200, &asked)
	if asked.Asked != 2 || asked.Left != 0 {
		t.Errorf("asked: %+v, want those two that have an address", asked)
	}
	o.want(call{"POST", "/contacts/ask", incident.Handler, `{"customer":"` + troubles.Items[0].Customer.ID + `"}`, nil}, 409, nil)

	var r requestJSON
	o.want(call{"POST", "/requests", incident.Handler, `{"kind":"access","received_at":"2026-11-21T09:00:00Z","label":"soittaja 010190-999W"}`, nil}, 422, nil)
	o.want(call{"POST", "/requests", incident.Handler, `{"kind":"access","received_at":"2026-11-21T09:00:00Z","label":"asiakas 1207"}`, nil}, 201, &r)
	at := "/requests/" + r.ID
	o.want(call{"POST", at + "/pass", incident.Handler, `{"controller":"` + troubles.Items[0].Customer.ID + `","mail":true}`, nil}, 200, &r)
	if r.Passed == nil || !strings.Contains(r.PassedTo, "@gran.example") {
		t.Errorf("passed on: %+v", r)
	}
	o.want(call{"POST", at + "/extension", incident.Handler, `{"reason":"Laaja aineisto"}`, nil}, 200, &r)
	o.want(call{"POST", at + "/answer", incident.Handler, `{"who":"controller","how":"Kirjeellä"}`, nil}, 200, &r)
	o.want(call{"POST", at + "/answer", incident.Handler, `{"who":"us","how":"Taas"}`, nil}, 409, nil)
	var open, done list[requestJSON]
	o.want(call{method: "GET", path: "/requests", role: incident.Auditor}, 200, &open)
	o.want(call{method: "GET", path: "/requests?state=answered", role: incident.Auditor}, 200, &done)
	if len(open.Items) != 0 || len(done.Items) != 1 || done.Items[0].Answer != "Kirjeellä" {
		t.Errorf("open %+v, answered %+v", open, done)
	}

	var x receivedJSON
	o.want(call{"POST", "/received", incident.Handler, "Hei, meillä on tapahtunut tietoturvaloukkaus.", map[string]string{"Content-Type": bytesKind}}, 201, &x)
	o.want(call{"POST", "/received/" + x.ID + "/confirmation", incident.Handler,
		`{"sender":"Alikäsittelijä Oy","title":"Alikäsittelijän loukkaus","came_at":"2026-11-22T08:00:00Z","nature":"Levy katosi"}`, nil}, 200, &x)
	if x.Incident == "" || x.Came == nil {
		t.Errorf("confirmed: %+v", x)
	}
	var waiting list[receivedJSON]
	o.want(call{method: "GET", path: "/received", role: incident.Auditor}, 200, &waiting)
	if len(waiting.Items) != 0 {
		t.Errorf("waiting: %+v", waiting)
	}

	inc := o.logged()
	var questions list[questionJSON]
	o.want(call{method: "GET", path: "/questions?incident=" + inc.ID, role: incident.Auditor}, 200, &questions)
	o.want(call{"POST", "/incidents/" + inc.ID + "/replies", incident.Handler, `{"questions":["x"],"heads":{"fi":"a"},"texts":{"fi":"b"}}`, nil}, 404, nil)
	var records list[lineJSON]
	o.want(call{method: "GET", path: "/incidents/" + inc.ID + "/records", role: incident.Auditor}, 200, &records)
	var shares list[shareJSON]
	o.want(call{method: "GET", path: "/incidents/" + inc.ID + "/records/" + records.Items[0].ID + "/shares", role: incident.Auditor}, 200, &shares)
	if len(shares.Items) != 0 {
		t.Errorf("shares: %+v", shares)
	}
}
