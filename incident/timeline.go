package incident

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"
)

// NewEntry is what a person writes into the timeline.
type NewEntry struct {
	Incident string
	Record   string // the controller that it is about; "" is the whole case
	Text     string
	Happened time.Time // zero: not said
	Typed    string    // Happened as typed, with its zone
	Corrects string    // id of an entry that was wrong; "" is none
	Why      string    // what was wrong with it
	Key      string    // idempotency key
}

// whyMax is the longest reason for a correction, in bytes.
const whyMax = 2000

// Note adds a person's line to the timeline.
func (d *Desk) Note(ctx context.Context, by Actor, incident, text string) error {
	_, err := d.Enter(ctx, by, NewEntry{Incident: incident, Text: text})
	return err
}

// Enter adds a person's entry to the timeline, also of a closed case, and
// returns its id. With Corrects it takes the place of an older one, which
// stays and is shown with the reason.
func (d *Desk) Enter(ctx context.Context, by Actor, in NewEntry) (string, error) {
	in.Text, in.Why = strings.TrimSpace(in.Text), strings.TrimSpace(in.Why)
	var id string
	c, err := d.act(ctx, by, "note", in.Key, func(c *Change) error {
		if err := d.checkEntry(ctx, c, &in); err != nil {
			return err
		}
		e := d.entry(c, in.Incident, in.Record, "")
		e.Kind, e.Text, e.Happened, e.Typed = NoteEntry, in.Text, in.Happened.UTC(), in.Typed
		if in.Corrects != "" {
			if err := d.correct(ctx, e, in); err != nil {
				return err
			}
		}
		c.About, c.Result, id = in.Incident, e.ID, e.ID
		c.What = e.sealed()
		return nil
	})
	if err != nil {
		return "", err
	}
	if id == "" {
		id = c.Result // a repeat
	}
	return id, nil
}

// sealed is what the chain keeps of an entry.
func (e *Entry) sealed() map[string]any {
	what := map[string]any{"text": e.Text}
	for k, v := range map[string]string{"record": e.Record, "typed": e.Typed, "corrects": e.Corrects, "why": e.Why, "evidence": e.Evidence, "ref": e.Ref} {
		if v != "" {
			what[k] = v
		}
	}
	if !e.Happened.IsZero() {
		what["happened"] = e.Happened
	}
	return what
}

func (d *Desk) checkEntry(ctx context.Context, c *Change, in *NewEntry) error {
	var errs Errors
	switch {
	case in.Text == "":
		errs = append(errs, invalid("text", "note.empty"))
	case len(in.Text) > textMax:
		errs = append(errs, &Error{Kind: Invalid, Field: "text", Key: "notice.text_long", Args: map[string]any{"max": textMax}})
	}
	if in.Happened.After(c.At.Add(grace)) {
		errs = append(errs, invalid("at", "time.future"))
	}
	if in.Corrects != "" && in.Why == "" {
		errs = append(errs, invalid("why", "reason.correction"))
	}
	if len(in.Why) > whyMax {
		errs = append(errs, &Error{Kind: Invalid, Field: "why", Key: "notice.text_long", Args: map[string]any{"max": whyMax}})
	}
	if len(errs) > 0 {
		return errs
	}
	if _, err := d.Store.Incident(ctx, in.Incident); err != nil {
		return err
	}
	return d.checkRecord(ctx, in.Incident, in.Record)
}

// checkRecord holds that a record, if one is named, belongs to the case.
func (d *Desk) checkRecord(ctx context.Context, incident, record string) error {
	if record == "" {
		return nil
	}
	r, err := d.Store.Record(ctx, record)
	if err == nil && r.Incident != incident {
		err = notFound("record.unknown")
	}
	return err
}

// correct makes e stand in the place of the entry that it corrects.
func (d *Desk) correct(ctx context.Context, e *Entry, in NewEntry) error {
	old, err := d.Store.Entry(ctx, in.Incident, in.Corrects)
	if err != nil {
		return err
	}
	if !old.Correctable() {
		return refused("entry.not_correctable")
	}
	if old.Text == in.Text && old.Happened.Equal(in.Happened) && (in.Record == "" || in.Record == old.Record) {
		return Errors{invalid("text", "entry.same")}
	}
	if e.Record == "" {
		e.Record = old.Record
	}
	e.Kind, e.Corrects, e.Why, e.Evidence, e.Ref, e.Key, e.Args = old.Kind, old.ID, in.Why, old.Evidence, old.Ref, old.Key, old.Args
	return nil
}

// Pin is a message of a chat that a person wants in the timeline. Names of
// people and groups in it are resolved already.
type Pin struct {
	Incident string
	Text     string
	Author   string    // who wrote it
	Channel  string    // where, as people call it
	At       time.Time // when it was written
	Ref      string    // of the message: the same is pinned once
}

// Pin takes a message into the timeline as it reads now, and returns the id of
// its entry. The same message again changes nothing; if its words have changed
// since, the new ones stand beside the old.
func (d *Desk) Pin(ctx context.Context, by Actor, in Pin) (string, error) {
	in.Text = strings.TrimSpace(in.Text)
	if in.Text == "" || in.Ref == "" {
		return "", Errors{invalid("text", "note.empty")}
	}
	for len(in.Text) > textMax {
		_, last := utf8.DecodeLastRuneInString(in.Text[:textMax])
		in.Text = in.Text[:textMax-last]
	}
	var id string
	_, err := d.act(ctx, by, "note", "", func(c *Change) error {
		if _, err := d.Store.Incident(ctx, in.Incident); err != nil {
			return err
		}
		old, err := d.Store.EntryByRef(ctx, in.Incident, in.Ref)
		if err != nil {
			return err
		}
		if old != nil && old.Text == in.Text {
			id = old.ID
			return nil
		}
		e := d.entry(c, in.Incident, "", "case.pinned", "author", in.Author, "channel", in.Channel)
		e.Kind, e.Text, e.Happened, e.Ref = PinEntry, in.Text, in.At.UTC(), in.Ref
		if old != nil {
			e.Key, e.Corrects = "case.pin_edited", old.ID
		}
		c.About, c.Result, id = in.Incident, e.ID, e.ID
		c.What = e.sealed()
		return nil
	})
	return id, err
}
