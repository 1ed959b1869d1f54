package incident

import (
	"context"
	"slices"
	"strings"
	"time"
)

// Debrief is the post-incident review of a case: what was learnt, in one text
// for three readers, and what will be done about it. It seeks contributing
// factors and not blame.
type Debrief struct {
	Incident string
	Opened   time.Time // zero: nobody has begun one
	OpenedBy string
	Done     time.Time // zero: not finished, or changed since
	DoneBy   string
	Passages []*Passage // those that stand, in the order of Questions
	Actions  []*Action  // by their day
	Version  int
}

// Passage answers a question of the debrief for its readers. It is never
// edited: a correction ends it and is a new one.
type Passage struct {
	ID       string
	Incident string
	Question string // one of Questions
	Reader   Audience
	Text     string
	By       string
	Made     time.Time
	Ended    time.Time // zero while it stands
}

// Audience is for whom a passage or an action is meant.
type Audience string

// The audiences, from the narrowest to the widest. Each sees what is meant for
// it and what is meant for wider ones.
const (
	ForStaff       Audience = "internal"
	ForControllers Audience = "controller"
	ForPublic      Audience = "public"
)

// Audiences lists them, the narrowest first.
var Audiences = []Audience{ForStaff, ForControllers, ForPublic}

// Sees reports whether a reader may see what is meant for another audience.
// An audience that is not known sees nothing and is shown to nobody but staff.
func (a Audience) Sees(meant Audience) bool {
	mine, its := slices.Index(Audiences, a), slices.Index(Audiences, meant)
	return mine >= 0 && (mine <= its || a == ForStaff)
}

// Questions are what a debrief asks, in order: what happened in a few words,
// what surprised us, what went well, what made it hard, which factors
// contributed, and what changes.
var Questions = []string{"happened", "surprised", "well", "hard", "factors", "changes"}

// For returns what a reader may see: a copy without everything that is meant
// for a narrower audience.
func (b *Debrief) For(a Audience) *Debrief {
	some := *b
	some.Passages, some.Actions = nil, nil
	for _, p := range b.Passages {
		if a.Sees(p.Reader) {
			some.Passages = append(some.Passages, p)
		}
	}
	for _, x := range b.Actions {
		if a.Sees(x.Reader) {
			some.Actions = append(some.Actions, x)
		}
	}
	if a != ForStaff {
		some.OpenedBy, some.DoneBy = "", ""
	}
	return &some
}

// Text returns the passage that answers a question for an audience, or "".
func (b *Debrief) Text(question string, a Audience) string {
	if p := b.passage(question, a); p != nil {
		return p.Text
	}
	return ""
}

func (b *Debrief) passage(question string, a Audience) *Passage {
	for _, p := range b.Passages {
		if p.Question == question && p.Reader == a {
			return p
		}
	}
	return nil
}

// passageMax bounds one passage, in bytes.
const passageMax = 20000

// SaveDebrief writes what was learnt; an empty text takes its passage away. It
// may be done while the case is open and after. What others than staff read
// may hold no personal number and no customer's name. Version is the one that
// the person saw. A debrief that was finished is unfinished again.
func (d *Desk) SaveDebrief(ctx context.Context, by Actor, incident string, texts []Passage, version int) error {
	for i := range texts {
		texts[i].Text = strings.TrimSpace(strings.ReplaceAll(texts[i].Text, "\r\n", "\n"))
	}
	if errs := checkPassages(texts); len(errs) > 0 {
		return errs
	}
	_, err := d.act(ctx, by, "debrief", "", func(c *Change) error {
		b, err := d.debrief(ctx, incident, version)
		if err != nil {
			return err
		}
		if err := d.fitForReaders(ctx, texts); err != nil {
			return err
		}
		var said []map[string]string
		for _, t := range texts {
			if b.replace(c, t, d.NewID) {
				said = append(said, map[string]string{"question": t.Question, "reader": string(t.Reader), "text": t.Text})
			}
		}
		if len(said) == 0 && !b.Opened.IsZero() {
			return nil
		}
		d.keepDebrief(c, b)
		c.What = map[string]any{"debrief": said}
		return nil
	})
	return err
}

