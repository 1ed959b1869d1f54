package templates

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"path"
	"sync"
)

//go:embed static
var staticFiles embed.FS

// Asset is a file that pages load.
type Asset struct {
	Type string // media type
	Data []byte
	// Gzip returns Data compressed, or nil where that saves nothing. It is
	// done when the file is first asked for.
	Gzip func() []byte
}

var assetTypes = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml", ".woff2": "font/woff2",
	".txt": "text/plain; charset=utf-8",
}

// loadAssets reads all files and returns them by name, with a hash of them all.
func loadAssets() (map[string]*Asset, string, error) {
	files, err := staticFiles.ReadDir("static")
	if err != nil {
		return nil, "", err
	}
	all, sum := map[string]*Asset{}, sha256.New()
	for _, f := range files {
		data, err := staticFiles.ReadFile("static/" + f.Name())
		if err != nil {
			return nil, "", err
		}
		a := &Asset{Type: assetTypes[path.Ext(f.Name())], Data: data, Gzip: func() []byte { return nil }}
		if a.Type == "" {
			return nil, "", fmt.Errorf("static file %s: no media type for its ending", f.Name())
		}
		if path.Ext(f.Name()) != ".woff2" {
			a.Gzip = sync.OnceValue(func() []byte { return squeeze(data) })
		}
		fmt.Fprintf(sum, "%s %d\n", f.Name(), len(data))
		sum.Write(data)
		all[f.Name()] = a
	}
	return all, hex.EncodeToString(sum.Sum(nil))[:12], nil
}

// squeeze compresses data as far as gzip goes. Into memory that cannot fail.
func squeeze(data []byte) []byte {
	var buf bytes.Buffer
	z, err := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	if err != nil {
		return nil
	}
	if _, err := z.Write(data); err != nil {
		return nil
	}
	if err := z.Close(); err != nil {
		return nil
	}
	return buf.Bytes()
}
