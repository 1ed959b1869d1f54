package store

import (
	"context"
	"database/sql"
	"errors"
	"math/bits"
	"time"

	"hatakello/incident"
)

// headsAtOnce is how many ends of chains one checkpoint logs at most.
const headsAtOnce = 20_000

// Checkpoint logs the ends of all chains that have grown since the last one and
// keeps a checkpoint over them, with the note that sign writes. If none has
// grown, it returns nil.
func (db *DB) Checkpoint(ctx context.Context, at time.Time, sign func(*incident.Checkpoint) string) (*incident.Checkpoint, error) {
	var waiting int
	if any, err := db.conn().one(ctx, `select 1 from chain where seq > logged limit 1`, nil, &waiting); err != nil || !any {
		return nil, err
	}
	var k *incident.Checkpoint
	err := db.write(newTask(ctx, func(ctx context.Context, c conn) error {
		var err error
		k, err = logHeads(ctx, c, at, sign)
		return err
	}))
	return k, err
}

var (
	insertHead = insert("head_log", "n, chain, seq, head", "")
	insertNode = insert("head_node", "i, hash", "")
)

func logHeads(ctx context.Context, c conn, at time.Time, sign func(*incident.Checkpoint) string) (*incident.Checkpoint, error) {
	if _, err := next(ctx, c, "log"); err != nil { // one at a time, also among nodes
		return nil, err
	}
	heads, err := list(ctx, c, readHead, `select id, seq, head from chain where seq > logged order by id limit ?1`, headsAtOnce)
	if err != nil || len(heads) == 0 {
		return nil, err
	}
	tree, err := loadTree(ctx, c)
	if err != nil {
		return nil, err
	}
	first, node := int64(tree.Size), storedIndex(0, tree.Size)
	var nodes [][]any
	for _, h := range heads {
		tree.Add(incident.HeadLeaf(h.Chain, h.Seq, h.Hash), func(d incident.Digest) {
			nodes = append(nodes, []any{int64(node), d[:]})
			node++
		})
	}
	_, err = insertHead.run(ctx, c, len(heads), func(i int) []any {
		return []any{first + int64(i), heads[i].Chain, heads[i].Seq, heads[i].Hash}
	})
	if err == nil {
		err = insertNode.all(ctx, c, nodes)
	}
	if err == nil {
		_, err = markLogged.run(ctx, c, len(heads), func(i int) []any { return []any{heads[i].Chain, heads[i].Seq} })
	}
	if err != nil {
		return nil, err
	}
	k := &incident.Checkpoint{Size: tree.Size, Root: tree.Root(), At: at.UTC().Truncate(time.Millisecond)}
	k.Note = sign(k)
	_, err = c.exec(ctx, `insert into checkpoint (size, root, at, note) values (?1, ?2, ?3, ?4)`, int64(k.Size), k.Root[:], instant(k.At), k.Note)
	return k, err
}

var markLogged = &batch{
	head: `update chain set logged = v.column2 from (values `,
	row:  []string{asText, asNumber},
	tail: `) as v where id = v.column1`,
}

func readHead(rows *sql.Rows) (h incident.Head, err error) {
	err = rows.Scan(&h.Chain, &h.Seq, &h.Hash)
	return h, err
}

// storedIndex is where a node of the tree is kept: the n-th of its level, 0
// being the leaves. Nodes are numbered in the order in which they are whole.
func storedIndex(level int, n uint64) uint64 {
	for range level {
		n = 2*n + 1
	}
	i := uint64(level)
	for ; n > 0; n >>= 1 {
		i += n
	}
	return i
}

// loadTree loads the right edge of the tree over the log.
func loadTree(ctx context.Context, c conn) (*incident.Tree, error) {
	var last int64
	any, err := c.one(ctx, `select n from head_log order by n desc limit 1`, nil, &last)
	if err != nil || !any {
		return &incident.Tree{}, err
	}
	size := uint64(last) + 1
	var edges []incident.Digest
	for done, left := uint64(0), size; left > 0; {
		level := bits.Len64(left) - 1
		d, err := loadNode(ctx, c, level, done>>level)
		if err != nil {
			return nil, err
		}
		edges = append(edges, d)
		done, left = done+1<<level, left-1<<level
	}
	return incident.GrownTree(size, edges), nil
}

var errNode = errors.New("a node of the log is missing")

func loadNode(ctx context.Context, c conn, level int, n uint64) (d incident.Digest, err error) {
	var hash []byte
	any, err := c.one(ctx, `select hash from head_node where i = ?1`, []any{int64(storedIndex(level, n))}, &hash)
	if err == nil && (!any || copy(d[:], hash) != len(d)) {
		err = errNode
	}
	return d, err
}

// nodes serves proofs over the log.
func nodes(ctx context.Context, c conn) incident.Nodes {
	var get incident.Nodes
	get = func(lo, hi uint64) (incident.Digest, error) {
		if width := hi - lo; width&(width-1) == 0 {
			level := bits.Len64(width) - 1
			return loadNode(ctx, c, level, lo>>level)
		}
		k := lo + 1<<(bits.Len64(hi-lo-1)-1)
		left, err := get(lo, k)
		if err != nil {
			return left, err
		}
		right, err := get(k, hi)
		return incident.NodeHash(left, right), err
	}
	return get
}

const checkpointColumns = `size, root, at, note, stamp`

func readCheckpoint(rows *sql.Rows) (*incident.Checkpoint, error) {
	k := &incident.Checkpoint{}
	var size int64
	var root []byte
	err := rows.Scan(&size, &root, when(&k.At), &k.Note, &k.Stamp)
	k.Size = uint64(size)
	copy(k.Root[:], root)
	return k, err
}

// NewestCheckpoint returns the newest checkpoint, or nil before the first.
func (db *DB) NewestCheckpoint(ctx context.Context) (*incident.Checkpoint, error) {
	all, err := list(ctx, db.conn(), readCheckpoint, `select `+checkpointColumns+` from checkpoint order by size desc limit 1`)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return all[0], nil
}

// StampCheckpoint keeps what a trusted time authority said of a checkpoint.
func (db *DB) StampCheckpoint(ctx context.Context, size uint64, stamp []byte) error {
	return db.write(newTask(ctx, func(ctx context.Context, c conn) error {
		_, err := c.exec(ctx, `update checkpoint set stamp = ?2 where size = ?1 and stamp is null`, int64(size), stamp)
		return err
	}))
}

// LogConsistency proves that the log with m entries is the beginning of that
// with n.
func (db *DB) LogConsistency(ctx context.Context, m, n uint64) ([]incident.Digest, error) {
	return incident.Consistency(m, n, nodes(ctx, db.conn()))
}
