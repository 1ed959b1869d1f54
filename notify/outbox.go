// Package notify carries messages out of the building: mail by SMTP and alarms
// by Slack. What is to be sent, and what becomes of it, is decided by the
// incident.Desk behind Outbox; this package only tries, and tells exactly what
// the other side answered.
package notify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hatakello/incident"
)

// Outbox hands out the messages that are due and records how they fared. Both
// calls return only when what they did is durable.
type Outbox interface {
	// Claim leases up to n messages for one of the routes, most urgent first.
	// Until the lease ends nobody else gets them.
	Claim(ctx context.Context, routes []incident.Route, n int, lease time.Duration) ([]*incident.Delivery, error)
	// Ended makes the ends of attempts durable, many at once, and does no more.
	Ended(ctx context.Context, outs []incident.Outcome) error
	// Conclude does what follows from up to n noted ends, and returns how many
	// there were.
	Conclude(ctx context.Context, n int) (int, error)
	// Settle is both for messages that were given back untried.
	Settle(ctx context.Context, outs []incident.Outcome) error
}

// Channel is one way out. Send makes one attempt and keeps to ctx's deadline.
// A nil error means that the other side has taken the message. An error that
// wraps ErrRefused means never again, a *Closed that the message has not been
// tried at all, any other that the attempt failed and a later one may succeed.
// The receipt says what was answered in every case.
type Channel interface {
	Send(ctx context.Context, d *incident.Delivery) (incident.Receipt, error)
}

// ErrRefused says that the other side will never take this message.
var ErrRefused = errors.New("refused for good")

// Why says for what reason a way out is closed.
type Why string

// The reasons. Busy heals by itself; the other three need a person who changes
// a setting, and Unreachable perhaps.
const (
	Busy        Why = "busy"        // it asks for patience: 421, Retry-After
	Unreachable Why = "unreachable" // no connection
	Unsafe      Why = "unsafe"      // encryption is demanded and cannot be had
	Unwelcome   Why = "unwelcome"   // our name, password or token is refused
)

// Closed says that the way out is shut for every message, this one included:
// nothing was sent, and the attempt does not count as one. After is when to
// come back; 0 leaves that to the sender.
type Closed struct {
	Why   Why
	After time.Duration
	Err   error
}

// Error names the reason and what was answered.
func (c *Closed) Error() string { return fmt.Sprintf("closed (%s): %v", c.Why, c.Err) }

// Unwrap gives what was answered.
func (c *Closed) Unwrap() error { return c.Err }

// outcome translates a channel's answer for the Desk.
func outcome(d *incident.Delivery, rc incident.Receipt, err error) incident.Outcome {
	rc.Delivery, rc.Try, rc.OK = d.ID, d.Tries+1, err == nil
	out := incident.Outcome{Delivery: d, Receipt: rc, Refused: errors.Is(err, ErrRefused)}
	var shut *Closed
	if errors.As(err, &shut) {
		out.Untried, out.After, out.Refused = true, shut.After, false
	}
	var later *Later
	if errors.As(err, &later) {
		out.After = later.After
	}
	return out
}
