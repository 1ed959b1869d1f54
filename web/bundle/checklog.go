package bundle

import (
	"bytes"
	"cmp"
	"encoding/json"
	"strconv"
	"strings"

	"hatakello/incident"
)

// contents checks that what rows name is in the bundle.
func (c *checker) contents() {
	s := c.step("contents")
	for _, r := range c.refs {
		if c.left[r.label] {
			continue
		}
		s.N++
		ok := c.digests[r.sha256]
		if r.file != "" {
			ok = false
			for _, e := range endings {
				ok = ok || c.hashes[r.file+e] == r.sha256
			}
		}
		if !ok {
			s.fault("attached", cmp.Or(r.file, r.label))
		}
	}
}

// endings are those that a message's or a pack's file may have.
var endings = []string{".eml", ".slack.json", ".webhook.json", ".zip", ".pdf", ".bin", ""}

// points checks the checkpoints: what they say of themselves, and who signed
// them.
func (c *checker) points() {
	s, stamps := c.step("points"), c.step("stamps")
	c.roots = map[uint64]incident.Digest{}
	raw, err := c.zip.read(logName)
	if err == nil {
		err = json.Unmarshal(raw, &c.proof)
	}
	if err != nil || c.proof.Chain != c.Manifest.ID {
		s.fault("unreadable", logName)
		return
	}
	for _, p := range c.proof.Checkpoints {
		s.N++
		note, err := c.zip.read(p.File)
		k, err2 := incident.ParseCheckpoint(string(note))
		unsigned := bytes.HasSuffix(note, []byte("\n\n"))
		switch {
		case err != nil || err2 != nil || k.Size != p.Size || !unsigned && incident.CheckpointSigner(string(note), c.keys) == "":
			s.fault("point", p.File)
			continue
		case unsigned:
			s.open("unsigned", p.File)
		}
		c.roots[p.Size] = k.Root
		c.Newest = k.Short()
		if p.Stamp == "" {
			continue
		}
		token, err := c.zip.read(p.Stamp)
		stamps.N++
		if c.Stamped == nil {
			stamps.open("stamp_open", p.Stamp)
		} else if err == nil {
			_, err = c.Stamped(token, note)
		}
		if err != nil {
			stamps.fault("stamp", p.Stamp)
		}
	}
	if len(c.proof.Checkpoints) == 0 {
		s.open("point_none", logName)
	}
}

// log checks that the chain was in the checkpoints, and that each goes on where
// the one before ended.
func (c *checker) log() {
	s, covered := c.step("log"), int64(0)
	for _, h := range c.proof.Heads {
		s.N++
		root, known := c.roots[h.Size]
		link, ok := hashOf(h.Link)
		where := "#" + strconv.FormatInt(h.Seq, 10) + " → " + strconv.FormatUint(h.Size, 10)
		if !known || !ok || h.Seq < 1 || h.Seq > int64(len(c.links)) || c.links[h.Seq-1].hash != link ||
			!incident.Included(incident.HeadLeaf(c.Manifest.ID, h.Seq, link[:]), h.Index, h.Size, pathOf(h.Path), root) {
			s.fault("head", where)
			continue
		}
		covered = max(covered, h.Seq)
	}
	for _, x := range c.proof.Consistency {
		s.N++
		from, a := c.roots[x.From]
		to, b := c.roots[x.To]
		if !a || !b || !incident.Consistent(x.From, x.To, from, to, pathOf(x.Path)) {
			s.fault("consistent", strconv.FormatUint(x.From, 10)+" → "+strconv.FormatUint(x.To, 10))
		}
	}
	if want := len(c.proof.Checkpoints) - 1; len(c.proof.Consistency) < want {
		s.fault("consistent", logName)
	}
	if covered < int64(len(c.links)) {
		s.open("tail", "#"+strconv.FormatInt(covered+1, 10)+"–"+strconv.Itoa(len(c.links)))
	}
}

// held compares with checkpoints that were kept outside.
func (c *checker) held() {
	s := c.step("held")
	for _, h := range c.Held {
		s.N++
		ok := false
		for size, root := range c.roots {
			ok = ok || (h.Size == 0 || h.Size == size) && bytes.HasPrefix(root[:], h.Root)
		}
		if !ok {
			s.fault("held", strings.TrimPrefix(strconv.FormatUint(h.Size, 10)+"-", "0-")+shortHex(h.Root))
		}
	}
}

func shortHex(root []byte) string { return strings.ToLower(hexText(root[:min(len(root), 12)])) }
