package incident

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Checkpoint is what the log of heads held at a time: so many entries under
// that root. Whoever keeps one can tell later whether the record was rewritten.
type Checkpoint struct {
	Size  uint64
	Root  Digest
	At    time.Time
	Note  string // signed: see SignCheckpoint
	Stamp []byte // of a trusted time authority over Note (RFC 3161), or nil
}

// HeadLeaf is the leaf of the log for the end of a chain.
func HeadLeaf(chain string, seq int64, head []byte) Digest {
	return LeafHash(fmt.Appendf(nil, "%s %d %x\n", chain, seq, head))
}

// shortRoot is how many bytes of a root stand in mails: twelve, which nobody
// can meet a second time.
const shortRoot = 12

// Short is the checkpoint as people read it: size, dash, the first 24 hex
// digits of the root. "" for the empty log.
func (k *Checkpoint) Short() string {
	if k == nil || k.Size == 0 {
		return ""
	}
	return fmt.Sprintf("%d-%x", k.Size, k.Root[:shortRoot])
}

// ErrCheckpoint is returned for what is no checkpoint.
var ErrCheckpoint = errors.New("this is no checkpoint")

// ParseShort reads what Short wrote, or a root in hex alone (size 0).
func ParseShort(s string) (size uint64, root []byte, err error) {
	digits := strings.TrimSpace(s)
	if before, after, ok := strings.Cut(digits, "-"); ok {
		if size, err = strconv.ParseUint(before, 10, 62); err != nil || size == 0 {
			return 0, nil, ErrCheckpoint
		}
		digits = after
	}
	root, err = hex.DecodeString(strings.ToLower(strings.ReplaceAll(digits, " ", "")))
	if err != nil || len(root) < shortRoot || len(root) > HashSize {
		return 0, nil, ErrCheckpoint
	}
	return size, root, nil
}

// timeLine begins the line of a checkpoint that says when it was made.
const timeLine = "time "

// SignCheckpoint writes a checkpoint in the form of C2SP (tlog-checkpoint,
// signed-note): origin, size, root, then the time as an extension line. Without
// a key it has no signature.
func SignCheckpoint(origin string, k *Checkpoint, key ed25519.PrivateKey) string {
	text := fmt.Sprintf("%s\n%d\n%s\n%s%s\n", origin, k.Size, base64.StdEncoding.EncodeToString(k.Root[:]), timeLine, stamp(k.At))
	if key == nil {
		return text + "\n"
	}
	public := key.Public().(ed25519.PublicKey)
	id := noteKeyID(origin, public)
	sig := append(binary.BigEndian.AppendUint32(nil, id), ed25519.Sign(key, []byte(text))...)
	return fmt.Sprintf("%s\n— %s %s\n", text, origin, base64.StdEncoding.EncodeToString(sig))
}

// noteKeyID names a key as C2SP's signed notes do.
func noteKeyID(name string, public ed25519.PublicKey) uint32 {
	h := sha256.Sum256(append([]byte(name+"\n\x01"), public...))
	return binary.BigEndian.Uint32(h[:])
}

// ParseCheckpoint reads a checkpoint. Whether somebody vouches for it is for
// CheckpointSigner to say.
func ParseCheckpoint(note string) (*Checkpoint, error) {
	text, signatures, ok := strings.Cut(note, "\n\n")
	lines := strings.Split(text, "\n")
	if !ok || len(lines) < 3 || lines[0] == "" {
		return nil, ErrCheckpoint
	}
	for line := range strings.Lines(signatures) {
		if !strings.HasPrefix(line, "— ") || !strings.HasSuffix(line, "\n") {
			return nil, ErrCheckpoint
		}
	}
	k := &Checkpoint{Note: note}
	var err error
	if k.Size, err = strconv.ParseUint(lines[1], 10, 62); err != nil {
		return nil, ErrCheckpoint
	}
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || copy(k.Root[:], root) != HashSize || len(root) != HashSize {
		return nil, ErrCheckpoint
	}
	for _, l := range lines[3:] {
		if at, ok := strings.CutPrefix(l, timeLine); ok {
			if k.At, err = time.Parse(time.RFC3339, at); err != nil {
				return nil, ErrCheckpoint
			}
		}
	}
	return k, nil
}

// CheckpointSigner returns the id of the key among keys that signed a
// checkpoint, or "".
func CheckpointSigner(note string, keys []SignKey) string {
	text, signatures, ok := strings.Cut(note, "\n\n")
	if !ok {
		return ""
	}
	text += "\n"
	for line := range strings.Lines(signatures) {
		name, value, ok := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(line, "— "), "\n"), " ")
		sig, err := base64.StdEncoding.Strict().DecodeString(value)
		if !ok || !strings.HasPrefix(line, "— ") || err != nil || len(sig) != 4+ed25519.SignatureSize {
			continue
		}
		for _, k := range keys {
			id := binary.BigEndian.AppendUint32(nil, noteKeyID(name, k.Public))
			if len(k.Public) == ed25519.PublicKeySize && bytes.Equal(id, sig[:4]) && ed25519.Verify(k.Public, []byte(text), sig[4:]) {
				return k.ID
			}
		}
	}
	return ""
}
