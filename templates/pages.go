package templates

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"sync"
	"time"
)

//go:embed page/*.html
var pageFiles embed.FS

// Zone is where times are shown unless the organisation says otherwise.
const Zone = "Europe/Helsinki"

// Pages are all pages of the site, read once for each language.
type Pages struct {
	words  *Words
	assets map[string]Asset
	stamp  string
	raw    map[string]*template.Template // by language; only copies are executed

	mu    sync.Mutex
	zoned map[Locale]*template.Template
}

// Locale is how a visitor reads: in which language, and in which zone's time.
type Locale struct {
	Lang string
	Zone string // IANA name; "" is Helsinki
}

// LoadPages reads the embedded pages and the files that they load.
func LoadPages(w *Words) (*Pages, error) {
	assets, stamp, err := loadAssets()
	if err != nil {
		return nil, err
	}
	p := &Pages{words: w, assets: assets, stamp: stamp, raw: map[string]*template.Template{}, zoned: map[Locale]*template.Template{}}
	for _, lang := range Langs {
		t, err := template.New("").Funcs(p.funcs(lang, time.UTC)).ParseFS(pageFiles, "page/*.html")
		if err != nil {
			return nil, fmt.Errorf("read pages: %w", err)
		}
		p.raw[lang] = t
		if _, err := p.of(Locale{lang, ""}); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// Render writes a page with its data. Nothing of it may be sent before it has
// been made whole.
func (p *Pages) Render(w io.Writer, in Locale, name string, data any) error {
	t, err := p.of(in)
	if err != nil {
		return err
	}
	if err := t.ExecuteTemplate(w, name, data); err != nil {
		return fmt.Errorf("make page %s: %w", name, err)
	}
	return nil
}

// of returns the pages of a locale. They are copied for each zone that is
// used, which is one in nearly every house.
func (p *Pages) of(in Locale) (*template.Template, error) {
	if p.raw[in.Lang] == nil {
		in.Lang = Langs[0]
	}
	if in.Zone == "" {
		in.Zone = Zone
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if t, ok := p.zoned[in]; ok {
		return t, nil
	}
	zone, err := time.LoadLocation(in.Zone)
	if err != nil {
		return nil, fmt.Errorf("read time zone: %w", err)
	}
	t, err := p.raw[in.Lang].Clone()
	if err != nil {
		return nil, fmt.Errorf("copy pages: %w", err)
	}
	p.zoned[in] = t.Funcs(p.funcs(in.Lang, zone))
	return p.zoned[in], nil
}

// Names lists every page and part of a page.
func (p *Pages) Names() []string {
	var names []string
	for _, t := range p.raw[Langs[0]].Templates() {
		if t.Name() != "" {
			names = append(names, t.Name())
		}
	}
	return names
}

// Asset returns a file that pages load.
func (p *Pages) Asset(name string) (Asset, bool) {
	a, ok := p.assets[name]
	return a, ok
}

// Stamp changes whenever any of the files that pages load does.
func (p *Pages) Stamp() string { return p.stamp }
