package incident

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
)

// A Flag is something in the words of a notice that must not leave the
// building: a personal number, or the name or Business ID of a customer that
// the words are not for.
type Flag struct {
	Field   string // of the form: "text_fi", "nature", "data" …, "services" or "subject"
	Record  string // in whose own facts it stands; "" is what several are told
	Of      string // name of that controller
	Kind    FindingKind
	Shown   string // the name or Business ID; of a personal number only the mask
	Certain bool   // otherwise a person may say that it is not what it looks like
	Key     string // by which Notify.Cleared says so
}

// flagsMax bounds how many flags are told at once.
const flagsMax = 100

// flagKey is the same for the same words wherever they stand.
func flagKey(kind FindingKind, words string) string {
	sum := sha256.Sum256([]byte(string(kind) + "\x00" + words))
	return hex.EncodeToString(sum[:])[:16]
}

// Error is what a person is told of the flag.
func (f Flag) Error() *Error {
	key := "guard." + string(f.Kind)
	if !f.Certain {
		key += ".doubt"
	}
	return &Error{Kind: Invalid, Field: f.Field, Key: key, Args: map[string]any{"shown": f.Shown, "of": f.Of, "flag": f.Key, "place": Word("guard.place." + f.Field)}}
}

// inspector looks through the words of one act.
type inspector struct {
	names   *nameIndex
	own     string // our name, which may stand anywhere
	cleared []string
	stop    []Flag
	passed  []Flag // those that a person has cleared
	scanned map[string][]Finding
}

// inspector reads the names of the register.
func (d *Desk) inspector(ctx context.Context, org Organisation, cleared []string) (*inspector, error) {
	all, err := d.Store.Names(ctx)
	if err != nil {
		return nil, err
	}
	return &inspector{names: newNameIndex(all), own: org.Name, cleared: cleared, scanned: map[string][]Finding{}}, nil
}

// look checks one text. Sole is the id of the controller that alone will read
// it, whose own name is no secret to it; "" if there are several.
func (x *inspector) look(field, text, sole string, r *Record) {
	if text == "" {
		return
	}
	at := Flag{Field: field}
	if r != nil {
		at.Record, at.Of = r.ID, r.Name
	}
	found, ok := x.scanned[text]
	if !ok {
		found = Scan(text)
		x.scanned[text] = found
	}
	for _, f := range found {
		at.Kind, at.Shown, at.Certain, at.Key = f.Kind, f.Masked, f.Certain, flagKey(f.Kind, text[f.Start:f.End])
		x.put(at)
	}
	for _, f := range x.names.find(text) {
		if sole != "" && slices.Contains(f.IDs, sole) || slices.Equal(nameWords(f.Shown), nameWords(x.own)) {
			continue
		}
		at.Kind, at.Shown, at.Certain, at.Key = f.Kind, f.Shown, f.Sure, f.Key
		x.put(at)
	}
}

func (x *inspector) put(f Flag) {
	list := &x.stop
	if !f.Certain && slices.Contains(x.cleared, f.Key) {
		list = &x.passed
	}
	if len(*list) < flagsMax && !slices.Contains(*list, f) {
		*list = append(*list, f)
	}
}

// errors are the flags that stop the act, as a person is told of them.
func (x *inspector) errors() error {
	if len(x.stop) == 0 {
		return nil
	}
	errs := make(Errors, len(x.stop))
	for i, f := range x.stop {
		errs[i] = f.Error()
	}
	return errs
}

// words looks through everything that people wrote and that the notices of the
// act will say.
func (x *inspector) words(b *briefing, records []*Record) {
	said, shared, services := map[string]*audience{}, map[string]*audience{}, &audience{}
	for _, r := range records {
		heard(said, r.Lang).add(r.Controller)
		services.add(r.Controller)
		for _, f := range factFields {
			own, ours := f.of(&r.Facts), f.of(&b.incident.Facts)
			switch {
			case !own.Blank():
				x.look(f.name, own.Text, r.Controller, r)
			case !ours.Blank():
				heard(shared, f.name).add(r.Controller)
			}
		}
	}
	for _, lang := range sortedKeys(said) {
		x.look("text_"+lang, b.in.text(lang), said[lang].sole(), nil)
	}
	for _, f := range factFields {
		if a := shared[f.name]; a != nil {
			x.look(f.name, f.of(&b.incident.Facts).Text, a.sole(), nil)
		}
	}
	for _, id := range b.incident.Services {
		x.look("services", b.services[id], services.sole(), nil)
	}
}

// audience counts who reads a text.
type audience struct {
	first string
	n     int
}

func heard(by map[string]*audience, key string) *audience {
	if by[key] == nil {
		by[key] = &audience{}
	}
	return by[key]
}

func (a *audience) add(controller string) {
	a.first = controller
	a.n++
}

// sole is the only reader, or "".
func (a *audience) sole() string {
	if a.n == 1 {
		return a.first
	}
	return ""
}

// Inspect lists what stands in the way of sending the notice, and what a person
// has said is not what it looks like. A stale sentence is an error. It changes
// nothing.
func (d *Desk) Inspect(ctx context.Context, by Actor, incident string, in Notify) (stop, passed []Flag, err error) {
	if !by.May("read") {
		return nil, nil, &Error{Kind: Forbidden, Key: "act.forbidden"}
	}
	inc, err := d.Store.Incident(ctx, incident)
	if err != nil {
		return nil, nil, err
	}
	records, err := d.receivers(ctx, incident, in.Records)
	if err != nil {
		return nil, nil, err
	}
	b, err := d.briefing(ctx, inc, records, in)
	if err != nil {
		return nil, nil, err
	}
	if err := d.usePhrases(ctx, b, records); err != nil {
		return nil, nil, err
	}
	x, err := d.inspector(ctx, b.org, in.Cleared)
	if err != nil {
		return nil, nil, err
	}
	x.words(b, records)
	return x.stop, x.passed, nil
}
