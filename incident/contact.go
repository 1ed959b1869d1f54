package incident

import (
	"context"
	"slices"
	"strings"
	"time"
)

// ContactLink is an address that was mailed to one contact: to confirm the
// customer's contacts, to answer for a new one, or to object to a correction.
// It is known by the hash of its secret, shows and changes one customer's
// contacts only, and runs out.
type ContactLink struct {
	Hash       string
	Kind       ContactLinkKind
	Controller string
	Address    string // to which it went, lower case
	Name       string
	Lang       string
	Change     string // id of the correction that it is about, or ""
	Made       time.Time
	Until      time.Time
	Used       time.Time // when its button was pressed first; zero: not yet
	Delivery   string    // id of the mail
	Fate       Fate      // of the mail; only read
}

// ContactLinkKind says what a link is for.
type ContactLinkKind string

// The kinds of links to contacts.
const (
	ToConfirm ContactLinkKind = "confirm" // the contacts as a whole
	ToAnswer  ContactLinkKind = "answer"  // that a new address is read
	ToObject  ContactLinkKind = "object"  // to a correction
)

// ContactChange is a correction that was made behind a link.
type ContactChange struct {
	ID         string
	Controller string
	At         time.Time
	By         string // address of whoever made it
	Was, Now   []Contact
	Outcome    ContactOutcome
	Ended      time.Time // zero: it stands
	EndedBy    string
}

// ContactOutcome says how a correction ended.
type ContactOutcome string

// How a correction may end; "" stands and may be objected to.
const (
	ChangeAccepted ContactOutcome = "accepted" // staff have made sure of it
	ChangeUndone   ContactOutcome = "undone"   // somebody has objected
)

// How the contacts of customers are asked.
const (
	contactDays     = 182                 // between two questions, unless said otherwise
	contactPatience = 14 * 24 * time.Hour // until who has not answered counts as silent
	contactBeside   = 14 * 24 * time.Hour // for which an address is used after its removal
	contactAskLife  = 60 * 24 * time.Hour // of a link to confirm
	contactLife     = 30 * 24 * time.Hour // of the links about a correction
	contactPause    = 24 * time.Hour      // between two questions to one customer
	contactsAnHour  = 120                 // mails that ask, at most
	contactChanges  = 5                   // corrections of one customer in a day, at most
	contactsMost    = 8                   // contacts that a correction may name
)

// ContactStore keeps what is known of the contacts' being alive.
type ContactStore interface {
	// ContactLink finds a link by the hash of its secret.
	ContactLink(ctx context.Context, hash string) (*ContactLink, error)
	// ContactLinks lists what those controllers' contacts were sent, oldest first.
	ContactLinks(ctx context.Context, controllers []string) ([]*ContactLink, error)
	// ContactChange loads one correction; ContactChanges those of a controller
	// since then, newest first.
	ContactChange(ctx context.Context, id string) (*ContactChange, error)
	ContactChanges(ctx context.Context, controller string, since time.Time) ([]*ContactChange, error)
	// ContactsDue returns up to n controllers that have an address and were not
	// asked since then, the longest ago first. Those in an open case are left out.
	ContactsDue(ctx context.Context, since time.Time, n int) ([]string, error)
	// ContactsDueCount counts them all.
	ContactsDueCount(ctx context.Context, since time.Time) (int, error)
	// ContactsAsked counts the mails that have asked since then.
	ContactsAsked(ctx context.Context, since time.Time) (int, error)
	// ContactsOver returns controllers with contacts whose time is over and that
	// can do without them: nobody awaits, and another address stays.
	ContactsOver(ctx context.Context, now time.Time) ([]string, error)
	// ContactTroubles lists controllers that want a second address, or whose
	// contacts have been silent since before, by name.
	ContactTroubles(ctx context.Context, before time.Time, cut Cut) ([]*Controller, string, error)
	// InOpenCase reports whether a controller is affected by an open case.
	InOpenCase(ctx context.Context, controller string) (bool, error)
	// NoticesWait reports whether a notice waits in the outbox.
	NoticesWait(ctx context.Context) (bool, error)
}

// Liveness says what is known of a contact's mailbox.
type Liveness string

