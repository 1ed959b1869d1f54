package notify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/emersion/go-smtp"

	"hatakello/incident"
)

// Mail is the way out by SMTP, through the first of some relays that is there.
// A delivery's body is sent as it is, byte for byte, to its one address; its
// ID is the envelope id.
type Mail struct {
	relays []*outlet   // in the order of preference
	sweep  *time.Timer // closes sessions that nobody uses
	// Tell is told when one of several relays closes or opens; nil tells
	// nobody. It must be set before use and must not block.
	Tell func(Trouble)
}

// outlet is one relay and the connections to it.
type outlet struct {
	Relay
	pool *pool
}

// NewMail makes the channel. Nothing is dialled before the first message.
func NewMail(now func() time.Time, relays ...Relay) *Mail {
	m := &Mail{}
	for _, r := range relays {
		r = r.withDefaults()
		o := &outlet{r, newPool(r.Sessions, now, r.open)}
		if len(relays) > 1 {
			o.pool.gate.tell = func(shut *Closed) { m.told(o, shut, now()) }
		}
		m.relays = append(m.relays, o)
	}
	m.sweep = time.AfterFunc(stale, func() { m.rest(false) })
	return m
}

// told passes on that one relay has closed, or with nil that it is open again.
func (m *Mail) told(o *outlet, shut *Closed, at time.Time) {
	t := Trouble{Route: incident.ByMail, Relay: net.JoinHostPort(o.Host, o.Port), At: at}
	if shut != nil {
		t.Why, t.Err = shut.Why, shut.Err
	}
	if m.Tell != nil {
		m.Tell(t)
	}
}

// Lane is the lane in which a courier should drive the channel.
func (m *Mail) Lane() Lane {
	l := Lane{Route: incident.ByMail, Channel: m}
	for _, o := range m.relays {
		l.Sessions = max(l.Sessions, o.Sessions)
		l.Limit = max(l.Limit, o.limit())
	}
	for _, o := range m.relays[1:] {
		l.Limit += o.Connect + o.Command // that one more may be asked in vain
	}
	return l
}

// Close says goodbye to the relays. Send must not be called any more.
func (m *Mail) Close() {
	m.sweep.Stop()
	m.rest(true)
}

// rest closes sessions that nobody uses; all of them when every is set.
func (m *Mail) rest(every bool) {
	for _, o := range m.relays {
		o.pool.rest(every)
	}
}

// Send makes one attempt. When the answer to the final dot is lost the mail
// may have been taken all the same; the next attempt carries the same
// Message-ID, so that the receiver can see the repeat.
func (m *Mail) Send(ctx context.Context, d *incident.Delivery) (incident.Receipt, error) {
	sum := sha256.Sum256(d.Body)
	rc := incident.Receipt{SHA256: hex.EncodeToString(sum[:])}
	to, err := Mailbox(d.Address)
	if err == nil && len(d.Body) == 0 {
		err = errors.New("there is no mail to send")
	}
	if err != nil {
		rc.Reply = clean(err.Error())
		return rc, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	defer m.sweep.Reset(stale + time.Second)
	a, err := m.first(ctx, d, to, &rc)
	if err == nil {
		rc.Code, rc.Reply, rc.Queue = 250, a.line, a.queue
		return rc, nil
	}
	var reply *smtp.SMTPError
	if rc.Reply = clean(err.Error()); errors.As(err, &reply) {
		rc.Code, rc.Reply = reply.Code, replyLine(reply)
	}
	return rc, err
}

// first goes by the first relay that is open. Another is asked only while
// nothing was given to the one before: a mail whose end is unknown waits for
// its next attempt, lest it arrive twice. The relays take turns over the
// attempts, since one may refuse for now what another takes.
func (m *Mail) first(ctx context.Context, d *incident.Delivery, to string, rc *incident.Receipt) (a answer, err error) {
	var soonest *Closed
	for i := range m.relays {
		o := m.relays[(i+d.Tries)%len(m.relays)]
		last := i == len(m.relays)-1
		a, err = o.try(ctx, letter{d.ID, o.from(d.ID), to, d.Body}, rc, last && soonest == nil)
		var shut *Closed
		if err = judge(err); !errors.As(err, &shut) {
			return a, err
		}
		if soonest == nil || shut.After < soonest.After {
			soonest = shut
		}
	}
	return answer{}, soonest
}

// try sends l by a kept session, and if that one turns out to have died before
// it took anything, by a new one. Only a patient one waits while somebody else
// finds out whether the relay is back.
func (o *outlet) try(ctx context.Context, l letter, rc *incident.Receipt, patient bool) (answer, error) {
	for fresh := false; ; fresh = true {
		s, err := o.pool.take(ctx, fresh, patient)
		if err != nil {
			return answer{}, err
		}
		rc.Server, rc.TLS = s.server, s.tls
		reused := s.sent > 0
		a, err := s.send(ctx, l)
		o.pool.put(s)
		if fresh || !reused || !died(err) || ctx.Err() != nil {
			return a, err
		}
	}
}

// died reports whether a session was dead before it was given anything.
func died(err error) bool {
	var f *fault
	if !errors.As(err, &f) || f.at != stepMail {
		return false
	}
	var reply *smtp.SMTPError
	return !errors.As(err, &reply) || reply.Code == 421
}

// RelayState is whether one relay was open when it was last asked.
type RelayState struct {
	Server string
	Why    Why // "": open, or not asked yet
	Until  time.Time
}

// States tells of every relay, in the order of preference.
func (m *Mail) States() []RelayState {
	all := make([]RelayState, len(m.relays))
	for i, o := range m.relays {
		all[i].Server = net.JoinHostPort(o.Host, o.Port)
		all[i].Why, all[i].Until = o.pool.gate.state()
	}
	return all
}
