package incident

// Sure says how well something is known.
type Sure string

// The degrees of certainty of a fact or a time.
const (
	Known   Sure = "known"
	Assumed Sure = "assumed"
	Unknown Sure = "unknown" // also the empty string
	Ongoing Sure = "ongoing" // of the end of a breach that has not ended
)

// Fact is one thing that is said about the breach, and how sure it is.
type Fact struct {
	Text string `json:"text,omitempty"`
	Sure Sure   `json:"sure,omitempty"`
}

// Blank reports whether nothing is known yet.
func (f Fact) Blank() bool { return f.Text == "" || f.Sure == Unknown }

// Facts are what Art. 33(3) asks for. Those of an incident are shared; those of
// a record are one controller's own and win over the shared ones.
type Facts struct {
	Nature       Fact   `json:"nature,omitzero"`       // 33(3)(a)
	Data         Fact   `json:"data,omitzero"`         // categories of personal data
	Groups       Fact   `json:"groups,omitzero"`       // categories of data subjects
	People       Amount `json:"people,omitzero"`       // number of data subjects
	Records      Amount `json:"records,omitzero"`      // number of personal data records, not the same as people
	Consequences Fact   `json:"consequences,omitzero"` // 33(3)(c)
	Measures     Fact   `json:"measures,omitzero"`     // 33(3)(d), taken and proposed
	Advice       Fact   `json:"advice,omitzero"`       // what the controller should do now
}

// Amount is a number of people or records with how sure it is. High is zero
// unless a range was given.
type Amount struct {
	Low  int    `json:"low,omitempty"`
	High int    `json:"high,omitempty"`
	Sure string `json:"sure,omitempty"` // "exact", "about", "range", "unknown" or ""
}

// Blank reports whether no number is known.
func (a Amount) Blank() bool { return a.Sure == "" || a.Sure == "unknown" }

// Over returns f with every blank filled from shared. Numbers are never
// inherited: a processor's total is not one controller's number.
func (f Facts) Over(shared Facts) Facts {
	for _, x := range factFields {
		if own := x.of(&f); own.Blank() {
			*own = *x.of(&shared)
		}
	}
	return f
}

// factFields are the facts that are told in words, in the order of Art. 33(3).
var factFields = []struct {
	name string
	of   func(*Facts) *Fact
}{
	{"nature", func(f *Facts) *Fact { return &f.Nature }},
	{"data", func(f *Facts) *Fact { return &f.Data }},
	{"groups", func(f *Facts) *Fact { return &f.Groups }},
	{"consequences", func(f *Facts) *Fact { return &f.Consequences }},
	{"measures", func(f *Facts) *Fact { return &f.Measures }},
	{"advice", func(f *Facts) *Fact { return &f.Advice }},
}
