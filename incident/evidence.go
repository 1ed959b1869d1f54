package incident

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"
)

// EvidenceMax is the largest file that a case takes, in bytes.
const EvidenceMax = 16 << 20

// Evidence is a file that belongs to a case. Its content is kept as it came;
// who added it, took it out and handed it over stands in the timeline.
type Evidence struct {
	ID       string
	Incident string
	Record   string // the controller that it is about; "" is the whole case
	SHA256   string // of the content, hex
	Size     int    // bytes
	Name     string // made safe: see FileName
	About    string // what it shows and where it came from
	Happened time.Time
	Typed    string // Happened as typed, with its zone
	By       string
	At       time.Time
}

// NewEvidence is a file that a person adds to a case.
type NewEvidence struct {
	Incident string
	Record   string
	Name     string
	About    string
	Happened time.Time
	Typed    string
	Data     []byte
	Key      string
}

// AddEvidence takes a file into a case, also a closed one.
func (d *Desk) AddEvidence(ctx context.Context, by Actor, in NewEvidence) (*Evidence, error) {
	in.About = strings.TrimSpace(in.About)
	c, err := d.act(ctx, by, "evidence", in.Key, func(c *Change) error {
		if err := checkEvidence(in, c.At); err != nil {
			return err
		}
		if _, err := d.Store.Incident(ctx, in.Incident); err != nil {
			return err
		}
		if err := d.checkRecord(ctx, in.Incident, in.Record); err != nil {
			return err
		}
		f := NewContent(in.Data, c.At)
		x := &Evidence{ID: d.NewID(), Incident: in.Incident, Record: in.Record, SHA256: f.SHA256, Size: len(in.Data), Name: FileName(in.Name),
			About: in.About, Happened: in.Happened.UTC(), Typed: in.Typed, By: c.By.Name, At: c.At}
		c.Files, c.Evidence = append(c.Files, f), append(c.Evidence, x)
		e := d.entry(c, in.Incident, in.Record, "evidence.added", "file", x.Name, "size", strconv.Itoa(x.Size), "sha256", x.SHA256)
		e.Kind, e.Text, e.Evidence, e.Happened, e.Typed = FileEntry, x.About, x.ID, x.Happened, x.Typed
		c.About, c.Result = in.Incident, x.ID
		c.What = map[string]any{"evidence": x.ID, "name": x.Name, "sha256": x.SHA256, "size": x.Size, "about": x.About}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return d.Store.Evidence(ctx, in.Incident, c.Result)
}

func checkEvidence(in NewEvidence, now time.Time) error {
	var errs Errors
	switch {
	case len(in.Data) == 0:
		errs = append(errs, invalid("file", "evidence.empty"))
	case len(in.Data) > EvidenceMax:
		errs = append(errs, &Error{Kind: Invalid, Field: "file", Key: "evidence.large", Args: map[string]any{"max": EvidenceMax >> 20}})
	}
	if len(in.About) > textMax {
		errs = append(errs, &Error{Kind: Invalid, Field: "about", Key: "notice.text_long", Args: map[string]any{"max": textMax}})
	}
	if in.Happened.After(now.Add(grace)) {
		errs = append(errs, invalid("at", "time.future"))
	}
	return errs.orNil()
}

// errDamaged says that content is not what was stored.
var errDamaged = errors.New("the file's content does not have the hash under which it was stored")

// TakeEvidence gives out a copy of a file and writes down who took it. Content
// that is no longer what was stored is refused.
func (d *Desk) TakeEvidence(ctx context.Context, by Actor, incident, id string) (*Evidence, []byte, error) {
	var x *Evidence
	var data []byte
	_, err := d.act(ctx, by, "take", "", func(c *Change) error {
		var err error
		if x, err = d.Store.Evidence(ctx, incident, id); err != nil {
			return err
		}
		f, err := d.Store.Content(ctx, x.SHA256)
		if err != nil {
			return err
		}
		if !f.Intact() {
			return errDamaged
		}
		data = f.Bytes
		d.custody(c, x, "evidence.taken", "file", x.Name)
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	return x, data, nil
}

// HandOver is evidence that left the house.
type HandOver struct {
	Incident, Evidence string
	To                 string // person and organisation
	Why                string // on what grounds, and how
	Key                string
}

// HandOverEvidence writes down to whom a file was given, and on what grounds.
func (d *Desk) HandOverEvidence(ctx context.Context, by Actor, in HandOver) error {
	in.To, in.Why = strings.TrimSpace(in.To), strings.TrimSpace(in.Why)
	var errs Errors
	if in.To == "" {
		errs = append(errs, invalid("to", "evidence.to_empty"))
	}
	if in.Why == "" {
		errs = append(errs, invalid("why", "reason.empty"))
	}
	for _, x := range []struct{ field, text string }{{"to", in.To}, {"why", in.Why}} {
		if len(x.text) > whyMax {
			errs = append(errs, &Error{Kind: Invalid, Field: x.field, Key: "notice.text_long", Args: map[string]any{"max": whyMax}})
		}
	}
	if len(errs) > 0 {
		return errs
	}
	_, err := d.act(ctx, by, "evidence", in.Key, func(c *Change) error {
		x, err := d.Store.Evidence(ctx, in.Incident, in.Evidence)
		if err != nil {
			return err
		}
		d.custody(c, x, "evidence.handed", "file", x.Name, "to", in.To).Text = in.Why
		c.What = map[string]any{"evidence": x.ID, "sha256": x.SHA256, "handed_to": in.To, "why": in.Why}
		return nil
	})
	return err
}

// custody writes down what was done with a file.
func (d *Desk) custody(c *Change, x *Evidence, key string, pairs ...string) *Entry {
	e := d.entry(c, x.Incident, x.Record, key, pairs...)
	e.Kind, e.Evidence = CustodyEntry, x.ID
	c.About, c.Result = x.Incident, x.ID
	c.What = map[string]any{"evidence": x.ID, "sha256": x.SHA256, "taken": true}
	return e
}
