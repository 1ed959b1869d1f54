package web

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"hatakello/incident"
)

// The cost of a password hash: 19 MiB and two passes, as ASVS asks.
const (
	hashMemory = 19 << 10 // KiB
	hashPasses = 2
	hashKey    = 32
	hashSalt   = 16
)

// The allowed lengths of a password, in characters and bytes.
const (
	passwordMin = 15
	passwordMax = 1000
)

// HashPassword returns the Argon2id hash of a password in PHC form, or an
// *incident.Error when the password is too short, too long or a common one.
func HashPassword(password string) (string, error) {
	if err := CheckPassword(password); err != nil {
		return "", err
	}
	return hashPassword(password)
}

// CheckPassword reports why a password may not be used, or nil.
func CheckPassword(password string) error {
	switch {
	case utf8.RuneCountInString(password) < passwordMin:
		return &incident.Error{Kind: incident.Invalid, Field: "password", Key: "password.short", Args: map[string]any{"N": passwordMin}}
	case len(password) > passwordMax:
		return &incident.Error{Kind: incident.Invalid, Field: "password", Key: "password.long", Args: map[string]any{"N": passwordMax}}
	case common(password):
		return &incident.Error{Kind: incident.Invalid, Field: "password", Key: "password.common"}
	}
	return nil
}

func hashPassword(password string) (string, error) {
	salt := make([]byte, hashSalt)
	if _, err := rand.Read(salt); err != nil {
		return "", fmt.Errorf("make salt: %w", err)
	}
	key := argon2.IDKey([]byte(password), salt, hashPasses, hashMemory, 1, hashKey)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s", argon2.Version, hashMemory, hashPasses,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key)), nil
}

var errHash = errors.New("not an Argon2id hash")

// checkHash reports whether password is the one that was hashed. It fails only
// when the stored hash cannot be read.
func checkHash(hash, password string) (bool, error) {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, errHash
	}
	var version, memory, passes, threads int
	if _, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &memory, &passes, &threads); err != nil {
		return false, fmt.Errorf("%w: %w", errHash, err)
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	want, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	sane := version == argon2.Version && memory > 0 && memory <= 1<<20 && passes > 0 && passes <= 16 && threads > 0 && threads <= 16
	if err1 != nil || err2 != nil || !sane || len(want) == 0 || len(want) > 64 {
		return false, errHash
	}
	got := argon2.IDKey([]byte(password), salt, uint32(passes), uint32(memory), uint8(threads), uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}

// dummyHash is checked when there is no such user, so that the answer takes as
// long. It belongs to no password.
const dummyHash = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// common reports whether a password is one that is guessed first: a known
// phrase, one character or word repeated, or a run along the keyboard.
func common(password string) bool {
	p := strings.ToLower(strings.Join(strings.Fields(password), ""))
	for _, c := range commonParts {
		p = strings.ReplaceAll(p, c, "*")
	}
	left := strings.Trim(p, "*0123456789!?.,-_")
	if utf8.RuneCountInString(left) < 4 {
		return true
	}
	kinds := map[rune]bool{}
	for _, r := range p {
		kinds[r] = true
	}
	return len(kinds) < 5
}

// commonParts are the words of which most guessed passwords consist, in the
// three languages of the site. Longer ones stand first.
var commonParts = []string{
	"qwertyuiop", "asdfghjkl", "abcdefghijklmnopqrstuvwxyz", "zxcvbnm", "1q2w3e4r5t", "1qaz2wsx", "qwerty", "qwertz", "abcdef", "abc",
	"correcthorsebatterystaple", "administrator", "password", "passw0rd", "salasana", "lösenord", "losenord", "hätäkello", "hatakello",
	"letmein", "welcome", "tervetuloa", "välkommen", "admin", "kissa", "koira", "suomi", "finland", "helsinki", "perkele", "secret",
	"iloveyou", "monkey", "dragon", "changeme", "default", "kesä", "talvi", "syksy", "kevät", "summer", "winter", "test", "user", "root", "1234", "0000",
}
