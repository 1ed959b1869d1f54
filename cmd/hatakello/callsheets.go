package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"hatakello/templates"
	"hatakello/web"
)

// sheetPause is how often the call sheets are looked at: what happens within it
// is written once.
const sheetPause = 5 * time.Second

// sheets keeps a call sheet of every open case as a PDF in a folder, for the
// hour in which the network or this program is down: everybody whom nobody has
// reached yet, in the order in which to phone, with numbers and what to say. A
// file holds names and numbers of contact persons, so only we may read it.
type sheets struct {
	dir   string
	house *house
	words *templates.Words
	seen  map[string]sheetSeen
}

// sheetSeen is what the file of a case was written from.
type sheetSeen struct {
	seq  int64
	name string // of the file; "" when the case is closed
}

// sheetFiles matches the files of the folder that are ours.
const sheetFiles = "soittolista-*.pdf"

// keepSheets writes the call sheets until ctx ends. They stay when the program
// stops: that is when they are needed.
func (s *sheets) keepSheets(ctx context.Context) {
	each := time.NewTicker(sheetPause)
	defer each.Stop()
	for {
		if err := s.round(ctx); err != nil && ctx.Err() == nil {
			slog.Error("write the call sheets", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-each.C:
		}
	}
}

// round writes the sheet of every case in which something was done since the
// last round, and removes those of cases that have been closed.
func (s *sheets) round(ctx context.Context) error {
	open, err := s.house.db.CardsDue(ctx)
	if err != nil {
		return err
	}
	now, errs := map[string]sheetSeen{}, []error{}
	keep := map[string]bool{}
	for _, k := range open {
		was, known := s.seen[k.Incident]
		if !known || was.seq != k.Seq {
			name, err := s.one(ctx, k.Incident)
			if err != nil {
				errs = append(errs, err)
				keep[was.name] = true // an old sheet is better than none
				continue
			}
			was = sheetSeen{k.Seq, name}
		}
		now[k.Incident], keep[was.name] = was, true
	}
	if len(errs) == 0 { // what could not be read may be any of the files
		errs = append(errs, s.sweep(keep))
	}
	s.seen = now
	return errors.Join(errs...)
}

// one writes the sheet of a case and returns the name of its file; a closed
// case has none.
func (s *sheets) one(ctx context.Context, id string) (string, error) {
	inc, err := s.house.db.Incident(ctx, id)
	if err != nil || !inc.Open() {
		return "", err
	}
	org, err := s.house.db.Organisation(ctx)
	if err != nil {
		return "", err
	}
	calls, err := s.house.db.Unreached(ctx, id)
	if err != nil {
		return "", err
	}
	var buf bytes.Buffer
	if err := s.words.WriteCallSheet(&buf, org.Lang, web.CallSheet(org, inc, calls, s.house.desk.Now())); err != nil {
		return "", fmt.Errorf("write the call sheet of %s: %w", inc.Number, err)
	}
	name := "soittolista-" + filepath.Base(inc.Number) + ".pdf"
	return name, writeWhole(filepath.Join(s.dir, name), buf.Bytes())
}

// sweep removes sheets of ours that are not in keep.
func (s *sheets) sweep(keep map[string]bool) error {
	files, err := filepath.Glob(filepath.Join(s.dir, sheetFiles))
	errs := []error{err}
	for _, f := range files {
		if !keep[filepath.Base(f)] {
			errs = append(errs, os.Remove(f))
		}
	}
	return errors.Join(errs...)
}

// writeWhole puts data into a file that only we may read. Whoever opens it sees
// the old bytes or the new ones, also after a power cut.
func writeWhole(file string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(file), ".soittolista-*") // mode 0600
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), file)
	}
	if err != nil {
		_ = os.Remove(f.Name()) // the first error matters
		return err
	}
	dir, err := os.Open(filepath.Dir(file))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// callSheets is the setting for them.
type callSheets struct {
	CallSheetDir string `name:"call-sheet-dir" help:"${call_sheet_dir}" env:"HATAKELLO_CALL_SHEET_DIR" placeholder:"FOLDER"`
}

// usable reports whether the folder is there, or can be made in one that is.
func (c callSheets) usable() bool {
	if c.CallSheetDir == "" {
		return true
	}
	info, err := os.Stat(c.CallSheetDir)
	if err == nil {
		return info.IsDir()
	}
	return errors.Is(err, os.ErrNotExist) && inFolder(c.CallSheetDir)
}
