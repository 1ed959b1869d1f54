package incident

import "time"

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
	ControllerAware    Moment = "controller_aware"    // Art. 33(1); at latest when informed
	Reported           Moment = "reported"            // filed with the authority
	SubjectsTold       Moment = "subjects_told"       // Art. 34
	Contained          Moment = "contained"
)

// Moments lists them in the order in which a case runs.
var Moments = []Moment{OccurredFrom, OccurredTo, Signal, ProcessorAware, ControllerInformed, ControllerAware, Reported, SubjectsTold, Contained}

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
