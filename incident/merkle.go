package incident

import (
	"crypto/sha256"
	"errors"
	"math/bits"
)

// A Merkle tree as RFC 6962 has it (section 2.1): SHA-256, leaves and nodes
// told apart by their first byte, unbalanced to the left.

// HashSize is the length of every hash in the record, in bytes.
const HashSize = sha256.Size

// Digest is a SHA-256 hash.
type Digest = [HashSize]byte

// LeafHash is the hash of a leaf's bytes.
func LeafHash(parts ...[]byte) Digest {
	var room [192]byte
	b := append(room[:0], 0)
	for _, p := range parts {
		b = append(b, p...)
	}
	return sha256.Sum256(b)
}

// NodeHash is the hash of a node over its two children.
func NodeHash(left, right Digest) Digest {
	var b [1 + 2*HashSize]byte
	b[0] = 1
	copy(b[1:], left[:])
	copy(b[1+HashSize:], right[:])
	return sha256.Sum256(b[:])
}

// Tree is the right edge of a growing Merkle tree: the roots of its whole
// subtrees, the largest first. It holds no more than 64 hashes however large
// the tree is. The zero Tree is empty.
type Tree struct {
	Size  uint64
	edges []Digest
}

// GrownTree is a tree of that size with those edges, as they were kept.
func GrownTree(size uint64, edges []Digest) *Tree { return &Tree{size, edges} }

// Add appends a leaf and calls done, unless nil, for every node that is whole
// now, the leaf first and upwards.
func (t *Tree) Add(leaf Digest, done func(Digest)) {
	node := leaf
	if done != nil {
		done(node)
	}
	for n := t.Size; n&1 == 1; n >>= 1 {
		last := len(t.edges) - 1
		node = NodeHash(t.edges[last], node)
		t.edges = t.edges[:last]
		if done != nil {
			done(node)
		}
	}
	t.edges = append(t.edges, node)
	t.Size++
}

// Root is the root of the tree as it is. That of the empty one is the hash of
// nothing.
func (t *Tree) Root() Digest {
	if len(t.edges) == 0 {
		return sha256.Sum256(nil)
	}
	root := t.edges[len(t.edges)-1]
	for i := len(t.edges) - 2; i >= 0; i-- {
		root = NodeHash(t.edges[i], root)
	}
	return root
}

// RootOf is the root of a tree with those leaves.
func RootOf(leaves []Digest) Digest {
	var t Tree
	for _, l := range leaves {
		t.Add(l, nil)
	}
	return t.Root()
}

// Nodes gives the hash of the subtree over the leaves from lo until hi,
// exclusive; lo is a multiple of the subtree's width.
type Nodes func(lo, hi uint64) (Digest, error)

// Over serves Nodes from leaves in memory.
func Over(leaves []Digest) Nodes {
	return func(lo, hi uint64) (Digest, error) { return RootOf(leaves[lo:hi]), nil }
}

// split is the largest power of two below n, which is at least 2.
func split(n uint64) uint64 { return 1 << (bits.Len64(n-1) - 1) }

// Inclusion proves that leaf i is in the tree with n leaves: the hashes beside
// its way up, the lowest first.
func Inclusion(i, n uint64, nodes Nodes) ([]Digest, error) {
	if i >= n {
		return nil, errors.New("no such leaf")
	}
	return wayUp(i, 0, n, nodes)
}

func wayUp(i, lo, hi uint64, nodes Nodes) ([]Digest, error) {
	if hi-lo == 1 {
		return nil, nil
	}
	k := lo + split(hi-lo)
	near, far, beside := [2]uint64{lo, k}, [2]uint64{k, hi}, [2]uint64{}
	if beside = far; i >= k {
		near, beside = far, near
	}
	below, err := wayUp(i, near[0], near[1], nodes)
	if err != nil {
		return nil, err
	}
	h, err := nodes(beside[0], beside[1])
	return append(below, h), err
}

// Included reports whether a proof leads from leaf i to the root of the tree
// with n leaves.
func Included(leaf Digest, i, n uint64, proof []Digest, root Digest) bool {
	if i >= n {
		return false
	}
	node, last := leaf, n-1
	for _, p := range proof {
		if last == 0 {
			return false
		}
		if i&1 == 1 || i == last {
			node = NodeHash(p, node)
			for i&1 == 0 && i != 0 {
				i, last = i>>1, last>>1
			}
		} else {
			node = NodeHash(node, p)
		}
		i, last = i>>1, last>>1
	}
	return last == 0 && node == root
}

// Consistency proves that the tree with m leaves is the beginning of that with
// n: RFC 6962, section 2.1.2. From the empty tree, or to itself, there is
// nothing to prove.
func Consistency(m, n uint64, nodes Nodes) ([]Digest, error) {
	if m > n {
		return nil, errors.New("the earlier tree is the larger one")
	}
	if m == 0 || m == n {
		return nil, nil
	}
	return sub(m, 0, n, true, nodes)
}

func sub(m, lo, hi uint64, whole bool, nodes Nodes) ([]Digest, error) {
	if m == hi {
		if whole {
			return nil, nil
		}
		h, err := nodes(lo, hi)
		return []Digest{h}, err
	}
	k := lo + split(hi-lo)
	if m <= k {
		below, err := sub(m, lo, k, whole, nodes)
		if err != nil {
			return nil, err
		}
		h, err := nodes(k, hi)
		return append(below, h), err
	}
	below, err := sub(m, k, hi, false, nodes)
	if err != nil {
		return nil, err
	}
	h, err := nodes(lo, k)
	return append(below, h), err
}

// Consistent reports whether a proof shows that the tree of m leaves with the
// root old is the beginning of that of n leaves with the root now.
func Consistent(m, n uint64, old, now Digest, proof []Digest) bool {
	switch {
	case m > n:
		return false
	case m == n:
		return len(proof) == 0 && old == now
	case m == 0:
		return len(proof) == 0
	}
	if m&(m-1) == 0 {
		proof = append([]Digest{old}, proof...)
	}
	if len(proof) == 0 {
		return false
	}
	i, last := m-1, n-1
	for i&1 == 1 {
		i, last = i>>1, last>>1
	}
	then, later := proof[0], proof[0]
	for _, p := range proof[1:] {
		if last == 0 {
			return false
		}
		if i&1 == 1 || i == last {
			then, later = NodeHash(p, then), NodeHash(p, later)
			for i&1 == 0 && i != 0 {
				i, last = i>>1, last>>1
			}
		} else {
			later = NodeHash(later, p)
		}
		i, last = i>>1, last>>1
	}
	return last == 0 && then == old && later == now
}
