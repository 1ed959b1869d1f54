package risk

import (
	"fmt"
	"math"
	"strconv"
)

// check holds a single value against the shape.
func (s *shape) check(v scalar, path string) error {
	ok := false
	switch s.kind {
	case aWord:
		return s.word(v, path)
	case aFlag:
		ok = v.kind == 't' || v.kind == 'f'
	case aText:
		ok = v.kind == '"'
		if ok && len(v.text) > int(s.max) {
			return &InputError{Key: "risk.too_long", Path: path, Nearest: show(s.max)}
		}
	case aWhole, aNumber:
		return s.number(v, path)
	}
	if !ok {
		return s.wrong(v, path)
	}
	return nil
}

func (s *shape) wrong(v scalar, path string) error {
	return &InputError{Key: "risk.wrong_type", Path: path, Got: show(v.text), Nearest: expects(s)}
}

// word checks a value that must be one of a short list. Numbers may stand in
// such a list too (the steps and levels of the ENISA method).
func (s *shape) word(v scalar, path string) error {
	kind := byte('"')
	if _, err := strconv.ParseFloat(s.values[0], 64); err == nil {
		kind = '0'
	}
	if v.kind != kind {
		return s.wrong(v, path)
	}
	if position(s.values, v.text) == 0 {
		return &InputError{Key: "risk.unknown_value", Path: path, Got: show(v.text), Nearest: nearest(v.text, s.values)}
	}
	return nil
}

func (s *shape) number(v scalar, path string) error {
	if v.kind != '0' {
		return s.wrong(v, path)
	}
	n, err := strconv.ParseFloat(v.text, 64)
	if err == nil && s.kind == aWhole {
		_, err = strconv.ParseInt(v.text, 10, 64)
	}
	if err != nil || math.IsNaN(n) || n < 0 || n > s.max {
		return &InputError{Key: "risk.out_of_range", Path: path, Got: show(v.text), Nearest: expects(s)}
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

// show prints a value for a message, cut to a readable length.
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
