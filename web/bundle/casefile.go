package bundle

import (
	"bufio"
	"bytes"
	"encoding/json"
	"slices"
)

// caseFormat names the form of case.json.
const caseFormat = "hatakello-case-1"

// nested are the columns that hold JSON as text; in case.json they are what
// they hold.
var nested = []string{"services", "facts", "regimes", "inquiry", "answers", "source", "imported", "mandate", "joint", "grounds", "exempt", "args",
	"files", "input", "was", "phrases", "questions", "records", "heads", "texts", "cleared", "changed"}

// caseFile writes the case for programs: each table with its rows.
// docs/bundle-case.schema.json describes it.
func (p *packer) caseFile() error {
	return p.file(caseName, func(w *bufio.Writer) error {
		head, err := json.Marshal(map[string]string{"format": caseFormat, "number": p.Number, "id": p.Case, "view": p.view(), "record": p.Record,
			"controller": p.For, "organisation": p.Org.Name, "made_at": stamp(p.At)})
		if err != nil {
			return err
		}
		w.Write(head[:len(head)-1])
		w.WriteString(`,"tables":{`)
		for i, f := range p.facets() {
			if i > 0 {
				w.WriteByte(',')
			}
			w.WriteString("\n\"" + f + "\":[")
			comma := "\n"
			err := p.each(f, func(_ string, raw []byte) error {
				out, err := readable(f, raw)
				if err == nil && out != nil {
					w.WriteString(comma)
					comma = ",\n"
					_, err = w.Write(out)
				}
				return err
			})
			if err != nil {
				return err
			}
			w.WriteByte(']')
		}
		_, err = w.WriteString("}}\n")
		return err
	})
}

// readable is a row with its JSON laid open, or nil where it is withheld. The
// table's name stands above it already.
func readable(facet string, raw []byte) ([]byte, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	v := values{}
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	if withheld(facet, v) {
		return nil, nil
	}
	delete(v, "table")
	for name, x := range v {
		text, is := x.(string)
		if is && slices.Contains(nested, name) && json.Valid([]byte(text)) {
			v[name] = json.RawMessage(text)
		}
	}
	return json.Marshal(v)
}
