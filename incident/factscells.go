package incident

import (
	"errors"
)

func readWho(r *factsRow, cell string) *Error {
	if cell != "" {
		r.who = append(r.who, cell)
	}
	return nil
}

func readWhoID(r *factsRow, cell string) *Error {
	if id, err := ParseBusinessID(cell); err == nil {
		cell = id
	}
	return readWho(r, cell)
}

func readPeople(r *factsRow, cell string) *Error { return readAmount("people", cell, &r.people) }

func readRecords(r *factsRow, cell string) *Error { return readAmount("records", cell, &r.records) }

func readAmount(field, cell string, to **Amount) *Error {
	if cell == "" {
		return nil
	}
	n, err := ParseCount(cell)
	var wrong *CountError
	if errors.As(err, &wrong) {
		key := "count." + string(wrong.Kind)
		return badCell(field, key, "text", clip(cell), "hint", wrong.Hint)
	}
	a := n.Amount()
	*to = &a
	return nil
}

func readData(r *factsRow, cell string) *Error {
	r.data = cell
	return plainWords("data", cell)
}

func readGroups(r *factsRow, cell string) *Error {
	r.groups = cell
	return plainWords("groups", cell)
}

// plainWords refuses words that hold a personal number: it must not even be stored.
func plainWords(field, cell string) *Error {
	for _, f := range Scan(cell) {
		if f.Certain {
			key := "guard." + string(f.Kind)
			return badCell(field, key, "place", Word("guard.place."+field))
		}
	}
	return text(field, cell, 2000)
}
