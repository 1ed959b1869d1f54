package incident

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// Reply is an answer of ours to questions, in the languages of all whom it
// concerns. It is frozen when it is made. Head is the question in words that
// name nobody, for those who did not ask it.
type Reply struct {
	ID        string
	Incident  string
	Questions []string // ids
	Records   []string // ids of those whom it concerns, never nil
	Heads     map[string]string
	Texts     map[string]string
	Cleared   []string // Keys of doubtful Flags that a person has cleared
	Seal      string   // hash of what is answered to whom
	By        string
	ByID      string
	At        time.Time
	State     string // ProposalWaits, ProposalSent or ProposalDeclined
	Decider   string
	DecidedAt time.Time
	Reason    string // of declining
}

// ReplyCopy is an answer as one controller got it, in her language.
type ReplyCopy struct {
	Reply      string
	Incident   string
	Record     string
	Controller string
	Lang       string
	Head       string
	Text       string
	At         time.Time
	SeenAt     time.Time // when it was first opened; zero: not yet
	SeenBy     string
}

// Respond is an answer as staff write it.
type Respond struct {
	Questions []string
	// Everyone sends it to all controllers of the case that have been told, not
	// only to those who asked.
	Everyone bool
	Heads    map[string]string
	Texts    map[string]string
	Cleared  []string
	Key      string
}

// responding is an answer that has passed every check.
type responding struct {
	reply     *Reply
	inc       *Incident
	org       Organisation
	questions []*Question
	records   []*Record
	x         *inspector
}

// AnswerQuestions answers questions: at once, or, where the organisation wants two
// people to send, once another has approved it. A language that a reader needs
// and that has no words stops it, as do the names of other customers.
func (d *Desk) AnswerQuestions(ctx context.Context, by Actor, incident string, in Respond) (*Reply, error) {
	var made *Reply
	c, err := d.act(ctx, by, "answer", in.Key, func(c *Change) error {
		r := &Reply{ID: d.NewID(), Incident: incident, Questions: slices.Compact(slices.Sorted(slices.Values(in.Questions))),
			Heads: trimmed(in.Heads), Texts: trimmed(in.Texts), Cleared: in.Cleared, By: c.By.Name, ByID: c.By.ID, At: c.At}
		if err := d.concerned(ctx, r, in.Everyone); err != nil {
			return err
		}
		w, err := d.checkReply(ctx, r)
		if err != nil {
			return err
		}
		made, c.About, c.Result = r, incident, r.ID
		c.What = map[string]any{"reply": r.ID, "questions": r.Questions, "records": r.Records, "heads": r.Heads, "texts": r.Texts, "seal": r.Seal}
		d.clear(c, incident, w.x.passed)
		if w.org.TwoToSend {
			r.State = ProposalWaits
			c.Replies = []*Reply{r}
			d.entry(c, incident, "", "question.proposed", "n", itoa(len(r.Records)))
			return nil
		}
		r.Decider, r.DecidedAt = c.By.Name, c.At
		return d.sendReply(ctx, c, w)
	})
	if err != nil {
		return nil, err
	}
	if made == nil {
		return d.Store.Reply(ctx, c.Result) // a repeat
	}
	return made, nil
}

func trimmed(texts map[string]string) map[string]string {
	all := map[string]string{}
	for lang, text := range texts {
		if text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n")); text != "" {
			all[lang] = text
		}
	}
	return all
}

// concerned freezes whom an answer is for.
func (d *Desk) concerned(ctx context.Context, r *Reply, everyone bool) error {
	questions, err := d.openQuestions(ctx, r.Incident, r.Questions)
	if err != nil {
		return err
	}
	r.Records = []string{}
	for _, q := range questions {
		r.Records = append(r.Records, q.Record)
	}
	if everyone {
		all, err := d.Store.Records(ctx, r.Incident, nil)
		if err != nil {
			return err
		}
		for _, rec := range all {
			if rec.Notices > 0 && rec.Part != AsController {
				r.Records = append(r.Records, rec.ID)
			}
		}
	}
	r.Records = slices.Compact(slices.Sorted(slices.Values(r.Records)))
	return nil
}

