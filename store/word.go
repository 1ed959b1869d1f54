package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// A search finds the words that start with what was typed. The words of cases
// stand in a table of their own, but a case whose words were scattered over it
// at once would be logged at half the speed. So a new case is noted as fresh;
// every few seconds Reword brings in the words of all that are, in the order of
// the table, and a search reads those that are fresh besides.

// wordsAtOnce is how many cases' words are brought in with one commit, so that
// nobody waits for long.
const wordsAtOnce = 1000

// rare is how many cases a word may have to be looked up in the table. What is
// more common is met soon enough by reading cases from the newest on.
const rare = 5000

// words splits a text into folded words. What is neither letter nor digit
// separates them.
func words(s string) []string {
	apart := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) {
			return r
		}
		return ' '
	}, norm.NFC.String(s))
	return strings.Fields(fold(apart))
}

// spaced is a text as its words are searched: each after a space.
func spaced(s string) string { return " " + strings.Join(words(s), " ") }

// starting is the pattern for `like … escape '\'` that finds a word that
// starts with the folded word w in a spaced text.
func starting(w string) string { return "% " + likeSpecial.Replace(w) + "%" }

var (
	insertWord  = insert("word", "word, incident", "on conflict (word, incident) do nothing")
	insertFresh = insert("fresh", "incident", "").gathers()
)

// addWords brings the words of spaced texts, by case, into the table.
func addWords(ctx context.Context, c conn, texts [][2]string) error {
	var pairs [][2]string
	for _, t := range texts {
		for _, w := range strings.Fields(t[1]) {
			pairs = append(pairs, [2]string{w, t[0]})
		}
	}
	slices.SortFunc(pairs, func(a, b [2]string) int { return strings.Compare(a[0], b[0]) })
	err := insertWord.put(ctx, c, len(pairs), func(i int) []any { return []any{pairs[i][0], pairs[i][1]} })
	return err
}

// freshText reads the words of cases that are fresh, looking up each: a join
// would be free to read all cases there are.
const freshText = `select id, folded from incident where id in (select incident from fresh order by incident limit ?1) order by id`

// Reword brings the words of all fresh cases into the table. It returns how
// many those were.
func (db *DB) Reword(ctx context.Context) (int, error) {
	n := 0
	if any, err := db.conn().one(ctx, `select 1 from fresh limit 1`, nil, &n); err != nil || !any {
		return 0, err
	}
	for done := 0; ; {
		n = 0
		err := db.write(newTask(ctx, func(ctx context.Context, c conn) (err error) {
			n, err = reword(ctx, c)
			return err
		}))
		if done += n; err != nil || n < wordsAtOnce {
			return done, err
		}
	}
}

func reword(ctx context.Context, c conn) (int, error) {
	texts, err := list(ctx, c, func(rows *sql.Rows) (t [2]string, err error) {
		err = rows.Scan(&t[0], &t[1])
		return t, err
	}, freshText, wordsAtOnce)
	if err != nil || len(texts) == 0 {
		return 0, err
	}
	if err := addWords(ctx, c, texts); err != nil {
		return 0, err
	}
	ids := make([]string, len(texts))
	for i, t := range texts {
		ids[i] = t[0]
	}
	_, err = c.execIn(ctx, `delete from fresh where incident in ({ids})`, ids)
	return len(texts), err
}

// renamed brings in the words of a case whose title is another than before.
func renamed(ctx context.Context, c conn, id, folded string) error {
	was, err := list(ctx, c, text, `select folded from incident where id = ?1 order by id`, id)
	if err != nil || len(was) == 0 || was[0] == folded {
		return err
	}
	return addWords(ctx, c, [][2]string{{id, folded}})
}

// rarest returns the word of a search that the fewest cases have, and whether
// they are few enough to be looked up.
func rarest(ctx context.Context, c conn, terms []string) (string, bool, error) {
	least, at := rare, ""
	for _, w := range terms {
		n := 0
		_, err := c.one(ctx, `
			select count(*) from (
				select 1 from word where word >= ?1 and word < ?2 order by word, incident limit ?3) as w`,
			[]any{w, w + last, rare}, &n)
		if err != nil {
			return "", false, err
		}
		if n < least {
			least, at = n, w
		}
	}
	return at, least < rare, nil
}

// found is the condition that a search puts on cases i, with its values after
// the three of the list itself.
func found(ctx context.Context, c conn, search string, args []any) (string, []any, error) {
	terms, where := words(search), ""
	w, few, err := rarest(ctx, c, terms)
	if err != nil {
		return "", nil, err
	}
	if few {
		args = append(args, w, w+last)
		where = ` and i.id in (select incident from word where word >= ?4 and word < ?5 union all select incident from fresh)`
	}
	for _, t := range terms {
		args = append(args, starting(t))
		where += ` and i.folded like ?` + itoa(len(args)) + ` escape '\'`
	}
	return where, args, nil
}
