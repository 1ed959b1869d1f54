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

// The states of a proposal.
const (
	ProposalWaits    = "waiting"
	ProposalSent     = "sent"
	ProposalDeclined = "declined"
)

// Proposal is a notice that waits for a second person, with everything that was
// chosen frozen. Whom it reaches at which address is frozen when it is approved.
type Proposal struct {
	ID        string
	Incident  string
	In        Notify // Records is never nil
	Seal      string // hash of what the notices would say; an approval is for these words only
	By        string
	ByID      string
	At        time.Time
	State     string
	Decider   string
	DecidedAt time.Time
	Reason    string // of declining
}

// propose keeps the notice for a second person instead of sending it. Whom it
// is for is frozen, and a hash of what each of them would read.
func (d *Desk) propose(c *Change, w *wording, sent *Sent) error {
	in := w.in
	in.Records, in.Key = recordIDs(w.records), ""
	p := &Proposal{ID: d.NewID(), Incident: w.b.incident.ID, In: in, Seal: w.seal(), By: c.By.Name, ByID: c.By.ID, At: c.At, State: ProposalWaits}
	c.Proposals = append(c.Proposals, p)
	sent.Proposal = p.ID
	d.entry(c, p.Incident, "", "case.proposed", "n", itoa(len(w.records)))
	c.What = map[string]any{"proposal": p.ID, "seal": p.Seal, "texts": in.Texts, "records": in.Records, "cleared": w.x.passed}
	var err error
	c.Result, err = memo(sent)
	return err
}

// seal is a hash of what the notices would say, and to which controllers.
func (w *wording) seal() string {
	type line struct {
		Record  string
		Lang    string
		Stated  *Stated
		Phrases []PhraseUse
	}
	lines := make([]line, len(w.records))
	for i, r := range w.records {
		lines[i] = line{r.ID, r.Lang, w.b.stated(r), w.b.phrases[r.Lang]}
	}
	slices.SortFunc(lines, func(a, b line) int { return strings.Compare(a.Record, b.Record) })
	content, err := json.Marshal([]any{w.in.Texts, w.in.NextUpdate, w.in.Cleared, lines})
	if err != nil {
		return "" // plain values always marshal
	}
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

func recordIDs(rs []*Record) []string {
	ids := make([]string, len(rs))
	for i, r := range rs {
		ids[i] = r.ID
	}
	return ids
}

// Review returns a proposal, the seal of what it would say now, and what stands
// in its way. The seal differs from the proposal's if facts have changed since.
func (d *Desk) Review(ctx context.Context, by Actor, id string) (*Proposal, string, error) {
	if !by.May("read") {
		return nil, "", &Error{Kind: Forbidden, Key: "act.forbidden"}
	}
	p, err := d.Store.Proposal(ctx, id)
	if err != nil || p.State != ProposalWaits {
		return p, "", err
	}
	w, err := d.wording(ctx, d.now(), p.Incident, p.In)
	if err != nil {
		return p, "", err
	}
	return p, w.seal(), nil
}

// ApproveProposal sends a proposed notice. Only another user than its maker may
// do so, and only for what that user has seen: seal is the one that came with
// it. The addresses are those that the register holds now.
func (d *Desk) ApproveProposal(ctx context.Context, by Actor, id, seal string) (*Sent, error) {
	sent := &Sent{}
	c, err := d.act(ctx, by, "approve", "proposal-"+id, func(c *Change) error {
		*sent = Sent{}
		p, err := d.decide(ctx, c, id, ProposalSent, "")
		if err != nil {
			return err
		}
		w, err := d.wording(ctx, c.At, p.Incident, p.In)
		if err != nil {
			return err
		}
		if w.seal() != seal {
			return &Error{Kind: Conflict, Key: "proposal.changed"}
		}
		d.entry(c, p.Incident, "", "case.approved", "maker", p.By)
		return d.tell(c, w, sent)
	})
	if err != nil {
		return nil, err
	}
	return sent, c.recall(sent)
}

// DeclineProposal ends a proposal with a reason. Its maker may withdraw it.
func (d *Desk) DeclineProposal(ctx context.Context, by Actor, id, reason string) error {
	if reason = strings.TrimSpace(reason); reason == "" {
		return Errors{invalid("reason", "reason.empty")}
	}
	_, err := d.act(ctx, by, "decline", "", func(c *Change) error {
		p, err := d.decide(ctx, c, id, ProposalDeclined, reason)
		if err != nil {
			return err
		}
		c.Result = p.ID
		d.entry(c, p.Incident, "", "case.declined", "maker", p.By).Text = reason
		c.What = map[string]any{"proposal": p.ID, "declined": reason}
		return nil
	})
	return err
}

// decide loads a proposal that waits and notes how it ends.
func (d *Desk) decide(ctx context.Context, c *Change, id, state, reason string) (*Proposal, error) {
	p, err := d.Store.Proposal(ctx, id)
	if err != nil {
		return nil, err
	}
	if p.State != ProposalWaits {
		return nil, refused("proposal.decided")
	}
	if state == ProposalSent && sameUser(c.By, maker{p.ByID, p.By}) {
		return nil, refused("approval.self")
	}
	p.State, p.Decider, p.DecidedAt, p.Reason = state, c.By.Name, c.At, reason
	c.Proposals, c.About = append(c.Proposals, p), p.Incident
	return p, nil
}