// debrief loads the debrief of a case, or an empty one.
func (d *Desk) debrief(ctx context.Context, incident string, version int) (*Debrief, error) {
	if _, err := d.Store.Incident(ctx, incident); err != nil {
		return nil, err
	}
	b, err := d.Store.Debrief(ctx, incident)
	if err != nil {
		return nil, err
	}
	if b.Version != version {
		return nil, &Error{Kind: Conflict, Key: "form.stale"}
	}
	return b, nil
}

// keepDebrief puts b into the change, as begun and as unfinished.
func (d *Desk) keepDebrief(c *Change, b *Debrief) {
	if b.Opened.IsZero() {
		b.Opened, b.OpenedBy = c.At, c.By.Name
		d.entry(c, b.Incident, "", "debrief.opened")
	}
	b.Done, b.DoneBy = time.Time{}, ""
	c.Debrief, c.About, c.Result = b, b.Incident, b.Incident
}

// replace ends the passage that t takes the place of and reports whether
// anything changed.
func (b *Debrief) replace(c *Change, t Passage, id func() string) bool {
	was := b.passage(t.Question, t.Reader)
	if was == nil && t.Text == "" || was != nil && was.Text == t.Text {
		return false
	}
	if was != nil {
		was.Ended = c.At
		c.Passages = append(c.Passages, was)
	}
	if t.Text != "" {
		c.Passages = append(c.Passages, &Passage{ID: id(), Incident: b.Incident, Question: t.Question, Reader: t.Reader, Text: t.Text,
			By: c.By.Name, Made: c.At})
	}
	return true
}

func checkPassages(texts []Passage) Errors {
	var errs Errors
	for _, t := range texts {
		switch {
		case !slices.Contains(Questions, t.Question):
			errs = append(errs, invalid("question", "debrief.question"))
		case !slices.Contains(Audiences, t.Reader):
			errs = append(errs, invalid("reader", "debrief.reader"))
		case len(t.Text) > passageMax:
			errs = append(errs, &Error{Kind: Invalid, Field: t.field(), Key: "debrief.long", Args: map[string]any{"max": passageMax}})
		}
	}
	return errs
}

// field is the passage's field in a form.
func (p Passage) field() string { return p.Question + "_" + string(p.Reader) }

// fitForReaders refuses a passage for others than staff in which a personal
// number or a customer's name stands. What is only perhaps one is let pass.
func (d *Desk) fitForReaders(ctx context.Context, texts []Passage) error {
	org, err := d.Store.Organisation(ctx)
	if err != nil {
		return err
	}
	x, err := d.inspector(ctx, org, nil)
	if err != nil {
		return err
	}
	for _, t := range texts {
		if t.Reader != ForStaff {
			x.look(t.field(), t.Text, "", nil)
		}
	}
	x.stop = slices.DeleteFunc(x.stop, func(f Flag) bool { return !f.Certain })
	return x.errors()
}

// FinishDebrief says that the debrief is complete. Every question must have an
// answer for somebody.
func (d *Desk) FinishDebrief(ctx context.Context, by Actor, incident string, version int) error {
	_, err := d.act(ctx, by, "debrief", "", func(c *Change) error {
		b, err := d.debrief(ctx, incident, version)
		if err != nil {
			return err
		}
		var errs Errors
		for _, q := range Questions {
			if !slices.ContainsFunc(b.Passages, func(p *Passage) bool { return p.Question == q }) {
				errs = append(errs, invalid(q+"_"+string(ForStaff), "debrief.unanswered"))
			}
		}
		if len(errs) > 0 {
			return errs
		}
		if !b.Done.IsZero() {
			return nil
		}
		d.keepDebrief(c, b)
		b.Done, b.DoneBy = c.At, c.By.Name
		d.entry(c, incident, "", "debrief.done")
		c.What = map[string]any{"debrief": "done", "version": version}
		return nil
	})
	return err
}