// checkReply looks an answer through as it would go out now.
func (d *Desk) checkReply(ctx context.Context, r *Reply) (*responding, error) {
	w := &responding{reply: r}
	var err error
	if w.inc, err = d.Store.Incident(ctx, r.Incident); err != nil {
		return nil, err
	}
	if w.org, err = d.Store.Organisation(ctx); err != nil {
		return nil, err
	}
	if w.questions, err = d.openQuestions(ctx, r.Incident, r.Questions); err != nil {
		return nil, err
	}
	if w.records, err = d.Store.Records(ctx, r.Incident, r.Records); err != nil {
		return nil, err
	}
	if w.x, err = d.inspector(ctx, w.org, r.Cleared); err != nil {
		return nil, err
	}
	readers := map[string]*audience{}
	for _, rec := range w.records {
		heard(readers, rec.Lang).add(rec.Controller)
	}
	if errs := r.missing(readers); len(errs) > 0 {
		return nil, errs
	}
	for _, lang := range sortedKeys(readers) {
		w.x.look("head_"+lang, r.Heads[lang], readers[lang].sole(), nil)
		w.x.look("text_"+lang, r.Texts[lang], readers[lang].sole(), nil)
	}
	r.Seal = r.seal()
	return w, w.x.errors()
}

// missing says which readers would have nothing to read.
func (r *Reply) missing(readers map[string]*audience) Errors {
	var errs Errors
	for _, lang := range sortedKeys(readers) {
		for _, x := range []struct {
			field string
			text  string
		}{{"head_", r.Heads[lang]}, {"text_", r.Texts[lang]}} {
			if x.text == "" {
				errs = append(errs, &Error{Kind: Invalid, Field: x.field + lang, Key: "notice.text_empty", Args: map[string]any{"lang": lang}})
			} else if len(x.text) > textMax {
				errs = append(errs, &Error{Kind: Invalid, Field: x.field + lang, Key: "notice.text_long", Args: map[string]any{"max": textMax}})
			}
		}
	}
	return errs
}

// seal is a hash of what is answered to whom: an approval is for these words.
func (r *Reply) seal() string {
	content, err := json.Marshal([]any{r.Questions, r.Records, r.Heads, r.Texts, r.Cleared})
	if err != nil {
		return "" // plain values always marshal
	}
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// ApproveReply sends an answer that waits. Only another user than its maker
// may, and only for the words that seal stands for.
func (d *Desk) ApproveReply(ctx context.Context, by Actor, id, seal string) error {
	_, err := d.act(ctx, by, "approve", "reply-"+id, func(c *Change) error {
		r, err := d.Store.Reply(ctx, id)
		if err != nil {
			return err
		}
		if r.State != ProposalWaits {
			return refused("proposal.decided")
		}
		if sameUser(c.By, maker{r.ByID, r.By}) {
			return refused("approval.self")
		}
		w, err := d.checkReply(ctx, r)
		if err != nil {
			return err
		}
		if r.Seal != seal {
			return &Error{Kind: Conflict, Key: "proposal.changed"}
		}
		r.Decider, r.DecidedAt = c.By.Name, c.At
		c.About, c.Result = r.Incident, r.ID
		c.What = map[string]any{"reply": r.ID, "approved": seal}
		return d.sendReply(ctx, c, w)
	})
	return err
}

// DeclineReply ends an answer that waits, with a reason. Its questions stay open.
func (d *Desk) DeclineReply(ctx context.Context, by Actor, id, reason string) error {
	if reason = strings.TrimSpace(reason); reason == "" {
		return Errors{invalid("reason", "reason.empty")}
	}
	_, err := d.act(ctx, by, "decline", "", func(c *Change) error {
		r, err := d.Store.Reply(ctx, id)
		if err != nil {
			return err
		}
		if r.State != ProposalWaits {
			return refused("proposal.decided")
		}
		r.State, r.Decider, r.DecidedAt, r.Reason = ProposalDeclined, c.By.Name, c.At, reason
		c.Replies, c.About, c.Result = []*Reply{r}, r.Incident, r.ID
		d.entry(c, r.Incident, "", "question.declined", "maker", r.By).Text = reason
		c.What = map[string]any{"reply": r.ID, "declined": reason}
		return nil
	})
	return err
}
