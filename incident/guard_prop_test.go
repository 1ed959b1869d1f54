package incident_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"hatakello/incident"

	"pgregory.net/rapid"
)

// identityText makes an artificial identity code (individual number 900–999)
// with a right check character and the given sign.
func identityText(born time.Time, sign string, n int) string {
	const checks = "0123456789ABCDEFHJKLMNPRSTUVWXY"
	digits := born.Format("020106") + fmt.Sprintf("%03d", n)
	rest := 0
	for _, d := range digits {
		rest = (rest*10 + int(d-'0')) % 31
	}
	return digits[:6] + sign + digits[6:] + checks[rest:rest+1]
}

// TestEveryIdentityCodeIsFound draws codes of all signs and spellings of the
// sign, and says that they are masked in running text and that nothing else is.
func TestEveryIdentityCodeIsFound(t *testing.T) {
	signs := map[int][]string{
		1800: {"+"},
		1900: {"-", "Y", "X", "W", "V", "U", "u", "–", "−", "\u2010", "\u2011", "\u2012", " ", "\u00a0", " - ", "- ", "_"},
		2000: {"A", "B", "C", "D", "E", "F", "a", " "},
	}
	rapid.Check(t, func(t *rapid.T) {
		century := rapid.SampledFrom([]int{1800, 1900, 2000}).Draw(t, "century")
		born := time.Date(century, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 36524).Draw(t, "day"))
		if born.Year() >= century+100 {
			born = born.AddDate(-1, 0, 0)
		}
		code := identityText(born, rapid.SampledFrom(signs[century]).Draw(t, "sign"), rapid.IntRange(900, 999).Draw(t, "n"))
		before := rapid.SampledFrom([]string{"", "hetu ", "(", "Äiti:", "_", "12.3. "}).Draw(t, "before")
		behind := rapid.SampledFrom([]string{"", " ja", ")", ".", "_x", ":n"}).Draw(t, "behind")
		text := before + code + behind
		if got, want := incident.Mask(text), before+"******-****"+behind; got != want {
			t.Fatalf("Mask(%q) = %q, want %q", text, got, want)
		}
		if got := incident.Scan(text); len(got) != 1 || !got[0].Certain {
			t.Fatalf("Scan(%q) = %+v, want one certain finding", text, got)
		}
	})
}

func FuzzScan(f *testing.F) {
	for _, s := range []string{"131052–308T", "hetu131052 - 308T4111 1111 1111 1111", "FI21 1234 5600 0007 85 12 4111-1111-1111-1111",
		"MT84MALT011000012345MTLCAST001S131052-308A", "\xff131052\u00ad-308T", "4222222222222 4222222222222", "100190-999P100190Y999P"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, x := range incident.Scan(text) {
			if x.Start < end || x.End <= x.Start || x.End > len(text) || x.Kind == "" || strings.ContainsAny(x.Masked, "0123456789") || x.Masked == "" {
				t.Fatalf("Scan(%q) has %+v after byte %d", text, x, end)
			}
			if utf8.ValidString(text) && !utf8.ValidString(text[x.Start:x.End]) {
				t.Fatalf("Scan(%q) cuts a character: %+v", text, x)
			}
			end = x.End
		}
		masked := incident.Mask(text)
		for _, x := range incident.Scan(masked) {
			if x.Certain || x.Kind == incident.FoundIdentityCode {
				t.Fatalf("Mask(%q) = %q still holds %+v", text, masked, x)
			}
		}
	})
}

// BenchmarkScan scans texts that are hard on each recogniser; the time for a
// byte must not grow with the length.
func BenchmarkScan(b *testing.B) {
	for name, unit := range map[string]string{
		"log":    "2026-11-22T14:05:07Z 10.0.0.12 GET /asiakkaat/12345 200 4111 1111 1111 1111\n",
		"digits": "4", "groups": "4 ", "fours": "4111 ", "iban": "MT84", "code": "131052-308",
	} {
		for _, n := range []int{10_000, 100_000} {
			text := strings.Repeat(unit, n/len(unit))
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				for b.Loop() {
					incident.Scan(text)
				}
			})
		}
	}
}
