package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"hatakello/incident"
)

// ImportCmd takes data into the register.
type ImportCmd struct {
	Customers ImportCustomersCmd `cmd:"" help:"${import_customers}"`
	Register  ImportRegisterCmd  `cmd:"" help:"${import_register}"`
}

// ImportCustomersCmd takes customers from a CSV file.
type ImportCustomersCmd struct {
	database
	File    string `arg:"" help:"${import_file}"`
	DryRun  bool   `help:"${dry_run}"`
	Partial bool   `help:"${partial}"`
}

// badRows ends the command with exit code 1 after the rows have been told.
type badRows struct{}

func (badRows) Error() string { return "" }

// Run imports the file and tells every row that is wrong, with its line.
func (cmd ImportCustomersCmd) Run(ctx context.Context, t *terminal) error {
	data, err := cmd.read(t)
	if err != nil {
		return err
	}
	h, err := t.open(ctx, cmd.database)
	if err != nil {
		return err
	}
	defer h.close()
	done, err := h.desk.ImportCustomers(ctx, operator(), incident.Import{
		Data: bytes.NewReader(data), DryRun: cmd.DryRun, Partial: cmd.Partial, Step: t.progress(),
	})
	if err != nil {
		return err
	}
	t.imported(done)
	if len(done.Bad) > 0 {
		return badRows{}
	}
	return nil
}

func (cmd ImportCustomersCmd) read(t *terminal) ([]byte, error) {
	if cmd.File == "-" {
		return io.ReadAll(t.in)
	}
	return os.ReadFile(cmd.File)
}

// progress returns a bar on the terminal, or nil where nobody watches.
func (t *terminal) progress() func(done, total int) {
	f, ok := t.err.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	var bar *progressbar.ProgressBar
	return func(done, total int) {
		if bar == nil {
			bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(f), progressbar.OptionClearOnFinish(), progressbar.OptionShowCount())
		}
		_ = bar.Set(done) // a bar that cannot be drawn stops no import
	}
}

// imported tells what an import did.
func (t *terminal) imported(in *incident.Imported) {
	t.importedRows(in)
	t.say("cli.import.done", "Rows", in.Rows, "Added", in.Added, "Changed", in.Changed, "Services", in.Services, "Bad", len(in.Bad))
	t.keptOrNot(in)
}

// importedRows tells of columns and rows that were not understood.
func (t *terminal) importedRows(in *incident.Imported) {
	for _, column := range in.Unknown {
		t.say("cli.import.unknown", "Column", column)
	}
	if in.Encoding != "" && in.Encoding != "utf-8" && in.Encoding != "xlsx" {
		t.say("cli.import.encoding", "Encoding", in.Encoding)
	}
	for _, list := range []struct {
		key  string
		rows []incident.BadRow
	}{{"cli.import.doubt", in.Doubts}, {"cli.import.bad", in.Bad}} {
		for _, b := range list.rows {
			t.say(list.key, "Line", b.Line, "Column", b.Field, "Reason", t.words.Say(t.lang, b.Err.Key, pairs(b.Err)...))
		}
	}
}

// keptOrNot ends with whether anything was written.
func (t *terminal) keptOrNot(in *incident.Imported) {
	kept := map[bool]string{true: "cli.import.kept", false: "cli.import.notkept"}
	fmt.Fprintln(t.out, t.words.Say(t.lang, kept[in.Kept]))
}
