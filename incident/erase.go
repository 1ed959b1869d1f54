package incident

import (
	"context"
	"slices"
	"strings"
	"time"
)

// scrubMost is up to which size, in bytes, the database is written anew right
// after something was erased: some seconds in which others wait to write. A
// larger one is scrubbed by its operator, at an hour of their choice.
const scrubMost = 512 << 20

// erasePasses is how often the record is gone through until nothing is found:
// somebody may write the name while it is being erased.
const erasePasses = 3

// Erasing asks for an erasure.
type Erasing struct {
	Seek    Seek
	Subject string   // one of ErasedSubjects
	Reason  string   // as typed; it must not name the person
	Basis   string   // one of ErasureBases
	Second  string   // who else agreed, as typed
	Spare   []string // ids of places where somebody of the same name stands
	Proofs  bool     // evidence goes, too: mails as sent, files
	Key     string
}

// Find shows every place where a person stands, before anything is erased.
func (d *Desk) Find(ctx context.Context, by Actor, of Seek) ([]*Place, error) {
	if !by.May(EraseAct) {
		return nil, &Error{Kind: Forbidden, Key: "act.forbidden", Args: map[string]any{"act": EraseAct}}
	}
	return d.Store.Places(ctx, of)
}

// Erase takes a person out of the whole record: the rows, their history, the
// search, the chain's texts and salts, drafts and sessions. The chain goes on
// to verify, and says what was erased, when, by whom and on what basis. What
// must not go yet refuses all of it, with the reason.
func (d *Desk) Erase(ctx context.Context, by Actor, ask Erasing) (*Erasure, error) {
	if err := ask.check(); err != nil {
		return nil, err
	}
	x := &Erasure{Kind: "person", Mark: "[×" + d.NewCode() + "]", Subject: ask.Subject, Reason: strings.TrimSpace(ask.Reason), Basis: ask.Basis,
		Second: strings.TrimSpace(ask.Second), Seek: ask.Seek, Proofs: ask.Proofs}
	for pass := range erasePasses {
		key := ask.Key
		if pass > 0 {
			key = ""
		}
		done, left, err := d.erasePass(ctx, by, x, ask.Spare, key)
		if err != nil {
			return nil, err
		}
		if !left {
			if pass == 0 && done != "" { // a repeat
				x.ID = done
				return x, nil
			}
			if pass == 0 {
				return nil, &Error{Kind: Refused, Key: "erase.nowhere"}
			}
			return x, d.scrub(ctx)
		}
	}
	return nil, &Error{Kind: Conflict, Key: "erase.again"}
}

func (a *Erasing) check() error {
	var errs Errors
	if strings.TrimSpace(a.Reason) == "" {
		errs = append(errs, invalid("reason", "erase.reason_empty"))
	}
	if !slices.Contains(ErasureBases, a.Basis) {
		errs = append(errs, invalid("basis", "erase.basis_unknown"))
	}
	if !slices.Contains(ErasedSubjects, a.Subject) {
		errs = append(errs, invalid("subject", "erase.subject_unknown"))
	}
	for _, t := range a.Seek.Terms {
		if t = strings.ToLower(strings.TrimSpace(t)); t == "" {
			continue
		}
		if strings.Contains(strings.ToLower(a.Reason), t) {
			errs = append(errs, invalid("reason", "erase.reason_names"))
		}
		if strings.Contains(strings.ToLower(a.Second), t) {
			errs = append(errs, invalid("second", "erase.reason_names"))
		}
	}
	if len(errs) > 0 {
		return errs
	}
	return nil
}

// erasePass erases what is found, and reports the erasure's id and whether there
// was anything.
func (d *Desk) erasePass(ctx context.Context, by Actor, x *Erasure, spare []string, key string) (id string, found bool, err error) {
	c, err := d.act(ctx, by, EraseAct, key, func(c *Change) error {
		all, err := d.Find(ctx, by, x.Seek)
		if err != nil {
			return err
		}
		x.Where, x.Spared = nil, nil
		found = false
		for _, p := range all {
			if slices.Contains(spare, p.ID()) {
				x.Spared = append(x.Spared, p)
				continue
			}
			if err := x.mayGo(p); err != nil {
				return err
			}
			x.Where = append(x.Where, p)
			found = found || !p.Proof || x.Proofs
		}
		if !found {
			return nil
		}
		x.ID, x.At, x.By = d.NewID(), c.At, by.Name
		c.Erasure, c.Result = x, x.ID
		c.What = map[string]any{"erasure": x.ID}
		return nil
	})
	if err != nil {
		return "", false, err
	}
	return c.Result, found, nil
}

// mayGo refuses what must not be erased now.
func (x *Erasure) mayGo(p *Place) error {
	switch {
	case p.Blocked:
		return &Error{Kind: Refused, Key: "erase.blocked." + p.Table, Args: map[string]any{"number": p.Number, "what": p.Excerpt}}
	case p.Proof && x.Proofs && p.Held:
		return &Error{Kind: Refused, Key: "erase.proof_held", Args: map[string]any{"number": p.Number}}
	case p.Proof && x.Proofs && p.Open:
		return &Error{Kind: Refused, Key: "erase.proof_open", Args: map[string]any{"number": p.Number}}
	}
	return nil
}

// scrub drives what was erased out of the database's files, if it is small
// enough, and notes that it is done.
func (d *Desk) scrub(ctx context.Context) error {
	done, err := d.Store.Scrub(ctx, scrubMost)
	if err != nil || !done {
		return nil //nolint:nilerr // the erasure stands; the list says that bytes wait, and the next tick tries again
	}
	return d.Store.Scrubbed(ctx, d.now())
}

// scrubRest tries again where bytes of what was erased are still in the files.
func (d *Desk) scrubRest(ctx context.Context) (int, error) {
	waits, err := d.Store.Unscrubbed(ctx, d.now().Add(-24*time.Hour))
	if err != nil || !waits {
		return 0, err
	}
	return 0, d.scrub(ctx)
}

// TermsOf are the words by which a contact of a customer or a member of staff
// is looked for: name, address and number.
func (d *Desk) TermsOf(ctx context.Context, kind, id, name string) ([]string, error) {
	var all []string
	switch kind {
	case "contact":
		ks, err := d.Store.Controllers(ctx, []string{id})
		if err != nil {
			return nil, err
		}
		for _, k := range ks {
			for i, x := range k.Contacts {
				if itoa(i) == name {
					all = append(all, x.Name, x.Email, x.Phone)
				}
			}
		}
	case "user":
		u, err := d.Store.User(ctx, id)
		if err != nil {
			return nil, err
		}
		all = append(all, u.Name, u.Login)
		if u.Slack != "" {
			all = append(all, u.Slack)
		}
	}
	return slices.DeleteFunc(all, func(s string) bool { return strings.TrimSpace(s) == "" }), nil
}
