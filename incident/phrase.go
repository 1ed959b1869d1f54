package incident

import "time"

// Phrase is one version of an approved sentence in the three languages. The
// newest approved version is in force.
type Phrase struct {
	Key        string
	Version    int
	Title      string            // what it is for, for those who choose
	Texts      map[string]string // by language
	Stale      []string          // languages whose words have not followed the others'
	Retired    bool              // no longer to be used
	By         string
	ByID       string
	At         time.Time
	ApprovedBy string // "" until approved
	ApprovedAt time.Time
}

// PhraseUse says which version of a sentence stands in a notice.
type PhraseUse struct {
	Key     string `json:"key"`
	Version int    `json:"version"`
}
