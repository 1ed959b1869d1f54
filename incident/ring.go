package incident

import "time"

// Ring is an alarm to staff that waits for a person. Unanswered it climbs the
// escalation plan; an answer holds only for a while, because "I am on it" can
// be forgotten.
type Ring struct {
	ID       string
	Incident string
	Duty     string // what it is about: a duty's key, or "logged", "failed", "stalled", "unanswered"
	Records  int
	Due      time.Time // the tightest limit it is about, or zero
	Step     int       // of the plan, from 0
	Made     time.Time
	Next     time.Time // when to climb or, after an answer, to ask again; zero: never
	AckedAt  time.Time
	AckedBy  string
	End      time.Time // when its reason was gone
}

// Step is one rung of the escalation plan: who is told, and how long to wait
// for an answer before the next.
type Step struct {
	Who  []string      `json:"who"` // addresses, or OnCall
	Wait time.Duration `json:"wait"`
}

// OnCall stands in a Step for whoever has the shift.
const OnCall = "@oncall"

// Shift is a line of the rota.
type Shift struct {
	Login string    `json:"login"` // whose mail address it is, too
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
}

// Quiet are the hours in which nobody is woken for less than a hard deadline,
// in minutes after midnight in the organisation's zone. Equal ends: none.
type Quiet struct {
	From  int `json:"from"`
	Until int `json:"until"`
}
