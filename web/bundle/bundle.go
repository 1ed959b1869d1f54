// Package bundle packs the record of a case, or what one controller may see of
// it, into a zip that proves itself, and checks such a zip without the program
// that made it. docs/proof.md says what stands in one.
package bundle

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"time"

	"hatakello/incident"
	"hatakello/templates"
)

// Format names the form of a bundle.
const Format = "hatakello-bundle-1"

// The views of a case.
const (
	Whole      = "whole"
	Controller = "controller"
)

// The parts of a bundle that a check reads; everything else is checked by its
// hash alone.
const (
	manifestName  = "MANIFEST.json"
	signatureName = "MANIFEST.sig"
	indexName     = "index.html"
	checkName     = "check.html"
	caseName      = "case.json"
	chainName     = "proof/chain.jsonl"
	rowsName      = "proof/rows.jsonl"
	logName       = "proof/log.json"
	keysName      = "proof/keys.json"
)

// Order says what to pack, and for whom.
type Order struct {
	Case   string // id
	Number string // of the case, as people know it
	Record string // the controller's; "" packs the whole case
	For    string // her name
	Org    incident.Organisation
	Lang   string // of index.html
	By     string
	At     time.Time
	Key    ed25519.PrivateKey // optional: nothing is signed without
	Words  *templates.Words
	Pages  *templates.Pages
	// Entry puts a line of the timeline that the program wrote into words.
	Entry func(lang string, e *incident.Entry) string
}

// view is the one of the order.
func (o Order) view() string {
	if o.Record != "" {
		return Controller
	}
	return Whole
}

// Manifest lists every file of a bundle but itself and its signature.
type Manifest struct {
	Format       string      `json:"format"`
	Organisation string      `json:"organisation"`
	Case         string      `json:"case"` // number
	ID           string      `json:"id"`   // of the case, which names its chain
	View         string      `json:"view"` // Whole or Controller
	Record       string      `json:"record,omitempty"`
	For          string      `json:"for,omitempty"`
	Language     string      `json:"language"`
	MadeAt       string      `json:"made_at"`
	MadeBy       string      `json:"made_by"`
	Links        int64       `json:"links"`
	Rows         int         `json:"rows"`
	Left         []LeftOut   `json:"left_out"`
	Files        []FileEntry `json:"files"`
}

// LeftOut is a content that a row speaks of and that is no longer kept.
type LeftOut struct {
	Row    string `json:"row"`
	SHA256 string `json:"sha256"`
}

// FileEntry is a file of a bundle.
type FileEntry struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// signature is the file beside the manifest. It is over the manifest's bytes.
type signature struct {
	Algorithm string `json:"algorithm"`
	Key       string `json:"key"`
	Public    string `json:"public"`
	Value     string `json:"value"`
}

// signed writes the signature of a manifest.
func signed(manifest []byte, key ed25519.PrivateKey) ([]byte, error) {
	public := key.Public().(ed25519.PublicKey)
	data, err := json.MarshalIndent(signature{"Ed25519", incident.KeyID(public), base64.StdEncoding.EncodeToString(public),
		base64.StdEncoding.EncodeToString(ed25519.Sign(key, manifest))}, "", "  ")
	return append(data, '\n'), err
}

// link is a line of proof/chain.jsonl. One that may be read has all but Body;
// of one that may not, Body is the hash of what it says; of one from before
// rows were bound that may not be read, the link's hash is all.
type link struct {
	Seq     int64       `json:"seq"`
	Body    string      `json:"body,omitempty"`
	At      string      `json:"at,omitempty"`
	Act     string      `json:"act,omitempty"`
	By      *string     `json:"by,omitempty"`
	What    *string     `json:"what,omitempty"` // JSON, as it was hashed
	Salt    string      `json:"salt,omitempty"`
	Content string      `json:"content,omitempty"` // commitment to By and What
	Again   string      `json:"again,omitempty"`   // the same since a person was erased
	Rows    int64       `json:"rows"`
	Root    string      `json:"root,omitempty"` // of the tree over the rows
	Bound   [][3]string `json:"bound,omitempty"`
	Old     bool        `json:"old,omitempty"` // from before rows were bound
	Hash    string      `json:"hash"`
}

// row is a line of proof/rows.jsonl: a row as the link with the number Seq
// bound it.
type row struct {
	Label string   `json:"label"`
	Seq   int64    `json:"seq"` // 0: no link speaks of it
	Salt  string   `json:"salt,omitempty"`
	Row   string   `json:"row,omitempty"` // "" where it is withheld
	Index uint64   `json:"index,omitempty"`
	Path  []string `json:"path,omitempty"` // in the link's tree, where the link's list may not be read
}

// logProof is proof/log.json.
type logProof struct {
	Chain       string        `json:"chain"`
	Checkpoints []logPoint    `json:"checkpoints"` // by size
	Heads       []head        `json:"heads"`
	Consistency []consistency `json:"consistency"`
}

// logPoint is a checkpoint of the bundle; its bytes are a file of their own.
type logPoint struct {
	Size  uint64 `json:"size"`
	File  string `json:"file"`
	Stamp string `json:"stamp,omitempty"` // file
}

// head proves that the chain's link Seq was in the log of that size.
type head struct {
	Size  uint64   `json:"size"`
	Index uint64   `json:"index"`
	Seq   int64    `json:"seq"`
	Link  string   `json:"link"`
	Path  []string `json:"path"`
}

// consistency proves that the log of one size is the beginning of another.
type consistency struct {
	From uint64   `json:"from"`
	To   uint64   `json:"to"`
	Path []string `json:"path"`
}
