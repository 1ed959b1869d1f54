package web

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
)

// TestBundleLeaksNothing: in every byte of one controller's bundle, unpacked,
// there is nothing of another, nor of what staff wrote for themselves. The
// bundle of the whole case holds all of it: so the marks are there to be found.
func TestBundleLeaksNothing(t *testing.T) {
	x := newTold(t)
	x.signing()
	x.later(2 * time.Hour)
	marks := x.fill(x.rs[0], x.rs[1])
	b := x.browser()
	base := x.enter(b, x.rs[0])
	x.answered(b, base, x.rs[0])
	x.later(time.Minute)
	data, c := b.packed(base+"/bundle.zip?lang=sv", "x", "y")
	if step, f := c.First(); f != nil || !c.Whole() || c.Manifest.View != "controller" {
		t.Fatalf("her bundle does not hold: %+v in %+v", f, step)
	}
	hers := unzip(t, string(data))
	for name, text := range hers {
		for _, m := range marks {
			if strings.Contains(strings.ToLower(name+"\n"+text), strings.ToLower(m)) {
				t.Errorf("%s holds %s of somebody else", name, m)
			}
		}
	}
	all := fmt.Sprint(hers)
	for _, want := range []string{"Koivurannan hoiva Oy", "Palvelin oli auki.", "What about the logs?", "Tallessa.", "OMA-NUMERO"} {
		if !strings.Contains(all, want) {
			t.Errorf("her bundle lacks %q", want)
		}
	}
	if !strings.Contains(hers["index.html"], `lang="sv"`) || len(c.Manifest.Files) < 12 {
		t.Errorf("her bundle has %d files", len(c.Manifest.Files))
	}
	desk := x.as(incident.Privacy)
	whole, _ := desk.packed("/incidents/"+x.inc.ID+"/bundle.zip", "lang", "fi")
	everything := fmt.Sprint(unzip(t, string(whole)))
	for _, m := range marks {
		if !strings.Contains(everything, m) {
			t.Errorf("the whole bundle lacks %s: the test would see no leak", m)
		}
	}
	staff, c := x.as(incident.Handler).packed("/incidents/"+x.inc.ID+"/bundle.zip", "lang", "fi", "record", x.rs[0].ID)
	if _, f := c.First(); f != nil || bytes.Contains(staff, []byte(x.rs[1].ID)) {
		t.Errorf("the one that staff make for her: %+v", f)
	}
	if got := x.browser().post("/n/" + x.secretOf(x.rs[0].ID) + "/bundle.zip"); got.code != http.StatusSeeOther {
		t.Errorf("without a code: %d, want 303", got.code)
	}
	if got := desk.post("/incidents/"+x.inc.ID+"/bundle.zip", "record", "nobody"); got.code != http.StatusNotFound {
		t.Errorf("an unknown record: %d, want 404", got.code)
	}
}

// fill writes into every field that it can, of the controller theirs and of the
// case, and returns the marks that it left.
func (x *toldHouse) fill(mine, theirs *incident.Record) []string {
	x.t.Helper()
	ctx, n := context.Background(), 0
	marks := []string{theirs.ID, theirs.Controller, theirs.Name, "nils@norr.example", "Nils Prov"}
	mark := func() string {
		n++
		marks = append(marks, fmt.Sprintf("MUU%03dMUU", n))
		return marks[len(marks)-1]
	}
	must := func(err error) {
		x.t.Helper()
		if err != nil {
			x.t.Fatal(err)
		}
	}
	rec, err := x.db.Record(ctx, theirs.ID)
	must(err)
	must(x.desk.DescribeRecord(ctx, worker, theirs.ID, rec.Version, incident.Facts{Nature: incident.Fact{Text: mark(), Sure: incident.Known}, Data: incident.Fact{Text: mark(), Sure: incident.Assumed}}))
	_, err = x.desk.Notify(ctx, worker, x.inc.ID, incident.Notify{Records: []string{theirs.ID}, Texts: map[string]string{"": mark()}})
	must(err)
	_, err = x.desk.Notify(ctx, worker, x.inc.ID, incident.Notify{Records: []string{mine.ID}, Texts: map[string]string{"": "OMA-NUMERO"}})
	must(err)
	inc, err := x.db.Incident(ctx, x.inc.ID)
	must(err)
	must(x.desk.Describe(ctx, worker, x.inc.ID, inc.Version, incident.Facts{Nature: incident.Fact{Text: mark(), Sure: incident.Known}, Measures: incident.Fact{Text: mark(), Sure: incident.Known}}))
	must(x.desk.Note(ctx, worker, x.inc.ID, mark()))
	for _, r := range []string{theirs.ID, mine.ID} { // what staff note of her is not hers either
		_, err = x.desk.Enter(ctx, worker, incident.NewEntry{Incident: x.inc.ID, Record: r, Text: mark(), Key: r})
		must(err)
		_, err = x.desk.AddEvidence(ctx, worker, incident.NewEvidence{Incident: x.inc.ID, Record: r, Name: mark() + ".txt", About: mark(), Data: []byte(mark())})
		must(err)
		must(x.desk.Phone(ctx, worker, r, incident.Call{At: x.time(), Who: mark(), Said: mark()}))
		must(x.desk.MarkRecord(ctx, worker, r, incident.Mark{Moment: incident.ControllerInformed, At: x.time(), Sure: incident.Known, Why: mark()}))
	}
	must(x.desk.ReportTheirs(ctx, incident.Actor{Via: "link", Name: mark(), Record: theirs.ID}, theirs.ID, incident.Filing{Kind: "preliminary", At: x.time(), Channel: mark(), Reference: mark()}))
	_, err = x.desk.HandOver(ctx, worker, &incident.Handover{Record: theirs.ID, Kind: "preliminary", Lang: "sv", Form: "tsv-2026", Facts: []byte(`{"a":"` + mark() + `"}`), Bytes: []byte(mark())})
	must(err)
	b := x.browser()
	base := x.enter(b, theirs)
	if got := b.post(base+"/questions?lang=en", "text", mark(), "name", mark()); got.code != http.StatusSeeOther {
		x.t.Fatalf("ask: %d", got.code)
	}
	must(x.desk.SaveDebrief(ctx, worker, x.inc.ID, []incident.Passage{{Question: "happened", Reader: incident.ForStaff, Text: mark()}}, 0))
	must(x.desk.SaveAction(ctx, worker, incident.Action{Incident: x.inc.ID, Text: mark(), Owner: x.hire(incident.Approver).ID, Due: x.time().Add(240 * time.Hour), Reader: incident.ForStaff}))
	return marks
}
