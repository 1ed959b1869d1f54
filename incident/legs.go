package incident

import (
	"slices"
	"time"
)

// Leg tells when one controller of a case came how far. A time that is zero
// has not come, or is not known.
type Leg struct {
	Record     string
	Controller string
	Name       string
	Hours      int       // agreed in the contract; 0: none
	Known      time.Time // we knew that it is affected
	Drafted    time.Time // its first notice was written down
	Approved   time.Time // its first notice was made, after a second person's word where one is demanded
	Sent       time.Time // a server was offered the mail
	Accepted   time.Time // a server took it, or somebody was told by telephone
	Acked      time.Time // the controller answered
}

// LegNames are the stretches from awareness to the controller's answer, in
// order: which part of the way took the time.
var LegNames = []string{"known", "drafted", "approved", "sent", "accepted", "acked"}

// Stretch is how long a stretch took over all controllers.
type Stretch struct {
	Name string
	Spread
}

// Stretches measures where the minutes went: each step from the end of the one
// before it that is known. A step that came before that one took no time.
func Stretches(aware time.Time, legs []*Leg) []Stretch {
	took := make([][]time.Duration, len(LegNames))
	for _, l := range legs {
		last := aware
		for i, at := range []time.Time{l.Known, l.Drafted, l.Approved, l.Sent, l.Accepted, l.Acked} {
			if at.IsZero() || last.IsZero() {
				continue
			}
			took[i] = append(took[i], max(at.Sub(last), 0))
			if at.After(last) {
				last = at
			}
		}
	}
	all := make([]Stretch, len(LegNames))
	for i, name := range LegNames {
		all[i] = Stretch{name, SpreadOf(took[i])}
	}
	return all
}

// Spread is a distribution of durations. There is no mean in it: the mean of
// five cases says nothing.
type Spread struct {
	N                        int
	Least, Median, P90, Most time.Duration
}

// few is the number of values below which there is no talk of a tenth.
const few = 10

// Few reports whether there are too few values for P90 to mean anything; it is
// then zero.
func (s Spread) Few() bool { return s.N < few }

// SpreadOf orders the durations. The median of an even number of values is the
// lower of the two in the middle, so that it is one that occurred.
func SpreadOf(all []time.Duration) Spread {
	n := len(all)
	if n == 0 {
		return Spread{}
	}
	slices.Sort(all)
	s := Spread{N: n, Least: all[0], Median: all[(n-1)/2], Most: all[n-1]}
	if !s.Few() {
		s.P90 = all[(n*9+9)/10-1]
	}
	return s
}
