package bundle

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"time"

	"hatakello/incident"
)

// Checked is what a check of a bundle saw.
type Checked struct {
	Manifest Manifest
	Key      string // id of the one that signed the manifest, or ""
	Newest   string // checkpoint, in short
	Steps    []*Step
}

// Step is one kind of thing that was checked. Its name and faults are the ends
// of message keys, the same in the page that checks in a browser.
type Step struct {
	Name   string
	N      int64   // how many things were checked
	Faults []Fault // the first that do not fit
	Found  int     // all
	Open   []Fault // the first that could not be checked
}

// Fault is what does not fit, and where: a file, a link, a row.
type Fault struct{ What, Where string }

// faultsMax is how many faults of a step are kept.
const faultsMax = 50

// steps in the order in which they are made and told.
var steps = []string{"zip", "signature", "files", "chain", "rows", "contents", "points", "log", "notices", "stamps", "held"}

// Options are what a checker knows from elsewhere.
type Options struct {
	// Held are checkpoints that somebody kept: the size, or 0, and the first
	// bytes of the root.
	Held []Held
	// Keys are those that the maker publishes, or nil.
	Keys *incident.KeySet
	// Stamped checks a token of a time authority against the data that it is
	// about; without it, stamps are not checked.
	Stamped func(token, data []byte) (time.Time, error)
}

// Held is a checkpoint that somebody kept.
type Held struct {
	Size uint64
	Root []byte
}

// First is the first fault, or nil: then nothing was changed.
func (c *Checked) First() (*Step, *Fault) {
	for _, s := range c.Steps {
		if len(s.Faults) > 0 {
			return s, &s.Faults[0]
		}
	}
	return nil, nil
}

// Whole reports whether everything was checked, and fits.
func (c *Checked) Whole() bool {
	_, f := c.First()
	return f == nil && !slices.ContainsFunc(c.Steps, func(s *Step) bool {
		return slices.ContainsFunc(s.Open, func(f Fault) bool { return f.What != "left" && f.What != "withheld" && f.What != "stamp_open" })
	})
}

// Check checks a bundle against itself. Errors are of reading; whatever is
// wrong with the bundle is in what it returns.
func Check(r io.ReaderAt, size int64, o Options) (*Checked, error) {
	c := &checker{Options: o, Checked: &Checked{}, hashes: map[string]string{}, digests: map[string]bool{}, left: map[string]bool{},
		bound: map[string]*expected{}, agains: map[string]incident.Digest{}}
	for _, name := range steps {
		c.Steps = append(c.Steps, &Step{Name: name})
	}
	if !c.open(r, size) || !c.manifest() {
		return c.Checked, nil
	}
	c.files()
	for _, step := range []func(){c.loadKeys, c.signature, c.chain, c.rows, c.contents, c.points, c.log, c.notices, c.held} {
		step()
	}
	c.Steps = slices.DeleteFunc(c.Steps, func(s *Step) bool { return s.N == 0 && s.Found == 0 && len(s.Open) == 0 })
	return c.Checked, nil
}

// checker is a check that is under way.
type checker struct {
	*Checked
	Options
	zip     *archive
	raw     []byte            // of the manifest
	hashes  map[string]string // of files, as they are
	digests map[string]bool
	left    map[string]bool // rows whose content is kept no more
	keys    []incident.SignKey
	links   []known                    // of the chain, by number
	bound   map[string]*expected       // by row
	agains  map[string]incident.Digest // links whose words were said anew, by their label
	refs    []ref                      // contents that rows name
	proof   logProof
	roots   map[uint64]incident.Digest // of checkpoints that fit, by size
}

// known is what is remembered of a link.
type known struct {
	hash, root incident.Digest
	rows       int64
	opened     bool // root and rows are known
}

func (c *checker) step(name string) *Step {
	return c.Steps[slices.IndexFunc(c.Steps, func(s *Step) bool { return s.Name == name })]
}

func (s *Step) fault(what, where string) {
	if s.Found++; len(s.Faults) < faultsMax {
		s.Faults = append(s.Faults, Fault{what, where})
	}
}

func (s *Step) open(what, where string) {
	if len(s.Open) < faultsMax {
		s.Open = append(s.Open, Fault{what, where})
	}
}

