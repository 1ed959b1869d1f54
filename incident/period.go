package incident

// Period is a length of time that a duty grants.
type Period struct{ Hours, Days, Months int }
