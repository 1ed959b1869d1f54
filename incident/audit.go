package incident

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
)

// Seal fills in Commit, Root, Leaves and Hash. Prev, Seq and Bound must
// be set; the first link's Prev is nil.
func (a *Audit) Seal() {
	a.Commit = a.commitment()
	root, n, _ := BoundRoot(a.Bound)
	a.Root, a.Leaves = root[:], n
	a.Hash = a.link()
}

// Holds reports whether the link's hash follows from its fields, its commitment
// from its content, and its root from the rows that it binds, if they were
// loaded. What was said anew when a person was erased (Again) is for a whole
// verification to look up; here it is enough that it fits.
func (a *Audit) Holds() bool { return a.Flaw() == "" }

// Flaw names what does not hold in the link, or "": "content", "rows", "link".
func (a *Audit) Flaw() string {
	if a.Root == nil { // from before rows were bound
		switch {
		case a.Again != nil: // its hash covers the name that was erased, and stands as it was
			if !bytes.Equal(a.Again, a.recommitment()) {
				return "content"
			}
			return ""
		case a.Content != nil && !bytes.Equal(a.Commit, sum(a.Salt, a.Content)):
			return "content"
		}
	} else if said := a.commitment(); !bytes.Equal(a.Commit, said) && !bytes.Equal(a.Again, said) {
		return "content"
	}
	if a.Bound != nil {
		root, n, err := BoundRoot(a.Bound)
		if err != nil || n != a.Leaves || !bytes.Equal(root[:], a.Root) {
			return "rows"
		}
	}
	if !bytes.Equal(a.Hash, a.link()) {
		return "link"
	}
	return ""
}

// LinkHolds reports whether the link's hash follows from its fields alone, for
// whoever may not see what was done.
func (a *Audit) LinkHolds() bool { return bytes.Equal(a.Hash, a.link()) }

// Recommit commits to By and Content as they are now, after a name was taken
// out of them. The link's hash still covers what was said first.
func (a *Audit) Recommit(salt []byte) {
	a.Salt = salt
	a.Again = a.recommitment()
}

// recommitment is what Again must be. That of a link from before rows were
// bound covers all that the link says: who did it is in its hash, which nobody
// can work out any more.
func (a *Audit) recommitment() []byte {
	if a.Root != nil {
		return a.commitment()
	}
	b := append([]byte("hk again 1\n"), a.Salt...)
	for _, part := range [][]byte{[]byte(a.stamp()), []byte(a.Act), []byte(a.By), a.Content, a.Hash, a.Prev} {
		b = append(appendLength(b, len(part)), part...)
	}
	h := sha256.Sum256(b)
	return h[:]
}

// commitment hides who did it and what behind a salt, so that a name can be
// taken out of both.
func (a *Audit) commitment() []byte {
	var room [512]byte
	b := append(room[:0], a.Salt...)
	b = append(append(appendLength(b, len(a.By)), a.By...), a.Content...)
	h := sha256.Sum256(b)
	return h[:]
}

// Body is the hash of all that a link says but its place. Whoever may not see
// what was done gets this hash, and can still follow the chain.
func (a *Audit) Body() Digest {
	var room [256]byte
	b := append(append(room[:0], "hk body 2\n"...), a.stamp()...)
	b = append(append(append(b, byte(len(a.Act))), a.Act...), a.Commit...)
	return sha256.Sum256(append(binary.BigEndian.AppendUint32(b, uint32(a.Leaves)), a.Root...))
}

// stamp is the link's instant as it is hashed.
func (a *Audit) stamp() string {
	if a.Stamp != "" {
		return a.Stamp
	}
	return a.At.UTC().Format("2006-01-02T15:04:05.000Z")
}

// link is the hash of the link.
func (a *Audit) link() []byte {
	if a.Root == nil {
		return a.linkV1()
	}
	body := a.Body()
	h := LinkHash(a.Prev, a.Chain, a.Seq, body[:])
	return h[:]
}

// LinkHash is the hash of a link with that place in its chain; the first link's
// prev is nil.
func LinkHash(prev []byte, chain string, seq int64, body []byte) Digest {
	var room [256]byte
	if prev == nil {
		prev = none[:]
	}
	b := append(append(append(room[:0], "hk link 2\n"...), prev...), body...)
	return sha256.Sum256(append(appendLength(b, int(seq)), chain...))
}

// none stands where a hash would and there is nothing to hash.
var none Digest

// linkV1 is the hash of links from before rows were bound: every field but the
// content itself, each preceded by its length.
func (a *Audit) linkV1() []byte {
	h := sha256.New()
	write := func(b []byte) {
		h.Write(length(len(b)))
		h.Write(b)
	}
	write([]byte("hatakello audit v1"))
	write(a.Prev)
	write([]byte(a.Chain))
	h.Write(length(int(a.Seq)))
	write([]byte(a.stamp()))
	write([]byte(a.By))
	write([]byte(a.Act))
	write(a.Commit)
	return h.Sum(nil)
}

// appendLength adds a number in eight bytes.
func appendLength(b []byte, n int) []byte { return binary.BigEndian.AppendUint64(b, uint64(n)) }

func length(n int) []byte { return appendLength(nil, n) }

func sum(salt, content []byte) []byte {
	var room [512]byte
	h := sha256.Sum256(append(append(room[:0], salt...), content...))
	return h[:]
}
