package risk

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
)

// scalar checks a value that is neither a list nor an object.
func (s *shape) scalar(t json.Token, path string) error {
	ok := false
	switch s.kind {
	case aWord:
		return s.word(t, path)
	case aFlag:
		_, ok = t.(bool)
	case aText:
		var v string
		v, ok = t.(string)
		if ok && len(v) > int(s.max) {
			return &InputError{Key: "risk.too_long", Path: path, Nearest: show(s.max)}
		}
	case aWhole, aNumber:
		return s.number(t, path)
	}
	if !ok {
		return &InputError{Key: "risk.wrong_type", Path: path, Got: show(t), Nearest: expects(s)}
	}
	return nil
}

// word checks a value that must be one of a short list. Numbers may stand in
// such a list too (the steps and levels of the ENISA method).
func (s *shape) word(t json.Token, path string) error {
	n, isNumber := t.(json.Number)
	w, isWord := t.(string)
	if isNumber {
		w = n.String()
	}
	_, err := strconv.ParseFloat(s.values[0], 64)
	if wantNumber := err == nil; !isNumber && !isWord || isNumber != wantNumber {
		return &InputError{Key: "risk.wrong_type", Path: path, Got: show(t), Nearest: expects(s)}
	}
	if position(s.values, w) == 0 {
		return &InputError{Key: "risk.unknown_value", Path: path, Got: w, Nearest: nearest(w, s.values)}
	}
	return nil
}

func (s *shape) number(t json.Token, path string) error {
	n, ok := t.(json.Number)
	if !ok {
		return &InputError{Key: "risk.wrong_type", Path: path, Got: show(t), Nearest: expects(s)}
	}
	v, err := n.Float64()
	if err == nil && s.kind == aWhole {
		_, err = n.Int64()
	}
	if err != nil || math.IsNaN(v) || v < 0 || v > s.max {
		return &InputError{Key: "risk.out_of_range", Path: path, Got: show(t), Nearest: expects(s)}
	}
	return nil
}

// expects names the kind of value wanted, in JSON's own terms.
func expects(s *shape) string {
	switch s.kind {
	case aWord:
		return s.values[0]
	case aFlag:
		return "true, false"
	case aWhole, aNumber:
		return "0 … " + show(s.max)
	case aList:
		return "[ ]"
	case aText:
		return `" "`
	}
	return "{ }"
}

// show prints a token for a message, cut to a readable length.
func show(t any) string {
	s := fmt.Sprint(t)
	if v, ok := t.(float64); ok {
		s = strconv.FormatFloat(v, 'f', -1, 64)
	}
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// nearest is the word of the list with the smallest edit distance.
func nearest(w string, list []string) string {
	best, least := "", math.MaxInt
	if r := []rune(w); len(r) > 60 {
		w = string(r[:60])
	}
	for _, c := range list {
		if d := distance(w, c); d < least {
			best, least = c, d
		}
	}
	return best
}

// distance counts the insertions, deletions and substitutions between two words.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j := range y {
			cost := diagonal
			if x[i] != y[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(y)]
}
