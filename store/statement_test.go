package store

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// statements finds every text in this package that looks like SQL, by file.
func statements(t *testing.T) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	sources, err := filepath.Glob("*.go")
	if err != nil || len(sources) < 10 {
		t.Fatalf("sources: %d, %v", len(sources), err)
	}
	for _, name := range sources {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if s, err := strconv.Unquote(lit.Value); err == nil && looksLikeSQL.MatchString(s) {
					all[name] = append(all[name], s)
				}
			}
			return true
		})
	}
	migrations, err := filepath.Glob("migrations/*.sql")
	if err != nil || len(migrations) == 0 {
		t.Fatalf("migrations: %v, %v", migrations, err)
	}
	for _, name := range migrations {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = []string{string(b)}
	}
	return all
}

var looksLikeSQL = regexp.MustCompile(`(?i)\b(select|insert into|update|delete from|with)\b.*\b(from|values|set|where|as)\b|\?[0-9]|order by`)

// The rules of the style guide that a statement can break without an error.
var forbidden = map[string]*regexp.Regexp{
	"a placeholder of PostgreSQL, which SQLite binds by order": regexp.MustCompile(`\$[0-9]`),
	"a placeholder without a number":                           regexp.MustCompile(`\?($|[^0-9])`),
	"the database's clock":                                     regexp.MustCompile(`(?i)\b(now\(\)|current_(timestamp|date|time)|datetime\(|julianday|unixepoch|strftime|clock_timestamp)`),
	"upper case":                                               regexp.MustCompile(`\b(SELECT|INSERT|UPDATE|DELETE|FROM|WHERE|ORDER BY|CREATE|JOIN)\b`),
	"an offset":                                                regexp.MustCompile(`(?i)\boffset\b`),
	"SQLite's or PostgreSQL's own type":                        regexp.MustCompile(`(?i)\b(integer|blob|datetime|timestamp|timestamptz|jsonb|varchar|real)\b`),
}

func TestStatements(t *testing.T) {
	n := 0
	for name, all := range statements(t) {
		for _, s := range all {
			n++
			for what, pattern := range forbidden {
				if name == "batch.go" || strings.Contains(s, "cast(?") { // pieces that are put together
					continue
				}
				if hit := pattern.FindString(s); hit != "" {
					t.Errorf("%s: %s (%q) in: %s", name, what, hit, s)
				}
			}
		}
	}
	if n < 80 {
		t.Errorf("only %d statements were found", n)
	}
}

// TestForbidden makes sure that the rules above can say no.
func TestForbidden(t *testing.T) {
	for what, bad := range map[string]string{
		"a placeholder of PostgreSQL, which SQLite binds by order": "select 1 where a = $1",
		"a placeholder without a number":                           "select 1 where a = ?",
		"the database's clock":                                     "select current_timestamp from t",
		"upper case":                                               "SELECT 1 from t",
		"an offset":                                                "select 1 from t limit 1 offset 2",
		"SQLite's or PostgreSQL's own type":                        "create table t (a integer)",
	} {
		if p := forbidden[what]; p == nil || !p.MatchString(bad) {
			t.Errorf("%q is not refused as %s", bad, what)
		}
	}
}

// TestListsAreOrdered reads every query that can give several rows.
func TestListsAreOrdered(t *testing.T) {
	many := regexp.MustCompile(`(?s)^\s*select\b.*\b(in \(\{ids\}\)|limit \?)`)
	n := 0
	for name, all := range statements(t) {
		for _, s := range all {
			if many.MatchString(s) {
				n++
				if !strings.Contains(s, "order by") {
					t.Errorf("%s: not ordered: %s", name, s)
				}
			}
		}
	}
	if n < 15 {
		t.Errorf("only %d lists were found", n)
	}
}

func TestToDollars(t *testing.T) {
	for in, want := range map[string]string{
		"select ?2, ?1 where a = ?12": "select $2, $1 where a = $12",
		"select 1":                    "select 1",
	} {
		if got := toDollars(in); got != want {
			t.Errorf("toDollars(%q) = %q, want %q", in, got, want)
		}
	}
}
