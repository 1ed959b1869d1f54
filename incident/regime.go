package incident

import (
	"slices"
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
	ToAuthority  Party = "authority"  // data protection: Art. 33(1)
	ToSubjects   Party = "subjects"   // Art. 34
	ToSupervisor Party = "supervisor" // of the other regimes
	ToCustomers  Party = "customers"  // recipients of the service
)

// Regime is a law or a contract, as a table of duties.
type Regime struct {
	Key string
	// Always means that the regime binds every case. Others are switched on,
	// for the organisation or for a case, by a question (rule 59).
	Always bool
	// Proposed means that it is not law: its clocks are shown for comparison
	// and never run.
	Proposed bool
	Duties   []Duty
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
	By     Moment // what has been promised or ordered: its mark is the limit; "" for none
	MetBy  Moment // what ends it
	If     func(*Record) bool
	Since  time.Time // valid from; zero: always
	Until  time.Time // valid until, exclusive; zero: still
	// Recalled means that the provision was not read at its source: it must
	// be shown as unchecked, never as official text (rule 60).
	Recalled bool
}

// inForce reports whether the duty was law at t.
func (d Duty) inForce(t time.Time) bool {
	return !t.Before(d.Since) && (d.Until.IsZero() || t.Before(d.Until))
}

// Done is the moment at which a duty without a moment of its own was done.
func Done(duty string) Moment { return Moment("done." + duty) }

// contract makes the regime of the hours agreed with one controller
// (Art. 28(3)(f) and 33(2)). Zero hours is no regime.
func contract(hours int) Regime {
	if hours <= 0 {
		return Regime{Key: "contract"}
	}
	return Regime{Key: "contract", Always: true, Duties: []Duty{{
		Key: "contract.notice", Basis: "GDPR Art. 28(3)", To: ToController, Ours: true,
		From: ProcessorAware, Within: Period{Hours: hours}, MetBy: ControllerInformed, If: processing,
	}}}
}

// binding returns the regimes that bind r: those of every case, those that
// were switched on for it, and its contract.
func binding(r *Record) []Regime {
	all := make([]Regime, 0, len(Laws)+1)
	for _, g := range Laws {
		if !g.Proposed && (g.Always || slices.Contains(r.Regimes, g.Key)) {
			all = append(all, g)
		}
	}
	return append(all, contract(r.Hours))
}

// Law returns the regime with the key.
func Law(key string) (Regime, bool) {
	i := slices.IndexFunc(Laws, func(g Regime) bool { return g.Key == key })
	if i < 0 {
		return Regime{}, false
	}
	return Laws[i], true
}

func processing(r *Record) bool { return r.Part == AsProcessor || r.Part == AsSubprocessor }

// ownData is true when the own company's registers are hit.
func ownData(r *Record) bool { return r.Part == AsController }

func ownAtRisk(r *Record) bool { return ownData(r) && r.Tier != Unlikely }

func ownHigh(r *Record) bool { return ownData(r) && r.Tier == High }

// ownToTell is ownHigh unless a ground of Art. 34(3) holds, or that the authority
// has ordered it.
func ownToTell(r *Record) bool {
	return ownHigh(r) && r.Exempted() == nil || ownData(r) && r.ordered()
}

// ownPromised is true while the newest report of ours is preliminary.
func ownPromised(r *Record) bool {
	n := len(r.Filings)
	return (ownData(r) || processing(r) && r.Mandate.Given()) && n > 0 && r.Filings[n-1].Kind == "preliminary"
}

// entity is true for the company itself, which the other regimes bind whether
// or not its own registers are hit.
func entity(r *Record) bool { return r.Part == AsController || r.Part == AsEntity }
