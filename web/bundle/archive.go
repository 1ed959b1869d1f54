package bundle

import (
	"archive/zip"
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of what a bundle may hold, so that a file made to harm cannot. Sizes
// are in bytes.
const (
	entriesMax = 2_000_000
	fileMax    = 64 << 20 // of all but the long ones
	longMax    = 4 << 30
	lineMax    = 64 << 20
	ratioMax   = 300 // of a long file's size to its compressed size
	nameMax    = 400
)

// long are the files that grow with the case and are read line by line.
var long = []string{indexName, caseName, chainName, rowsName, manifestName}

var errLarge = errors.New("larger than a bundle's file may be")

// archive is a zip whose names and sizes are harmless.
type archive struct {
	at    map[string]*zip.File
	names []string
}

// open reads the zip's directory and refuses names that lead elsewhere, stand
// twice or belong to no file, and sizes that are not credible.
func (c *checker) open(r io.ReaderAt, size int64) bool {
	s := c.step("zip")
	z, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) || z == nil || len(z.File) > entriesMax {
		s.fault("zip", "")
		return false
	}
	c.zip = &archive{at: map[string]*zip.File{}}
	packed, folded := uint64(0), map[string]bool{}
	for _, f := range z.File {
		s.N++
		switch low := strings.ToLower(f.Name); {
		case !harmless(f.Name) || folded[low] || !f.Mode().IsRegular():
			s.fault("path", strings.ToValidUTF8(f.Name, "?"))
		case !credible(f):
			s.fault("large", f.Name)
		default:
			folded[low], c.zip.at[f.Name] = true, f
			c.zip.names = append(c.zip.names, f.Name)
		}
		packed += f.CompressedSize64
	}
	if packed > uint64(size) { // entries that share their bytes
		s.fault("zip", "")
	}
	return s.Found == 0
}

// harmless reports whether a name stays below the folder into which the zip is
// unpacked, on every system.
func harmless(name string) bool {
	if name == "" || len(name) > nameMax || !utf8.ValidString(name) || strings.ContainsAny(name, `\:`) {
		return false
	}
	if strings.ContainsFunc(name, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }) {
		return false
	}
	return !slices.ContainsFunc(strings.Split(name, "/"), func(part string) bool { return part == "" || part == "." || part == ".." })
}

// credible reports whether a file may be as large as its head says.
func credible(f *zip.File) bool {
	if !slices.Contains(long, f.Name) {
		return f.UncompressedSize64 <= fileMax
	}
	return f.UncompressedSize64 <= 1<<20 || f.UncompressedSize64 <= longMax && f.UncompressedSize64 <= ratioMax*f.CompressedSize64
}

// open begins to read a file; no more comes out than its head says.
func (a *archive) open(name string) (io.ReadCloser, error) {
	f := a.at[name]
	if f == nil {
		return nil, errors.New("no such file")
	}
	return f.Open()
}

// read reads a file that is not a long one.
func (a *archive) read(name string) ([]byte, error) {
	r, err := a.open(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, fileMax+1))
	if err == nil && len(data) > fileMax {
		err = errLarge
	}
	return data, err
}

// hash is a file's SHA-256, in hex, and its size.
func (a *archive) hash(name string) (string, int64, error) {
	r, err := a.open(name)
	if err != nil {
		return "", 0, err
	}
	defer r.Close()
	h := sha256.New()
	n, err := io.Copy(h, io.LimitReader(r, longMax))
	return hex.EncodeToString(h.Sum(nil)), n, err
}

// lines hands over a file line by line.
func (a *archive) lines(name string, do func(n int, line []byte)) error {
	r, err := a.open(name)
	if err != nil {
		return err
	}
	defer r.Close()
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, 64<<10), lineMax)
	for n := 1; s.Scan(); n++ {
		do(n, bytes.TrimSuffix(s.Bytes(), []byte("\r")))
	}
	return s.Err()
}
