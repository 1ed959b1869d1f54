package bundle

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"hatakello/incident"
)

// chain checks every link, and keeps what rows and heads are compared with.
func (c *checker) chain() {
	s := c.step("chain")
	var prev []byte
	err := c.zip.lines(chainName, func(n int, raw []byte) {
		s.N++
		var l link
		if json.Unmarshal(raw, &l) != nil {
			s.fault("unreadable", lineOf(chainName, n))
			return
		}
		where := "#" + strconv.FormatInt(l.Seq, 10)
		if l.Seq != int64(len(c.links))+1 {
			s.fault("gap", where)
		}
		k, what := c.link(&l, prev)
		switch what {
		case "":
		case "old":
			s.open(what, where)
		default:
			s.fault(what, where)
		}
		c.links = append(c.links, k)
		prev = k.hash[:]
		c.bind(&l)
	})
	if err != nil {
		s.fault("unreadable", chainName)
	}
	if int64(len(c.links)) != c.Manifest.Links {
		s.fault("gap", fmt.Sprintf("#%d–%d", len(c.links)+1, c.Manifest.Links))
	}
	for _, again := range slices.Sorted(maps.Keys(c.agains)) {
		if e := c.bound[again]; e == nil || e.commit != c.agains[again] {
			s.fault("content", "#"+again[len("audit/"):])
		}
	}
}

// link checks a link and returns what is wrong with it.
func (c *checker) link(l *link, prev []byte) (k known, what string) {
	hash, ok := hashOf(l.Hash)
	k.hash = hash
	switch {
	case !ok:
		return k, "link"
	case c.Manifest.View == Controller && l.Body == "" && l.Root == "":
		return k, "old"
	case l.Body != "":
		body, ok := hashOf(l.Body)
		if !ok || incident.LinkHash(prev, c.Manifest.ID, l.Seq, body[:]) != hash {
			return k, "link"
		}
		return k, ""
	}
	a := &incident.Audit{Chain: c.Manifest.ID, Seq: l.Seq, Stamp: l.At, Act: l.Act, Leaves: l.Rows, Prev: prev, Hash: hash[:],
		Commit: hexOf(l.Content), Root: hexOf(l.Root)}
	if l.Old || l.Root == "" {
		a.Root = nil
	}
	if l.By != nil {
		a.By = *l.By
	}
	if !a.LinkHolds() {
		return k, "link"
	}
	k.rows, k.opened = l.Rows, true
	copy(k.root[:], a.Root)
	if c.Manifest.View == Controller {
		return k, ""
	}
	if l.What != nil {
		a.Content = []byte(*l.What)
	}
	if a.Salt, a.Again = hexOf(l.Salt), hexOf(l.Again); len(a.Again) == 0 {
		a.Again = nil
	}
	if flaw := a.Flaw(); flaw == "content" {
		return k, "content"
	}
	if root, n, err := boundRoot(l.Bound); a.Root != nil && (err != nil || n != l.Rows || root != k.root) {
		return k, "bound"
	}
	return k, ""
}

// boundRoot is the root of the tree over a link's list of rows.
func boundRoot(list [][3]string) (incident.Digest, int64, error) {
	var raw []byte
	for _, b := range list {
		commit, ok := hashOf(b[2])
		if !ok || len(b[0]) > 1<<16-1 {
			return incident.Digest{}, 0, errLarge
		}
		raw = incident.AppendBound(raw, b[0], make([]byte, 16), commit[:])
	}
	return incident.BoundRoot(raw)
}

// expected is what the newest link about a row says of it.
type expected struct {
	seq    int64
	commit incident.Digest
	seen   bool
}

// bind keeps what a link says of rows.
func (c *checker) bind(l *link) {
	for _, b := range l.Bound {
		commit, _ := hashOf(b[2])
		c.bound[b[0]] = &expected{seq: l.Seq, commit: commit}
	}
	if again, ok := hashOf(l.Again); ok {
		c.agains["audit/"+strconv.FormatInt(l.Seq, 10)] = again
	}
}

// rows compares every row with the link that bound it.
func (c *checker) rows() {
	s := c.step("rows")
	err := c.zip.lines(rowsName, func(n int, raw []byte) {
		s.N++
		var r row
		if json.Unmarshal(raw, &r) != nil {
			s.fault("unreadable", lineOf(rowsName, n))
			return
		}
		if what := c.row(&r); what == "withheld" {
			s.open(what, r.Label)
		} else if what != "" {
			s.fault(what, r.Label)
		}
		c.refer(&r)
	})
	if err != nil {
		s.fault("unreadable", rowsName)
	}
	if s.N != int64(c.Manifest.Rows) {
		s.fault("row_missing", rowsName)
	}
	for _, label := range slices.Sorted(maps.Keys(c.bound)) {
		e := c.bound[label]
		if _, again := c.agains[label]; !again && !e.seen && e.commit != (incident.Digest{}) {
			s.fault("row_missing", label)
		}
	}
}

// row checks one row and returns what is wrong with it.
func (c *checker) row(r *row) string {
	commit := incident.Digest{}
	copy(commit[:], incident.RowCommit(hexOf(r.Salt), []byte(r.Row)))
	if c.Manifest.View == Controller {
		if r.Seq < 1 || r.Seq > int64(len(c.links)) {
			return "row_added"
		}
		k := c.links[r.Seq-1]
		if !k.opened || k.rows < 1 || !incident.Included(incident.LeafHash([]byte(r.Label), commit[:]), r.Index, uint64(k.rows), pathOf(r.Path), k.root) {
			return "row"
		}
		return ""
	}
	e := c.bound[r.Label]
	switch {
	case e == nil || e.commit == incident.Digest{} || e.seen:
		return "row_added"
	case r.Row == "":
		e.seen = true
		return "withheld"
	}
	e.seen = true
	if e.commit != commit || e.seq != r.Seq {
		return "row"
	}
	return ""
}

func pathOf(path []string) []incident.Digest {
	all := make([]incident.Digest, len(path))
	for i, p := range path {
		all[i], _ = hashOf(p)
	}
	return all
}

// lineOf names a line of a file.
func lineOf(name string, n int) string { return name + ":" + strconv.Itoa(n) }

// refer keeps the contents that a row names, for contents.
func (c *checker) refer(r *row) {
	label, raw := r.Label, []byte(r.Row)
	if !bytes.HasPrefix(raw, []byte(`{"table":`)) {
		return
	}
	want := wanted[facetOf(label)]
	if want == nil {
		return
	}
	v, err := read(raw)
	if err != nil {
		return
	}
	for _, w := range want(v) {
		w.label = label
		c.refs = append(c.refs, w)
	}
}

// ref is a content that a row names.
type ref struct {
	label  string
	sha256 string
	file   string // where it must stand, but for its ending; "": anywhere
}

// wanted says which contents a row names, by facet.
var wanted = map[string]func(values) []ref{
	"body":     func(v values) []ref { return []ref{{sha256: v.S("bytes"), file: "mails/" + v.S("delivery")}} },
	"handover": func(v values) []ref { return []ref{{sha256: v.S("bytes"), file: "handovers/" + v.S("id")}} },
	"evidence": func(v values) []ref { return []ref{{sha256: v.S("sha256")}} },
	"filing": func(v values) []ref {
		var all []ref
		for _, f := range filedFiles(v) {
			all = append(all, ref{sha256: f.SHA256})
		}
		return all
	},
}
