package incident

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Bounds of what a controller may write into a form.
const (
	answerMax  = 20000 // bytes of one answer
	answersMax = 400   // fields of one act
)

// guest reports whether the actor may touch the record: staff by their role, a
// controller's person only the record that her link opened.
func (a Actor) guest(record string) error {
	if a.Via == Outsider.Via && a.Record != record {
		return notFound("record.unknown")
	}
	return nil
}

// AnswerForm keeps what was answered to an authority's form. Answers that say
// nothing new change nothing. It works in a closed case, too: the controller's
// duty does not end with ours. A session given with it is prolonged.
func (d *Desk) AnswerForm(ctx context.Context, by Actor, record string, answers []FormAnswer, session *LinkSession) error {
	if err := by.guest(record); err != nil {
		return err
	}
	if errs := checkAnswers(answers); len(errs) > 0 {
		return errs
	}
	_, err := d.act(ctx, by, "form", "", func(c *Change) error {
		r, err := d.Store.Record(ctx, record)
		if err != nil {
			return err
		}
		had, err := d.Store.FormAnswers(ctx, record)
		if err != nil {
			return err
		}
		var keys []string
		for _, a := range answers {
			old := had[a.Key]
			if a.Value = strings.TrimSpace(a.Value); a.Value == old.Value && a.Done == old.Done {
				continue
			}
			c.Answers = append(c.Answers, FormAnswer{Record: record, Key: a.Key, Value: a.Value, Done: a.Done, By: by.Name, At: c.At})
			keys = append(keys, a.Key)
		}
		if len(keys) == 0 {
			return nil
		}
		if session != nil {
			longer := *session
			longer.prolong(c.At)
			c.Sessions = []*LinkSession{&longer}
		}
		c.About, c.Result = r.Incident, r.ID
		c.What = map[string]any{"record": r.ID, "answers": c.Answers}
		return nil
	})
	return err
}

func checkAnswers(answers []FormAnswer) Errors {
	var errs Errors
	if len(answers) > answersMax {
		errs = append(errs, invalid("", "answer.many"))
	}
	for _, a := range answers {
		if len(a.Value) > answerMax || !utf8.ValidString(a.Value) {
			errs = append(errs, &Error{Kind: Invalid, Field: a.Key, Key: "notice.text_long", Args: map[string]any{"max": answerMax}})
		}
		for _, f := range Scan(a.Value) {
			if f.Certain {
				errs = append(errs, &Error{Kind: Invalid, Field: a.Key, Key: "answer.personal"})
				break
			}
		}
	}
	return errs
}

// Handover is what was given to a controller: frozen, with its hash and with
// who took it and when.
type Handover struct {
	ID       string
	Incident string
	Record   string
	N        int
	Kind     string // as of a Filing
	Form     string // id of the authority's form
	Lang     string
	Facts    []byte // JSON, value by field; the next is compared with it
	SHA256   string // of Bytes, hex
	Bytes    []byte
	By       string
	Via      string
	At       time.Time
}

// HandOver freezes a pack and returns its receipt. The same content asked for
// again gives the receipt of before.
func (d *Desk) HandOver(ctx context.Context, by Actor, h *Handover) (*Handover, error) {
	if err := by.guest(h.Record); err != nil {
		return nil, err
	}
	if !slices.Contains(FilingKinds, h.Kind) {
		return nil, Errors{invalid("kind", "filing.kind_empty")}
	}
	var made *Handover
	_, err := d.act(ctx, by, "hand_over", "", func(c *Change) error {
		r, err := d.Store.Record(ctx, h.Record)
		if err != nil {
			return err
		}
		before, err := d.Store.Handovers(ctx, h.Record)
		if err != nil {
			return err
		}
		if n := len(before); n > 0 && before[n-1].same(h) {
			made = before[n-1]
			return nil
		}
		sum := sha256.Sum256(h.Bytes)
		x := *h
		x.ID, x.Incident, x.N, x.SHA256 = d.NewID(), r.Incident, len(before)+1, hex.EncodeToString(sum[:])
		x.By, x.Via, x.At = by.Name, by.Via, c.At
		made, c.Handovers = &x, []*Handover{&x}
		d.entry(c, r.Incident, r.ID, "record.handed_over", "name", r.Name, "kind", x.Kind, "n", itoa(x.N), "sha256", x.SHA256)
		c.About, c.Result = r.Incident, x.ID
		c.What = map[string]any{"record": r.ID, "n": x.N, "kind": x.Kind, "lang": x.Lang, "sha256": x.SHA256}
		return nil
	})
	return made, err
}

// same reports whether a pack would say what h said already.
func (h *Handover) same(other *Handover) bool {
	return h.Kind == other.Kind && h.Lang == other.Lang && h.Form == other.Form && string(h.Facts) == string(other.Facts)
}

// ReportTheirs records that a controller has filed a report herself: her word
// comes back to the case (rule 27). By is the person behind the link. A first
// report past the limit needs the reasons for the delay, which the authority
// demands (Art. 33(1), rule 45). The files that come with it are frozen as
// those of staff are (rule 44).
func (d *Desk) ReportTheirs(ctx context.Context, by Actor, record string, f Filing) error {
	if err := by.guest(record); err != nil {
		return err
	}
	errs := f.check(d.now())
	if strings.TrimSpace(by.Name) == "" {
		errs = append(errs, invalid("name", "name.empty"))
	}
	if len(errs) > 0 {
		return errs
	}
	_, err := d.act(ctx, by, "report_theirs", "", func(c *Change) error {
		r, err := d.Store.Record(ctx, record)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(r.Filings, func(g Filing) bool { return g.Kind == f.Kind && g.At.Equal(f.At) && g.By == by.Name }) {
			return nil
		}
		before := r.tally()
		if err := d.filed(ctx, c, r, r.theirs(), f); err != nil {
			return err
		}
		c.About, c.Result = r.Incident, r.ID
		d.keep(c, r, before)
		return nil
	})
	return err
}

// theirs returns the controller's clock towards the authority that a first
// filing answers, or nil.
func (r *Record) theirs() *Deadline {
	if k, ok := r.At(Reported); ok && !k.At.IsZero() {
		return nil
	}
	return r.Deadline("gdpr.33.1")
}
