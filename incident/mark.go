package incident

import (
	"slices"
	"time"
)

// Moment is a named point in time that starts or stops clocks. New laws add
// moments, not columns.
type Moment string

// The moments of rule 8.
const (
	OccurredFrom       Moment = "occurred_from"
	OccurredTo         Moment = "occurred_to"
	Signal             Moment = "signal"              // first sign, perhaps not yet understood
	ProcessorAware     Moment = "processor_aware"     // we knew with reasonable certainty; Art. 33(2)
	ControllerInformed Moment = "controller_informed" // our notice could first be read
	ControllerPhoned   Moment = "controller_phoned"   // told by a logged call, whatever mails had done before
	ControllerAware    Moment = "controller_aware"    // Art. 33(1); at latest when informed
	Reported           Moment = "reported"            // filed with the authority
	Detected           Moment = "detected"            // of a significant incident; 124/2025 § 11
	Classified         Moment = "classified"          // as major; DORA
	FixAvailable       Moment = "fix_available"       // CRA Art. 14(2)(c)
	SupplementPromised Moment = "supplement_promised" // its At is the promised time; Art. 33(4)
	Supplemented       Moment = "supplemented"        // Art. 33(4)
	SubjectsTold       Moment = "subjects_told"       // Art. 34
	TellingOrdered     Moment = "telling_ordered"     // its At is by when people must be told, if the order says so; Art. 34(4)
	Contained          Moment = "contained"
)

// Moments lists them in the order in which a case runs.
var Moments = []Moment{OccurredFrom, OccurredTo, Signal, Detected, ProcessorAware, Classified, ControllerInformed, ControllerAware,
	Reported, SupplementPromised, Supplemented, TellingOrdered, SubjectsTold, FixAvailable, Contained}

// known reports whether m is one of Moments or the doing of a duty.
func (m Moment) known() bool {
	if slices.Contains(Moments, m) {
		return true
	}
	for _, g := range Laws {
		for _, d := range g.Duties {
			if d.MetBy == m {
				return true
			}
		}
	}
	return false
}

// Mark records when a moment came, who says so and why. Marks are only added:
// a correction is a newer mark, and the older one stays.
type Mark struct {
	Moment Moment
	At     time.Time // UTC; zero means "not known" or "has not come after all"
	Sure   Sure
	Text   string    // as typed, with its zone, or ""
	Why    string    // how it is known; demanded for a correction
	By     string    // name of who recorded it
	Made   time.Time // when it was recorded, UTC
}

// newest returns the mark of m that was recorded last.
func newest(marks []Mark, m Moment) (Mark, bool) {
	for i := len(marks) - 1; i >= 0; i-- {
		if marks[i].Moment == m {
			return marks[i], true
		}
	}
	return Mark{}, false
}
