package web

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"
)

// edpbFile is the JSON in the shape of the EDPB's draft: its row numbers and
// our codes. It says of itself that nothing has been submitted.
type edpbFile struct {
	Template  string             `json:"template"`
	Version   string             `json:"version"`
	Status    string             `json:"status"`
	Source    string             `json:"source"`
	Case      string             `json:"case"`
	Made      string             `json:"made"`
	Submitted bool               `json:"submitted"` // always false: the program submits nothing
	Fields    map[string]edpbRow `json:"fields"`
}

type edpbRow struct {
	Label     string   `json:"label"`
	Value     string   `json:"value,omitempty"`
	Values    []string `json:"values,omitempty"` // of a multiple choice
	Known     bool     `json:"known"`            // false: not yet known
	Origin    string   `json:"origin,omitempty"`
	Certainty string   `json:"certainty,omitempty"`
	Annex     bool     `json:"in_annex,omitempty"` // the value goes separately, as it is secret
}

func (s *Server) edpbJSON(p companionParts) ([]byte, error) {
	f := s.forms()["edpb-2026"]
	file := edpbFile{Template: f.ID, Version: f.Version, Status: f.Status, Source: f.Source, Case: p.Incident.Number,
		Made: p.Now.UTC().Format(time.RFC3339), Fields: map[string]edpbRow{}}
	for _, part := range fillForm(f, p) {
		for _, x := range part.Fields {
			row := edpbRow{Label: x.FormField.Label["en"], Known: x.Value != "" && !x.Open, Origin: string(x.Origin), Certainty: string(x.Sure)}
			if x.Kind == "multi" {
				row.Values = strings.Fields(x.Value)
			} else {
				row.Value = x.Value
			}
			if x.Annex && x.Value != "" {
				row.Value, row.Values, row.Annex = "", nil, true
			}
			file.Fields[x.Key] = row
		}
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(file); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}
