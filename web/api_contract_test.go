package web

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"hatakello/incident"
)

// contract is openapi.json, read and checked once.
var contract = sync.OnceValues(func() (*openapi3.T, error) {
	doc, err := openapi3.NewLoader().LoadFromData(openAPI)
	if err != nil {
		return nil, err
	}
	return doc, doc.Validate(openapi3.NewLoader().Context)
})

var contractRouter = sync.OnceValues(func() (routers.Router, error) {
	doc, err := contract()
	if err != nil {
		return nil, err
	}
	return gorillamux.NewRouter(doc)
})

// conforms fails the test unless the answer, and the request if it was
// accepted, are as openapi.json says.
func (o *office) conforms(req *http.Request, body string, a answer) {
	o.t.Helper()
	if req.Method == http.MethodHead {
		return
	}
	router, err := contractRouter()
	if err != nil {
		o.t.Fatalf("openapi.json: %v", err)
	}
	req = req.Clone(req.Context())
	req.Body = io.NopCloser(strings.NewReader(body))
	route, params, err := router.FindRoute(req)
	if err != nil {
		if a.code != http.StatusNotFound && a.code != http.StatusMethodNotAllowed {
			o.t.Errorf("%s %s answers %d and is not described: %v", req.Method, req.URL.Path, a.code, err)
		}
		return
	}
	in := &openapi3filter.RequestValidationInput{Request: req, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true}}
	if a.code < 300 {
		if err := openapi3filter.ValidateRequest(req.Context(), in); err != nil {
			o.t.Errorf("%s %s was accepted against the description: %v", req.Method, req.URL.Path, err)
		}
	}
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: a.code, Header: a.header, Options: in.Options}
	out.SetBodyBytes(a.body)
	if err := openapi3filter.ValidateResponse(req.Context(), out); err != nil {
		o.t.Errorf("%s %s: the answer %d is not as described: %v\n%s", req.Method, req.URL.Path, a.code, err, a.body)
	}
}

var param = regexp.MustCompile(`:([a-z]+)`)

// Every route is described, and everything described is a route, with the same
// parameters and the same kind of body.
func TestRoutesAreDescribed(t *testing.T) {
	doc, err := contract()
	if err != nil {
		t.Fatalf("openapi.json: %v", err)
	}
	described := map[string]*openapi3.Operation{}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			described[method+" "+path] = op
		}
	}
	for _, r := range (&api{Server: &Server{}}).apiRoutes() {
		name := r.method + " " + param.ReplaceAllString(r.path, "{$1}")
		op := described[name]
		if op == nil {
			t.Errorf("%s is not described", name)
			continue
		}
		delete(described, name)
		var query []string
		for _, p := range op.Parameters {
			if p.Value.In == "query" {
				query = append(query, p.Value.Name)
			}
		}
		if slices.Sort(query); !slices.Equal(query, slices.Sorted(slices.Values(r.query))) {
			t.Errorf("%s: parameters %v are described, %v are read", name, query, r.query)
		}
		if (op.RequestBody != nil) != (r.kind != "") || op.RequestBody != nil && op.RequestBody.Value.Content.Get(r.kind) == nil {
			t.Errorf("%s: the described body is not %q", name, r.kind)
		}
		if open := op.Security != nil && len(*op.Security) == 0; open != (r.need == anyone) {
			t.Errorf("%s: described as open: %v, needs %q", name, open, r.need)
		}
	}
	for name := range described {
		t.Errorf("%s is described and does not exist", name)
	}
}

// The fields of every answer and body are those that are described.
func TestShapesAreDescribed(t *testing.T) {
	doc, err := contract()
	if err != nil {
		t.Fatalf("openapi.json: %v", err)
	}
	shapes := map[string]any{
		"Problem": problem{}, "FieldError": fieldError{}, "Service": serviceJSON{}, "Contact": contactJSON{}, "Use": useJSON{},
		"Customer": customerJSON{}, "ImportRow": rowFail{}, "Import": importJSON{}, "Tally": tallyJSON{}, "Named": namedJSON{},
		"Mark": markJSON{}, "Deadline": deadlineJSON{}, "Facts": incident.Facts{}, "Fact": incident.Fact{}, "Amount": incident.Amount{},
		"Incident": incidentJSON{}, "IncidentRow": rowJSON{}, "Holder": holderJSON{}, "RecordRow": lineJSON{}, "Record": recordJSON{},
		"Assessment": assessmentJSON{}, "Filing": filingJSON{}, "Decision": decisionJSON{}, "Entry": entryJSON{}, "Evidence": evidenceJSON{}, "NewHandOver": handBody{}, "Receipt": receiptJSON{},
		"Delivery": deliveryJSON{}, "NewIncident": logBody{}, "NewNotice": noticeBody{}, "NewAssessment": assessBody{}, "NewFiling": fileBody{},
		"NewDecision": decideBody{}, "NewCall": callBody{}, "Close": closeBody{}, "Note": noteBody{}, "Describe": describeBody{},
		"Affect": affectBody{}, "Affected": foundJSON{}, "Sent": sentJSON{},
		"File": fileJSON{}, "NewFile": newFileBody{}, "Moment": momentJSON{}, "NewMark": markBody{}, "Clock": clockJSON{}, "DutyTally": tallyOfDuty{},
		"Done": doneBody{}, "Reason": reasonBody{}, "Duty": dutyJSON{}, "Regime": regimeJSON{}, "Regimes": regimesBody{}, "Compared": comparedJSON{},
		"Pack": bundleBody{}, "Inquiry": inquiryJSON{}, "EndInquiry": outcomeBody{}, "NewHold": holdBody{}, "Ring": ringJSON{}, "Answer": answerBody{},
		"Reach": reachJSON{}, "Alive": aliveJSON{}, "AskContacts": askContactsBody{}, "AskedContacts": askedJSON{}, "Question": questionJSON{},
		"NewReply": replyBody{}, "Reply": replyJSON{}, "Share": shareJSON{}, "SubjectRequest": requestJSON{}, "NewRequest": requestBody{},
		"PassRequest": passBody{}, "ExtendRequest": extendBody{}, "RequestAnswer": answeredBody{}, "Received": receivedJSON{}, "ConfirmReceived": confirmBody{},
	}
	for name, shape := range shapes {
		schema := doc.Components.Schemas[name]
		if schema == nil {
			t.Errorf("%s is not described", name)
			continue
		}
		var want []string
		for p := range schema.Value.Properties {
			want = append(want, p)
		}
		got := jsonNames(reflect.TypeOf(shape))
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s has fields %v, described are %v", name, got, want)
		}
	}
	for name := range doc.Components.Schemas {
		if _, ok := shapes[name]; !ok && name != "Proposal" {
			t.Errorf("%s is described and no shape is named for it", name)
		}
	}
}

func jsonNames(t reflect.Type) (names []string) {
	for f := range t.Fields() {
		if f.Anonymous {
			names = append(names, jsonNames(f.Type)...)
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		names = append(names, name)
	}
	return names
}

func TestSpecIsServedToAnyone(t *testing.T) {
	o := newOffice(t)
	a := o.want(call{method: "GET", path: "/openapi.json"}, 200, nil)
	if !bytes.Equal(a.body, openAPI) || !json.Valid(a.body) {
		t.Error("what is served is not the file")
	}
	if got := o.do(call{method: "HEAD", path: "/openapi.json"}).code; got != 200 {
		t.Errorf("HEAD: %d", got)
	}
}
