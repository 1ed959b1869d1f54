package incident

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// Bound is what a link says of one row that its act wrote: a salted commitment
// to the row as it then was. The newest one of a row tells how the row must be.
type Bound struct {
	Label  string // table, then the row's key, each after a slash
	Salt   []byte // 16 random bytes; zeros when what they hid was erased
	Commit []byte // SHA-256(Salt || row as JSON); 32 zero bytes: the row is gone
	Hidden []byte // the leaf alone, where even the label named a person and was erased
}

// saltSize is the length of every salt in bytes.
const saltSize = 16

// Gone reports whether the act took the row away.
func (b Bound) Gone() bool { return bytes.Equal(b.Commit, none[:]) }

// Fits reports whether the row, as JSON, is the one that was committed to.
func (b Bound) Fits(row []byte) bool { return bytes.Equal(b.Commit, sum(b.Salt, row)) }

// RowCommit is the commitment to a row.
func RowCommit(salt, row []byte) []byte { return sum(salt, row) }

// Leaf is the row's leaf in the link's tree.
func (b Bound) Leaf() Digest {
	if b.Hidden != nil {
		return Digest(b.Hidden)
	}
	return LeafHash([]byte(b.Label), b.Commit)
}

// Blank reports whether the salt was destroyed, so that nobody can guess what
// the row was.
func (b Bound) Blank() bool {
	return b.Hidden == nil && !b.Gone() && bytes.Equal(b.Salt, make([]byte, saltSize))
}

// AppendBound adds an entry to the list that a link keeps: the label's length
// in two bytes, the label, the salt, the commitment.
func AppendBound(list []byte, label string, salt, commit []byte) []byte {
	list = binary.BigEndian.AppendUint16(list, uint16(len(label)))
	return append(append(append(list, label...), salt...), commit...)
}

// hiddenLabel stands where a label's length would and says that a leaf follows,
// and nothing else.
const hiddenLabel = 0xFFFF

// AppendHidden adds an entry of which nothing but the leaf is kept.
func AppendHidden(list []byte, leaf Digest) []byte {
	return append(binary.BigEndian.AppendUint16(list, hiddenLabel), leaf[:]...)
}

var errBound = errors.New("the list of bound rows is damaged")

// NextBound reads the first entry of a list and returns the rest. The entry
// shares the list's memory.
func NextBound(list []byte) (Bound, []byte, error) {
	if len(list) < 2 {
		return Bound{}, nil, errBound
	}
	n := int(binary.BigEndian.Uint16(list))
	if n == hiddenLabel {
		if len(list) < 2+HashSize {
			return Bound{}, nil, errBound
		}
		return Bound{Hidden: list[2 : 2+HashSize]}, list[2+HashSize:], nil
	}
	end := 2 + n + saltSize + HashSize
	if len(list) < end {
		return Bound{}, nil, errBound
	}
	return Bound{Label: string(list[2 : 2+n]), Salt: list[2+n : 2+n+saltSize], Commit: list[2+n+saltSize : end]}, list[end:], nil
}

// BoundRoot is the root of the Merkle tree over a list, and how many rows are
// in it. Salts are not part of it. That of no rows is 32 zero bytes.
func BoundRoot(list []byte) (Digest, int64, error) {
	var t Tree
	for len(list) > 0 {
		b, rest, err := NextBound(list)
		if err != nil {
			return none, 0, err
		}
		t.Add(b.Leaf(), nil)
		list = rest
	}
	if t.Size == 0 {
		return none, 0, nil
	}
	return t.Root(), int64(t.Size), nil
}
