// Package templates owns every word that is shown or sent, in Finnish, Swedish
// and English: message files, pages, letters and reports.
package templates

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed lang/*.json
var langFiles embed.FS

// Langs lists the languages, the default first.
var Langs = []string{"fi", "sv", "en"}

// Words are the messages of all languages. The files are named
// lang/AREA.LANG.json; each is a flat object of key and text, where a text may
// instead be an object of CLDR plural forms ("one", "other").
type Words struct {
	by    map[string]*i18n.Localizer
	has   map[string]map[string]bool
	plain map[string]map[string]string // texts with nothing to fill in
	said  memo                         // texts that were filled in before
}

// LoadWords reads the embedded message files.
func LoadWords() (*Words, error) {
	w := &Words{by: map[string]*i18n.Localizer{}, has: map[string]map[string]bool{}, plain: map[string]map[string]string{}}
	for _, lang := range Langs {
		tag := language.Make(lang)
		bundle := i18n.NewBundle(tag)
		w.has[lang], w.plain[lang] = map[string]bool{}, map[string]string{}
		files, err := fs.Glob(langFiles, "lang/*."+lang+".json")
		if err != nil {
			return nil, err
		}
		for _, name := range files {
			filled, err := w.load(lang, name)
			if err == nil {
				err = bundle.AddMessages(tag, filled...)
			}
			if err != nil {
				return nil, fmt.Errorf("read %s: %w", path.Base(name), err)
			}
		}
		w.by[lang] = i18n.NewLocalizer(bundle, lang)
	}
	return w, nil
}

// load keeps the texts of one file that are said as they stand, and returns
// the others: those with something to fill in, and those with plural forms.
func (w *Words) load(lang, name string) ([]*i18n.Message, error) {
	data, err := langFiles.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var all map[string]any
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, err
	}
	var filled []*i18n.Message
	for key, v := range all {
		if w.has[lang][key] {
			return nil, fmt.Errorf("key %q stands twice", key)
		}
		w.has[lang][key] = true
		switch v := v.(type) {
		case string:
			if strings.Contains(v, "{{") {
				filled = append(filled, &i18n.Message{ID: key, One: v, Other: v})
			} else {
				w.plain[lang][key] = v
			}
		case map[string]any:
			m := &i18n.Message{ID: key}
			m.One, _ = v["one"].(string)
			m.Other, _ = v["other"].(string)
			filled = append(filled, m)
		default:
			return nil, fmt.Errorf("key %q is neither text nor plural forms", key)
		}
	}
	return filled, nil
}

// Has reports whether the language has the key.
func (w *Words) Has(lang, key string) bool { return w.has[lang][key] }

// Keys returns the keys of a language, as a set.
func (w *Words) Keys(lang string) map[string]bool { return w.has[lang] }

// Say returns the text of key with pairs of name and value filled in; the
// value named "N" chooses the plural form, and a value with a MessageKey is
// itself put into words. A missing key is returned in
// brackets, so that it is seen and never hides a page.
func (w *Words) Say(lang, key string, pairs ...any) string {
	if w.by[lang] == nil {
		lang = Langs[0]
	}
	if text := w.plain[lang][key]; text != "" {
		return text
	}
	known, ok := memoKey(lang, key, pairs)
	if ok {
		if text, ok := w.said.get(known); ok {
			return text
		}
	}
	text := w.fill(lang, key, pairs)
	if ok {
		w.said.put(known, text)
	}
	return text
}

// fill says a text with its values.
func (w *Words) fill(lang, key string, pairs []any) string {
	loc := w.by[lang]
	cfg := &i18n.LocalizeConfig{MessageID: key}
	if len(pairs) > 0 {
		data := make(map[string]any, len(pairs)/2)
		for i := 0; i+1 < len(pairs); i += 2 {
			data[fmt.Sprint(pairs[i])] = w.value(lang, pairs[i+1])
		}
		cfg.TemplateData = data
		if n, ok := data["N"]; ok {
			cfg.PluralCount = n
		}
	}
	text, err := loc.Localize(cfg)
	if err != nil || text == "" {
		return "[" + strings.ReplaceAll(key, "]", "") + "]"
	}
	return text
}

// value puts a value that has a message of its own into words.
func (w *Words) value(lang string, v any) any {
	if m, ok := v.(interface{ MessageKey() string }); ok {
		return w.Say(lang, m.MessageKey())
	}
	return v
}
