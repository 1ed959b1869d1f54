// Package risk proposes how serious a personal data breach is for the people
// concerned. It reads no clock and does no input or output: the same facts
// always give the same proposal. A proposal is decision support; a named
// human decides.
package risk

// Facts are the answers about one breach. An answer that is left out (a nil
// pointer, an empty word or list) is unknown, and an unknown answer never
// makes a breach look harmless.
type Facts struct {
	Breach       []string     `json:"breach,omitempty"` // confidentiality, integrity, availability
	Data         []string     `json:"data,omitempty"`   // kinds of data, see Values
	People       People       `json:"people,omitzero"`
	Exposure     Exposure     `json:"exposure,omitzero"`
	Protection   Protection   `json:"protection,omitzero"`
	Availability Availability `json:"availability,omitzero"`
	Malicious    *bool        `json:"malicious,omitempty"` // an act meant to harm or to profit

	AlreadyPublic *bool           `json:"already_public,omitempty"` // all of it was lawfully public before
	DataAgeYears  *float64        `json:"data_age_years,omitempty"` // shown in the memo; never lowers anything
	Certainty     map[string]Sure `json:"certainty,omitempty"`      // by key, such as "exposure.exfiltration"
	Evidence      Evidence        `json:"evidence,omitzero"`
	Severity      Context         `json:"enisa,omitzero"`
	Groups        []Group         `json:"groups,omitempty"`
}

// People says how many people are concerned and who they are.
type People struct {
	Count      *int64 `json:"count,omitempty"`
	AtMost     *int64 `json:"at_most,omitempty"` // the upper end of a range; thresholds use it
	Certainty  string `json:"certainty,omitempty"`
	Vulnerable *bool  `json:"vulnerable,omitempty"`
}

// Exposure says who may have had the data.
type Exposure struct {
	Recipients      string `json:"recipients,omitempty"`
	Trusted         *bool  `json:"recipient_trusted,omitempty"`
	ReturnConfirmed *bool  `json:"return_confirmed,omitempty"`
	Exfiltration    string `json:"exfiltration,omitempty"`
}

// Protection says whether the data could be read. For password hashes the
// key is the salt.
type Protection struct {
	Encrypted string `json:"encrypted,omitempty"`
	Key       string `json:"key,omitempty"`
	Hash      string `json:"hash,omitempty"` // strength of the password hash
}

// Availability says what people went without, in elapsed hours.
type Availability struct {
	Loss   string   `json:"loss,omitempty"`
	Hours  *float64 `json:"hours,omitempty"`
	Backup *bool    `json:"backup,omitempty"`
	Effect string   `json:"effect,omitempty"`
}

// Sure says how certain one answer is. An assumed answer may raise the tier
// but cannot lower it; an unknown one counts as left out.
type Sure struct {
	State  string `json:"state"` // known, assumed, unknown
	Source string `json:"source,omitempty"`
}

// Evidence backs the claims that lower a risk (absence of evidence of exfiltration
// does not exclude it).
type Evidence struct {
	LogsComplete   *bool  `json:"logs_complete,omitempty"` // false turns "excluded" into "possible"
	LogsReviewedBy string `json:"logs_reviewed_by,omitempty"`
	Algorithm      string `json:"algorithm,omitempty"`
	KeyLocation    string `json:"key_location,omitempty"`
	DeletionBy     string `json:"deletion_confirmed_by,omitempty"`
}

// Context holds the assessor's corrections to the ENISA score, each with its
// reason. They move the score, and so only whether the score raises the
// proposal; no other rule reads them.
type Context struct {
	Adjust []Adjustment `json:"adjust,omitempty"`
	EI     *float64     `json:"ei,omitempty"` // 0.25, 0.5, 0.75 or 1
	Reason string       `json:"reason,omitempty"`
}

// Adjustment is one whole-step correction of a data category's basic score.
type Adjustment struct {
	Category string `json:"category"` // simple, behavioural, financial, sensitive
	Steps    int    `json:"steps"`    // -3 … 3
	Reason   string `json:"reason"`
}

// Group is a group of people for whom some answers differ. Answers that it
// leaves out are those of the whole breach.
type Group struct {
	Name         string       `json:"name"`
	Breach       []string     `json:"breach,omitempty"`
	Data         []string     `json:"data,omitempty"`
	People       People       `json:"people,omitzero"`
	Exposure     Exposure     `json:"exposure,omitzero"`
	Protection   Protection   `json:"protection,omitzero"`
	Availability Availability `json:"availability,omitzero"`
	Malicious    *bool        `json:"malicious,omitempty"`
}
