package main

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"hatakello/incident"
	"hatakello/notify"
	"hatakello/store"
	"hatakello/templates"
	"hatakello/web"
	"hatakello/web/bundle"
)

// BundleCmd is "hatakello bundle": it packs the record of a case into a zip
// that proves itself, also beside a running server.
type BundleCmd struct {
	database
	Incident   string `arg:"" help:"${bundle_incident}"`
	Output     string `short:"o" help:"${bundle_output}" type:"path" placeholder:"FILE"`
	Controller string `help:"${bundle_controller}" placeholder:"RECORD"`
	Page       string `help:"${bundle_page}" enum:"fi,sv,en" default:"fi"`
	SignKey    string `name:"sign-key" help:"${sign_key}" env:"HATAKELLO_SIGN_KEY" placeholder:"FILE"`
	Keys       string `help:"${keys_dir}" env:"HATAKELLO_KEYS" placeholder:"FOLDER"`
	URL        string `name:"url" help:"${url}" env:"HATAKELLO_URL"`
}

// Run writes the bundle under another name first, so that a file with the name
// asked for is whole. An existing one is left alone.
func (cmd BundleCmd) Run(ctx context.Context, t *terminal) error {
	s := settings{database: cmd.database, SignKey: cmd.SignKey, Keys: cmd.Keys, URL: cmd.URL}
	h, err := t.open(ctx, cmd.database)
	if err != nil {
		return err
	}
	defer h.close()
	if h.signKey, err = s.signKeyOf(); err != nil {
		return err
	}
	inc, err := findCase(ctx, h.db, cmd.Incident)
	if err != nil {
		return err
	}
	if cmd.Output == "" {
		cmd.Output = "bundle-" + incident.FileName(inc.Number) + ".zip"
	}
	if _, err := os.Lstat(cmd.Output); err == nil {
		return &incident.Error{Kind: incident.Refused, Field: "output", Key: "cli.backup.exists", Args: map[string]any{"Value": cmd.Output}}
	}
	by := operator()
	by.Roles = append(by.Roles, incident.Privacy) // who sits at the machine can read the database
	if err := h.desk.NoteBundle(ctx, by, inc.ID, cmd.Controller); err != nil {
		return err
	}
	site, err := cmd.site(t, h, s)
	if err != nil {
		return err
	}
	if err := packWhole(cmd.Output, func(f *os.File) error {
		return site.WriteBundle(ctx, f, by.Name, inc, cmd.Controller, cmd.Page)
	}); err != nil {
		return err
	}
	t.say("cli.bundle.done", "File", cmd.Output)
	return nil
}

// site is the part of the server that packs.
func (cmd BundleCmd) site(t *terminal, h *house, s settings) (*web.Server, error) {
	pages, err := templates.LoadPages(t.words)
	if err != nil {
		return nil, err
	}
	return &web.Server{Desk: h.desk, Read: h.db, Words: t.words, Pages: pages, SignKey: h.signKey,
		Checkpoint: func(ctx context.Context) error { return h.checkpointAs(ctx, s) }}, nil
}

// checkpointAs logs what has happened under the name that the server gives the
// log: the one of --url, or else that of the newest checkpoint.
func (h *house) checkpointAs(ctx context.Context, s settings) error {
	origin := s.origin()
	if s.URL == "" {
		k, err := h.db.NewestCheckpoint(ctx)
		if err != nil {
			return err
		}
		if k != nil {
			origin, _, _ = strings.Cut(k.Note, "\n")
		}
	}
	_, err := h.db.Checkpoint(ctx, h.desk.Now(), func(k *incident.Checkpoint) string {
		return incident.SignCheckpoint(origin, k, h.signKey)
	})
	return err
}

// signKeyOf reads the key that signs; unlike a server's start it makes none.
func (s settings) signKeyOf() (ed25519.PrivateKey, error) {
	file, _ := s.signKeyFile()
	if file == "" {
		return nil, nil
	}
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) && s.SignKey == "" {
		return nil, nil
	}
	if err != nil {
		return nil, wrongSetting("sign-key", "cli.setting.signkey", file)
	}
	private, err := incident.ParseSignKey(data)
	if err != nil {
		return nil, wrongSetting("sign-key", "cli.setting.signkey", file)
	}
	return private, nil
}

// findCase finds a case by its id or its number.
func findCase(ctx context.Context, db *store.DB, name string) (*incident.Incident, error) {
	inc, err := db.Incident(ctx, name)
	if incident.KindOf(err) != incident.NotFound {
		return inc, err
	}
	rows, _, err := db.Rows(ctx, incident.Filter{Search: name}, incident.Cut{Limit: 20})
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if r.Number == name {
			return db.Incident(ctx, r.ID)
		}
	}
	return nil, &incident.Error{Kind: incident.NotFound, Key: "cli.bundle.unknown", Args: map[string]any{"Value": name}}
}

// packWhole writes a file that only its owner may read, and gives it its name
// when it is whole and on the disk.
func packWhole(name string, write func(f *os.File) error) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".bundle-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // gone already if all went well
	if err := errors.Join(write(f), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

// bundle checks a bundle and names the first parts that do not fit.
func (c VerifyCmd) bundle(t *terminal) error {
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	o := bundle.Options{Stamped: notify.StampedAt}
	for _, r := range c.Root {
		k, err := readRoot(r)
		if err != nil {
			return &incident.Error{Kind: incident.Invalid, Key: "cli.verify.root", Args: map[string]any{"Root": r}}
		}
		o.Held = append(o.Held, bundle.Held{Size: k.Size, Root: k.Root})
	}
	if c.Key != "" {
		keys, err := readKeys(c.Key)
		if err != nil {
			return &incident.Error{Kind: incident.Invalid, Key: "cli.verify.key", Args: map[string]any{"File": c.Key}}
		}
		o.Keys = &keys
	}
	got, err := bundle.Check(f, info.Size(), o)
	if err != nil {
		return err
	}
	return t.tellBundle(got)
}

// tellBundle prints what a check saw, the faults first.
func (t *terminal) tellBundle(got *bundle.Checked) error {
	say := func(key string) string { return t.words.Say(t.lang, "checker."+key) }
	shown := 0
	for _, s := range got.Steps {
		for _, f := range s.Faults {
			if shown++; shown <= printed {
				fmt.Fprintf(t.out, "%s: %s: %s\n", say("step."+s.Name), f.Where, say("fault."+f.What))
			}
		}
	}
	if _, f := got.First(); f != nil {
		t.print("cli.bundle.broken", "N", shown, "More", max(0, shown-printed))
		return errFound{}
	}
	for _, s := range got.Steps {
		t.print("cli.bundle.step", "Step", say("step."+s.Name), "N", s.N)
		for _, f := range s.Open {
			fmt.Fprintf(t.out, "  %s: %s\n", f.Where, say("fault."+f.What))
		}
	}
	m := got.Manifest
	t.print("cli.bundle.whole", "Case", m.Case, "Name", m.Organisation, "At", m.MadeAt, "Key", got.Key, "Newest", got.Newest)
	return nil
}
