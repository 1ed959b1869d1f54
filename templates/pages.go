package templates

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"sync"
	"time"
)

//go:embed page/*.html
var pageFiles embed.FS

// Zone is where times are shown unless the organisation says otherwise.
const Zone = "Europe/Helsinki"

// Pages are all pages of the site. They are parsed once; each language and
// zone that is asked for gets a copy with its own words.
type Pages struct {
	words  *Words
	assets map[string]*Asset
	stamp  string
	raw    *template.Template // only copies are executed

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
	p := &Pages{words: w, assets: assets, stamp: stamp, zoned: map[Locale]*template.Template{}}
	p.raw, err = template.New("").Funcs(p.funcs(Langs[0], time.UTC)).ParseFS(pageFiles, "page/*.html")
	if err != nil {
		return nil, fmt.Errorf("read pages: %w", err)
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

// of returns the pages of a locale. They are copied when they are first asked
// for: most houses use one zone and one or two languages.
func (p *Pages) of(in Locale) (*template.Template, error) {
	if !slices.Contains(Langs, in.Lang) {
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
	t, err := p.raw.Clone()
	if err != nil {
		return nil, fmt.Errorf("copy pages: %w", err)
	}
	p.zoned[in] = t.Funcs(p.funcs(in.Lang, zone))
	return p.zoned[in], nil
}

// Names lists every page and part of a page.
func (p *Pages) Names() []string {
	var names []string
	for _, t := range p.raw.Templates() {
		if t.Name() != "" {
			names = append(names, t.Name())
		}
	}
	return names
}

// Asset returns a file that pages load.
func (p *Pages) Asset(name string) (*Asset, bool) {
	a, ok := p.assets[name]
	return a, ok
}

// Stamp changes whenever any of the files that pages load does.
func (p *Pages) Stamp() string { return p.stamp }
