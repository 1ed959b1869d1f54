package incident

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
)

// Received is a notice that somebody who processes data for us has sent: its
// bytes as they came, what was read in them, and the case that it led to.
type Received struct {
	ID       string
	Incident string // "" until somebody has confirmed it
	Reading  Reading
	SHA256   string // of Bytes, hex
	Bytes    []byte // loaded only where they are handed out
	Size     int
	By       string
	At       time.Time // when it was brought here
	Came     time.Time // when it reached us, as confirmed: our awareness
	Version  int
}

// ReceivedMax is the largest notice that is taken in, in bytes.
const ReceivedMax = 5 << 20

// ReceivedStore keeps notices of others.
type ReceivedStore interface {
	// Received loads one without its bytes; ReceivedBytes those alone.
	Received(ctx context.Context, id string) (*Received, error)
	ReceivedBytes(ctx context.Context, id string) ([]byte, error)
	// ReceivedBy finds one by the hash of its bytes.
	ReceivedBy(ctx context.Context, sha256 string) (*Received, error)
	// ReceivedOf lists those of a case, oldest first; "" is those that nobody
	// has confirmed, newest first. At most n.
	ReceivedOf(ctx context.Context, incident string, n int) ([]*Received, error)
}

// Confirm is what a person says of a notice that was read.
type Confirm struct {
	Incident   string // an open case that it belongs to; "" opens one
	Title      string
	Sender     string // the processor or sub-processor
	Country    string
	TheirAware time.Time // when it became aware, as it says; zero: unknown
	Came       time.Time // when it reached us: from here our clocks run
	CameText   string    // as typed
	Nature     string    // what happened, as it is known
	Services   []string  // services and own registers that it touches
	Unclear    bool      // a short investigation first
	Key        string
}

// Receive takes a notice in and reads it. Nothing runs yet: a person must
// confirm what was read. A file whose signature does not fit is refused, for
// somebody may have changed it. The same bytes again are the same notice.
// Public is the sender's key or published key set, or "".
func (d *Desk) Receive(ctx context.Context, by Actor, file []byte, public string) (*Received, error) {
	reading, err := ReadNotice(file, public)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(file)
	hash := hex.EncodeToString(sum[:])
	var made *Received
	_, err = d.act(ctx, by, "receive", "", func(c *Change) error {
		had, err := d.Store.ReceivedBy(ctx, hash)
		if err == nil {
			made = had
			return nil
		}
		if KindOf(err) != NotFound {
			return err
		}
		made = &Received{ID: d.NewID(), Reading: *reading, SHA256: hash, Bytes: file, Size: len(file), By: c.By.Name, At: c.At}
		c.Received, c.Result = []*Received{made}, made.ID
		c.What = map[string]any{"received": made.ID, "sha256": hash, "kind": reading.Kind, "key": reading.Key, "proof": reading.Proof}
		return nil
	})
	return made, err
}

// ConfirmReceived opens a case from a notice, or adds it to one: we are aware
// from the moment at which it reached us, the sender becomes the source of the
// chain, and the customers of the services have their clocks (Art. 33(2)), our
// own registers theirs (Art. 33(1)).
func (d *Desk) ConfirmReceived(ctx context.Context, by Actor, id string, in Confirm) (string, error) {
	in.Sender, in.Country, in.Nature = strings.TrimSpace(in.Sender), strings.TrimSpace(in.Country), strings.TrimSpace(in.Nature)
	source := Source{Name: in.Sender, Country: in.Country, TheirAware: in.TheirAware.UTC(), TheyTold: in.Came.UTC()}
	if in.TheirAware.IsZero() {
		source.TheirAware = time.Time{}
	}
	if errs := in.check(source, d.now()); len(errs) > 0 {
		return "", errs
	}
	c, err := d.act(ctx, by, "receive", in.Key, func(c *Change) error {
		x, err := d.Store.Received(ctx, id)
		if err != nil {
			return err
		}
		if x.Incident != "" {
			return refused("received.confirmed")
		}
		if in.Incident == "" {
			err = d.openFrom(ctx, c, in, source)
		} else {
			err = d.addTo(ctx, c, in, source)
		}
		if err != nil {
			return err
		}
		x.Incident, x.Came = c.About, in.Came.UTC()
		c.Received, c.Result = []*Received{x}, c.About
		d.entry(c, c.About, "", "received.confirmed", "sender", in.Sender, "sha256", x.SHA256)
		c.What = map[string]any{"received": x.ID, "sha256": x.SHA256, "came": x.Came, "source": source, "services": in.Services, "title": in.Title}
		return nil
	})
	if err != nil {
		return "", err
	}
	return c.Result, nil
}

func (in Confirm) check(s Source, now time.Time) Errors {
	var errs Errors
	if in.Sender == "" {
		errs = append(errs, invalid("sender", "name.empty"))
	}
	errs = append(errs, happened("came", in.Came, now)...)
	if s.TheirAware.After(now.Add(grace)) {
		errs = append(errs, invalid("their_aware", "time.future"))
	} else if s.Name != "" && !in.Came.IsZero() && s.TheyTold.Before(s.TheirAware) {
		errs = append(errs, invalid("their_aware", "source.order"))
	}
	return append(errs, noNumbers([]string{"nature"}, in.Nature)...)
}

// openFrom logs the case that a notice tells of.
func (d *Desk) openFrom(ctx context.Context, c *Change, in Confirm, source Source) error {
	log := Log{Title: in.Title, Aware: in.Came, Text: in.CameText, Services: in.Services, Unclear: in.Unclear}
	if in.Nature != "" {
		log.Facts.Nature = Fact{Text: in.Nature, Sure: Assumed} // the sender's word
	}
	if err := d.log(ctx, c, log); err != nil {
		return err
	}
	c.NewIncident.Source = source
	return nil
}

// addTo adds a notice to an open case. What is known already stays; a later
// notice of the same source does not make us aware later.
func (d *Desk) addTo(ctx context.Context, c *Change, in Confirm, source Source) error {
	inc, err := d.openIncident(ctx, in.Incident)
	if err != nil {
		return err
	}
	c.About = inc.ID
	if inc.Source.Known() {
		return nil
	}
	inc.Source = source
	c.Incident = inc
	if in.Nature != "" && inc.Facts.Nature.Blank() {
		inc.Facts.Nature = Fact{Text: in.Nature, Sure: Assumed}
	}
	known, ok := inc.At(ProcessorAware)
	if !ok || known.At.IsZero() || !in.Came.UTC().Before(known.At) {
		return nil
	}
	// We knew from the notice, before we had noticed it.
	inc.Marks = append(inc.Marks, Mark{Moment: ProcessorAware, At: in.Came.UTC(), Sure: Known, Text: in.CameText, Why: "received", By: c.By.Name, Made: c.At})
	return d.moveClocks(ctx, c, inc)
}
