package incident

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"
)

// Question is what a controller has asked about her record. Questions of one
// topic are answered together; what one has asked is shown to no other.
type Question struct {
	ID         string
	Incident   string
	Record     string
	Controller string // name, as it was
	Topic      string // id of the question that the topic began with
	Lang       string
	Text       string
	Address    string // of the mailbox whose link it came through; answers go there
	Name       string // of that mailbox
	By         string // name as typed
	At         time.Time
	Ring       time.Time // when staff are alarmed; zero once it is answered
	Answered   time.Time // zero while open
	Reply      string    // id of the answer
	Version    int
}

// Open reports whether nobody has answered yet.
func (q *Question) Open() bool { return q.Answered.IsZero() }

// Bounds of what a controller may ask.
const (
	questionMax  = 4000 // bytes of one question
	questionsMax = 30   // that wait for an answer, of one record
)

// QuestionStore keeps questions and their answers.
type QuestionStore interface {
	// Question loads one; QuestionsOf those of a record, oldest first.
	Question(ctx context.Context, id string) (*Question, error)
	QuestionsOf(ctx context.Context, record string) ([]*Question, error)
	// OpenQuestions returns up to n of an incident that wait, oldest first; an
	// incident of "" is all cases.
	OpenQuestions(ctx context.Context, incident string, n int) ([]*Question, error)
	// QuestionsIn loads those ids of an incident, in the order in which they
	// were asked.
	QuestionsIn(ctx context.Context, incident string, ids []string) ([]*Question, error)
	// QuestionCounts says how many wait in each case, the oldest first.
	QuestionCounts(ctx context.Context, n int) ([]*QuestionCount, error)
	// QuestionsToRing returns up to n whose Ring has come, oldest first.
	QuestionsToRing(ctx context.Context, now time.Time, n int) ([]*Question, error)
	// Reply loads one answer; Replies those of an incident, newest first.
	Reply(ctx context.Context, id string) (*Reply, error)
	Replies(ctx context.Context, incident string) ([]*Reply, error)
	// Copies returns what a record was answered, oldest first; CopiesOf who was
	// sent an answer, by name.
	Copies(ctx context.Context, record string) ([]*ReplyCopy, error)
	CopiesOf(ctx context.Context, reply string) ([]*ReplyCopy, error)
}

// QuestionCount says how many questions of a case wait for an answer.
type QuestionCount struct {
	Incident string
	Number   string
	Title    string
	N        int
	Oldest   time.Time
}

// Asking is a question as it comes in.
type Asking struct {
	Text    string
	Name    string       // of who asks
	Session *LinkSession // prolonged; nil where the link alone is enough
}

// Ask takes a question of a controller's person. The same words again, while
// they wait for an answer, change nothing. It works in a closed case, too.
func (d *Desk) Ask(ctx context.Context, by Actor, l *Link, in Asking) error {
	if err := by.guest(l.Record); err != nil {
		return err
	}
	in.Text, in.Name = strings.TrimSpace(strings.ReplaceAll(in.Text, "\r\n", "\n")), strings.TrimSpace(in.Name)
	if errs := in.check(); len(errs) > 0 {
		return errs
	}
	by.Name = in.Name
	_, err := d.act(ctx, by, "ask", "", func(c *Change) error {
		r, err := d.Store.Record(ctx, l.Record)
		if err != nil {
			return err
		}
		had, err := d.Store.QuestionsOf(ctx, r.ID)
		if err != nil {
			return err
		}
		open := 0
		for _, q := range had {
			if q.Open() && q.Text == in.Text {
				return nil
			}
			if q.Open() {
				open++
			}
		}
		if open >= questionsMax {
			return Errors{invalid("text", "question.many")}
		}
		org, err := d.Store.Organisation(ctx)
		if err != nil {
			return err
		}
		q := &Question{ID: d.NewID(), Incident: r.Incident, Record: r.ID, Controller: r.Name, Lang: l.Lang, Text: in.Text,
			Address: l.Address, Name: l.Name, By: in.Name, At: c.At, Ring: org.answerBy(c.At)}
		q.Topic = q.ID
		c.Questions = []*Question{q}
		if in.Session != nil {
			longer := *in.Session
			longer.prolong(c.At)
			c.Sessions = []*LinkSession{&longer}
		}
		d.entry(c, r.Incident, r.ID, "question.asked", "name", r.Name)
		c.About, c.Result = r.Incident, q.ID
		c.What = map[string]any{"record": r.ID, "question": q.ID, "text": q.Text}
		return nil
	})
	return err
}

// check refuses a question that says nothing, too much, or a personal number.
func (in Asking) check() Errors {
	var errs Errors
	switch {
	case in.Text == "":
		errs = append(errs, invalid("text", "question.empty"))
	case len(in.Text) > questionMax || !utf8.ValidString(in.Text):
		errs = append(errs, &Error{Kind: Invalid, Field: "text", Key: "notice.text_long", Args: map[string]any{"max": questionMax}})
	}
	if in.Name == "" {
		errs = append(errs, invalid("name", "name.empty"))
	}
	for field, text := range map[string]string{"text": in.Text, "name": in.Name} {
		if personal(text) {
			errs = append(errs, invalid(field, "answer.personal"))
		}
	}
	return errs
}

// personal reports whether a text holds a personal number: one that is
// certain, or an identity code even with a wrong check character, for the
// birth date alone may name a person.
func personal(text string) bool {
	for _, f := range Scan(text) {
		if f.Certain || f.Kind == FoundIdentityCode {
			return true
		}
	}
	return false
}

// answerUsual is how long a question may wait unless said otherwise.
const answerUsual = 4 * time.Hour

// answerBy returns when staff are alarmed about a question that came at now.
func (o Organisation) answerBy(now time.Time) time.Time {
	if o.AnswerAfter > 0 {
		return o.daytime(now, o.AnswerAfter)
	}
	return o.daytime(now, answerUsual)
}

// ringQuestions alarms staff about the questions that have waited too long, one
// alarm for each case, and again after the same time. It returns how many.
func (d *Desk) ringQuestions(ctx context.Context) (int, error) {
	due, err := d.Store.QuestionsToRing(ctx, d.now(), tickBatch)
	if err != nil || len(due) == 0 {
		return 0, err
	}
	by := map[string][]*Question{}
	for _, q := range due {
		by[q.Incident] = append(by[q.Incident], q)
	}
	var errs []error
	for _, id := range sortedKeys(by) { // one bad case must not silence the others
		_, err := d.act(ctx, Program, "question_alarm", "", func(c *Change) error { return d.ringCase(ctx, c, id, by[id]) })
		errs = append(errs, err)
	}
	return len(due), errors.Join(errs...)
}

func (d *Desk) ringCase(ctx context.Context, c *Change, id string, due []*Question) error {
	inc, err := d.Store.Incident(ctx, id)
	if err != nil {
		return err
	}
	org, err := d.Store.Organisation(ctx)
	if err != nil {
		return err
	}
	for _, q := range due {
		later := *q
		later.Ring = org.answerBy(c.At)
		c.Questions = append(c.Questions, &later)
	}
	c.About, c.Result = id, id
	c.What = map[string]any{"waiting": len(due)}
	d.entry(c, id, "", "question.waiting", "n", itoa(len(due)))
	return d.alarm(ctx, c, org, Alarm{Key: "questions", Incident: id, Number: inc.Number, Records: len(due)})
}
