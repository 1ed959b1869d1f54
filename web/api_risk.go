package web

import (
	"strings"

	"hatakello/incident/risk"
)

// factsFault is what is wrong with facts that are to be assessed, and under
// which field of the body they stood.
type factsFault struct {
	field string
	*risk.InputError
}

func (f *factsFault) Unwrap() error { return f.InputError }

// show tells the fault in the words of package risk.
func (f *factsFault) show(lang string) fieldError {
	words := risk.Words(lang, f.Key, map[string]any{"path": f.Path, "got": clipped(f.Got), "nearest": f.Nearest})
	return fieldError{Field: strings.Trim(f.field+"."+f.Path, "."), Key: f.Key, Detail: words}
}
