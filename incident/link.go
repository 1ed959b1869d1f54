package incident

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"strings"
	"time"
)

// Link is the way of one contact person to one record: the address in her
// mail. It is known by the hash of its secret.
type Link struct {
	Hash     string
	Incident string
	Record   string
	Notice   string
	Address  string // to which the mail went; a code goes nowhere else
	Name     string
	Lang     string
	Made     time.Time
}

// LinkLife is how long a link leads anywhere: a year, in which the questions
// about a breach are over.
const LinkLife = 365 * 24 * time.Hour

// Alive reports whether the link has not run out at now.
func (l *Link) Alive(now time.Time) bool { return now.Sub(l.Made) < LinkLife }

// link finds the link of a secret. A secret that is none, one that was revoked
// and one that has run out at now are the same "not found".
func (d *Desk) link(ctx context.Context, hash string, now time.Time) (*Link, error) {
	l, err := d.Store.Link(ctx, hash)
	if err == nil && !l.Alive(now) {
		return nil, notFound("notice.unknown")
	}
	return l, err
}

// LinkCode is the newest code that was mailed for a link. It opens one session
// and is good for ten minutes (ASVS 5.0, 6.5 and 6.6).
type LinkCode struct {
	Link    string
	Hash    string // of the link's secret and the code
	Made    time.Time
	Until   time.Time
	Tries   int       // wrong ones
	Asked   int       // codes since Since, for the throttle
	Since   time.Time // start of the throttle's hour
	Used    time.Time
	Version int
}

// LinkSession lets the visitor of one link see one record for a short while.
type LinkSession struct {
	Hash   string
	Link   string
	Record string
	Made   time.Time
	Until  time.Time
}

// How codes and sessions are bounded.
const (
	CodeLife     = 10 * time.Minute
	SessionLife  = 30 * time.Minute // without saving anything
	SessionLimit = 4 * time.Hour    // in all
	codeTries    = 5
	codePause    = time.Minute // between two codes for one link
	codesAnHour  = 6
)

// CodeMail is what the mail with a code says. It names no controller and no
// case beyond the number that stood in the notice.
type CodeMail struct {
	Organisation Organisation
	Number       string
	Lang         string
	Contact      Contact
	Code         string
	Until        time.Time
	Delivery     string
	At           time.Time
}

// AskCode mails a code to the address at which the link arrived. Whoever asks
// learns nothing from the answer: it is the same when a code was sent a moment
// ago and when too many were.
func (d *Desk) AskCode(ctx context.Context, secret string) error {
	hash := HashSecret(secret)
	_, err := d.act(ctx, Outsider, "code", "", func(c *Change) error {
		l, err := d.link(ctx, hash, c.At)
		if err != nil {
			return err
		}
		k, err := d.Store.LinkCode(ctx, hash)
		if KindOf(err) == NotFound {
			k, err = &LinkCode{Link: hash}, nil
		}
		if err != nil || !k.mayAsk(c.At) {
			return err
		}
		code := codeDigits(d.NewSecret())
		k.Hash, k.Made, k.Until, k.Tries, k.Used = codeHash(secret, code), c.At, c.At.Add(CodeLife), 0, time.Time{}
		c.Codes = []*LinkCode{k}
		c.About, c.Result = l.Incident, l.Record
		c.What = map[string]any{"record": l.Record, "notice": l.Notice, "to": l.Address}
		return d.mailCode(ctx, c, l, code)
	})
	return err
}

// mayAsk counts a request and reports whether it is within the throttle.
func (k *LinkCode) mayAsk(now time.Time) bool {
	if now.Sub(k.Made) < codePause {
		return false
	}
	if now.Sub(k.Since) >= time.Hour {
		k.Since, k.Asked = now, 0
	}
	k.Asked++
	return k.Asked <= codesAnHour
}

// mailCode puts the mail into the outbox, before everything else.
func (d *Desk) mailCode(ctx context.Context, c *Change, l *Link, code string) error {
	inc, err := d.Store.Incident(ctx, l.Incident)
	if err != nil {
		return err
	}
	org, err := d.Store.Organisation(ctx)
	if err != nil {
		return err
	}
	id := d.NewID()
	letter, err := d.CodeMail(CodeMail{Organisation: org, Number: inc.Number, Lang: l.Lang, Contact: Contact{Name: l.Name, Email: l.Address},
		Code: code, Until: c.At.Add(CodeLife), Delivery: id, At: c.At})
	if err != nil {
		return err
	}
	c.Deliveries = []*Delivery{{ID: id, Incident: l.Incident, Route: ByMail, Address: l.Address, Name: l.Name, Fate: Pending,
		Urgency: c.At, Due: c.At, Body: letter.Raw, Made: c.At}}
	return nil
}

