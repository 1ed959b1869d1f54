package incident

import "time"

// Entry is a line of the timeline. It is never edited; a correction is a new
// entry. What the program writes has a Key and Args; what people write, a Text.
type Entry struct {
	ID       string
	Incident string
	Record   string // "" for the whole case
	At       time.Time
	By       string
	Key      string
	Args     map[string]string
	Text     string
}