// What may be known of a mailbox.
const (
	Unasked  Liveness = "unasked"  // never asked
	Asked    Liveness = "asked"    // a short while ago
	Alive    Liveness = "alive"    // answered the newest question
	Silent   Liveness = "silent"   // has not answered for a fortnight
	Returned Liveness = "returned" // the mail came back
	Awaited  Liveness = "awaits"   // named by a link, has not answered
	Leaves   Liveness = "leaves"   // taken away by a link, still used
)

// Amber reports whether somebody should look into it.
func (l Liveness) Amber() bool { return l == Silent || l == Returned || l == Awaited }

// ContactLive is a contact and what is known of its mailbox, and since when.
type ContactLive struct {
	Contact
	State Liveness
	Since time.Time
}

// Reach is how well a customer can be reached.
type Reach struct {
	Controller *Controller
	Contacts   []ContactLive // those with an address
	Asked      time.Time     // when the contacts were asked last
	Confirmed  time.Time     // when one of them confirmed last
	By         string        // which address did
	Wanting    bool          // there are not two addresses that notices may go to
}

// Amber reports whether somebody should look into the customer's contacts.
func (s *Reach) Amber() bool {
	return s.Wanting || slices.ContainsFunc(s.Contacts, func(c ContactLive) bool { return c.State.Amber() })
}

// Quiet reports whether a contact has been silent, or its mail came back.
func (s *Reach) Quiet() bool {
	return slices.ContainsFunc(s.Contacts, func(c ContactLive) bool { return c.State == Silent || c.State == Returned })
}

// Changing reports whether a correction is on its way.
func (s *Reach) Changing() bool {
	return slices.ContainsFunc(s.Contacts, func(c ContactLive) bool { return c.Awaits || c.Leaving() })
}

// Reaches says of each controller how well it can be reached, in the order
// given.
func Reaches(ks []*Controller, links []*ContactLink, now time.Time) []*Reach {
	by := map[string][]*ContactLink{}
	for _, l := range links {
		by[l.Controller] = append(by[l.Controller], l)
	}
	all := make([]*Reach, len(ks))
	for i, k := range ks {
		all[i] = k.reach(by[k.ID], now)
	}
	return all
}

// reach reads the links of one controller, oldest first.
func (k *Controller) reach(links []*ContactLink, now time.Time) *Reach {
	s := &Reach{Controller: k}
	for _, l := range links {
		if l.Kind != ToConfirm {
			continue
		}
		if s.Asked = l.Made; l.Used.After(s.Confirmed) {
			s.Confirmed, s.By = l.Used, l.Address
		}
	}
	reached := 0
	for _, c := range k.Contacts {
		if c.Email == "" {
			continue
		}
		if c.Usable() && !c.Leaving() {
			reached++
		}
		s.Contacts = append(s.Contacts, c.live(links, now))
	}
	s.Wanting = reached < 2
	return s
}

// live says what the links that went to a contact's address tell of it.
func (c Contact) live(links []*ContactLink, now time.Time) ContactLive {
	x := ContactLive{Contact: c, State: Unasked}
	var waits, newest *ContactLink // first without an answer since, and the newest
	for _, l := range links {
		switch {
		case l.Address != strings.ToLower(c.Email) || l.Kind == ToObject:
		case !l.Used.IsZero():
			x.State, x.Since, waits, newest = Alive, l.Used, nil, nil
		default:
			if newest = l; waits == nil {
				waits = l
			}
		}
	}
	if waits != nil {
		x.State, x.Since = Asked, waits.Made
		if newest.Fate == Bounced || newest.Fate == Dead {
			x.State = Returned
		} else if now.Sub(waits.Made) >= contactPatience {
			x.State = Silent
		}
	}
	switch {
	case c.Awaits && x.State != Returned:
		x.State = Awaited
	case c.Leaving():
		x.State, x.Since = Leaves, c.Ends
	}
	return x
}

// SilentBefore is the time before which a question without an answer means
// silence, at now.
func SilentBefore(now time.Time) time.Time { return now.Add(-contactPatience) }

// ContactsSince is since when a customer must have been asked, at now, not to
// be due.
func (o Organisation) ContactsSince(now time.Time) time.Time { return now.Add(-o.contactsEvery()) }

// contactsEvery is how long after a question the next is due.
func (o Organisation) contactsEvery() time.Duration {
	days := o.ContactDays
	if days <= 0 {
		days = contactDays
	}
	return time.Duration(days) * 24 * time.Hour
}
