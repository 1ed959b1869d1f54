package bundle

import (
	"bufio"
	"encoding/hex"
	"slices"
	"strconv"

	"hatakello/incident"
)

// rows writes every row of the view as it was committed to.
func (p *packer) rows() error {
	return p.file(rowsName, func(w *bufio.Writer) error {
		for _, f := range p.facets() {
			if err := p.each(f, func(label string, raw []byte) error { return p.row(w, f, label, raw) }); err != nil {
				return err
			}
		}
		return nil
	})
}

func (p *packer) row(w *bufio.Writer, facet, label string, raw []byte) error {
	p.told++
	x, known := p.bound[label]
	out := row{Label: label}
	if known {
		out.Seq, out.Salt = x.seq, hex.EncodeToString(x.salt[:])
	}
	if p.Record != "" {
		out.Index, out.Path = x.index, digests(x.path)
	}
	if facet == "own_assessment" || facet == "own_share" {
		v, err := read(raw)
		if err != nil {
			return err
		}
		if withheld(facet, v) {
			out.Salt = "" // nobody shall guess
			return line(w, out)
		}
	}
	out.Row = string(raw)
	return line(w, out)
}

// chain writes the case's links.
func (p *packer) chain() error {
	return p.file(chainName, func(w *bufio.Writer) error {
		return p.snap.Links(func(a *incident.Audit) error { return line(w, p.link(a)) })
	})
}

// link is what the view may see of a link.
func (p *packer) link(a *incident.Audit) link {
	l := link{Seq: a.Seq, Rows: a.Leaves, Hash: hex.EncodeToString(a.Hash)}
	old := a.Root == nil
	switch {
	case p.Record == "":
		l.At, l.Act, l.By, l.Old = a.Stamp, a.Act, &a.By, old
		l.Content, l.Again, l.Root = hex.EncodeToString(a.Commit), hex.EncodeToString(a.Again), hex.EncodeToString(a.Root)
		if a.Content != nil {
			what := string(a.Content)
			l.What, l.Salt = &what, hex.EncodeToString(a.Salt)
		}
		l.Bound = p.boundOf(a)
	case old:
		l.Rows = 0
	case p.opened[a.Seq]:
		l.At, l.Act, l.Content, l.Root = a.Stamp, a.Act, hex.EncodeToString(a.Commit), hex.EncodeToString(a.Root)
	default:
		body := a.Body()
		l.Rows, l.Body = 0, hex.EncodeToString(body[:])
	}
	return l
}

// boundOf lists a link's rows: label, salt, commitment. The salts of rows that
// are withheld are too.
func (p *packer) boundOf(a *incident.Audit) [][3]string {
	var all [][3]string
	for list := a.Bound; len(list) > 0; {
		b, rest, err := incident.NextBound(list)
		if err != nil {
			break
		}
		list = rest
		salt := hex.EncodeToString(b.Salt)
		if facetOf(b.Label) == "own_assessment" || facetOf(b.Label) == "own_share" {
			salt = ""
		}
		all = append(all, [3]string{b.Label, salt, hex.EncodeToString(b.Commit)})
	}
	return all
}

// facetOf is the facet of a label.
func facetOf(label string) string {
	for i := range label {
		if label[i] == '/' {
			return label[:i]
		}
	}
	return label
}

func digests(all []incident.Digest) []string {
	some := make([]string, len(all))
	for i, d := range all {
		some[i] = hex.EncodeToString(d[:])
	}
	return some
}

// keys writes the public keys as they are published.
func (p *packer) keys() error {
	keys, err := p.snap.Keys()
	if err != nil {
		return err
	}
	return p.document(keysName, incident.Publish(keys))
}

// log writes the checkpoints, and that the chain was in them.
func (p *packer) log() error {
	sizes, err := p.points()
	if err != nil {
		return err
	}
	proof := logProof{Chain: p.Case, Checkpoints: []logPoint{}, Heads: []head{}, Consistency: []consistency{}}
	for _, size := range sizes {
		if err := p.point(&proof, size, sizes[len(sizes)-1]); err != nil {
			return err
		}
	}
	return p.document(logName, proof)
}

// point adds a checkpoint: its file, its stamp, the newest link that it covers,
// and that the newest checkpoint goes on where it ended.
func (p *packer) point(proof *logProof, size, newest uint64) error {
	k, err := p.snap.Checkpoint(size)
	if err != nil || k == nil {
		return err
	}
	at := logPoint{Size: size, File: "proof/checkpoints/" + strconv.FormatUint(size, 10) + ".txt"}
	if err := p.data(at.File, []byte(k.Note)); err != nil {
		return err
	}
	if k.Stamp != nil {
		at.Stamp = "proof/checkpoints/" + strconv.FormatUint(size, 10) + ".tst"
		if err := p.data(at.Stamp, k.Stamp); err != nil {
			return err
		}
	}
	proof.Checkpoints = append(proof.Checkpoints, at)
	h, err := p.snap.Logged(size)
	if err != nil {
		return err
	}
	if h != nil {
		path, err := p.snap.Inclusion(h.Index, size)
		if err != nil {
			return err
		}
		proof.Heads = append(proof.Heads, head{size, h.Index, h.Seq, hex.EncodeToString(h.Link), digests(path)})
	}
	if size == newest {
		return nil
	}
	path, err := p.snap.Consistency(size, newest)
	proof.Consistency = append(proof.Consistency, consistency{size, newest, digests(path)})
	return err
}

// pointsMost is how many checkpoints are packed at most.
const pointsMost = 64

// points chooses checkpoints: the newest, the newest with a stamp, and of each
// notice the one that stood in it, with the first stamped one after it.
func (p *packer) points() ([]uint64, error) {
	var all []incident.Checkpoint
	if err := p.snap.Checkpoints(func(k incident.Checkpoint) error { all = append(all, k); return nil }); err != nil || len(all) == 0 {
		return nil, err
	}
	notices, err := p.all("notice", "at")
	if err != nil {
		return nil, err
	}
	chosen := map[uint64]bool{all[len(all)-1].Size: true}
	stamped := func(k incident.Checkpoint) bool { return k.Stamp != nil }
	if i := lastIndex(all, stamped); i >= 0 {
		chosen[all[i].Size] = true
	}
	for _, n := range notices {
		at := incident.StoredInstant(n.S("at"))
		i := lastIndex(all, func(k incident.Checkpoint) bool { return !k.At.After(at) })
		if i >= 0 {
			chosen[all[i].Size] = true
		}
		if j := slices.IndexFunc(all[i+1:], stamped); j >= 0 {
			chosen[all[i+1+j].Size] = true
		}
		if len(chosen) >= pointsMost {
			break
		}
	}
	var sizes []uint64
	for size := range chosen {
		sizes = append(sizes, size)
	}
	slices.Sort(sizes)
	return sizes, nil
}

func lastIndex[T any](all []T, is func(T) bool) int {
	for i := len(all) - 1; i >= 0; i-- {
		if is(all[i]) {
			return i
		}
	}
	return -1
}
