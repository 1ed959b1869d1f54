package store

import (
	"bytes"
	"context"
	"time"

	"hatakello/incident"
)

// KeptRoot is a checkpoint that somebody kept outside.
type KeptRoot struct {
	Size uint64 // 0: any
	Root []byte // or its first bytes
}

// logWalk reads the log of heads from its beginning, with the checkpoints.
type logWalk struct {
	*verifier
	tree   incident.Tree
	nodes  map[int64][]byte // stored ones of the page being read
	points []*incident.Checkpoint
	keys   []incident.SignKey
	kept   []KeptRoot
	met    []bool
	gap    bool // an entry is missing
}

// log verifies that the log of heads names links as they are, that its tree is
// the tree over it, that every checkpoint follows from it, and so do the roots
// that were kept outside.
func (v *verifier) log(ctx context.Context, kept []KeptRoot) error {
	w := &logWalk{verifier: v, kept: kept, met: make([]bool, len(kept))}
	var err error
	w.keys, _ = v.db.SignKeys(ctx) // without keys that can be read, what they signed is no good
	for more := true; more; {
		err := v.db.look(ctx, func(c conn) error {
			more, err = w.page(ctx, c)
			return err
		})
		if err != nil {
			return err
		}
	}
	w.Log, w.Root = w.tree.Size, w.tree.Root()
	for _, k := range w.points {
		w.find(Finding{Table: "checkpoint", Row: itoa(int(k.Size)), What: "root"})
	}
	for i, k := range kept {
		if !w.met[i] {
			w.find(Finding{Table: "checkpoint", Row: itoa(int(k.Size)), What: "kept"})
		}
	}
	return nil
}

// page reads some entries of the log and what belongs to them, and reports
// whether there may be more.
func (w *logWalk) page(ctx context.Context, c conn) (bool, error) {
	from := w.tree.Size
	if err := w.more(ctx, c, from); err != nil {
		return false, err
	}
	n := 0
	err := c.each(ctx, func(v []any) error {
		n++
		w.entry(v)
		return nil
	}, `
		select l.n, l.chain, l.seq, l.head, a.hash
		from head_log l left join audit a on a.chain = l.chain and a.seq = l.seq
		where l.n >= ?1 order by l.n limit ?2`, int64(from), linksAtOnce)
	for i := range w.nodes {
		w.find(Finding{Table: "head_node", Row: itoa(int(i)), What: "node"})
	}
	if err != nil || n == linksAtOnce && !w.gap {
		return true, err
	}
	return false, w.loadPoints(ctx, c, `size > ?1`, int64(from+linksAtOnce)) // beyond the end
}

// more loads the nodes and checkpoints of a page.
func (w *logWalk) more(ctx context.Context, c conn, from uint64) error {
	w.nodes = map[int64][]byte{}
	first, last := storedIndex(0, from), storedIndex(0, from+linksAtOnce)
	err := c.each(ctx, func(v []any) error {
		i, _ := v[0].(int64)
		w.nodes[i], _ = v[1].([]byte)
		return nil
	}, `select i, hash from head_node where i >= ?1 and i < ?2`, int64(first), int64(last))
	if err != nil {
		return err
	}
	return w.loadPoints(ctx, c, `size > ?1 and size <= ?2`, int64(from), int64(from+linksAtOnce))
}

// loadPoints adds the checkpoints of some sizes to those that are to be met.
func (w *logWalk) loadPoints(ctx context.Context, c conn, where string, args ...any) error {
	return c.each(ctx, func(v []any) error {
		size, _ := v[0].(int64)
		root, _ := v[1].([]byte)
		note, _ := v[2].(string)
		k := &incident.Checkpoint{Size: uint64(size), Note: note}
		at, _ := v[3].(string)
		if err := when(&k.At).Scan(at); err != nil {
			k.At = time.Time{} // which no note says
		}
		if len(root) == len(k.Root) {
			copy(k.Root[:], root)
		}
		w.points = append(w.points, k)
		return nil
	}, `select size, root, note, at from checkpoint where `+where+` order by size`, args...)
}

// entry verifies one entry of the log.
func (w *logWalk) entry(v []any) {
	n, _ := v[0].(int64)
	chain, _ := v[1].(string)
	seq, _ := v[2].(int64)
	head, _ := v[3].([]byte)
	hash, _ := v[4].([]byte)
	if uint64(n) != w.tree.Size {
		w.gap = true
		w.find(Finding{Chain: chain, Seq: seq, Table: "head_log", Row: itoa(int(w.tree.Size)), What: "missing"})
	}
	if !bytes.Equal(head, hash) {
		w.find(Finding{Chain: chain, Seq: seq, Table: "head_log", Row: itoa(int(n)), What: "log"})
	}
	i := int64(storedIndex(0, w.tree.Size))
	w.tree.Add(incident.HeadLeaf(chain, seq, head), func(d incident.Digest) {
		if !bytes.Equal(w.nodes[i], d[:]) {
			w.find(Finding{Table: "head_node", Row: itoa(int(i)), What: "node"})
		}
		delete(w.nodes, i)
		i++
	})
	w.compare()
}

// compare checks the checkpoints and kept roots of the size that is reached.
func (w *logWalk) compare() {
	var root *incident.Digest
	get := func() incident.Digest {
		if root == nil {
			r := w.tree.Root()
			root = &r
		}
		return *root
	}
	for len(w.points) > 0 && w.points[0].Size <= w.tree.Size {
		k := w.points[0]
		w.points = w.points[1:]
		w.Checkpoints++
		if k.Size != w.tree.Size || k.Root != get() || !w.noteHolds(k) {
			w.find(Finding{Table: "checkpoint", Row: itoa(int(k.Size)), What: "root"})
		}
	}
	for i, k := range w.kept {
		if !w.met[i] && (k.Size == w.tree.Size || k.Size == 0) {
			r := get()
			w.met[i] = bytes.HasPrefix(r[:], k.Root)
		}
	}
}

// noteHolds reports whether a checkpoint's note says what the checkpoint says
// and, if it is signed, was signed by a key of ours.
func (w *logWalk) noteHolds(k *incident.Checkpoint) bool {
	said, err := incident.ParseCheckpoint(k.Note)
	if err != nil || said.Size != k.Size || said.Root != k.Root || !said.At.Equal(k.At.Truncate(time.Second)) {
		return false
	}
	unsigned := len(k.Note) > 1 && k.Note[len(k.Note)-2:] == "\n\n"
	return unsigned || incident.CheckpointSigner(k.Note, w.keys) != ""
}
