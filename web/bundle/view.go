package bundle

import (
	"encoding/json"

	"hatakello/incident"
)

// hers are the facets of which a controller gets her own rows: what was sent to
// her and what came back. Everything else about a case is not hers to read.
var hers = []string{"notice", "notice_ack", "delivery", "delivery_end", "body", "receipt", "handover", "question", "reply_copy", "offered_facts", "link_end"}

// facets are those of the view.
func (p *packer) facets() []string {
	if p.Record == "" {
		return p.snap.Facets()
	}
	return hers
}

// values is a row, by column.
type values map[string]any

// each reads the rows of a facet that the view holds.
func (p *packer) each(facet string, do func(label string, line []byte) error) error {
	return p.snap.Rows(facet, p.Record, func(r incident.BoundRow) error { return do(r.Label, r.Line) })
}

// all reads them into memory; only of facets with few or small rows, or to
// query about each of them.
func (p *packer) all(facet string, columns ...string) ([]values, error) {
	var rows []values
	err := p.each(facet, func(label string, line []byte) error {
		v, err := read(line)
		if err != nil || withheld(facet, v) {
			return err
		}
		some := values{"label": label}
		for _, c := range columns {
			some[c] = v[c]
		}
		rows = append(rows, some)
		return nil
	})
	return rows, err
}

// read parses a row. Numbers stay as they are written.
func read(line []byte) (v values, err error) {
	return v, json.Unmarshal(line, &v)
}

// withheld reports whether a row is a controller's alone: what she has judged
// herself is not ours to hand on unless she shares it and as long as she does.
func withheld(facet string, v values) bool {
	return facet == "own_assessment" || facet == "own_share" && v["ended"] != nil
}

// S is a column's text.
func (v values) S(column string) string {
	s, _ := v[column].(string)
	return s
}

// gather reads the chain once, for what the newest link about each row says,
// and the names of controllers.
func (p *packer) gather() error {
	mine := map[string]bool{}
	if p.Record != "" {
		p.names[p.Record] = p.For
		p.opened = map[int64]bool{}
		for _, f := range hers {
			if err := p.each(f, func(label string, _ []byte) error { mine[label] = true; return nil }); err != nil {
				return err
			}
		}
	} else if err := p.nameAll(); err != nil {
		return err
	}
	err := p.snap.Links(func(a *incident.Audit) error {
		p.links = a.Seq
		return p.note(a, mine)
	})
	for _, x := range p.bound {
		if p.opened != nil {
			p.opened[x.seq] = true
		}
	}
	return err
}

func (p *packer) nameAll() error {
	records, err := p.all("record", "id", "name")
	for _, r := range records {
		p.names[r.S("id")] = r.S("name")
	}
	return err
}

// note keeps what a link says of rows: of all, or of a controller's.
func (p *packer) note(a *incident.Audit, mine map[string]bool) error {
	var leaves []incident.Digest
	var own []string
	for list := a.Bound; len(list) > 0; {
		b, rest, err := incident.NextBound(list)
		if err != nil {
			return nil // the check will tell
		}
		list = rest
		if p.Record == "" || mine[b.Label] {
			x := place{seq: a.Seq, gone: b.Gone(), index: uint64(len(leaves))}
			copy(x.salt[:], b.Salt)
			p.bound[b.Label], own = x, append(own, b.Label)
		}
		if p.Record != "" {
			leaves = append(leaves, b.Leaf())
		}
	}
	if p.Record == "" {
		return nil
	}
	for _, label := range own {
		x := p.bound[label]
		var err error
		if x.path, err = incident.Inclusion(x.index, uint64(len(leaves)), incident.Over(leaves)); err != nil {
			return err
		}
		p.bound[label] = x
	}
	return nil
}
