package incident

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestFileName(t *testing.T) {
	for in, want := range map[string]string{
		"loki.txt":                        "loki.txt",
		`C:\Users\aino\Työpöytä\loki.txt`: "loki.txt",
		"../../etc/passwd":                "passwd",
		"a\r\nSet-Cookie: x.txt":          "aSet-Cookie x.txt",
		"kuva\u202egnp.exe":               "kuvagnp.exe",
		"":                                "file",
		"..":                              "file",
		".htaccess":                       "htaccess",
		"CON.txt":                         "_CON.txt",
		"lasku <1>.pdf":                   "lasku 1.pdf",
		strings.Repeat("ä", 300) + ".csv": strings.Repeat("ä", 58) + ".csv",
	} {
		if got := FileName(in); got != want {
			t.Errorf("FileName(%q) = %q, want %q", in, got, want)
		}
	}
	if got := FileName("ote 010190-999W.pdf"); strings.Contains(got, "999W") {
		t.Errorf("an identity code stays in %q", got)
	}
}

func TestFileNameOfAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.RuneFrom([]rune("./\\ con:;\"\u202e\r\n%ä")))).Draw(t, "name")
		got := FileName(in)
		if got == "" || got == "." || got == ".." || !utf8.ValidString(got) || len(got) > fileNameMax+1 ||
			strings.ContainsAny(got, "/\\\"<>:|?*%;") || strings.IndexFunc(got, unicode.IsControl) >= 0 || strings.HasPrefix(got, ".") {
			t.Fatalf("FileName(%q) = %q", in, got)
		}
		if again := FileName(got); again != got {
			t.Fatalf("FileName(%q) = %q, again %q", in, got, again)
		}
	})
}
