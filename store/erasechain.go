package store

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"hatakello/incident"
)

// audit takes the person out of what a link says and of who did it. The link's
// hash still covers what was said first, behind a salt that is no more; what it
// says now is bound by the link of the erasure.
func (e *eraser) audit(ctx context.Context, p *incident.Place, want map[string]bool) error {
	if want["bound"] {
		note(e.touched, p.Key[0], "") // forget does the rest
		count(e.changed, p.Key[0], "audit")
	}
	a, err := only(ctx, e.c, "erase.gone", readAudit, `
		select chain, seq, at, made_by, act, content, salt, seal, prev, hash, again, leaves, root
		from audit where chain = ?1 and cast(seq as text) = ?2`, p.Key[0], p.Key[1])
	if err != nil {
		return err
	}
	did := false
	if want["made_by"] {
		a.By, did = e.s.replace(a.By, e.mark)
	}
	if want["content"] && a.Content != nil {
		now, changed := e.s.replaceJSON(string(a.Content), e.mark)
		a.Content, did = []byte(now), did || changed
	}
	if !did {
		return nil
	}
	count(e.changed, a.Chain, "audit")
	a.Recommit(bytes.Clone(e.ledger.salt()))
	note(e.touched, a.Chain, againLabel(a.Seq))
	e.ledger.add(a.Chain, againLabel(a.Seq), a.Salt, a.Again)
	_, err = e.c.exec(ctx, `update audit set made_by = ?3, content = ?4, salt = ?5, again = ?6 where chain = ?1 and seq = ?2`,
		a.Chain, a.Seq, a.By, a.Content, a.Salt, a.Again)
	return err
}

// forget destroys, in every chain that is touched, the salts of what the rows
// were before. Nobody can find out any more, by trying names, what it was. The
// commitments stay, and with them every hash. A label that names the person
// itself goes, too: its leaf stays.
func (e *eraser) forget(ctx context.Context) error {
	for _, chain := range sortedKeysOf(e.touched) {
		if err := e.forgetIn(ctx, chain); err != nil {
			return err
		}
	}
	return nil
}

func sortedKeysOf(m map[string]map[string]bool) []string {
	var all []string
	for k := range m {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}

// boundText reads the rows that links bind, the newest first.
const boundText = `select seq, bound from audit where chain = ?1 and seq < ?2 and length(bound) > 0 order by seq desc limit ?3`

func (e *eraser) forgetIn(ctx context.Context, chain string) error {
	newest := map[string]bool{} // labels of contacts that have been met
	for seq := int64(1) << 62; ; {
		type link struct {
			seq   int64
			bound []byte
		}
		var links []link
		err := e.c.each(ctx, func(v []any) error {
			n, _ := v[0].(int64)
			b, _ := v[1].([]byte)
			links = append(links, link{n, bytes.Clone(b)})
			return nil
		}, boundText, chain, seq, 200)
		if err != nil {
			return err
		}
		for _, l := range links {
			seq = l.seq
			now, hidden, changed := e.blanked(chain, l.bound, newest)
			if !changed {
				continue
			}
			if _, err := e.c.exec(ctx, `update audit set bound = ?3 where chain = ?1 and seq = ?2`, chain, l.seq, now); err != nil {
				return err
			}
			if hidden {
				salt := bytes.Clone(e.ledger.salt())
				e.ledger.add(chain, hiddenOf(l.seq), salt, incident.RowCommit(salt, hiddenLeaves(now)))
			}
		}
		if len(links) < 200 {
			return nil
		}
	}
}

// blanked is a link's list of rows without the salts that are to go. Of rows
// about customers' people every salt goes but that of the newest commitment.
func (e *eraser) blanked(chain string, list []byte, newest map[string]bool) (now []byte, hidden, changed bool) {
	var met []string
	for rest := list; len(rest) > 0; {
		b, next, err := incident.NextBound(rest)
		if err != nil {
			return list, false, false // a verification tells
		}
		entry := rest[:len(rest)-len(next)]
		rest = next
		switch {
		case b.Hidden != nil:
			now = append(now, entry...)
		case e.s != nil && e.s.in(b.Label) && !e.spared[b.Label]:
			now, hidden, changed = incident.AppendHidden(now, b.Leaf()), true, true
		case !b.Gone() && !b.Blank() && (e.touched[chain][b.Label] || newest[b.Label]):
			now, changed = incident.AppendBound(now, b.Label, make([]byte, saltSize), b.Commit), true
		default:
			now = append(now, entry...)
		}
		if strings.HasPrefix(b.Label, "contact/") || strings.HasPrefix(b.Label, "usage/") {
			met = append(met, b.Label)
		}
	}
	for _, label := range met {
		newest[label] = true
	}
	return now, hidden, changed
}

// hiddenLeaves are the leaves of a list of which nothing else is left, or nil.
func hiddenLeaves(list []byte) []byte {
	var all []byte
	for len(list) > 0 {
		b, rest, err := incident.NextBound(list)
		if err != nil {
			return nil
		}
		if b.Hidden != nil {
			all = append(all, b.Hidden...)
		}
		list = rest
	}
	return all
}
