package incident

import "slices"

// Role is a set of acts that a person or a program may do.
type Role string

// The roles. One person may hold several.
const (
	Reporter Role = "reporter" // logs breaches and sees what they logged
	Handler  Role = "handler"  // works cases
	Privacy  Role = "privacy"  // every act on content
	Approver Role = "approver" // second pair of eyes
	Auditor  Role = "auditor"  // reads everything, changes nothing
	Admin    Role = "admin"    // people, tokens, settings
	Feed     Role = "feed"     // reads the calendar of deadlines and nothing else; for tokens only
)

// Roles lists every role, in the order in which they are shown.
var Roles = []Role{Reporter, Handler, Privacy, Approver, Auditor, Admin}

// may says which acts a role allows; Desk refuses all others. "read" is
// checked by the pages.
var may = map[Role][]string{
	Reporter: {"log", "ring"},
	Handler:  {"read", "feed", "log", "affect", "describe", "assess", "notify", "decide", "report", "note", "phone", "import", "mark", "ring", "inquire", "phrase", "decline", "form", "revoke", "answer", "evidence", "take"},
	Privacy: {"read", "feed", "log", "affect", "describe", "assess", "notify", "decide", "report", "note", "phone", "close", "reopen",
		"import", "register", "mark", "approve", "review", "phrase", "decline", "ring", "inquire", "regimes", "explain", "hold", "form", "revoke", "answer", "evidence", "take"},
	Approver: {"read", "feed", "take", "approve", "decline", "review", "ring"},
	Auditor:  {"read", "feed", "take"},
	Admin:    {"read", "feed", "ring", "user", "token", "webhook", "setting", "register", "import"},
	Feed:     {"calendar"},
}

// Actor is whoever does an act: a member of staff, a program with a token, a
// controller's contact person behind a link, or the program itself.
type Actor struct {
	ID    string // of the user or token; "" for the others
	Name  string // as it was at the time of the act
	Roles []Role
	Via   string // "web", "api", "cli", "link" or "program"
	// Record is the only one that somebody behind a link may touch.
	Record string
	// Request is the idempotency key of the request that brings the act, or
	// ""; Print is a hash of what it asked for, which a repeat must match.
	Request, Print string
}

// Program is the actor of everything that happens by itself.
var Program = Actor{Name: "hatakello", Via: "program"}

// Outsider is a controller's contact person, known by a link only.
var Outsider = Actor{Via: "link"}

// May reports whether the actor's roles allow the act.
func (a Actor) May(act string) bool {
	for _, r := range a.Roles {
		if slices.Contains(may[r], act) {
			return true
		}
	}
	return false
}

// MaySee reports whether the actor may read the case: by role, or because it
// logged the case itself.
func (a Actor) MaySee(i *Incident) bool {
	return a.May("read") || (a.May("log") && a.ID != "" && a.ID == i.Logger)
}

// KnownRole reports whether r is one of Roles.
func KnownRole(r Role) bool { return slices.Contains(Roles, r) }
