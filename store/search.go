package store

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
	"unicode/utf8"

	"hatakello/incident"
)

// termsMost is how many words of a search count.
const termsMost = 8

// terms are the beginnings that words of a text must have: what somebody typed,
// without its ending. What is neither letter nor digit separates
// words and means nothing, so that no text can be a query of its own.
func terms(q string) []string {
	var all []string
	for _, w := range searched(q) {
		if len(all) == termsMost {
			break
		}
		all = append(all, stem(w))
	}
	return all
}

// endings are those by which Finnish and Swedish words differ from the form
// that a text may hold, the longest first. A word is cut only where five
// letters are left: the rest of its forms begin so.
var endings = strings.Fields("illemme illanne iensa issaan istaan eihin isiin lleen ssaan staan ltaan stään ssään ltään lleen ihin iden itten ista issa ille ilta illa iltä illä istä issä siin aan een iin oon uun ään öön lle lta ltä lla llä ssa ssä sta stä ksi tta ttä nsa nsä den ten ina inä erna arna orna ning nen ien jen in an en on un än ön na nä ta tä ja jä ia iä n a ä t")

// stem cuts an ending off a word, or returns it whole.
func stem(w string) string {
	for _, e := range endings {
		if s, ok := strings.CutSuffix(w, e); ok && utf8.RuneCountInString(s) >= 5 {
			return s
		}
	}
	return w
}

// begunMost is the longest beginning of a word, in letters, that SQLite's index
// holds; see migration 201.
const begunMost = 10

// matchSQLite words a query for FTS5: every word of it stands in quotation
// marks and holds letters and digits only. Of a longer word only the beginning
// is looked up; the rest is then compared with each text.
func matchSQLite(kind, inc string, all []string) (query string, rest []string) {
	q := []string{`kind : "` + kind + `"`}
	if inc != "" {
		q = append(q, `incident : "`+strings.Join(searched(inc), " ")+`"`)
	}
	for _, t := range all {
		if rs := []rune(t); len(rs) > begunMost {
			t, rest = string(rs[:begunMost]), append(rest, t)
		}
		q = append(q, `words : "`+t+`" *`)
	}
	return strings.Join(q, " AND "), rest
}

// matchPostgres words the same as a tsquery.
func matchPostgres(_, _ string, all []string) (query string, rest []string) {
	q := make([]string, len(all))
	for i, t := range all {
		q[i] = `'` + t + `':*`
	}
	return strings.Join(q, " & "), nil
}

// What a search asks of each database. ?1 is the query, ?2 the cursor, ?3 the
// limit, ?4 the kind, ?5 the case or nothing; {rest} is what the words of a text
// must hold besides.
const (
	findSQLite = `
		select d.n, d.ref, d.incident
		from search s join document d on d.n = s.rowid
		where search match ?1 and s.rowid < ?2 and ?4 <> '' and ?5 is not null{rest}
		order by s.rowid desc
		limit ?3`
	findPostgres = `
		select d.n, d.ref, d.incident
		from document d
		where d.words @@ cast(?1 as tsquery) and d.n < cast(?2 as bigint) and d.kind = ?4 and (?5 = '' or d.incident = ?5){rest}
		order by d.n desc
		limit ?3`
)

// Find looks for texts that hold every word of a search, or words that begin
// so, the newest first: of one kind (entry, notice, facts or customer), of one
// case or with inc "" of all. A search without words finds nothing.
func (db *DB) Find(ctx context.Context, kind, inc, q string, cut incident.Cut) ([]*incident.Hit, string, error) {
	all := terms(q)
	after, err := readCursor(cut.After, 1)
	if err != nil || len(all) == 0 {
		return nil, "", err
	}
	before := int64(1 << 62)
	if after != nil {
		if before, err = strconv.ParseInt(after[0], 10, 64); err != nil {
			return nil, "", &incident.Error{Kind: incident.Invalid, Key: "cursor.unknown", Field: "after"}
		}
	}
	query, rest := db.d.match(kind, inc, all)
	args, where := []any{query, before, cut.Limit + 1, kind, inc}, ""
	for _, t := range rest {
		args = append(args, starting(t))
		where += ` and ' ' || d.words like ?` + itoa(len(args)) + ` escape '\'`
	}
	hits, err := list(ctx, db.conn(), func(rows *sql.Rows) (*incident.Hit, error) {
		h := &incident.Hit{Kind: kind}
		return h, rows.Scan(&h.N, &h.Ref, &h.Incident)
	}, strings.Replace(db.d.find, "{rest}", where, 1), args...)
	if err != nil {
		return nil, "", err
	}
	hits, next := page(hits, cut, func(h *incident.Hit) []string { return []string{strconv.FormatInt(h.N, 10)} })
	return hits, next, nil
}
