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

	Kind     EntryKind
	Happened time.Time // when the thing itself happened, as a person says; zero: not said
	Typed    string    // Happened as it was typed, with its zone
	Corrects string    // id of the entry in whose place this one stands
	Why      string    // why it had to be corrected
	Evidence string    // id of the file that it is about
	Ref      string    // of a message in a chat, by which a repeat is known

	CorrectedBy string // id of the entry that stands in its place; for reading only
}

// EntryKind says where a line of the timeline came from.
type EntryKind string

// The kinds. All but Act were begun by a person.
const (
	ByAct        EntryKind = ""         // written by the program, about an act
	NoteEntry    EntryKind = "note"     // a person's own words
	PinEntry     EntryKind = "pin"      // a message pinned from a chat
	FileEntry    EntryKind = "evidence" // a file was added
	CustodyEntry EntryKind = "custody"  // a file was taken or handed over
)

// EntryKinds lists what people bring, in the order in which it is shown.
var EntryKinds = []EntryKind{NoteEntry, PinEntry, FileEntry, CustodyEntry}

// Correctable reports whether a newer entry may take e's place. What the
// program wrote is put right by another act, and custody is what happened.
func (e *Entry) Correctable() bool {
	return e.CorrectedBy == "" && (e.Kind == NoteEntry || e.Kind == PinEntry || e.Kind == FileEntry)
}

// EntryFilter narrows a timeline. The zero filter is all of it.
type EntryFilter struct {
	Record string
	Kind   string // an EntryKind, "people" for all of them, "acts" for ByAct, or ""
	By     string // name, exactly
	// From and Until bound when it happened, or was written if that was not
	// said; Until is exclusive. Zero is no bound.
	From, Until time.Time
	Search      string // words in what people wrote
}
