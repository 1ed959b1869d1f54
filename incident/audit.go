package incident

import (
	"crypto/sha256"
	"encoding/binary"
)

// Seal fills in Commit and Hash. Prev and Seq must be set; the first link's
// Prev is nil.
func (a *Audit) Seal() {
	a.Commit = commitment(a.Salt, a.Content)
	a.Hash = a.link()
}

// Holds reports whether the link's hash follows from its fields, and its
// commitment from its content unless that has been erased.
func (a *Audit) Holds() bool {
	if a.Content != nil && string(a.Commit) != string(commitment(a.Salt, a.Content)) {
		return false
	}
	return string(a.Hash) == string(a.link())
}

// link hashes every field but the content itself. Each is preceded by its
// length, so that no two different links give the same bytes.
func (a *Audit) link() []byte {
	h := sha256.New()
	var n [8]byte
	write := func(b []byte) {
		binary.BigEndian.PutUint64(n[:], uint64(len(b)))
		h.Write(n[:])
		h.Write(b)
	}
	write([]byte("hatakello audit v1"))
	write(a.Prev)
	write([]byte(a.Chain))
	binary.BigEndian.PutUint64(n[:], uint64(a.Seq))
	h.Write(n[:])
	write([]byte(a.At.UTC().Format("2006-01-02T15:04:05.000Z")))
	write([]byte(a.By))
	write([]byte(a.Act))
	write(a.Commit)
	return h.Sum(nil)
}

func commitment(salt, content []byte) []byte {
	h := sha256.New()
	h.Write(salt)
	h.Write(content)
	return h.Sum(nil)
}
