package store

import (
	"encoding/base64"
	"encoding/json"

	"hatakello/incident"
)

// last sorts after every id, name and instant that is stored.
const last = "\U0010FFFF"

// cursor holds the values by which the last row of a page was ordered. What it
// looks like is nobody's business.
type cursor []string

// readCursor reads a cursor of n values; "" is the first page.
func readCursor(s string, n int) (cursor, error) {
	if s == "" {
		return nil, nil
	}
	var c cursor
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = json.Unmarshal(b, &c)
	}
	if err != nil || len(c) != n {
		return nil, &incident.Error{Kind: incident.Invalid, Key: "cursor.unknown", Field: "after"}
	}
	return c, nil
}

// after is the i-th value for lists that ascend: rows beyond it come next.
func (c cursor) after(i int) string {
	if c == nil {
		return ""
	}
	return c[i]
}

// before is the i-th value for lists that descend.
func (c cursor) before(i int) string {
	if c == nil {
		return last
	}
	return c[i]
}

// page cuts the row that was read beyond the limit, and makes the cursor of
// the next page if there was one.
func page[T any](rows []T, cut incident.Cut, by func(T) []string) ([]T, string) {
	if len(rows) <= cut.Limit {
		return rows, ""
	}
	rows = rows[:cut.Limit]
	if len(rows) == 0 {
		return rows, ""
	}
	b, err := json.Marshal(by(rows[len(rows)-1]))
	if err != nil {
		return rows, "" // strings always marshal
	}
	return rows, base64.RawURLEncoding.EncodeToString(b)
}
