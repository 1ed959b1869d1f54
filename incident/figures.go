package incident

import "time"

// Figures are what one year's cases come to. Which year a case belongs to is
// said by its Number: the year of logging in the organisation's zone.
type Figures struct {
	Year     int
	Cases    int
	Open     int
	NoBreach int             // of the cases; they count in nothing else
	Chain    int             // came from a sub-processor
	Records  int             // affected controllers, in all cases
	ToNotify []time.Duration // from awareness to acceptance or a call, by controller
	ToAck    []time.Duration // from there to the controller's answer
	Kept     []Kept
	Answers  []string // of each case about the risk, as JSON of package risk; "" for none
}

// Kept counts the clocks of one duty of ours.
type Kept struct {
	Duty    string
	Hours   int // of a contract; 0 for others
	N       int
	InTime  int
	Late    int // ended late, or run past their limit
	Running int // and not past it
}