// manifest reads the list of files.
func (c *checker) manifest() bool {
	s := c.step("zip")
	var err error
	if c.raw, err = c.zip.read(manifestName); err == nil {
		err = json.Unmarshal(c.raw, &c.Manifest)
	}
	if err != nil || c.Manifest.Format != Format || c.Manifest.View != Whole && c.Manifest.View != Controller {
		s.fault("manifest", manifestName)
		return false
	}
	for _, l := range c.Manifest.Left {
		c.left[l.Row] = true
		c.step("contents").open("left", l.Row)
	}
	return true
}

// signature checks the one over the list.
func (c *checker) signature() {
	s := c.step("signature")
	raw, err := c.zip.read(signatureName)
	if err != nil {
		s.open("unsigned", manifestName)
		return
	}
	s.N++
	var sig signature
	public, value, err := []byte(nil), []byte(nil), json.Unmarshal(raw, &sig)
	if err == nil {
		public, err = base64.StdEncoding.Strict().DecodeString(sig.Public)
	}
	if err == nil {
		value, err = base64.StdEncoding.Strict().DecodeString(sig.Value)
	}
	if err != nil || len(public) != ed25519.PublicKeySize || sig.Algorithm != "Ed25519" || sig.Key != incident.KeyID(public) || !ed25519.Verify(public, c.raw, value) {
		s.fault("signature", signatureName)
		return
	}
	c.Key = sig.Key
	if !slices.ContainsFunc(c.keys, func(k incident.SignKey) bool { return bytes.Equal(k.Public, public) }) {
		s.fault("stranger", signatureName)
	}
	if c.Keys != nil && !slices.ContainsFunc(c.Keys.Keys, func(k incident.KeyEntry) bool { return k.Public == sig.Public }) {
		s.fault("stranger", signatureName)
	}
}

// files compares every file with the list.
func (c *checker) files() {
	s, listed := c.step("files"), map[string]bool{manifestName: true, signatureName: true}
	for _, f := range c.Manifest.Files {
		s.N++
		if listed[f.Name] {
			s.fault("path", f.Name)
			continue
		}
		listed[f.Name] = true
		if c.zip.at[f.Name] == nil {
			s.fault("missing", f.Name)
			continue
		}
		digest, n, err := c.zip.hash(f.Name)
		c.hashes[f.Name], c.digests[digest] = digest, true
		switch {
		case err != nil:
			s.fault("unreadable", f.Name)
		case n != f.Size || digest != f.SHA256:
			s.fault("changed", f.Name)
		}
	}
	for _, name := range c.zip.names {
		if !listed[name] {
			s.fault("added", name)
		}
	}
}

// loadKeys reads the published keys.
func (c *checker) loadKeys() {
	raw, err := c.zip.read(keysName)
	var set incident.KeySet
	if err == nil {
		err = json.Unmarshal(raw, &set)
	}
	if err != nil {
		c.step("files").fault("unreadable", keysName)
	}
	for _, k := range set.Keys {
		public, err := base64.StdEncoding.Strict().DecodeString(k.Public)
		if err != nil || len(public) != ed25519.PublicKeySize || k.ID != incident.KeyID(public) {
			continue // what is no key vouches for nothing
		}
		c.keys = append(c.keys, incident.SignKey{ID: k.ID, Public: public})
	}
}

// notices checks each notice's own signature.
func (c *checker) notices() {
	s := c.step("notices")
	for _, name := range c.zip.names {
		if !strings.HasPrefix(name, "notices/") {
			continue
		}
		s.N++
		raw, err := c.zip.read(name)
		v := (*incident.Verified)(nil)
		if err == nil {
			v, err = incident.VerifyNotice(raw)
		}
		if err != nil || !slices.ContainsFunc(c.keys, func(k incident.SignKey) bool { return bytes.Equal(k.Public, v.Public) }) {
			s.fault("notice", name)
		}
	}
}

// hashOf reads a hash in hex.
func hashOf(text string) (d incident.Digest, ok bool) {
	raw, err := hex.DecodeString(text)
	return d, err == nil && copy(d[:], raw) == len(d) && len(raw) == len(d)
}

func hexOf(text string) []byte {
	raw, err := hex.DecodeString(text)
	if err != nil {
		return nil
	}
	return raw
}

func hexText(b []byte) string { return hex.EncodeToString(b) }
