package incident

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Verdict is what a report says became of a mail that a server had taken. ""
// stands in the receipts of attempts, which are no reports.
type Verdict string

// The verdicts: the actions of RFC 3464, and the answer of a machine.
const (
	Undelivered Verdict = "failed"
	Delayed     Verdict = "delayed"
	Arrived     Verdict = "delivered"
	Relayed     Verdict = "relayed"  // on to a system that reports no more
	Expanded    Verdict = "expanded" // to the members of a list
	AutoReply   Verdict = "auto_reply"
)

// Report is a bounce, a delivery report or an automatic answer, as it was read.
// Its texts come from strangers: they are bounded and cleaned.
type Report struct {
	Delivery string // id
	Verdict  Verdict
	Address  string // the receiver as the report names it
	Status   string // RFC 3463, such as 5.1.1; or ""
	Reply    string // the other server's words
	Server   string // who reports
	Doubtful bool   // no machine-readable part: read from the words
	Print    string // SHA-256 of what it says, hex: the same said twice is one report
	SHA256   string // of its bytes, hex
	Raw      []byte // its bytes, which are kept with the receipt
	At       time.Time
}

// ErrEarly is returned for a report on a mail whose sending has not been
// recorded yet. It must be brought again in a few minutes.
var ErrEarly = errors.New("the sending has not been recorded yet")

// reported says what each verdict does, beside leaving a receipt.
var reported = map[Verdict]struct {
	good bool
	do   func(s *settling, ctx context.Context, dl *Delivery, rep Report) error
}{
	Undelivered: {false, (*settling).cameBack},
	Arrived:     {true, (*settling).arrived},
	Delayed:     {false, (*settling).noted},
	Relayed:     {true, (*settling).noted},
	Expanded:    {true, (*settling).noted},
	AutoReply:   {true, (*settling).noted},
}

// Bounce records what a report says of a mail. One that failed opens the duty
// again, unless the notice has been acknowledged: the next contact is tried,
// or the controller comes onto the call sheet, and staff are alarmed. One that
// was delivered gets its third time. All else is noted. The same report again
// changes nothing. A report on a mail that nobody sent is a NotFound error,
// one that comes too soon ErrEarly.
func (d *Desk) Bounce(ctx context.Context, rep Report) error {
	if _, known := reported[rep.Verdict]; !known {
		return fmt.Errorf("bounce: no such verdict: %q", rep.Verdict)
	}
	_, err := d.act(ctx, Program, "bounce", rep.Delivery+" "+string(rep.Verdict)+" "+rep.Print, func(c *Change) error {
		return d.bounce(ctx, c, rep)
	})
	return err
}

func (d *Desk) bounce(ctx context.Context, c *Change, rep Report) error {
	dl, err := d.Store.Delivery(ctx, rep.Delivery)
	if err != nil {
		return err
	}
	if rep.Verdict != AutoReply && (dl.Fate == Pending || dl.Fate == Leased) {
		return ErrEarly
	}
	s := &settling{Desk: d, c: c, before: map[string]Tally{}}
	if err := s.load(ctx, dl.Incident, []Outcome{{Delivery: dl}}); err != nil {
		return err
	}
	c.Receipts = append(c.Receipts, Receipt{Delivery: dl.ID, Try: len(dl.Receipts) + 1, OK: reported[rep.Verdict].good, Report: rep.Verdict,
		Reply: rep.words(), Server: rep.Server, SHA256: rep.SHA256, Began: rep.At, Ended: c.At})
	if len(rep.Raw) > 0 {
		c.Files = append(c.Files, NewContent(rep.Raw, c.At))
	}
	if err := reported[rep.Verdict].do(s, ctx, dl, rep); err != nil {
		return err
	}
	if r := s.records[dl.Record]; r != nil && len(c.Settled) > 0 {
		d.keep(c, r, s.before[r.ID])
	}
	c.About, c.Result = dl.Incident, dl.ID
	c.What = map[string]any{"report": rep.Verdict, "delivery": dl.ID, "status": rep.Status, "doubtful": rep.Doubtful,
		"sha256": rep.SHA256, "changed": len(c.Settled) > 0}
	return nil
}

// words are the receipt's line.
func (rep Report) words() string {
	switch {
	case rep.Status == "":
		return rep.Reply
	case rep.Reply == "":
		return rep.Status
	}
	return rep.Status + " " + rep.Reply
}

// say adds the report's line to the timeline.
func (s *settling) say(dl *Delivery, key string, rep Report) {
	if dl.Incident == "" {
		return
	}
	name := ""
	if r := s.records[dl.Record]; r != nil {
		name = r.Name
	}
	s.entry(s.c, dl.Incident, dl.Record, key, "name", name, "address", dl.Address, "reply", rep.words())
}

// noted leaves a line and changes nothing.
func (s *settling) noted(_ context.Context, dl *Delivery, rep Report) error {
	s.say(dl, "notice."+string(rep.Verdict), rep)
	return nil
}

// arrived confirms what a server's word had promised.
func (s *settling) arrived(_ context.Context, dl *Delivery, rep Report) error {
	s.say(dl, "notice.delivered", rep)
	if dl.Fate == Taken {
		was := *dl
		was.Fate = Delivered
		s.c.Settled = append(s.c.Settled, &was)
	}
	return nil
}

// cameBack opens the duty again. What is known already, or has been
// acknowledged in the meantime, is noted only.
func (s *settling) cameBack(ctx context.Context, dl *Delivery, rep Report) error {
	if !dl.Reached() {
		s.say(dl, "notice.bounced_again", rep)
		return nil
	}
	if dl.Notice != "" {
		n, err := s.Store.Notice(ctx, dl.Notice)
		if err != nil {
			return err
		}
		if !n.AckedAt.IsZero() {
			s.say(dl, "notice.bounced_acked", rep)
			return nil
		}
	}
	was := *dl
	was.Fate, was.Settled = Bounced, s.c.At
	s.c.Settled = append(s.c.Settled, &was)
	if s.told(&was) == nil {
		if was.Record != "" && was.Route == ByMail {
			s.strayed(&was)
			return nil
		}
		s.say(dl, "alarm.bounced", rep)
		return nil
	}
	s.lost(&was, true)
	last := s.bounced[len(s.bounced)-1]
	if last.sure = Known; rep.Doubtful {
		last.sure = Assumed
		s.say(dl, "notice.bounced_doubtful", rep)
	}
	return s.nextContacts(ctx, was.Incident)
}
