package incident

import (
	"fmt"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func ids() func() string {
	n := 0
	return func() string { n++; return fmt.Sprint("d", n) }
}

func at(m Moment, t time.Time) Mark { return Mark{Moment: m, At: t, Sure: Known, Made: t} }

// processor returns a record with an agreed number of hours, of which we have
// known since noon.
func processor(hours int, marks ...Mark) *Record {
	return &Record{ID: "r", Incident: "i", Part: AsProcessor, Certainty: Possible, Stage: Untold, Hours: hours,
		Shared: []Mark{at(ProcessorAware, noon)}, Marks: marks}
}

func reckonAt(r *Record, now time.Time) {
	r.reckon(binding(r), now, ids())
}

// running lists the duties whose clocks run.
func running(r *Record) string {
	var all string
	for _, d := range r.Deadlines {
		if d.Running() {
			all += d.Duty + " "
		}
	}
	return all
}

func TestWhichClocksRun(t *testing.T) {
	own := func(tier Tier) *Record {
		return &Record{ID: "r", Incident: "i", Part: AsController, Certainty: Confirmed, Stage: Ourselves, Tier: tier,
			Shared: []Mark{at(ProcessorAware, noon)}}
	}
	told := processor(24, at(ControllerInformed, noon.Add(time.Hour)))
	told.Stage = Accepted
	gone := processor(24)
	gone.Certainty = NotAffected
	mandated := func(tier Tier) *Record {
		r := processor(0, at(ControllerInformed, noon.Add(time.Hour)))
		r.Stage, r.Tier, r.Mandate = Accepted, tier, Mandate{Document: "Sopimus 12/2026"}
		return r
	}
	decided := own(Likely)
	decided.Decisions = []Decision{{Kind: "not_notifiable", At: noon}}
	tests := []struct {
		name string
		r    *Record
		want string
	}{
		{"untold: ours without delay, and the contract", processor(24), "gdpr.33.2 contract.notice "},
		{"no hours agreed", processor(0), "gdpr.33.2 "},
		{"told: the controller's own 72 hours", told, "gdpr.33.1 "},
		{"not affected: nothing", gone, ""},
		{"told, with a mandate: the notification is ours to make", mandated(Unassessed), "gdpr.33.1 gdpr.33.1.mandate "},
		{"with a mandate, unlikely", mandated(Unlikely), "gdpr.33.1 "},
		{"own register, not assessed counts as risk", own(Unassessed), "gdpr.33.1.own "},
		{"own register, risk", own(Likely), "gdpr.33.1.own "},
		{"own register, unlikely", own(Unlikely), ""},
		{"own register, high risk: people too", own(High), "gdpr.33.1.own gdpr.34.1.own "},
		{"own register, decided", decided, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			reckonAt(tt.r, noon.Add(2*time.Hour))
			if got := running(tt.r); got != tt.want {
				t.Errorf("running clocks = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestControllersClockStartsWhenItIsInformed(t *testing.T) {
	informed := noon.Add(5 * time.Hour)
	r := processor(0, at(ControllerInformed, informed))
	reckonAt(r, informed)
	if got, want := r.Deadline("gdpr.33.1").Due, informed.Add(72*time.Hour); !got.Equal(want) {
		t.Errorf("limit = %v, want %v", got, want)
	}
	knew := noon.Add(-time.Hour)
	r.Marks = append(r.Marks, at(ControllerAware, knew))
	reckonAt(r, informed)
	if got, want := r.Deadline("gdpr.33.1").Due, knew.Add(72*time.Hour); !got.Equal(want) {
		t.Errorf("limit of one who knew before = %v, want %v", got, want)
	}
}

func TestBounceOpensTheDutyAgain(t *testing.T) {
	r := processor(24)
	reckonAt(r, noon)
	r.Stage = Accepted
	told := at(ControllerInformed, noon.Add(time.Hour))
	told.Why = "accepted"
	r.Marks = append(r.Marks, told)
	reckonAt(r, noon.Add(time.Hour))
	if d := r.Deadline("gdpr.33.2"); d.Running() || d.How != "accepted" {
		t.Fatalf("after acceptance: met %v, how %q", d.Met, d.How)
	}
	later := noon.Add(2 * time.Hour)
	r.takeBack(Mark{Moment: ControllerInformed, Sure: Known, Why: "bounced", Made: later})
	reckonAt(r, later)
	if got, want := running(r), "gdpr.33.2 contract.notice "; got != want {
		t.Errorf("running after a bounce = %q, want %q", got, want)
	}
	if d := r.Deadline("gdpr.33.1"); d == nil || d.Running() || d.How != "withdrawn" {
		t.Errorf("the controller's clock = %+v, want it ended as withdrawn", d)
	}
	if d := r.Deadline("contract.notice"); !d.Due.Equal(noon.Add(24 * time.Hour)) {
		t.Errorf("contract limit = %v, want it unmoved", d.Due)
	}
}

func TestCorrectedAwarenessMovesTheClocks(t *testing.T) {
	r := processor(24)
	reckonAt(r, noon)
	r.Shared = append(r.Shared, at(ProcessorAware, noon.Add(-3*time.Hour)))
	reckonAt(r, noon.Add(time.Hour))
	if got, want := r.Deadline("contract.notice").Due, noon.Add(21*time.Hour); !got.Equal(want) {
		t.Errorf("limit = %v, want %v", got, want)
	}
	if n := len(r.Deadlines); n != 2 {
		t.Errorf("%d clocks, want the same two", n)
	}
}

func TestNextWarning(t *testing.T) {
	d := &Deadline{Start: noon, Due: noon.Add(24 * time.Hour)}
	tests := []struct {
		after, want time.Duration // since the start
	}{
		{0, 4 * time.Hour},
		{4 * time.Hour, 12 * time.Hour},
		{12 * time.Hour, 22 * time.Hour},
		{23 * time.Hour, 24 * time.Hour},
	}
	for _, tt := range tests {
		if got := d.nextWarning(noon.Add(tt.after)); !got.Equal(noon.Add(tt.want)) {
			t.Errorf("after %v: %v, want %v", tt.after, got.Sub(noon), tt.want)
		}
	}
	if got := d.nextWarning(noon.Add(24 * time.Hour)); !got.IsZero() {
		t.Errorf("after the limit: %v, want none", got)
	}
}

func TestAuditLinkCoversItsContent(t *testing.T) {
	a := Audit{Chain: "i", Seq: 1, At: noon, By: "Aino Koe", Act: "log", Content: []byte(`{"title":"x"}`), Salt: []byte("0123456789abcdef")}
	a.Seal()
	if !a.Holds() {
		t.Fatal("a sealed link does not hold")
	}
	changed := []func(*Audit){
		func(a *Audit) { a.Content = []byte(`{"title":"y"}`) },
		func(a *Audit) { a.By = "Eero Koe" },
		func(a *Audit) { a.At = noon.Add(time.Second) },
		func(a *Audit) { a.Seq = 2 },
		func(a *Audit) { a.Prev = []byte{1} },
		func(a *Audit) { a.Commit = []byte{1} },
	}
	for i, change := range changed {
		b := a
		if change(&b); b.Holds() {
			t.Errorf("change %d was not noticed", i)
		}
	}
	a.By, a.Content = "[erased]", []byte(`{"title":"[erased]"}`)
	if a.Holds() {
		t.Error("a link whose content was rewritten holds")
	}
	a.Recommit([]byte("fedcba9876543210"))
	if !a.Holds() {
		t.Error("a link with erased content does not hold")
	}
}
