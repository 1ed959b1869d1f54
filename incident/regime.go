package incident

import (
	"time"
	_ "time/tzdata" // clocks must not depend on the machine's zone files
)

// helsinki is the zone of the Finnish authorities, in which days and months
// are counted. The zone files are in the binary, so that it is always found.
var helsinki, _ = time.LoadLocation("Europe/Helsinki")

// Party is someone who must be told.
type Party string

// The parties that duties are owed to.
const (
	ToController Party = "controller"
	ToAuthority  Party = "authority"
	ToSubjects   Party = "subjects"
)

// Regime is a law or a contract, as a table of duties.
type Regime struct {
	Key    string
	Duties []Duty
}

// Duty is one obligation of a regime: who must be told, counted from when. Its
// key names its texts.
type Duty struct {
	Key    string // "gdpr.33.1"
	Basis  string // the provision, for printing: "GDPR Art. 33(1)"
	To     Party
	Ours   bool   // ours to do; else the controller's own, which we only watch
	From   Moment // what starts the clock
	Within Period // zero: without undue delay, no fixed limit
	MetBy  Moment // what ends it
	If     func(*Record) bool
	Since  time.Time // valid from; zero: always
	Until  time.Time // valid until, exclusive; zero: still
}

// inForce reports whether the duty was law at t.
func (d Duty) inForce(t time.Time) bool {
	return !t.Before(d.Since) && (d.Until.IsZero() || t.Before(d.Until))
}

// GDPR holds the breach duties of Regulation (EU) 2016/679.
var GDPR = Regime{"gdpr", []Duty{
	{Key: "gdpr.33.2", Basis: "GDPR Art. 33(2)", To: ToController, Ours: true, From: ProcessorAware, MetBy: ControllerInformed, If: processing},
	{Key: "gdpr.33.1", Basis: "GDPR Art. 33(1)", To: ToAuthority, From: ControllerAware, Within: Period{Hours: 72}, MetBy: Reported, If: theirs},
	{Key: "gdpr.33.1.own", Basis: "GDPR Art. 33(1)", To: ToAuthority, Ours: true, From: ControllerAware, Within: Period{Hours: 72}, MetBy: Reported, If: ownAtRisk},
	{Key: "gdpr.34.1.own", Basis: "GDPR Art. 34(1)", To: ToSubjects, Ours: true, From: ControllerAware, MetBy: SubjectsTold, If: ownHigh},
}}

// contract makes the regime of the hours agreed with one controller
// (Art. 28(3)(f) and 33(2)). Zero hours is no regime.
func contract(hours int) Regime {
	if hours <= 0 {
		return Regime{Key: "contract"}
	}
	return Regime{"contract", []Duty{{
		Key: "contract.notice", Basis: "GDPR Art. 28(3)", To: ToController, Ours: true,
		From: ProcessorAware, Within: Period{Hours: hours}, MetBy: ControllerInformed, If: processing,
	}}}
}

func processing(r *Record) bool { return r.Part != AsController }

func theirs(r *Record) bool { return r.Part != AsController }

func ownAtRisk(r *Record) bool { return r.Part == AsController && r.Tier != Unlikely }

func ownHigh(r *Record) bool { return r.Part == AsController && r.Tier == High }
