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

// may says which roles allow an act; Desk refuses it to all others. "read" is
// checked by the pages.
var may = map[string][]Role{
	"read":     {Handler, Privacy, Approver, Auditor, Admin},
	"feed":     {Handler, Privacy, Approver, Auditor, Admin},
	"calendar": {Feed},
	"take":     {Handler, Privacy, Approver, Auditor},
	"log":      {Reporter, Handler, Privacy},
	"affect":   {Handler, Privacy},
	"describe": {Handler, Privacy},
	"mark":     {Handler, Privacy},
	"inquire":  {Handler, Privacy},
	"assess":   {Handler, Privacy},
	"notify":   {Handler, Privacy},
	"phrase":   {Handler, Privacy},
	"answer":   {Handler, Privacy},
	"receive":  {Handler, Privacy},
	"request":  {Handler, Privacy},
	"contacts": {Handler, Privacy, Admin},
	"phone":    {Handler, Privacy},
	"ring":     {Reporter, Handler, Privacy, Approver, Admin},
	"note":     {Handler, Privacy},
	"evidence": {Handler, Privacy},
	"report":   {Handler, Privacy},
	"decide":   {Handler, Privacy},
	"form":     {Handler, Privacy},
	"revoke":   {Handler, Privacy},
	"hold":     {Privacy},
	"order":    {Privacy},
	"tell":     {Handler, Privacy},
	"regimes":  {Privacy},
	"explain":  {Privacy},
	"approve":  {Privacy, Approver},
	"decline":  {Handler, Privacy, Approver},
	"review":   {Privacy, Approver},
	"close":    {Privacy},
	"reopen":   {Privacy},
	"debrief":  {Handler, Privacy},
	"action":   {Handler, Privacy, Approver, Admin},
	"import":   {Handler, Privacy, Admin},

	"erase":           {Privacy},
	"bundle":          {Handler, Privacy},
	"retain":          {Privacy, Admin},
	"preserve":        {Privacy},
	"hand_over":       {Handler, Privacy},
	"import_register": {Privacy, Admin},
	"register":        {Privacy, Admin},
	"user":            {Admin},
	"token":           {Admin},
	"webhook":         {Admin},
	"setting":         {Admin},
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
		if slices.Contains(may[act], r) {
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
