package incident

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Telling is one communication of a breach to people whose data it concerns
// (Art. 34): who was told, how, when and in what words, who was not and why.
type Telling struct {
	ID       string
	Incident string
	Record   string
	At       time.Time
	Channel  string // one of TellingChannels
	Safe     string // "yes", "no" or "unknown": whether the breach left the channel alone
	Despite  string // why the channel was used all the same, if it may be a part of the breach
	People   string // who was told, as a group; nobody by name
	Told     Amount
	Untold   Amount // how many were not
	Why      string // why they were not
	Text     string // as it was sent
	Finished bool   // nobody more will be told
	By       string
	Made     time.Time
	Key      string `json:"-"` // of the form that it came from
}

// TellingChannels are the ways in which people are told.
var TellingChannels = []string{"mail", "letter", "sms", "phone", "portal", "person", "public"}

// tellingSafe are the answers about a channel.
var tellingSafe = []string{"yes", "no", "unknown"}

// Gap stands in a draft where somebody has to say what is not known yet.
const Gap = "[…]"

// TellPeople records that people have been told of a breach of their data. A
// channel that may itself be a part of the breach, and people who are left out,
// need a reason (rule 54). While an authority forbids the telling it is refused
// (rule 55). The duty of Art. 34(1) ends when nobody more will be told.
func (d *Desk) TellPeople(ctx context.Context, by Actor, record string, in Telling) error {
	if errs := in.check(d.now()); len(errs) > 0 {
		return errs
	}
	return d.actOn(ctx, by, "tell", in.Key, record, func(c *Change, r *Record) error {
		if r.Part == AsEntity {
			return refused("telling.nobody")
		}
		if h := r.Held(in.At); h != nil {
			return Errors{&Error{Kind: Invalid, Field: "at", Key: "telling.held", Args: map[string]any{"authority": h.Authority}}}
		}
		x := in
		x.ID, x.Incident, x.Record, x.At, x.By, x.Made = d.NewID(), r.Incident, r.ID, in.At.UTC(), by.Name, c.At
		c.Tellings = []*Telling{&x}
		if k, ok := r.At(SubjectsTold); x.Finished && (!ok || k.At.IsZero()) {
			r.Marks = append(r.Marks, Mark{Moment: SubjectsTold, At: x.At, Sure: Known, Why: x.People, By: by.Name, Made: c.At})
		}
		d.entry(c, r.Incident, r.ID, "record.people_told", "name", r.Name, "people", x.People, "channel", x.Channel, "at", stamp(x.At)).Text = x.Why
		c.What = map[string]any{"record": r.ID, "telling": x}
		return nil
	})
}

// check tidies what was said of a telling and lists what it lacks.
func (x *Telling) check(now time.Time) Errors {
	for _, s := range []*string{&x.Despite, &x.People, &x.Why, &x.Text} {
		*s = strings.TrimSpace(*s)
	}
	errs := happened("at", x.At, now)
	for _, f := range []struct {
		field, key string
		wrong      bool
	}{
		{"channel", "telling.channel_empty", !slices.Contains(TellingChannels, x.Channel)},
		{"safe", "telling.safe_empty", !slices.Contains(tellingSafe, x.Safe)},
		{"despite", "telling.despite_empty", x.Safe != "yes" && slices.Contains(tellingSafe, x.Safe) && x.Despite == ""},
		{"people", "telling.people_empty", x.People == ""},
		{"why", "telling.why_empty", x.Untold.Low > 0 && x.Why == ""},
		{"text", "telling.text_empty", x.Text == ""},
		{"text", "telling.gap", strings.Contains(x.Text, Gap)},
	} {
		if f.wrong {
			errs = append(errs, invalid(f.field, f.key))
		}
	}
	for _, f := range []struct{ field, text string }{{"despite", x.Despite}, {"people", x.People}, {"why", x.Why}, {"text", x.Text}} {
		switch {
		case len(f.text) > answerMax || !utf8.ValidString(f.text):
			errs = append(errs, &Error{Kind: Invalid, Field: f.field, Key: "notice.text_long", Args: map[string]any{"max": answerMax}})
		case personal(f.text):
			errs = append(errs, invalid(f.field, "answer.personal"))
		}
	}
	return errs
}

// Order records that the authority has ordered that people be told (Art.
// 34(4)): what it ordered is dec.Reason, by when dec.Until, if it said so. From
// then on they must be told whatever we had assessed.
func (d *Desk) Order(ctx context.Context, by Actor, record string, dec Decision) error {
	dec.Reason, dec.Authority = strings.TrimSpace(dec.Reason), strings.TrimSpace(dec.Authority)
	var errs Errors
	if dec.Authority == "" {
		errs = append(errs, invalid("authority", "order.authority_empty"))
	}
	if dec.Reason == "" {
		errs = append(errs, invalid("reason", "order.reason_empty"))
	}
	errs = append(errs, happened("from", dec.From, d.now())...)
	if !dec.Until.IsZero() && !dec.Until.After(dec.From) {
		errs = append(errs, invalid("until", "order.until_early"))
	}
	if len(errs) > 0 {
		return errs
	}
	return d.actOn(ctx, by, "order", "", record, func(c *Change, r *Record) error {
		dec := dec
		dec.Kind, dec.By, dec.ByID, dec.At = "order", by.Name, by.ID, c.At
		r.Decisions = append(r.Decisions, dec)
		r.Marks = append(r.Marks, Mark{Moment: TellingOrdered, At: dec.Until.UTC(), Sure: Known, Why: dec.Authority, By: by.Name, Made: c.At})
		d.entry(c, r.Incident, r.ID, "record.order", "name", r.Name, "authority", dec.Authority, "until", stamp(dec.Until)).Text = dec.Reason
		c.What = map[string]any{"record": r.ID, "decision": dec}
		return nil
	})
}

// ordered reports whether the authority has ordered that people be told.
func (r *Record) ordered() bool {
	return slices.ContainsFunc(r.Decisions, func(d Decision) bool { return d.Kind == "order" })
}