// OpenLink takes a code and gives the secret of a session. A wrong code, an
// old one and one that was used are told apart by nothing; five wrong ones end
// the code.
func (d *Desk) OpenLink(ctx context.Context, secret, code string) (session string, err error) {
	hash, typed := HashSecret(secret), codeHash(secret, onlyDigits(code))
	wrong := false
	_, err = d.act(ctx, Outsider, "open", "", func(c *Change) error {
		session, wrong = "", true
		l, err := d.link(ctx, hash, c.At)
		if err != nil {
			return err
		}
		k, err := d.Store.LinkCode(ctx, hash)
		if KindOf(err) == NotFound {
			return nil
		}
		if err != nil || !k.Used.IsZero() || !c.At.Before(k.Until) || k.Tries >= codeTries {
			return err
		}
		c.Codes = []*LinkCode{k}
		c.About, c.Result = l.Incident, l.Record
		c.What = map[string]any{"record": l.Record, "notice": l.Notice, "right": false}
		if subtle.ConstantTimeCompare([]byte(k.Hash), []byte(typed)) != 1 {
			k.Tries++
			return nil
		}
		k.Used, wrong = c.At, false
		session = d.NewSecret()
		c.Sessions = []*LinkSession{{Hash: HashSecret(session), Link: hash, Record: l.Record, Made: c.At, Until: c.At.Add(SessionLife)}}
		c.What = map[string]any{"record": l.Record, "notice": l.Notice, "right": true}
		return nil
	})
	if err == nil && wrong {
		return "", Errors{invalid("code", "code.wrong")}
	}
	return session, err
}

// Live reports whether the session holds at now.
func (s *LinkSession) Live(now time.Time) bool { return now.Before(s.Until) }

// prolong keeps a session in which somebody works, within its limit.
func (s *LinkSession) prolong(now time.Time) {
	until := now.Add(SessionLife)
	if last := s.Made.Add(SessionLimit); until.After(last) {
		until = last
	}
	if until.After(s.Until) {
		s.Until = until
	}
}

// Leave ends a session.
func (d *Desk) Leave(ctx context.Context, s *LinkSession) error {
	_, err := d.act(ctx, Outsider, "leave", "", func(c *Change) error {
		r, err := d.Store.Record(ctx, s.Record)
		if err != nil || !c.At.Before(s.Until) {
			return err
		}
		ended := *s
		ended.Until = c.At
		c.Sessions = []*LinkSession{&ended}
		c.About, c.Result = r.Incident, r.ID
		c.What = map[string]any{"record": r.ID}
		return nil
	})
	return err
}

// RevokeLinks ends every link to a record, and with them the sessions that
// they opened. A new notice makes a new link.
func (d *Desk) RevokeLinks(ctx context.Context, by Actor, record string) error {
	_, err := d.act(ctx, by, "revoke", "", func(c *Change) error {
		r, err := d.Store.Record(ctx, record)
		if err != nil {
			return err
		}
		c.EndedLinks, err = d.Store.LinksOf(ctx, record)
		if err != nil || len(c.EndedLinks) == 0 {
			return err
		}
		d.entry(c, r.Incident, r.ID, "record.links_revoked", "name", r.Name, "n", itoa(len(c.EndedLinks)))
		c.About, c.Result = r.Incident, r.ID
		c.What = map[string]any{"record": r.ID, "links": len(c.EndedLinks)}
		return nil
	})
	return err
}

// codeHash binds a code to its link. Without the link's secret, which is kept
// nowhere, a code cannot be found from it.
func codeHash(secret, code string) string { return HashSecret(secret + ":" + code) }

// codeDigits makes eight digits of a random secret.
func codeDigits(secret string) string {
	sum := sha256.Sum256([]byte("code " + secret))
	return fmt.Sprintf("%08d", binary.BigEndian.Uint64(sum[:8])%100_000_000)
}

// onlyDigits takes out what people put between the digits of a code.
func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}
