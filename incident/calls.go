package incident

import "time"

// CallLine is a controller on the call sheet.
type CallLine struct {
	Record     string
	Controller string
	Name       string
	Lang       string
	Stage      Stage
	Since      time.Time // when it came onto the sheet
	Due        time.Time // the nearest limit that runs; zero: none
	Notices    int
	Code       string // of the newest notice, by which we are known to be genuine
	Said       string // what that notice says in the staff's words
	Contacts   []Contact
}
