package incident

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// FilesMax is how much the files of one act may hold together, in bytes.
const FilesMax = 16 << 20

// fileNameMax is the longest name of a file that is kept, in bytes.
const fileNameMax = 120

// FileKinds are the media types of files that are kept. A program or a page
// that a browser would run is not among them.
var FileKinds = []string{"application/pdf", "image/png", "image/jpeg", "text/plain", "application/zip"}

// Content is what a file holds. It is kept once, under its hash, for ever.
type Content struct {
	SHA256 string // of Bytes, hex
	MIME   string // one of FileKinds, or application/octet-stream for evidence
	Bytes  []byte
	Made   time.Time
}

// NewContent is data with its hash, of any kind: it is never shown in place.
func NewContent(data []byte, made time.Time) *Content {
	sum := sha256.Sum256(data)
	return &Content{SHA256: hex.EncodeToString(sum[:]), MIME: "application/octet-stream", Bytes: data, Made: made}
}

// Intact reports whether the bytes are still those of the hash.
func (x *Content) Intact() bool {
	sum := sha256.Sum256(x.Bytes)
	return hex.EncodeToString(sum[:]) == x.SHA256
}

// FileRole says what a file is to a filing.
type FileRole string

// The roles of files.
const (
	FrozenReport FileRole = "report"  // the program's report, as it stood when the filing was recorded
	FiledPaper   FileRole = "filed"   // what was filed, where it is not the program's report
	FiledReceipt FileRole = "receipt" // what the authority answered
)

var fileRoles = []FileRole{FrozenReport, FiledPaper, FiledReceipt}

// File names a content and says what it is.
type File struct {
	Role   FileRole
	Name   string
	SHA256 string
	Size   int
	MIME   string
	Lang   string    `json:",omitempty"` // of a report
	Made   time.Time // when the content was made or uploaded
	Bytes  []byte    `json:"-"` // only on its way in
}

// checkFiles finds what is wrong with files that come in. Errors stand at the
// role as a field.
func checkFiles(files []File) Errors {
	var errs Errors
	sum, seen := 0, map[FileRole]bool{}
	for _, f := range files {
		sum += len(f.Bytes)
		switch field := string(f.Role); {
		case !slices.Contains(fileRoles, f.Role) || seen[f.Role]:
			errs = append(errs, invalid("files", "file.role"))
		case len(f.Bytes) == 0:
			errs = append(errs, invalid(field, "file.empty"))
		case !slices.Contains(FileKinds, f.MIME):
			errs = append(errs, invalid(field, "file.kind"))
		case sum > FilesMax:
			errs = append(errs, &Error{Kind: Invalid, Field: field, Key: "file.large", Args: map[string]any{"max": FilesMax >> 20}})
		}
		seen[f.Role] = true
	}
	return errs
}

// keepFiles puts the contents into the change and returns the files without
// them, named by their hashes.
func keepFiles(c *Change, files []File) []File {
	var kept []File
	for _, f := range files {
		sum := sha256.Sum256(f.Bytes)
		f.SHA256, f.Size, f.Made, f.Name = hex.EncodeToString(sum[:]), len(f.Bytes), c.At, FileName(f.Name)
		c.Files = append(c.Files, &Content{SHA256: f.SHA256, MIME: f.MIME, Bytes: f.Bytes, Made: c.At})
		f.Bytes = nil
		kept = append(kept, f)
	}
	return kept
}

// reserved are names that Windows keeps for devices.
var reserved = regexp.MustCompile(`(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)`)

// FileName is a name as it is kept, safe to show, to send in a header and to
// save anywhere: its last part, without control and direction marks, characters
// that a file system refuses or identity codes, at most 120 bytes with the
// ending kept. A name that says nothing becomes "file".
func FileName(name string) string {
	name = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || strings.ContainsRune(`"<>|:*?;%`, r) {
			return -1
		}
		return r
	}, path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/")))
	name = strings.Map(func(r rune) rune { // of a mask, too
		if r == '*' {
			return '_'
		}
		return r
	}, Mask(name))
	for len(name) > fileNameMax { // the front goes, the ending says what it is
		_, n := utf8.DecodeRuneInString(name)
		name = name[n:]
	}
	if name = strings.Trim(name, " ./"); name == "" {
		return "file"
	}
	if reserved.MatchString(name) {
		return "_" + name
	}
	return name
}

// File returns the file of one of r's filings that has the hash, or nil.
func (r *Record) File(hash string) *File {
	for _, filing := range r.Filings {
		for i := range filing.Files {
			if filing.Files[i].SHA256 == hash {
				return &filing.Files[i]
			}
		}
	}
	return nil
}
