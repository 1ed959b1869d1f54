package incident

import "time"

// Card is the one live message of a case in the chat. It is changed in place.
type Card struct {
	Incident string
	Channel  string
	Stamp    string // by which the chat knows it; "" until it has been posted
	Delivery string // id of the message on its way; "" is none
	Sum      string // hash of what it says
	At       time.Time
}
