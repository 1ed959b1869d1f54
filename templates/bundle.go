package templates

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"html/template"
	"strings"
)

// What a bundle's pages are made of. They load nothing: style and script stand
// in them and their policy names both by their hashes.
var (
	//go:embed bundle/bundle.css
	bundleCSS string
	//go:embed bundle/check.js
	checkJS string
	//go:embed bundle/check.html
	checkHTML string
)

// BundleStyle is the style of a bundle's pages, and the policy of the one that
// has no script.
func BundleStyle() (template.CSS, string) {
	return template.CSS(bundleCSS), "default-src 'none'; style-src " + sourceHash(bundleCSS) + "; base-uri 'none'; form-action 'none'"
}

// sourceHash names a text in a content security policy.
func sourceHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// checkWords begins the keys of what the checking page says.
const checkWords = "checker."

// CheckPage is the page that checks a bundle in a browser, in all languages,
// beginning with one.
func CheckPage(w *Words, lang string) ([]byte, error) {
	said := map[string]map[string]string{}
	for _, l := range Langs {
		said[l] = map[string]string{}
		for key := range w.Keys(l) {
			if name, ok := strings.CutPrefix(key, checkWords); ok {
				said[l][name] = w.plain[l][key]
			}
		}
	}
	words, err := json.Marshal(said) // "<" is escaped
	if err != nil {
		return nil, err
	}
	policy := "default-src 'none'; script-src " + sourceHash(checkJS) + "; style-src " + sourceHash(bundleCSS) + "; base-uri 'none'; form-action 'none'"
	return []byte(strings.NewReplacer("{{policy}}", policy, "{{lang}}", lang, "{{css}}", bundleCSS, "{{js}}", checkJS,
		"{{title}}", template.HTMLEscapeString(w.Say(lang, checkWords+"title")), "{{noscript}}", template.HTMLEscapeString(w.Say(lang, checkWords+"noscript")),
		"{{words}}", string(words)).Replace(checkHTML)), nil
}
