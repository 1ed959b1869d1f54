package main

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math/big"
	"sync"
	"time"
)

// ids makes names for rows: 26 characters from 48 bits of time in milliseconds
// and 80 random bits, so that they sort by when they were made. Two of the
// same millisecond sort in the order of making.
type ids struct {
	now  func() time.Time
	mu   sync.Mutex
	last [16]byte
}

// crockford is base 32 whose letters sort like the bytes, without I, L, O, U.
var crockford = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// next returns a new name. A clock that was set back does not make the names
// go back.
func (m *ids) next() string {
	var id [16]byte
	binary.BigEndian.PutUint64(id[:8], uint64(m.now().UnixMilli())<<16)
	rand.Read(id[6:])
	m.mu.Lock()
	defer m.mu.Unlock()
	if string(id[:6]) <= string(m.last[:6]) {
		id = m.last
		for i := 15; i >= 0; i-- {
			if id[i]++; id[i] != 0 {
				break
			}
		}
	}
	m.last = id
	return crockford.EncodeToString(id[:])
}

// newSecret returns 256 random bits, safe in an address.
func newSecret() string {
	var b [32]byte
	rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// newSalt returns 16 random bytes.
func newSalt() []byte {
	b := make([]byte, 16)
	rand.Read(b)
	return b
}

// words that are said the same on the telephone in all three languages.
var codeWords = []string{"KUUSI", "SALMI", "LAMPI", "TUNTURI", "NIITTY", "SAARI", "KOSKI", "PELTO", "VUORI", "METSA", "RANTA", "LUOTO", "HARJU", "KALLIO", "VIRTA", "TAIVAS"}

// codeLetters leave out what is misheard or misread: no B, D, G, I, O, Q.
const codeLetters = "AEFHJKLMNPRSTUVXY"

// newCode returns a short code for the telephone, "KUUSI-4821-P7". It is
// looked up, never trusted: it lets nobody in.
func newCode() string {
	return fmt.Sprintf("%s-%04d-%c%d", codeWords[pick(len(codeWords))], pick(10000), codeLetters[pick(len(codeLetters))], pick(10))
}

// pick returns a random number from 0 to n-1, each as likely.
func pick(n int) int {
	v, _ := rand.Int(rand.Reader, big.NewInt(int64(n))) // crypto/rand ends the program rather than fail
	return int(v.Int64())
}
