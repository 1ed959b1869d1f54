package bundle

import (
	"archive/zip"
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"hatakello/incident"
)

// Write packs a case into w. What it holds in memory is a few words about each
// row and the one content that it is writing; it does not grow with mails and
// evidence. An error leaves a part that is no zip.
func Write(w io.Writer, s incident.Snapshot, o Order) error {
	p := &packer{Order: o, snap: s, zip: zip.NewWriter(w), bound: map[string]place{}, names: map[string]string{}, digests: map[string]bool{}}
	for _, step := range []func() error{p.gather, p.index, p.check, p.caseFile, p.rows, p.chain, p.log, p.keys, p.mails, p.handovers, p.evidence, p.filed, p.notices, p.manifest} {
		if err := step(); err != nil {
			return fmt.Errorf("pack case %s: %w", o.Number, err)
		}
	}
	return p.zip.Close()
}

// packer is a bundle that is being written.
type packer struct {
	Order
	snap    incident.Snapshot
	zip     *zip.Writer
	files   []FileEntry
	bound   map[string]place  // what the newest link about a row says of it
	opened  map[int64]bool    // links that a controller may look into
	names   map[string]string // of controllers, by record
	digests map[string]bool   // contents that are in the zip
	left    []LeftOut
	links   int64
	told    int // rows
}

// place is what the newest link about a row says of it.
type place struct {
	seq   int64
	salt  [16]byte
	gone  bool
	index uint64
	path  []incident.Digest // for a controller's bundle
}

// file adds a file to the zip and to the manifest. Its bytes are compressed and
// hashed as they come.
func (p *packer) file(name string, write func(w *bufio.Writer) error) error {
	h, err := p.entry(name)
	if err != nil {
		return err
	}
	sum, n := sha256.New(), new(counter)
	w := bufio.NewWriter(io.MultiWriter(h, sum, n))
	if err := write(w); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	digest := hex.EncodeToString(sum.Sum(nil))
	p.files, p.digests[digest] = append(p.files, FileEntry{name, int64(*n), digest}), true
	return nil
}

// entry begins a file of the zip.
func (p *packer) entry(name string) (io.Writer, error) {
	return p.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: p.At.UTC().Truncate(time.Second)})
}

// counter counts bytes.
type counter int64

// Write counts.
func (n *counter) Write(b []byte) (int, error) {
	*n += counter(len(b))
	return len(b), nil
}

// data adds bytes as a file.
func (p *packer) data(name string, data []byte) error {
	return p.file(name, func(w *bufio.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// document adds a value as JSON to be read.
func (p *packer) document(name string, v any) error {
	data, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return err
	}
	return p.data(name, append(data, '\n'))
}

// line writes a value as one line of JSON.
func line(w io.Writer, v any) error {
	data, err := json.Marshal(v)
	if err == nil {
		_, err = w.Write(append(data, '\n'))
	}
	return err
}

// manifest lists the files and signs the list.
func (p *packer) manifest() error {
	m := Manifest{Format: Format, Organisation: p.Org.Name, Case: p.Number, ID: p.Case, View: p.view(), Record: p.Record, For: p.For,
		Language: p.Lang, MadeAt: stamp(p.At), MadeBy: p.By, Links: p.links, Rows: p.told, Left: append([]LeftOut{}, p.left...), Files: p.files}
	data, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return err
	}
	data = append(data, '\n')
	if err := p.plain(manifestName, data); err != nil || p.Key == nil {
		return err
	}
	sig, err := signed(data, p.Key)
	if err != nil {
		return err
	}
	return p.plain(signatureName, sig)
}

// plain adds a file that the manifest does not list.
func (p *packer) plain(name string, data []byte) error {
	w, err := p.entry(name)
	if err == nil {
		_, err = w.Write(data)
	}
	return err
}

// stamp is an instant as the bundle's files hold it.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
