package incident

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"

	"hatakello/incident/risk"
)

// EffectiveAnswers returns the answers that count for the record: its own, else
// those that are shared at the case; "" if nobody has answered.
func (r *Record) EffectiveAnswers(inc *Incident) string {
	if r.Answers != "" {
		return r.Answers
	}
	return inc.Answers
}

// Fingerprint names a version of answers, so that a form can say which it
// showed. It is no seal.
func Fingerprint(answers string) string {
	sum := sha256.Sum256([]byte(answers))
	return hex.EncodeToString(sum[:8])
}

// readAnswers reads facts and returns them also in the form in which they are
// kept. What the vocabulary refuses is an Error at its path.
func readAnswers(raw []byte) (risk.Facts, string, error) {
	f, err := risk.Parse(raw)
	var bad *risk.InputError
	if errors.As(err, &bad) {
		return f, "", Errors{{Kind: Invalid, Field: bad.Path, Key: "answer.bad", Args: map[string]any{"got": bad.Got, "nearest": bad.Nearest}}}
	}
	if err != nil {
		return f, "", err
	}
	kept, err := f.Marshal()
	return f, string(kept), err
}

// Answer saves what is known of the risk of one record, beside or instead of
// what is shared. It decides nothing; but when the record was decided on other
// answers, it is open again (rule 38). Seen is the fingerprint of the answers
// that the form showed, or "" to overwrite knowingly.
func (d *Desk) Answer(ctx context.Context, by Actor, record, seen string, f risk.Facts) error {
	kept, err := canonical(f)
	if err != nil {
		return err
	}
	return d.actOn(ctx, by, "assess", "", record, func(c *Change, r *Record) error {
		b, err := d.bench(ctx, r)
		if err != nil {
			return err
		}
		if seen != "" && seen != Fingerprint(b.answers) {
			return &Error{Kind: Conflict, Key: "form.stale"}
		}
		if b.answers == kept {
			return nil
		}
		r.Answers = kept
		changed := changedKeys(b.answers, kept)
		d.entry(c, r.Incident, r.ID, "record.answered", "name", r.Name, "changed", strings.Join(changed, "\n"))
		d.reopen(c, r, r.changedSince(changed, kept), "answers")
		c.What = map[string]any{"record": r.ID, "answers": f}
		return nil
	})
}

// canonical checks facts and gives them as they are kept.
func canonical(f risk.Facts) (string, error) {
	raw, err := f.Marshal()
	if err != nil {
		return "", err
	}
	_, kept, err := readAnswers(raw)
	return kept, err
}

// AnswerShared saves what is known of the risk for the whole case: the answers
// from which every record starts. Records that were decided on others are open
// again.
func (d *Desk) AnswerShared(ctx context.Context, by Actor, incident, seen string, f risk.Facts) error {
	kept, err := canonical(f)
	if err != nil {
		return err
	}
	_, err = d.act(ctx, by, "assess", "", func(c *Change) error {
		inc, err := d.openIncident(ctx, incident)
		if err != nil {
			return err
		}
		if seen != "" && seen != Fingerprint(inc.Answers) {
			return &Error{Kind: Conflict, Key: "form.stale"}
		}
		if inc.Answers == kept {
			return nil
		}
		changed := changedKeys(inc.Answers, kept)
		inc.Answers = kept
		c.Incident, c.About, c.Result = inc, incident, incident
		d.entry(c, incident, "", "case.answered", "changed", strings.Join(changed, "\n"))
		c.What = map[string]any{"answers": f}
		return d.reopenJudged(ctx, c, inc, func(r *Record) []string { return r.changedSince(changed, kept) }, "answers")
	})
	return err
}

// changedKeys lists the answers that differ between two versions.
func changedKeys(was, is string) []string {
	var keys []string
	for _, ch := range risk.Compare(parsed(was), parsed(is)) {
		keys = append(keys, ch.Key)
	}
	return keys
}

// parsed reads answers that were checked when they were saved.
func parsed(answers string) risk.Facts {
	if answers == "" {
		return risk.Facts{}
	}
	f, _ := risk.Parse([]byte(answers))
	return f
}

// Answers returns the answers that the decision stands on.
func (a *Assessment) Answers() risk.Facts { return parsed(string(a.Facts)) }

// changedSince lists which of the answers that have just changed differ from
// those on which the record was last decided; without such, all of them.
func (r *Record) changedSince(changed []string, is string) []string {
	n := len(r.Assessed)
	if n == 0 || r.Assessed[n-1].Facts == nil {
		return changed
	}
	was := r.Assessed[n-1].Answers()
	var since []string
	for _, ch := range risk.Compare(was, parsed(is)) {
		for _, k := range changed {
			if k == ch.Key {
				since = append(since, k)
			}
		}
	}
	return since
}
