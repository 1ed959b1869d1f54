package notify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/emersion/go-smtp"

	"hatakello/incident"
)

// Mail is the way out by SMTP, through one relay. A delivery's body is sent as
// it is, byte for byte, to its one address; its ID is the envelope id.
type Mail struct {
	relay Relay
	pool  *pool
	sweep *time.Timer // closes sessions that nobody uses
}

// NewMail makes the channel. Nothing is dialled before the first message.
func NewMail(r Relay, now func() time.Time) *Mail {
	r = r.withDefaults()
	m := &Mail{relay: r, pool: newPool(r.Sessions, now, r.open)}
	m.sweep = time.AfterFunc(stale, func() { m.pool.rest(false) })
	return m
}

// Lane is the lane in which a courier should drive the channel.
func (m *Mail) Lane() Lane {
	return Lane{Route: incident.ByMail, Channel: m, Sessions: m.relay.Sessions, Limit: m.relay.limit()}
}

// Close says goodbye to the relay. Send must not be called any more.
func (m *Mail) Close() {
	m.sweep.Stop()
	m.pool.rest(true)
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
	a, err := m.try(ctx, letter{d.ID, m.relay.Sender, to, d.Body}, &rc)
	if err == nil {
		rc.Code, rc.Reply, rc.Queue = 250, a.line, a.queue
		return rc, nil
	}
	var reply *smtp.SMTPError
	if rc.Reply = clean(err.Error()); errors.As(err, &reply) {
		rc.Code, rc.Reply = reply.Code, replyLine(reply)
	}
	return rc, judge(err)
}

// try sends l by a kept session, and if that one turns out to have died before
// it took anything, by a new one.
func (m *Mail) try(ctx context.Context, l letter, rc *incident.Receipt) (answer, error) {
	for fresh := false; ; fresh = true {
		s, err := m.pool.take(ctx, fresh)
		if err != nil {
			return answer{}, err
		}
		rc.Server, rc.TLS = s.server, s.tls
		reused := s.sent > 0
		a, err := s.send(ctx, l)
		m.pool.put(s)
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
