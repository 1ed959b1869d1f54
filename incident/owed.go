package incident

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"
)

// Pulse is a program's sign of life.
type Pulse struct {
	Node    string
	Version string
	Started time.Time
	At      time.Time
}

// Owing is what one look found in one case: how many, and since when.
type Owing struct {
	Incident string // "" for no case
	N        int
	Since    time.Time
}

// Head is where a chain of what was done ends.
type Head struct {
	Chain string
	Seq   int64
	Hash  []byte
}

// Ledger is what an auditor reads. It has no way to write.
type Ledger interface {
	Pulses(ctx context.Context) ([]Pulse, error)
	Owing(ctx context.Context, key string, before, after time.Time) ([]Owing, error)
	Heads(ctx context.Context, since time.Time) ([]Head, error)
	Chain(ctx context.Context, id string, after int64, n int) ([]*Audit, error)
	Incident(ctx context.Context, id string) (*Incident, error)
}

// Omission is something that should have happened and did not. It holds no
// name of a customer and no free text.
type Omission struct {
	Key    string // "silent", "chain", or one of Omissions
	Number string // of the case, or ""
	Case   string // its id, or ""
	N      int
	Since  time.Time
}

// Omissions are the looks that Owed takes by Ledger.Owing.
var Omissions = []string{"late", "unsaid", "unclimbed", "untold", "unproved", "unrung", "unwarned", "unchained"}

const (
	silence   = time.Minute     // without a sign of life, until somebody is told
	leeway    = 5 * time.Minute // for what is due
	farAhead  = 2 * time.Hour   // a limit as far away as this must have a warning
	auditBack = 24 * time.Hour  // closed cases whose chain is looked at
	auditTail = 500             // newest links of each chain
)

// Owed looks at the whole record as an outsider and returns all that should
// have been done by now and was not, in a fixed order. None means that the
// program lives, every message is on its way, every warning was said, and the
// chains hold.
func Owed(ctx context.Context, l Ledger, now time.Time) ([]Omission, error) {
	all, err := silent(ctx, l, now)
	if err != nil {
		return nil, err
	}
	for _, key := range Omissions {
		found, err := l.Owing(ctx, key, now.Add(-leeway), now.Add(farAhead))
		if err != nil {
			return nil, fmt.Errorf("look for what is %s: %w", key, err)
		}
		for _, o := range found {
			all = append(all, Omission{Key: key, Case: o.Incident, N: o.N, Since: o.Since})
		}
	}
	broken, err := brokenChains(ctx, l, now)
	if err != nil {
		return nil, err
	}
	all = append(all, broken...)
	for i := range all {
		if all[i].Case == "" {
			continue
		}
		if inc, err := l.Incident(ctx, all[i].Case); err == nil {
			all[i].Number = inc.Number
		} else if KindOf(err) != NotFound {
			return nil, err
		}
	}
	slices.SortStableFunc(all, func(a, b Omission) int { return cmp.Compare(a.Case, b.Case) })
	return all, nil
}

// silent reports whether no program has given a sign of life.
func silent(ctx context.Context, l Ledger, now time.Time) ([]Omission, error) {
	pulses, err := l.Pulses(ctx)
	if err != nil {
		return nil, fmt.Errorf("listen for the program: %w", err)
	}
	var last time.Time
	for _, p := range pulses {
		if p.At.After(last) {
			last = p.At
		}
	}
	if now.Sub(last) <= silence {
		return nil, nil
	}
	return []Omission{{Key: "silent", N: 1, Since: last}}, nil
}

// brokenChains verifies the newest links.
func brokenChains(ctx context.Context, l Ledger, now time.Time) ([]Omission, error) {
	ends, err := l.Heads(ctx, now.Add(-auditBack))
	if err != nil {
		return nil, fmt.Errorf("look at the chains: %w", err)
	}
	var all []Omission
	for _, e := range ends {
		// The end was read before the links: those that came since may follow.
		links, err := l.Chain(ctx, e.Chain, max(e.Seq-auditTail, 0), auditTail)
		if err != nil {
			return nil, fmt.Errorf("look at a chain: %w", err)
		}
		if e.holds(links) {
			continue
		}
		o := Omission{Key: "chain", Case: e.Chain, N: 1, Since: now}
		if o.Case == "register" {
			o.Case = ""
		}
		all = append(all, o)
	}
	return all, nil
}

// holds reports whether the links are those that lead to the end, each sealed
// and bound to the one before.
func (e Head) holds(links []*Audit) bool {
	first := max(e.Seq-auditTail, 0) + 1
	var prev []byte
	for i, a := range links {
		if a.Seq != first+int64(i) || !a.Holds() || (i > 0 || first == 1) && !bytes.Equal(a.Prev, prev) {
			return false
		}
		if prev = a.Hash; a.Seq == e.Seq {
			return bytes.Equal(prev, e.Hash)
		}
	}
	return false
}
