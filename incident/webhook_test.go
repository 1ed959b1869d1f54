package incident_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
)

// hooks claims what is to be sent to machines.
func (h *house) hooks() []*incident.Delivery {
	h.Helper()
	due, err := h.Claim(ctx, []incident.Route{incident.ByWebhook}, 1000, time.Minute)
	h.must(err)
	return due
}

// Each customer's endpoint gets that customer's notice alone; our own gets
// alarms, without a name.
func TestWebhooksGetTheirOwn(t *testing.T) {
	h := newHouse(t)
	mark := func(i int) string { return fmt.Sprintf("MERKKI%03d", i) }
	for i := range 20 {
		k := h.customer(mark(i), "fi", 24, fmt.Sprintf("a%03d@b.example", i))
		if i%2 == 0 {
			_, err := h.AddWebhook(ctx, staff, k.ID, fmt.Sprintf("https://hook%03d.example/x", i))
			h.must(err)
		}
	}
	_, err := h.AddWebhook(ctx, staff, "", "https://own.example/alarms")
	h.must(err)
	inc := h.log("Hoivapäivyri")
	h.notify(inc)
	schema := readEventSchema(t)
	kinds := map[string]int{}
	for _, d := range h.hooks() {
		var e incident.Event
		h.must(json.Unmarshal(d.Body, &e))
		schema.check(t, d.Body)
		kinds[e.Event]++
		if e.ID != d.ID || e.Case != inc.Number || e.Schema != 1 {
			t.Errorf("event %+v of delivery %s", e, d.ID)
		}
		for i := range 20 {
			its := strings.Contains(d.Address, fmt.Sprintf("hook%03d", i))
			if strings.Contains(string(d.Body), mark(i)) != its || strings.Contains(string(d.Body), fmt.Sprintf("a%03d@", i)) {
				t.Errorf("to %s: %s", d.Address, d.Body)
			}
		}
	}
	if kinds["notice"] != 10 || kinds["alarm"] != 1 {
		t.Errorf("events %v, want ten notices and an alarm", kinds)
	}
}

// That a machine has taken the notice informs nobody; that it has not sends
// nobody to the telephone.
func TestWebhookInformsNobody(t *testing.T) {
	for _, ok := range []bool{true, false} {
		t.Run(fmt.Sprint(ok), func(t *testing.T) {
			h := newHouse(t)
			k := h.customer("Koivuranta", "fi", 24, "a@b.example")
			_, err := h.AddWebhook(ctx, staff, k.ID, "https://hook.example/")
			h.must(err)
			inc := h.log("Hoivapäivyri")
			h.notify(inc)
			due := h.hooks()
			if len(due) != 1 {
				t.Fatalf("%d deliveries", len(due))
			}
			h.must(h.Settle(ctx, []incident.Outcome{{Delivery: due[0], Refused: !ok,
				Receipt: incident.Receipt{OK: ok, Code: 200, Began: h.now, Ended: h.now}}}))
			r := h.records(inc)[0]
			if r.Stage != incident.Queued || !h.informed(inc).IsZero() {
				t.Errorf("stage %s, informed %v", r.Stage, h.informed(inc))
			}
			if n := h.keys(inc)["webhook.bounced"]; (n == 1) == ok {
				t.Errorf("%d lines about the machine", n)
			}
		})
	}
}

func TestWebhooksAreAddedAndEnded(t *testing.T) {
	h := newHouse(t)
	k := h.customer("Koivuranta", "fi", 24, "a@b.example")
	for _, bad := range []string{"", "http://a.example/", "https://", "https://u:p@a.example/", "ftp://a.example", "https://a.example/#x"} {
		if _, err := h.AddWebhook(ctx, staff, k.ID, bad); incident.KindOf(err) != incident.Invalid {
			t.Errorf("%q: %v, want invalid", bad, err)
		}
	}
	if _, err := h.AddWebhook(ctx, staff, "nobody", "https://a.example/"); incident.KindOf(err) != incident.NotFound {
		t.Errorf("unknown customer: %v", err)
	}
	if _, err := h.AddWebhook(ctx, incident.Actor{Roles: []incident.Role{incident.Handler}}, k.ID, "https://a.example/"); incident.KindOf(err) != incident.Forbidden {
		t.Errorf("a handler: %v, want forbidden", err)
	}
	w, err := h.AddWebhook(ctx, staff, k.ID, "https://a.example/")
	h.must(err)
	h.must(h.EndWebhook(ctx, staff, w.ID))
	h.must(h.EndWebhook(ctx, staff, w.ID))
	h.notify(h.log("Hoivapäivyri"))
	if n := len(h.hooks()); n != 0 {
		t.Errorf("%d deliveries to an endpoint that was ended", n)
	}
	links, err := h.db.Chain(ctx, "", 0, 100)
	h.must(err)
	for _, a := range links {
		if strings.Contains(string(a.Content), w.Secret) {
			t.Error("the secret stands in the chain")
		}
	}
}

// eventSchema is what docs/ publishes, as far as it is used.
type eventSchema struct {
	Defs       map[string]*eventSchema `json:"$defs"`
	Ref        string                  `json:"$ref"`
	Properties map[string]*eventSchema
	Required   []string
	Enum       []any
}

func readEventSchema(t *testing.T) *eventSchema {
	t.Helper()
	data, err := os.ReadFile("../docs/webhook-event.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var s eventSchema
	if err := json.Unmarshal(data, &s); err != nil {
		t.Fatal(err)
	}
	return &s
}

// check holds an event to the published schema: what is demanded is there, and
// nothing is there that is not published.
func (s *eventSchema) check(t *testing.T, body []byte) {
	t.Helper()
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatal(err)
	}
	s.at(t, s, v, "event")
}

func (s *eventSchema) at(t *testing.T, root *eventSchema, v any, path string) {
	t.Helper()
	if name, ok := strings.CutPrefix(s.Ref, "#/$defs/"); ok {
		s = root.Defs[name]
	}
	if len(s.Enum) > 0 && !slices.Contains(s.Enum, v) {
		t.Errorf("%s is %v, want one of %v", path, v, s.Enum)
	}
	object, ok := v.(map[string]any)
	if !ok {
		return
	}
	for _, key := range s.Required {
		if _, there := object[key]; !there {
			t.Errorf("%s has no %s", path, key)
		}
	}
	for key, value := range object {
		p := s.Properties[key]
		if p == nil {
			t.Errorf("%s.%s is not published", path, key)
			continue
		}
		p.at(t, root, value, path+"."+key)
	}
}
