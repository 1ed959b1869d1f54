package incident

import "time"

// FormAnswer is what a controller has said to one question of an authority's
// form, for one record. It is hers: the newest counts, and what was handed
// over before stays as it was.
type FormAnswer struct {
	Record string
	Key    string // of the field
	Value  string // codes of options separated by spaces, RFC 3339 in UTC for a time, or text
	Done   bool   // ticked as copied into the authority's form
	By     string
	At     time.Time
}
